package dev.wayleave.storage.jdbc.headscale;

import java.util.Map;
import java.util.Optional;

/**
 * What an import reads of a database.
 *
 * @param tables by name, those that are there
 */
record RawDatabase(Map<String, RawTable> tables) {

    Optional<RawTable> table(String name) {
        return Optional.ofNullable(tables.get(name));
    }
}
