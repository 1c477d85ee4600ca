package dev.wayleave.explanation;

import dev.wayleave.net.WayleaveException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A question about traffic that cannot be understood: a name that nothing in the tailnet has, a malformed address, port
 * or protocol.
 *
 * <p>Its message names the text that is wrong and what to write.
 */
public final class TrafficQuestionException extends WayleaveException {

    private static final long serialVersionUID = 1L;

    /** The text that nothing in the tailnet has; null if something else is wrong. */
    private final @Nullable String unknown;

    /**
     * Makes an exception.
     *
     * @param message which text is wrong, and what to write
     * @param unknown the text that nothing in the tailnet has; null if something else is wrong
     */
    public TrafficQuestionException(String message, @Nullable String unknown) {
        super(Objects.requireNonNull(message, "message"));
        this.unknown = unknown;
    }

    /** {@return the text that is not a node, host or address; empty if something else is wrong} */
    public Optional<String> unknown() {
        return Optional.ofNullable(unknown);
    }
}
