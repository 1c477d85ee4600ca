package dev.wayleave.storage.jdbc.headscale;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table as the driver gave it: nothing is interpreted.
 *
 * @param name in lower case
 * @param columns in lower case, those that were asked for and are there
 * @param rows the values in the order of the columns
 */
record RawTable(String name, List<String> columns, List<@Nullable Object[]> rows) {

    boolean has(String column) {
        return columns.contains(column);
    }
}
