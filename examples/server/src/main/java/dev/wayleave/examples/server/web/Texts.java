package dev.wayleave.examples.server.web;

import java.util.stream.Collectors;

/** Shows what came from outside. */
final class Texts {

    private static final int SHOWN = 100;

    private Texts() {}

    /** Cut, and without characters that a terminal or a reader could stumble over. */
    static String shown(String text) {
        String cut = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        return cut.codePoints()
                .mapToObj(c -> Character.isISOControl(c)
                                || Character.getType(c) == Character.FORMAT
                                || Character.getType(c) == Character.SURROGATE
                        ? String.format("\\u%04x", c)
                        : Character.toString(c))
                .collect(Collectors.joining());
    }
}
