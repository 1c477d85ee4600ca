package dev.wayleave.storage.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.OptionalInt;

/**
 * A transaction of the store. Its end rolls back what is not committed, and restores the settings of the connection.
 */
final class Transaction implements AutoCloseable {

    private final Connection connection;
    private final boolean autoCommit;

    /** The isolation to restore; empty if it was not changed. */
    private OptionalInt isolation = OptionalInt.empty();

    private Transaction(Connection connection) throws SQLException {
        this.connection = connection;
        this.autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(true);
    }

    /**
     * Begins a transaction in which all statements see one snapshot of the database, if the text of the first one
     * begins with {@link Dialect#beginReading}.
     */
    static Transaction reading(Connection connection, Dialect dialect) throws SQLException {
        Transaction transaction = new Transaction(connection);
        if (dialect.snapshotIsolation().isPresent()) {
            transaction.isolation = OptionalInt.of(connection.getTransactionIsolation());
            connection.setTransactionIsolation(dialect.snapshotIsolation().getAsInt());
        }
        connection.setAutoCommit(false);
        return transaction;
    }

    /** {@return the rows of the last of several statements that are one text} */
    static ResultSet last(PreparedStatement statement) throws SQLException {
        boolean hasRows = statement.execute();
        while (!hasRows && statement.getUpdateCount() >= 0) {
            hasRows = statement.getMoreResults();
        }
        return statement.getResultSet();
    }

    /** Begins a transaction whose commit is durable. */
    static Transaction writing(Connection connection, Dialect dialect) throws SQLException {
        Transaction transaction = new Transaction(connection);
        transaction.execute(dialect.beforeWriting());
        connection.setAutoCommit(false);
        transaction.execute(dialect.beginWriting());
        return transaction;
    }

    private void execute(List<String> statements) throws SQLException {
        if (statements.isEmpty()) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    Connection connection() {
        return connection;
    }

    /**
     * If the rollback fails, the settings are not restored: to turn auto-commit on could commit. The outcome of the
     * transaction is known already, and the owner of the connection detects that it is broken.
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
            // see the method
        }
    }
}
