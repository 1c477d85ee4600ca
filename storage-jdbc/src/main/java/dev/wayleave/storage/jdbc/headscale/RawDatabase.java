package dev.wayleave.storage.jdbc.headscale;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tables of a database that an import reads.
 *
 * @param name the name of the database in messages: its file, or its database and schema
 * @param fileOrNull the file of SQLite; null for another database
 * @param damageOrNull what SQLite's own check of the file found; null if it found nothing
 * @param tables the tables that exist, by name
 */
record RawDatabase(
        String name,
        @Nullable SqliteFile fileOrNull,
        @Nullable String damageOrNull,
        Map<String, RawTable> tables) {

    Optional<SqliteFile> file() {
        return Optional.ofNullable(fileOrNull);
    }

    Optional<String> damage() {
        return Optional.ofNullable(damageOrNull);
    }

    Optional<RawTable> table(String name) {
        return Optional.ofNullable(tables.get(name));
    }
}
