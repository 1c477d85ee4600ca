package dev.wayleave.policy;

import java.util.Arrays;

/** Lines and columns of a text, by character offset. Lines end with a line feed, a carriage return, or both. */
final class TextPositions {

    /** The offsets at which lines begin, in order. */
    private final int[] starts;

    private TextPositions(int[] starts) {
        this.starts = starts;
    }

    static TextPositions of(String text) {
        int[] starts = new int[16];
        int count = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean firstOfTwo = c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n';
            if (c == '\n' || (c == '\r' && !firstOfTwo)) {
                if (count == starts.length) {
                    starts = Arrays.copyOf(starts, 2 * count);
                }
                starts[count++] = i + 1;
            }
        }
        return new TextPositions(Arrays.copyOf(starts, count));
    }

    /** The line that holds an offset, from 1. */
    int line(int offset) {
        int found = Arrays.binarySearch(starts, offset);
        return found >= 0 ? found + 1 : -found - 1;
    }

    /** The column of an offset in its line, from 1. */
    int column(int offset) {
        return offset - starts[line(offset) - 1] + 1;
    }
}
