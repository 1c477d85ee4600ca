package dev.wayleave.storage;

import dev.wayleave.net.WayleaveException;
import java.util.Objects;

/**
 * The store could not do what it was asked, and changed nothing.
 *
 * <p>Its subclasses name the fact. This class itself stands for what has no name yet.
 */
public class StorageException extends WayleaveException {

    private static final long serialVersionUID = 1L;

    /**
     * Says what the store could not do.
     *
     * @param message in lower case: what, where, and what to do
     */
    public StorageException(String message) {
        super(Objects.requireNonNull(message, "message"));
    }

    /**
     * Says what the store could not do, and why.
     *
     * @param message in lower case: what, where, and what to do
     * @param cause what the store said
     */
    public StorageException(String message, Throwable cause) {
        super(Objects.requireNonNull(message, "message"), Objects.requireNonNull(cause, "cause"));
    }
}
