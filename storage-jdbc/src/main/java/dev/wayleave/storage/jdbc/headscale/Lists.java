package dev.wayleave.storage.jdbc.headscale;

import java.util.List;
import java.util.stream.Stream;

/** Lists of lists. */
final class Lists {

    private Lists() {}

    static <T> List<T> joined(List<? extends T> one, List<? extends T> other) {
        return Stream.<T>concat(one.stream(), other.stream()).toList();
    }
}
