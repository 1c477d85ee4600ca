package dev.wayleave;

import java.util.Collection;
import java.util.stream.Collectors;

/** Words for people, built from values. */
final class Texts {

    private Texts() {}

    static String join(Collection<?> values) {
        return values.stream().map(value -> "`" + value + "`").collect(Collectors.joining(", "));
    }
}
