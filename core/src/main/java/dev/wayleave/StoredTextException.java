package dev.wayleave;

import dev.wayleave.net.WayleaveException;

/**
 * A text that this library wrote once – settings, a journal – cannot be read back.
 *
 * <p>Its message names the place and the cause.
 */
public final class StoredTextException extends WayleaveException {

    private static final long serialVersionUID = 1L;

    StoredTextException(String message) {
        super(message);
    }

    StoredTextException(String message, Throwable cause) {
        super(message, cause);
    }
}
