package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.storage.StorageException;

/**
 * A database cannot be read at all, or is not a Headscale database.
 *
 * <p>Lesser faults are in the report of the import, row by row.
 */
public final class UnreadableDatabaseException extends StorageException {

    private static final long serialVersionUID = 1L;

    UnreadableDatabaseException(String message) {
        super(message);
    }

    UnreadableDatabaseException(String message, Throwable cause) {
        super(message, cause);
    }
}
