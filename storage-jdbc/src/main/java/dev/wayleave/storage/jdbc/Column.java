package dev.wayleave.storage.jdbc;

/**
 * A column of a statement.
 *
 * @param name the name
 * @param kind the kind of its values
 * @param role its role in an upsert
 */
record Column(String name, Kind kind, Role role) {

    /** The kind of a column's values; each dialect has a type for it. */
    enum Kind {
        TEXT,
        LONG_TEXT,
        NUMBER,
        FLAG,
        /**
         * A time of the store or of a decision: whole milliseconds, in a type that the database can compare.
         */
        TIME,
        PREFIX,
        ADDRESS
    }

    /** The role of a column in an upsert. */
    enum Role {
        /** Part of the key. */
        KEY,
        /** Written by insert and update. */
        VALUE,
        /** Written by insert only. */
        BORN
    }

    static Column key(String name, Kind kind) {
        return new Column(name, kind, Role.KEY);
    }

    static Column value(String name, Kind kind) {
        return new Column(name, kind, Role.VALUE);
    }

    static Column born(String name) {
        return new Column(name, Kind.TIME, Role.BORN);
    }
}
