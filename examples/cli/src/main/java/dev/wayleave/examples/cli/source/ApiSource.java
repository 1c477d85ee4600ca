package dev.wayleave.examples.cli.source;

import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.net.WayleaveException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The tailnet of a control plane of another maker, by its API. It is only read. */
public interface ApiSource extends Source {

    /** How long one answer may take, if nothing else is said. */
    Duration PATIENCE = Duration.ofSeconds(30);

    /** Go's zero time is in year 1, and means no time. */
    Instant NOT_ZERO = Instant.parse("0002-01-01T00:00:00Z");

    /** Asks for everything that the API tells. */
    ReportedTailnet reported();

    @Override
    default Tailnet read() {
        return reported().at(Instant.now());
    }

    /**
     * Reads a time. An API has an empty text or Go's zero time where it has none: Tailscale's has so for the devices
     * of other tailnets.
     *
     * @return the time to the millisecond; null where the API has none
     */
    static @Nullable Instant time(String about, @Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            Instant time = Instant.parse(text);
            return time.isBefore(NOT_ZERO) ? null : time.truncatedTo(ChronoUnit.MILLIS);
        } catch (DateTimeException malformed) {
            throw new BadInput(about + ": `" + text + "` is no time");
        }
    }

    /** A value of the library, or what it refuses, with what it is about. */
    static <T> T made(String about, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException | WayleaveException refused) {
            throw new BadInput(about + ": " + refused.getMessage());
        }
    }
}
