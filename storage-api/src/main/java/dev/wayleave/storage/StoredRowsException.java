package dev.wayleave.storage;

import com.google.common.collect.ImmutableList;
import dev.wayleave.internal.Copies;
import java.util.List;
import java.util.Objects;

/**
 * Rows are stored that no state can have: a primary that is not approved, a prefix with host bits, a route of no node.
 *
 * <p>Another program wrote them past this library. They are refused with their table and key, and not repaired in
 * silence: an operator decides.
 */
public final class StoredRowsException extends StorageException {

    private static final long serialVersionUID = 1L;

    private final transient List<Row> rows;

    /**
     * A row that no state can have.
     *
     * @param table the name of the table, as the store has it
     * @param key the key of the row, for a person to find it
     * @param reason what is wrong with it, in lower case
     */
    public record Row(String table, String key, String reason) {

        public Row {
            Objects.requireNonNull(table, "table");
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public String toString() {
            return "table `" + table + "`, row `" + key + "`: " + reason;
        }
    }

    /**
     * Names the rows.
     *
     * @param rows all such rows, at least one
     */
    public StoredRowsException(List<Row> rows) {
        this(Copies.list(rows, "rows"));
    }

    private StoredRowsException(ImmutableList<Row> rows) {
        super(rows.size() + (rows.size() == 1 ? " row" : " rows") + " that no tailnet can have; correct or delete: "
                + String.join("; ", rows.stream().map(Row::toString).toList()));
        this.rows = rows;
    }

    /** {@return all such rows, in the order of tables and keys} */
    public List<Row> rows() {
        return rows;
    }
}
