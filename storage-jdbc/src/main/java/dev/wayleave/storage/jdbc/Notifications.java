package dev.wayleave.storage.jdbc;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.Revision;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Sends notifications of PostgreSQL to {@link CommitListener}: a revision and the tailnet that has it. */
final class Notifications {

    /** Waits for neither disk nor standby: that would keep the commits of all databases of the server waiting. */
    private static final String AT_ONCE = "select set_config('synchronous_commit', 'off', true), pg_notify(?, ?)";

    /** Ends the transaction, too, so that the statement is one round trip. */
    private static final String AFTER_COMMIT = AT_ONCE + "; commit";

    private final String channel;

    Notifications(TableNames names) {
        this.channel = channel(names);
    }

    /** {@return the channel of a store; those of other schemas with the same prefix share it} */
    static String channel(TableNames names) {
        return names.prefix() + "commit";
    }

    /** {@return the channel on which processes report their sessions} */
    static String sessionChannel(TableNames names) {
        return names.prefix() + "session";
    }

    static String payload(TailnetId tailnet, Revision revision) {
        return revision + " " + tailnet;
    }

    /**
     * Notifies in a transaction of its own, after a commit: PostgreSQL lets one transaction that notifies commit at a
     * time, in all databases of the server. A transaction that waits for disk and standby meanwhile would keep all
     * other commits waiting; this one waits for neither. A notification that is not sent is one that is lost: readers
     * that ask from time to time find the commit.
     */
    void afterCommit(Connection connection, TailnetId tailnet, Revision revision) {
        try {
            send(connection, AFTER_COMMIT, channel, payload(tailnet, revision));
        } catch (SQLException e) {
            // see the method; the owner of the connection detects that it is broken
        }
    }

    /** Notifies in the transaction of the change: when, and if, it is committed. */
    void within(Connection connection, TailnetId tailnet, Revision revision) throws SQLException {
        send(connection, "select pg_notify(?, ?)", channel, payload(tailnet, revision));
    }

    /** Notifies in a transaction of its own, on a connection that commits by itself. */
    static void atOnce(Connection connection, String channel, String payload) throws SQLException {
        send(connection, AT_ONCE, channel, payload);
    }

    private static void send(Connection connection, String sql, String channel, String payload) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, channel);
            statement.setString(2, payload);
            statement.execute();
        }
    }
}
