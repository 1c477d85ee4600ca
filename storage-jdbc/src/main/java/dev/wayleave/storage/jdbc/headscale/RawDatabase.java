package dev.wayleave.storage.jdbc.headscale;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an import reads of a database.
 *
 * @param name what the database is called in messages: its file, or its database and schema
 * @param fileOrNull the file of SQLite; null for another database
 * @param damageOrNull what SQLite's own check of the file found; null if it found nothing
 * @param tables by name, those that are there
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
