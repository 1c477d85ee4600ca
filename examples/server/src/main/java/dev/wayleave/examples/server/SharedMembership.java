package dev.wayleave.examples.server;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.Lease;
import dev.wayleave.storage.LeaseRule;
import dev.wayleave.storage.Replica;
import dev.wayleave.storage.ReplicaId;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.RouteControllerBuilder;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.jdbc.CommitListener;
import dev.wayleave.storage.jdbc.CommitRefresh;
import dev.wayleave.storage.jdbc.SessionNotifications;
import dev.wayleave.storage.jdbc.TableNames;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process as one of several replicas of a tailnet.
 *
 * <p>The controller asks once a second for what other replicas committed. Where the database has notifications, the
 * controller reads when one comes, and asks every five seconds: one may be lost.
 */
final class SharedMembership implements Membership {

    private static final Logger LOG = LoggerFactory.getLogger(SharedMembership.class);

    private static final Duration BESIDE_NOTIFICATIONS = Duration.ofSeconds(5);

    private final Parts parts;
    private final ExecutorService followers = Executors.newCachedThreadPool(new ThreadFactoryBuilder()
            .setNameFormat("wayleave-follow-%d")
            .setDaemon(true)
            .build());
    private final Optional<SessionNotifications> sessions;
    private volatile Replica replica;

    // guarded by this

    private Optional<CommitToken> incarnation = Optional.empty();
    private boolean isUsed;
    private Optional<CommitListener> listener = Optional.empty();

    /**
     * The components that a shared membership needs.
     *
     * @param store the store of the controllers
     * @param id the name of this process
     * @param scheduler renews the lease
     * @param clock the clock of the host
     * @param rule the lease
     * @param listeningOrNull the database, if it has notifications
     * @param takesOver whether a process that is the only owner of the tailnet has to leave it
     */
    record Parts(
            RoutingStore store,
            ReplicaId id,
            ScheduledExecutorService scheduler,
            InstantSource clock,
            LeaseRule rule,
            @Nullable DataSource listeningOrNull,
            boolean takesOver) {

        Optional<DataSource> listening() {
            return Optional.ofNullable(listeningOrNull);
        }
    }

    /** Joins. Blocks. */
    SharedMembership(Parts parts) {
        this.parts = parts;
        this.sessions =
                parts.listening().map(database -> SessionNotifications.of(database, TableNames.DEFAULT, followers));
        this.replica = joined(parts);
        try {
            readIncarnation();
        } catch (RuntimeException e) {
            replica.close();
            throw e;
        }
    }

    private static Replica joined(Parts parts) {
        return Replica.join(parts.store(), parts.id(), parts.scheduler(), parts.clock(), parts.rule());
    }

    private synchronized void readIncarnation() {
        incarnation = Optional.empty();
        incarnation = parts.store().lease(parts.id()).map(Lease::incarnation);
    }

    @Override
    public synchronized RouteControllerBuilder join(RouteControllerBuilder builder) {
        if (isUsed) {
            joinAgain();
        }
        isUsed = true;
        sessions.ifPresent(builder::sessionChannel);
        if (parts.listening().isPresent()) {
            builder.following(BESIDE_NOTIFICATIONS);
        }
        return (parts.takesOver() ? builder.takeOver() : builder)
                .replica(replica)
                .shared();
    }

    /**
     * A process that has the name now was started in place of this one: to join would fence it. If the incarnation of
     * this one could not be read, the lease may be its own.
     */
    private synchronized void joinAgain() {
        replica.close();
        Optional<Lease> other = parts.store()
                .lease(parts.id())
                .filter(lease -> incarnation.isPresent() && !incarnation.get().equals(lease.incarnation()));
        if (other.isPresent()) {
            throw new IllegalStateException("another process joined as replica `" + parts.id() + "` at "
                    + other.get().joinedAt() + ": give each process a name of its own");
        }
        replica = joined(parts);
        readIncarnation();
        LOG.info("replica {} has joined again", parts.id());
    }

    @Override
    public boolean isShared() {
        return true;
    }

    /** The database's time, as of the last renewal of the lease. */
    @Override
    public InstantSource clock(InstantSource ofHost) {
        return () -> ofHost.instant().plus(replica.storeClockOffset());
    }

    @Override
    public synchronized void follow(Supplier<? extends Collection<RouteController>> controllers) {
        CommitRefresh refresh = CommitRefresh.of(controllers, cause -> LOG.debug("no notifications now", cause));
        listener = parts.listening()
                .map(database -> CommitListener.start(
                        database,
                        TableNames.DEFAULT,
                        followers,
                        sessions.orElseThrow().receiver(refresh)));
    }

    @Override
    public synchronized void leave() {
        replica.close();
    }

    @Override
    public synchronized void close() {
        listener.ifPresent(CommitListener::close);
        followers.shutdown();
        replica.close();
    }
}
