package dev.wayleave.examples.cli.source;

import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.SourceText;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.policy.RoutingPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The tailnet of a control plane of another maker, by its API. It is only read. */
public interface ApiSource extends Source {

    /** How long one answer may take, if nothing else is said. */
    Duration PATIENCE = Duration.ofSeconds(30);

    /** No time that an API means: Go's zero. */
    Instant ZERO = Instant.parse("0001-01-01T00:00:00Z");

    /** Asks for everything that the API tells. */
    ReportedTailnet reported();

    @Override
    default Tailnet read() {
        return reported().at(Instant.now());
    }

    /** A time that is set; null where the API has none. */
    static @Nullable Instant set(@Nullable Instant time) {
        return time == null || time.equals(ZERO) ? null : Instant.ofEpochMilli(time.toEpochMilli());
    }

    /** A value of the library, or what it refuses, with what it is about. */
    static <T> T made(String about, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException | WayleaveException refused) {
            throw new BadInput(about + ": " + refused.getMessage());
        }
    }

    /** A policy that the API holds as a text; an empty one is none, under which every node reaches every other one. */
    static RoutingPolicy policy(String name, String text, Users users) {
        return text.isBlank()
                ? RoutingPolicy.builder().build()
                : PolicyText.alone(new SourceText(name, text)).read(users);
    }
}
