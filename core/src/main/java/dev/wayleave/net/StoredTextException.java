package dev.wayleave.net;

import java.util.Objects;

/**
 * A text that this library wrote once – settings, a journal – cannot be read back.
 *
 * <p>Its message names the place and the cause.
 */
public final class StoredTextException extends WayleaveException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message the place and the cause
     */
    public StoredTextException(String message) {
        super(Objects.requireNonNull(message, "message"));
    }

    /**
     * Creates the exception with its cause.
     *
     * @param message the place and the cause
     * @param cause what was thrown
     */
    public StoredTextException(String message, Throwable cause) {
        super(Objects.requireNonNull(message, "message"), Objects.requireNonNull(cause, "cause"));
    }
}
