package dev.wayleave.storage.jdbc;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.SessionChannel;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;

/**
 * Carries the reports of sessions between processes that share tailnets, as notifications of PostgreSQL.
 *
 * <pre>{@code
 * SessionNotifications sessions = SessionNotifications.of(pool, TableNames.DEFAULT, executor);
 * RouteController controller = RouteController.builder(store, tailnet, scheduler, clock)
 *         .replica(replica)
 *         .shared()
 *         .sessionChannel(sessions)
 *         .open();
 * CommitListener listener = CommitListener.start(direct, TableNames.DEFAULT, executor,
 *         sessions.receiver(CommitRefresh.of(() -> List.of(controller), e -> log.warn("…", e))));
 * }</pre>
 *
 * <p>It writes no row. Messages are sent one after the other, by one connection of the pool at a time, which may lead
 * through PgBouncer; they are received by the {@link CommitListener}. What could not be sent is made good when the
 * listener has connected again, and with the next message.
 */
public final class SessionNotifications implements SessionChannel {

    private final DataSource dataSource;
    private final String channel;
    private final Executor executor;
    private final List<Member> members = new CopyOnWriteArrayList<>();
    private final AtomicBoolean isAwake = new AtomicBoolean();

    private SessionNotifications(DataSource dataSource, TableNames names, Executor executor) {
        this.dataSource = dataSource;
        this.channel = Notifications.sessionChannel(names);
        this.executor = executor;
    }

    /**
     * Creates a channel of the tailnets in a store. Does not block.
     *
     * @param dataSource a PostgreSQL database, usually a pool
     * @param names the beginning of the names of the store's tables
     * @param executor runs what sends, which blocks on the database; one run at a time
     * @return the channel
     */
    public static SessionNotifications of(DataSource dataSource, TableNames names, Executor executor) {
        Objects.requireNonNull(dataSource, "dataSource");
        Objects.requireNonNull(names, "names");
        Objects.requireNonNull(executor, "executor");
        return new SessionNotifications(dataSource, names, executor);
    }

    /**
     * Returns a receiver for a {@link CommitListener} that takes the messages, and passes the commits on.
     *
     * @param commits receives the commits
     * @return the receiver
     */
    public CommitListener.Receiver receiver(CommitListener.Receiver commits) {
        Objects.requireNonNull(commits, "commits");
        return new CommitListener.Receiver() {
            @Override
            public void listening() {
                commits.listening();
                members.forEach(Member::listening);
            }

            @Override
            public void committed(TailnetId tailnet, Revision revision) {
                Objects.requireNonNull(tailnet, "tailnet");
                Objects.requireNonNull(revision, "revision");
                commits.committed(tailnet, revision);
            }

            @Override
            public void message(TailnetId tailnet, String text) {
                Objects.requireNonNull(tailnet, "tailnet");
                Objects.requireNonNull(text, "text");
                for (Member member : members) {
                    if (member.tailnet().equals(tailnet)) {
                        member.received(text);
                    }
                }
            }

            @Override
            public void lost(SQLException cause) {
                Objects.requireNonNull(cause, "cause");
                commits.lost(cause);
            }
        };
    }

    @Override
    public Membership join(Member member) {
        Objects.requireNonNull(member, "member");
        members.add(member);
        return new Membership() {
            @Override
            public void wake() {
                SessionNotifications.this.wake();
            }

            @Override
            public void close() {
                try {
                    executor.execute(() -> leave(member));
                } catch (RejectedExecutionException e) {
                    members.remove(member); // the host stops
                } catch (Throwable e) {
                    members.remove(member);
                    throw e;
                }
            }
        };
    }

    /** Sends the messages that still wait. */
    private void leave(Member member) {
        try {
            send();
        } finally {
            members.remove(member);
        }
    }

    private void wake() {
        if (!isAwake.getAndSet(true)) {
            try {
                executor.execute(this::send);
            } catch (RejectedExecutionException e) {
                isAwake.set(false); // the host stops
            } catch (Throwable e) {
                isAwake.set(false);
                throw e;
            }
        }
    }

    /** One run at a time, and at most one that waits for it. A failure ends the run: the database is away. */
    private synchronized void send() {
        isAwake.set(false);
        for (Member member : members) {
            Optional<String> message = member.nextMessage();
            if (message.isPresent() && !sendAll(member, message.get())) {
                member.notSent();
                return;
            }
        }
    }

    /** Sends a message of a member, and then those that it still has. */
    private boolean sendAll(Member member, String first) {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(true);
            for (Optional<String> next = Optional.of(first); next.isPresent(); next = member.nextMessage()) {
                Notifications.atOnce(connection, channel, member.tailnet() + "\n" + next.get());
            }
            return true;
        } catch (SQLException | RuntimeException e) {
            return false; // the listener's connection reports why
        }
    }
}
