package dev.wayleave.storage.jdbc;

/**
 * A column as statements need it.
 *
 * @param name its name
 * @param kind what it holds
 * @param role what an upsert does with it
 */
record Column(String name, Kind kind, Role role) {

    /** What a column holds; each dialect has its type for it. */
    enum Kind {
        TEXT,
        LONG_TEXT,
        NUMBER,
        FLAG,
        /**
         * A moment of the store's own or of a decision: whole milliseconds, in a type that the database can compare.
         */
        TIME,
        PREFIX,
        ADDRESS
    }

    /** What an upsert does with a column. */
    enum Role {
        /** Part of the key that is looked for. */
        KEY,
        /** Written whether or not the row is there. */
        VALUE,
        /** Written when the row is born, and never again. */
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
