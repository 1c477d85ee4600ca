package dev.wayleave.storage.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Deletes old rows in portions, each in a transaction of its own. */
final class Purge {

    private final Transactions transactions;
    private final Dialect dialect;
    private final int portion;

    Purge(Transactions transactions, Dialect dialect, int portion) {
        this.transactions = transactions;
        this.dialect = dialect;
        this.portion = portion;
    }

    /** {@return how many rows were deleted, by a statement with a time and the size of a portion} */
    long rows(String sql, Instant before) {
        long purged = 0;
        int deleted;
        do {
            deleted = transactions.changing(connection -> delete(connection, sql, before));
            purged += deleted;
        } while (deleted == portion);
        return purged;
    }

    private int delete(Connection connection, String sql, Instant before) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            new Parameters(statement, dialect)
                    .time(before.truncatedTo(ChronoUnit.MILLIS))
                    .number(portion);
            return statement.executeUpdate();
        }
    }
}
