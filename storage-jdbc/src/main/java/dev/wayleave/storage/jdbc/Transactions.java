package dev.wayleave.storage.jdbc;

import dev.wayleave.storage.StorageUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** Runs work in transactions of the store, each on a connection of the host's data source. */
final class Transactions {

    private final DataSource dataSource;
    private final Dialect dialect;
    private final StoredSchema schema;

    /** If the database has one writer at a time, threads wait here: the database would poll, and is not fair. */
    private final Lock turn = new ReentrantLock(true);

    Transactions(DataSource dataSource, Dialect dialect, StoredSchema schema) {
        this.dataSource = dataSource;
        this.dialect = dialect;
        this.schema = schema;
    }

    /** Works in a transaction. */
    @FunctionalInterface
    interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    /** Reads in a transaction, and checks by itself whether the library may read the tables. */
    @FunctionalInterface
    interface CheckedRead<T> {
        /** Reads; the text of the first statement starts with the given one. */
        T in(Connection connection, String beginning) throws SQLException;
    }

    /** Reads one snapshot. */
    <T> T reading(Work<T> work) {
        return reading(checked(work));
    }

    /** Reads one snapshot. */
    <T> T reading(CheckedRead<T> work) {
        try (Connection connection = connect();
                Transaction transaction = Transaction.reading(connection, dialect)) {
            return work.in(transaction.connection(), dialect.beginReading());
        } catch (SQLException e) {
            throw dialect.exception(e);
        }
    }

    /** Reads in a transaction that has begun. */
    <T> T reading(Connection connection, Work<T> work) {
        return reading(connection, checked(work));
    }

    private <T> CheckedRead<T> checked(Work<T> work) {
        return (connection, beginning) -> {
            schema.requireReadable(connection, beginning);
            return work.in(connection);
        };
    }

    /** Reads in a transaction that has begun. */
    <T> T reading(Connection connection, CheckedRead<T> work) {
        try {
            return work.in(connection, "");
        } catch (SQLException e) {
            throw dialect.exception(e);
        }
    }

    /** Writes what is no commit: the work does not commit. */
    <T> T changing(Work<T> work) {
        return inTurn(() -> {
            try {
                return writing(connection -> {
                    T result = work.in(connection);
                    schema.requireWritable(connection); // afterwards: SQLite lets no reader begin to write
                    connection.commit();
                    return result;
                });
            } catch (SQLException e) {
                throw dialect.exception(e);
            }
        });
    }

    /** If the database has one writer at a time, one thread writes after the other. */
    <T> T inTurn(Supplier<T> writing) {
        if (!dialect.hasOneWriter()) {
            return writing.get();
        }
        turn.lock();
        try {
            return writing.get();
        } finally {
            turn.unlock();
        }
    }

    /** Writes; the work commits. What it has not committed is rolled back. */
    <T> T writing(Work<T> work) throws SQLException {
        Connection connection = connect();
        try (Transaction transaction = Transaction.writing(connection, dialect)) {
            return work.in(transaction.connection());
        } finally {
            giveBack(connection);
        }
    }

    /** The work is done: an error of the close must not replace its outcome. */
    private static void giveBack(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // the owner of the connection detects that it is broken
        }
    }

    private Connection connect() {
        try {
            return dataSource.getConnection();
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    static StorageUnavailableException unreachable(SQLException e) {
        return new StorageUnavailableException("the database cannot be reached: " + Dialect.reason(e), e);
    }
}
