package dev.wayleave.storage.jdbc;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.FencedException;
import dev.wayleave.storage.Ownership;
import dev.wayleave.storage.ReplicaId;
import dev.wayleave.storage.StoredRowsException;
import dev.wayleave.storage.TailnetOwner;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists, locks and deletes the rows of tailnets, in transactions that the caller ends. {@link RowReader} reads the row
 * of one.
 */
final class TailnetTable {

    private static final int FETCHED_ROWS = 5_000;

    private final Dialect dialect;
    private final Tables tables;
    private final OwnerTable owners;

    TailnetTable(Dialect dialect, Tables tables, OwnerTable owners) {
        this.dialect = dialect;
        this.tables = tables;
        this.owners = owners;
    }

    /** {@return the keys of all tailnets, in the order of their texts} */
    List<TailnetId> all(Connection connection) throws SQLException {
        List<TailnetId> found = new ArrayList<>();
        List<StoredRowsException.Row> problems = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("select tailnet from " + tables.tailnet)) {
            statement.setFetchSize(FETCHED_ROWS);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String key = rows.getString(1);
                    try {
                        found.add(new TailnetId(key));
                    } catch (IllegalArgumentException e) {
                        problems.add(new StoredRowsException.Row(tables.tailnet, key, String.valueOf(e.getMessage())));
                    }
                }
            }
        }
        if (!problems.isEmpty()) {
            problems.sort(Comparator.comparing(StoredRowsException.Row::key));
            throw new StoredRowsException(problems);
        }
        return ImmutableList.sortedCopyOf(found);
    }

    /** Updates the row of a tailnet without a change: each commit updates it first, too, and so waits. */
    void lock(Connection connection, TailnetId tailnet) throws SQLException {
        update(connection, tables.lockTailnet, tailnet, null);
    }

    /**
     * Deletes the row of a tailnet, which cascades to all its rows.
     *
     * @param claim has to be true, if it is not null
     * @return whether the tailnet was stored
     * @throws FencedException if the claim is not true; the caller rolls back
     */
    boolean delete(Connection connection, TailnetId tailnet, @Nullable Ownership claim) throws SQLException {
        boolean isDeleted =
                update(connection, tables.deleteTailnet + (claim == null ? "" : Tables.CLAIMED), tailnet, claim);
        if (claim == null) {
            return isDeleted;
        }
        // the row is locked before the lease, as by a commit
        TailnetOwner other = isDeleted
                ? null
                : owners.owner(connection, tailnet)
                        .filter(owner -> !owner.isStill(claim))
                        .orElse(null);
        if (other != null) {
            throw FencedException.notDeleted(tailnet, other);
        }
        if (isDeleted && !owners.hasLease(connection, claim)) {
            throw FencedException.notDeleted(tailnet, TailnetOwner.NONE);
        }
        return isDeleted;
    }

    /** {@return whether there is such a row} */
    @CanIgnoreReturnValue
    private boolean update(Connection connection, String sql, TailnetId tailnet, @Nullable Ownership claim)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Parameters parameters = new Parameters(statement, dialect).text(tailnet.value());
            if (claim != null) {
                parameters
                        .number(claim.epoch())
                        .text(claim.owner().map(ReplicaId::value).orElse(""));
            }
            return statement.executeUpdate() > 0;
        }
    }
}
