package dev.wayleave.storage.jdbc.headscale;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table with the values of the driver, not interpreted.
 *
 * @param name in lower case
 * @param columns the columns that are read and exist, in lower case
 * @param rows the values in the order of the columns
 */
record RawTable(String name, List<String> columns, List<@Nullable Object[]> rows) {

    boolean has(String column) {
        return columns.contains(column);
    }
}
