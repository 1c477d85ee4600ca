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

    /** Adds a row: for each column the lines of its cell, or none. The text may be anybody's. */
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
        text.append(ink.strong(line(header, widths))).append('\n');
        for (List<List<String>> row : rows) {
            int height = row.stream().mapToInt(List::size).max().orElse(0);
            for (int i = 0; i < height; i++) {
                int physical = i;
                List<String> cells = row.stream()
                        .map(cell -> physical < cell.size() ? cell.get(physical) : "")
                        .toList();
                text.append(line(cells, widths)).append('\n');
            }
        }
        return text.toString();
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            line.append(column == 0 ? "" : BAR);
            line.append(cells.get(column))
                    .append(" ".repeat(widths[column] - cells.get(column).length()));
        }
        return line.toString().stripTrailing();
    }
}
