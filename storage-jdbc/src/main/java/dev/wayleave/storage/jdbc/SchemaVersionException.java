package dev.wayleave.storage.jdbc;

import dev.wayleave.storage.StorageException;

/** The tables are not of a version that this library can use, or not whole; nothing was changed. */
public final class SchemaVersionException extends StorageException {

    private static final long serialVersionUID = 1L;

    /** The fault of the version of the tables. */
    public enum Fault {
        /** There are no tables yet. */
        MISSING,
        /** An earlier version of the library made them, and {@link JdbcSchema#migrate} was not called since. */
        OLDER,
        /** A later version of the library made them, and this one must not read them. */
        NEWER,
        /** A later version of the library made them, and this one may read them, but must not write to them. */
        READ_ONLY,
        /** A table or a column is missing. */
        INCOMPLETE,
        /** A migration began and did not end. */
        HALF_APPLIED
    }

    /** The fault of the version. */
    private final Fault fault;

    /** The version that was found. */
    private final int version;

    SchemaVersionException(Fault fault, int version, String message) {
        super(message);
        this.fault = fault;
        this.version = version;
    }

    /** {@return what is wrong with the version} */
    public Fault fault() {
        return fault;
    }

    /** {@return the version of the tables, 0 if there are none; of a half-applied migration, its own} */
    public int version() {
        return version;
    }
}
