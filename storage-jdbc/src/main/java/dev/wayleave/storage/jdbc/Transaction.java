package dev.wayleave.storage.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalInt;

/**
 * A transaction of the store's own: what is not committed at its end is taken back, and the connection is as before.
 */
final class Transaction implements AutoCloseable {

    private final Connection connection;
    private final boolean autoCommit;

    /** What to go back to; empty if it was not changed. */
    private OptionalInt isolation = OptionalInt.empty();

    private Transaction(Connection connection) throws SQLException {
        this.connection = connection;
        this.autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(true);
    }

    /** All statements see one moment of the database. */
    static Transaction reading(Connection connection, Dialect dialect) throws SQLException {
        Transaction transaction = new Transaction(connection);
        if (dialect.snapshotIsolation().isPresent()) {
            transaction.isolation = OptionalInt.of(connection.getTransactionIsolation());
            connection.setTransactionIsolation(dialect.snapshotIsolation().getAsInt());
        }
        connection.setAutoCommit(false);
        return transaction;
    }

    /** The connection is told first what it takes for a commit to be durable. */
    static Transaction writing(Connection connection, Dialect dialect) throws SQLException {
        Transaction transaction = new Transaction(connection);
        try (Statement statement = connection.createStatement()) {
            for (String sql : dialect.beforeWriting()) {
                statement.execute(sql);
            }
        }
        connection.setAutoCommit(false);
        return transaction;
    }

    Connection connection() {
        return connection;
    }

    /**
     * A connection that cannot roll back is given back as it is: to turn its own commits on could commit. What became
     * of the transaction is known by now, and whoever owns the connection finds it broken.
     */
    @Override
    public void close() {
        try {
            connection.rollback();
            if (isolation.isPresent()) {
                connection.setTransactionIsolation(isolation.getAsInt());
            }
            connection.setAutoCommit(autoCommit);
        } catch (SQLException e) {
            // see above
        }
    }
}
