package dev.wayleave.mesh;

import java.util.Objects;
import java.util.Optional;

/**
 * The rule for texts that come from a host: names, keys, e-mail addresses, actors.
 *
 * <p>A text has at least one character, at most {@link #LONGEST_KEY} or {@link #LONGEST_NAME}, and none of these: a
 * control character (U+0000 to U+001F, U+007F to U+009F), a separator of lines or paragraphs (U+2028, U+2029), half a
 * surrogate pair. No name needs them, some databases cannot hold them, and in a log or on a terminal they break the
 * line. All other characters are allowed, even those that only format: many scripts need joiners.
 */
public final class NameRules {

    /** The longest key of a tailnet, user, session or host's node, in UTF-16 code units. */
    public static final int LONGEST_KEY = 200;

    /** The longest name of a node, user or tag, and the longest e-mail address, in UTF-16 code units. */
    public static final int LONGEST_NAME = 255;

    private NameRules() {}

    /**
     * Finds out why a text cannot be a name or a key.
     *
     * @param text any text
     * @param longest how many UTF-16 code units it may have, for example {@link #LONGEST_NAME}
     * @return what is wrong with it, to be printed after its name: {@code has the control character U+0007}; empty if
     *     it is fit
     */
    public static Optional<String> flaw(String text, int longest) {
        Objects.requireNonNull(text, "text");
        if (text.isEmpty()) {
            return Optional.of("is empty");
        }
        if (text.length() > longest) {
            return Optional.of("has " + text.length() + " characters; at most " + longest + " are allowed");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7f) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                continue;
            }
            Optional<String> kind = kind(c);
            if (kind.isPresent()) {
                return Optional.of(String.format("has %s U+%04X, which is not allowed", kind.get(), (int) c));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> kind(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL -> Optional.of("the control character");
            case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> Optional.of("the line separator");
            case Character.SURROGATE -> Optional.of("half a surrogate pair");
            default -> Optional.empty();
        };
    }

    /**
     * Checks a text.
     *
     * @param what what the text is, for the message: {@code node name}
     * @param text any text
     * @param longest how many UTF-16 code units it may have, for example {@link #LONGEST_NAME}
     * @throws IllegalArgumentException if the text has a {@link #flaw}
     */
    public static void check(String what, String text, int longest) {
        Objects.requireNonNull(what, "what");
        Optional<String> flaw = flaw(text, longest);
        if (flaw.isPresent()) {
            throw new IllegalArgumentException(what + " " + flaw.get());
        }
    }
}
