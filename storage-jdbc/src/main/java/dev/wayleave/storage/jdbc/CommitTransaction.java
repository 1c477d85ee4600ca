package dev.wayleave.storage.jdbc;

import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitOutcome;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.StorageException;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Writes commits, ends their transactions, and returns which of them are written. */
final class CommitTransaction {

    private final Dialect dialect;
    private final CommitWriter writer;
    private final @Nullable Notifications notifications;

    CommitTransaction(Dialect dialect, CommitWriter writer, @Nullable Notifications notifications) {
        this.dialect = dialect;
        this.writer = writer;
        this.notifications = notifications;
    }

    /** Writes a commit into a transaction that has begun, and ends it. What is not written is rolled back later. */
    CommitOutcome commit(Connection connection, Commit commit) {
        try {
            CommitOutcome refused = writer.write(connection, commit).orElse(null);
            return refused == null ? finish(connection, commit) : refused;
        } catch (RefusedRowException e) {
            return conflict(e.isOneRow() ? e : searched(connection, commit, e));
        } catch (SQLException e) {
            return conflict(e);
        }
    }

    /** Finds the row that is refused: writes the commit row by row, up to it. */
    private SQLException searched(Connection connection, Commit commit, RefusedRowException ofSeveral) {
        if (dialect.failure(ofSeveral) != Failure.UNUSABLE) {
            return ofSeveral;
        }
        try {
            connection.rollback();
            var unused = writer.rowByRow().write(connection, commit);
            return ofSeveral;
        } catch (RefusedRowException e) {
            return dialect.failure(e) == Failure.UNUSABLE ? e : ofSeveral;
        } catch (SQLException | StorageException e) {
            ofSeveral.addSuppressed(e);
            return ofSeveral;
        }
    }

    /** Commits: the only statement after whose error the outcome may be unknown. Then notifies, if the store does. */
    private CommitOutcome finish(Connection connection, Commit commit) throws SQLException {
        try {
            connection.clearWarnings();
            connection.commit();
            SQLException doubt = dialect.doubt(connection.getWarnings());
            if (doubt != null) {
                return new CommitOutcome.Unknown(doubt);
            }
        } catch (SQLException e) {
            if (dialect.isCertain(e)) {
                throw e;
            }
            return new CommitOutcome.Unknown(e);
        }
        Revision made = commit.expected().next();
        if (notifications != null) {
            notifications.afterCommit(connection, commit.tailnet(), made);
        }
        return new CommitOutcome.Committed(made);
    }

    /** {@return the outcome of an error before the commit} */
    CommitOutcome conflict(SQLException e) {
        if (dialect.failure(e) == Failure.CONFLICT) {
            return new CommitOutcome.Conflict();
        }
        throw dialect.exception(e);
    }
}
