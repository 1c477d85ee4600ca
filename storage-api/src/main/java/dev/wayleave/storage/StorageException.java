package dev.wayleave.storage;

import dev.wayleave.net.WayleaveException;
import java.util.Objects;

/**
 * A call of the store failed, and changed nothing.
 *
 * <p>Subclasses name the reasons that a caller may treat in a special way.
 */
public class StorageException extends WayleaveException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception with the call that failed.
     *
     * @param message in lower case: what, where, and what to do
     */
    public StorageException(String message) {
        super(Objects.requireNonNull(message, "message"));
    }

    /**
     * Creates the exception with the call that failed, and the cause.
     *
     * @param message in lower case: what, where, and what to do
     * @param cause the error of the store
     */
    public StorageException(String message, Throwable cause) {
        super(Objects.requireNonNull(message, "message"), Objects.requireNonNull(cause, "cause"));
    }
}
