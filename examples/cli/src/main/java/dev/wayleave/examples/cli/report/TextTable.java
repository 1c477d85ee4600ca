package dev.wayleave.examples.cli.report;

import dev.wayleave.examples.cli.text.Printable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Rows of cells that may have several lines, in columns divided by bars, as Headscale prints them. */
public final class TextTable {

    private static final String BAR = " | ";

    private final Ink ink;
    private final List<String> header;
    private final List<List<List<String>>> rows = new ArrayList<>();

    public TextTable(Ink ink, List<String> header) {
        this.ink = ink;
        this.header = header;
    }

    /** Adds a row: for each column the lines of its cell, or none. The text may come from any source. */
    public void add(List<List<String>> cells) {
        rows.add(cells.stream()
                .map(cell -> cell.stream().map(Printable::line).toList())
                .toList());
    }

    /** The lines of a cell: each value on one. */
    public static List<String> lines(Collection<?> values) {
        return values.stream().map(Object::toString).toList();
    }

    public String text() {
        int[] widths = new int[header.size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = header.get(column).length();
            for (List<List<String>> row : rows) {
                for (String line : row.get(column)) {
                    widths[column] = Math.max(widths[column], line.length());
                }
            }
        }
        StringBuilder text = new StringBuilder();
        StringBuilder titles = new StringBuilder();
        append(titles, header.stream().map(List::of).toList(), 0, widths);
        text.append(ink.strong(titles.toString().strip())).append('\n');
        for (List<List<String>> row : rows) {
            int height = row.stream().mapToInt(List::size).max().orElse(0);
            for (int i = 0; i < height; i++) {
                append(text, row, i, widths);
            }
        }
        return text.toString();
    }

    /** One line of a row, without blanks at its end. */
    private static void append(StringBuilder text, List<List<String>> row, int line, int[] widths) {
        for (int column = 0; column < widths.length; column++) {
            List<String> cell = row.get(column);
            String shown = line < cell.size() ? cell.get(line) : "";
            text.append(column == 0 ? "" : BAR).append(shown);
            for (int blank = shown.length(); blank < widths[column]; blank++) {
                text.append(' ');
            }
        }
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        text.setLength(end);
        text.append('\n');
    }
}
