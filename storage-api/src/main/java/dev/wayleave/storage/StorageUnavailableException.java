package dev.wayleave.storage;

/**
 * The store cannot be reached or used for now; nothing was written, and the same call may succeed later.
 *
 * <p>For example: no connection, a lock that another process holds, a full disk.
 */
public final class StorageUnavailableException extends StorageException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception with what is not available, and the cause.
     *
     * @param message in lower case: what, where, and what to do
     * @param cause the error of the store
     */
    public StorageUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
