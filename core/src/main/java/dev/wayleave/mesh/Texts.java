package dev.wayleave.mesh;

/** Texts of a host in messages. */
final class Texts {

    private static final int LONGEST_QUOTE = 80;

    private Texts() {}

    /** In backticks, cut, and with everything escaped that is not printable ASCII, as in messages about addresses. */
    static String quoted(String text) {
        StringBuilder quote = new StringBuilder("`");
        for (int i = 0; i < Math.min(text.length(), LONGEST_QUOTE); i++) {
            char c = text.charAt(i);
            boolean plain = c >= ' ' && c <= '~' && c != '`';
            quote.append(plain ? String.valueOf(c) : String.format("\\u%04x", (int) c));
        }
        return quote + (text.length() <= LONGEST_QUOTE ? "`" : "...`");
    }
}
