package dev.wayleave.internal;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Values that may be absent, for parameters and fields that take null instead. */
public final class Optionals {

    private Optionals() {}

    /** {@return the number; null if there is none} */
    public static @Nullable Integer orNull(OptionalInt number) {
        return number.isPresent() ? Integer.valueOf(number.getAsInt()) : null;
    }
}
