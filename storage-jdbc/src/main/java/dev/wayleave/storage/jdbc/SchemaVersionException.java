package dev.wayleave.storage.jdbc;

import dev.wayleave.storage.StorageException;

/** The tables are not of the version that this library reads and writes; nothing was changed. */
public final class SchemaVersionException extends StorageException {

    private static final long serialVersionUID = 1L;

    /** What is wrong with the version. */
    public enum Fault {
        /** There are no tables yet. */
        MISSING,
        /** An earlier version of the library made them, and {@link JdbcSchema#migrate} was not called since. */
        OLDER,
        /** A later version of the library made them. */
        NEWER,
        /** A migration began and did not end. */
        HALF_APPLIED
    }

    /** What is wrong with the version. */
    private final Fault fault;

    /** The version that was found. */
    private final int version;

    SchemaVersionException(Fault fault, int version, String message) {
        super(message);
        this.fault = fault;
        this.version = version;
    }

    /**
     * Returns what is wrong.
     *
     * @return the fault
     */
    public Fault fault() {
        return fault;
    }

    /**
     * Returns the version that was found.
     *
     * @return 0 if there is none, else 1 or more; of a half-applied migration, its own
     */
    public int version() {
        return version;
    }
}
