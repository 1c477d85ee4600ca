package dev.wayleave.examples.server;

import com.google.common.util.concurrent.MoreExecutors;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.wayleave.examples.server.plane.ControlPlane;
import dev.wayleave.examples.server.plane.Keys;
import dev.wayleave.examples.server.view.EventLog;
import dev.wayleave.examples.server.view.History;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.storage.InternalErrorException;
import dev.wayleave.storage.Publication;
import dev.wayleave.storage.PublicationListener;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.Snapshot;
import dev.wayleave.storage.StorageException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the extra work of a server that is one of several replicas: it follows what the other replicas commit, and the
 * server's own tables; and it comes back as a new replica when its controller has closed by itself.
 */
final class SharedTailnet implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SharedTailnet.class);
    private static final Duration STOPPING = Duration.ofSeconds(5);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Duration AFTER_ERROR = Duration.ofSeconds(5);

    private final Parts parts;

    /**
     * The components that a shared tailnet works with.
     *
     * @param membership this process among the replicas
     * @param plane whose controller it opens again
     * @param open opens a controller
     * @param opened is run when it has done so
     * @param log what happened
     * @param history what the store has of it
     * @param keys the keys of all replicas
     * @param cutStreams ends the streams of the keys with these numbers
     * @param background one thread, which may block; shut down with it
     */
    record Parts(
            Membership membership,
            ControlPlane plane,
            Supplier<RouteController> open,
            Runnable opened,
            EventLog log,
            History history,
            Keys keys,
            Consumer<Set<Long>> cutStreams,
            ScheduledExecutorService background) {}

    SharedTailnet(Parts parts) {
        this.parts = parts;
    }

    void follow() {
        parts.membership().follow(parts.plane()::controllers);
        var unused = parts.background().scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    /** Brings what all replicas do into the log: first what happened before the controller was opened. */
    PublicationListener events() {
        return new PublicationListener() {
            @Override
            public void started(Snapshot current) {
                parts.background().execute(() -> readMissed(current));
            }

            @Override
            public void published(Publication publication) {
                parts.background().execute(() -> parts.log().add(publication));
            }
        };
    }

    /** What comes after it waits for it: the log takes no event that is older than its last one. */
    private void readMissed(Snapshot opened) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                parts.history().addTo(parts.log(), opened);
                return;
            } catch (StorageException e) {
                LOG.debug("the events cannot be read now", e);
                Uninterruptibles.sleepUninterruptibly(AGAIN);
            }
        }
    }

    private void look() {
        try {
            parts.cutStreams().accept(parts.keys().refresh());
        } catch (RuntimeException e) {
            LOG.debug("the server's tables cannot be read now", e);
        }
    }

    /**
     * The controller closed by itself. In any case its sessions end with its replica: otherwise their routers
     * stay primaries while the lease is renewed. Then the server comes back as a new replica; after an error of the
     * library with a pause, because it may happen again.
     */
    void closed(WayleaveException cause) {
        Duration pause = cause instanceof InternalErrorException ? AFTER_ERROR : Duration.ZERO;
        parts.background().execute(parts.membership()::leave);
        var unused = parts.background().schedule(this::openAgain, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void openAgain() {
        try {
            parts.plane().open(parts.open());
        } catch (RuntimeException e) {
            LOG.warn("this replica cannot join again now: {}", String.valueOf(e.getMessage()));
            var unused = parts.background().schedule(this::openAgain, 1, TimeUnit.SECONDS);
            return;
        }
        parts.opened().run();
    }

    @Override
    public void close() {
        boolean ignored = MoreExecutors.shutdownAndAwaitTermination(parts.background(), STOPPING);
    }
}
