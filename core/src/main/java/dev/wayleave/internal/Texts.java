package dev.wayleave.internal;

import java.util.Collection;
import java.util.stream.Collectors;

/** Words for people, built from values. */
public final class Texts {

    private Texts() {}

    /**
     * Lists values for a message.
     *
     * @param values the values
     * @return each in backticks, with commas between
     */
    public static String join(Collection<?> values) {
        return values.stream().map(value -> "`" + value + "`").collect(Collectors.joining(", "));
    }
}
