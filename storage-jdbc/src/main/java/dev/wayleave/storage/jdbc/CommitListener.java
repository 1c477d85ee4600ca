package dev.wayleave.storage.jdbc;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.Revision;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Listens for the commits of a {@linkplain JdbcRoutingStore#withNotifications store that notifies}, on PostgreSQL.
 *
 * <p>{@link CommitRefresh} is the receiver of hosts with controllers. A host of another kind implements
 * {@link Receiver}.
 *
 * <p>Occupies one thread of the host's executor and one connection of the data source until it is closed. The
 * connection must lead to the server itself: PgBouncer in transaction mode passes no notifications on, and reports no
 * error. The driver must be PostgreSQL's own, pgJDBC, which is an optional dependency of this library.
 *
 * <p>A notification is a hint and may be lost: ask the store from time to time, too, and always after
 * {@link Receiver#listening}. After a lost connection it connects again, after pauses that grow from 0.1 s to 5 s. A
 * connection without a notification for 10 s is tested, so that one whose server is gone is found within 15 s.
 */
public final class CommitListener implements AutoCloseable {

    private static final int SILENCE_MILLIS = 10_000;
    private static final int TEST_SECONDS = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** Is called with the commits, by one thread. Its exceptions end nothing: the handler of the thread gets them. */
    public interface Receiver {

        /**
         * The connection listens now: at first, and again after each time that it was lost. Earlier commits may not
         * have been notified, so ask the store about all tailnets.
         */
        void listening();

        /**
         * A commit was written, or a tailnet deleted. Commits of one tailnet may come in another order than that of
         * their revisions.
         *
         * @param tailnet the tailnet; that of a store in another schema of the database if both have the same prefix
         * @param revision the revision that the commit made; {@link Revision#NONE} if the tailnet was deleted
         */
        void committed(TailnetId tailnet, Revision revision);

        /**
         * Another process sent a message about its sessions: see {@link SessionNotifications}. Does nothing unless
         * implemented.
         *
         * @param tailnet the tailnet; that of a store in another schema of the database if both have the same prefix
         * @param text the message
         */
        default void message(TailnetId tailnet, String text) {
            Objects.requireNonNull(tailnet, "tailnet");
            Objects.requireNonNull(text, "text");
        }

        /**
         * The connection is lost, or cannot be made. Until {@link #listening} is called, only asking the store helps.
         *
         * @param cause the exception of the driver
         */
        void lost(SQLException cause);
    }

    private final DataSource dataSource;
    private final String commits;
    private final String sessions;
    private final Receiver receiver;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** The connection that listens; null while there is none. */
    private volatile @Nullable Connection listening;

    private CommitListener(DataSource dataSource, TableNames names, Receiver receiver) {
        this.dataSource = dataSource;
        this.commits = Notifications.channel(names);
        this.sessions = Notifications.sessionChannel(names);
        this.receiver = receiver;
    }

    /**
     * Begins to listen, and returns at once.
     *
     * @param dataSource a PostgreSQL database, reached without PgBouncer
     * @param names the beginning of the names of the store's tables
     * @param executor gives it one thread until it is closed
     * @param receiver is called on that thread
     * @return the listener
     */
    public static CommitListener start(DataSource dataSource, TableNames names, Executor executor, Receiver receiver) {
        Objects.requireNonNull(dataSource, "dataSource");
        Objects.requireNonNull(names, "names");
        Objects.requireNonNull(executor, "executor");
        Objects.requireNonNull(receiver, "receiver");
        CommitListener listener = new CommitListener(dataSource, names, receiver);
        executor.execute(listener::run);
        return listener;
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        while (!isClosed()) {
            boolean wasListening = false;
            try (Connection connection = dataSource.getConnection()) {
                try {
                    connection.setAutoCommit(true);
                    PGConnection notified = connection.unwrap(PGConnection.class);
                    listen(connection);
                    wasListening = true;
                    receive(connection, notified);
                } finally {
                    listening = null;
                    connection.abort(Runnable::run); // a pool must not give it out again: it still listens
                }
            } catch (SQLException e) {
                lost(e);
            } catch (Throwable e) {
                lost(new SQLException("the data source gave no connection that can listen", e));
            }
            pause = pause(wasListening ? FIRST_PAUSE : pause);
        }
    }

    private void listen(Connection connection) throws SQLException {
        listening = connection;
        if (isClosed()) {
            return; // closed before there was a connection to abort
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("listen \"" + commits + "\"; listen \"" + sessions + "\"");
        }
        if (!isClosed()) {
            call(receiver::listening);
        }
    }

    /** Returns when it is closed. */
    private void receive(Connection connection, PGConnection notified) throws SQLException {
        while (!isClosed()) {
            PGNotification[] notifications = notified.getNotifications(SILENCE_MILLIS);
            for (PGNotification notification : notifications) {
                if (notification.getName().equals(commits)) {
                    committed(notification.getParameter());
                } else {
                    message(notification.getParameter());
                }
            }
            if (notifications.length == 0 && !connection.isValid(TEST_SECONDS)) {
                throw new SQLException("the server did not answer within " + TEST_SECONDS + " s");
            }
        }
    }

    /** Payloads that no store sends are ignored: any user of the database may notify. */
    private void committed(String payload) {
        int blank = payload.indexOf(' ');
        if (blank < 0 || isClosed()) {
            return;
        }
        TailnetId tailnet;
        Revision revision;
        try {
            revision = new Revision(Long.parseLong(payload.substring(0, blank)));
            tailnet = new TailnetId(payload.substring(blank + 1));
        } catch (IllegalArgumentException e) {
            return;
        }
        call(() -> receiver.committed(tailnet, revision));
    }

    private void message(String payload) {
        int end = payload.indexOf('\n');
        if (end < 0 || isClosed()) {
            return;
        }
        TailnetId tailnet;
        try {
            tailnet = new TailnetId(payload.substring(0, end));
        } catch (IllegalArgumentException e) {
            return;
        }
        call(() -> receiver.message(tailnet, payload.substring(end + 1)));
    }

    private void lost(SQLException cause) {
        if (!isClosed()) {
            call(() -> receiver.lost(cause));
        }
    }

    private static void call(Runnable receiver) {
        try {
            receiver.run();
        } catch (Throwable e) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }

    /** Waits unless it is closed. Returns the next pause. */
    private Duration pause(Duration pause) {
        try {
            var unused = closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            closed.countDown(); // the executor is shut down
            Thread.currentThread().interrupt();
        }
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** Ends the listening and gives the thread back. A call of the receiver that has begun may still run afterwards. */
    @Override
    public void close() {
        closed.countDown();
        Connection connection = listening;
        if (connection != null) {
            try {
                connection.abort(Runnable::run); // the thread waits for the server
            } catch (SQLException e) {
                // it is broken already
            }
        }
    }
}
