package dev.wayleave;

import java.time.Duration;
import java.util.Collection;
import java.util.stream.Collectors;

/** Words for people, built from values. */
final class Texts {

    private Texts() {}

    static String join(Collection<?> values) {
        return values.stream().map(value -> "`" + value + "`").collect(Collectors.joining(", "));
    }

    /** A duration as people write it: {@code 130 s}, {@code 1.5 s}. */
    static String of(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 == 0) {
            return millis / 1000 + " s";
        }
        return millis + " ms";
    }
}
