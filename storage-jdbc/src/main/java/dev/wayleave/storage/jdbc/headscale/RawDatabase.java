package dev.wayleave.storage.jdbc.headscale;

import java.util.Map;
import java.util.Optional;

/**
 * What an import reads of a database.
 *
 * @param name what the database is called in messages: its file, or its database and schema
 * @param file the file, if it is one of SQLite
 * @param damage what SQLite's own check of the file found, if it found anything
 * @param tables by name, those that are there
 */
record RawDatabase(String name, Optional<SqliteFile> file, Optional<String> damage, Map<String, RawTable> tables) {

    Optional<RawTable> table(String name) {
        return Optional.ofNullable(tables.get(name));
    }
}
