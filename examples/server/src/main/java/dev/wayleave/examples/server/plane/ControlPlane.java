package dev.wayleave.examples.server.plane;

import dev.wayleave.RoutingState;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.examples.server.web.ApiException;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.FencedException;
import dev.wayleave.storage.QueueFullException;
import dev.wayleave.storage.Receipt;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.RoutingObserver;
import dev.wayleave.storage.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The server's access to the library's controller: submits commands and reads the state.
 *
 * <p>{@link #submit} blocks until the answer is stored.
 */
public final class ControlPlane implements RoutingObserver {

    /** The time after which agents must send the next keep-alive. */
    public static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

    /** The rules of a new tailnet, with a short silence limit for demonstrations. A stored tailnet keeps its own. */
    public static final RoutingSettings SETTINGS = withShortSilenceLimit(RoutingSettings.DEFAULT);

    public static RoutingSettings withShortSilenceLimit(RoutingSettings settings) {
        return settings.toBuilder().silenceLimit(Duration.ofSeconds(25)).build();
    }

    public static final TailnetId TAILNET = new TailnetId("sample");

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    private final InstantSource clock;
    private final Consumer<WayleaveException> whenClosed;
    private volatile @Nullable RouteController opened;
    private volatile boolean isHandingOver;

    // guarded by this

    private @Nullable WayleaveException ending;
    private Freshness freshness = Freshness.LIVE;

    /**
     * Before its first controller is opened. It has to be an observer of each.
     *
     * @param whenClosed called when a controller has closed by itself, with the cause
     */
    public ControlPlane(InstantSource clock, Consumer<WayleaveException> whenClosed) {
        this.clock = clock;
        this.whenClosed = whenClosed;
    }

    /** {@return a clock that counts milliseconds, as the library does} */
    public static InstantSource inMillis(InstantSource clock) {
        return () -> clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** The status of the state that is shown: whether it is current, and if not, why. */
    public enum Status {
        /** It is the newest that this process knows of. */
        LIVE,
        /** The lease of this process could not be renewed: other processes may have changed the tailnet. */
        STALE,
        /** The lease was ended by another process, or another process took the tailnet over. */
        FENCED,
        /** The controller closed by itself for another reason. */
        CLOSED
    }

    /**
     * The status, since when it is, and why.
     *
     * @param sinceOrNull null if it is {@link Status#LIVE}
     * @param reason empty if it is {@link Status#LIVE}
     */
    public record Freshness(Status status, @Nullable Instant sinceOrNull, String reason) {

        static final Freshness LIVE = new Freshness(Status.LIVE, null, "");

        public Optional<Instant> since() {
            return Optional.ofNullable(sinceOrNull);
        }

        public boolean isLive() {
            return status == Status.LIVE;
        }
    }

    /** Opens a controller that takes the place of the one before it. Blocks. */
    public void open(Supplier<RouteController> open) {
        RouteController before = opened;
        if (before != null) {
            before.close();
        }
        RouteController next = open.get();
        synchronized (this) {
            ending = null;
            opened = next;
        }
    }

    @Override
    public void failed(TailnetId tailnet, WayleaveException cause) {
        synchronized (this) {
            ending = cause;
        }
        whenClosed.accept(cause);
    }

    /** Closes the controller. Blocks. */
    public void close() {
        controller().close();
    }

    private RouteController controller() {
        RouteController now = opened;
        if (now == null) {
            throw new IllegalStateException("the controller is not opened yet");
        }
        return now;
    }

    /** Returns what the state that is shown is worth now. Does not block. */
    public synchronized Freshness freshness() {
        Status now = status();
        if (now != freshness.status()) {
            freshness = now == Status.LIVE
                    ? Freshness.LIVE
                    : new Freshness(now, clock.instant().truncatedTo(ChronoUnit.MILLIS), reason(now));
        }
        return freshness;
    }

    private synchronized Status status() {
        if (ending != null) {
            return ending instanceof FencedException ? Status.FENCED : Status.CLOSED;
        }
        return controller().isStale() ? Status.STALE : Status.LIVE;
    }

    private synchronized String reason(Status status) {
        return status == Status.STALE || ending == null
                ? "the lease could not be renewed: the database cannot be reached, or the process stood still"
                : String.valueOf(ending.getMessage());
    }

    /** {@return the controller; none before the first one is opened} */
    public List<RouteController> controllers() {
        RouteController now = opened;
        return now == null ? List.of() : List.of(now);
    }

    /**
     * Hands commands in, all or none, and waits until the answer is stored.
     *
     * @throws ApiException if they are refused, with all problems, or cannot be stored now
     */
    public Receipt submit(Actor actor, Command... commands) {
        try {
            Receipt receipt = controller()
                    .submit(new Submission(actor, correlationId(), List.of(commands)))
                    .toCompletableFuture()
                    .get(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            if (receipt.result() instanceof SubmissionResult.Refused refused) {
                throw Refusals.of(refused, state().names());
            }
            return receipt;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof QueueFullException) {
                throw ApiException.unavailable("too much waits to be stored: try again later");
            }
            throw ApiException.unavailable("the storage does not take this now");
        } catch (TimeoutException e) {
            throw ApiException.unavailable("the storage does not answer: whether this will be done is not known yet");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiException.unavailable("the server is stopping");
        }
    }

    /**
     * The connection of a session ended, unless it ends because the server stops: the next one gives its routers time
     * to return. Does not wait: no client is there to be answered.
     */
    public void ended(Actor actor, NodeId node, SessionId session) {
        if (!isHandingOver) {
            var unused = controller().submit(Submission.of(actor, new Command.DisconnectSession(node, session)));
        }
    }

    /** From now on sessions end because the server stops. */
    public void handOver() {
        isHandingOver = true;
    }

    /** Makes the receipt have the events of one request only, also if one actor has two in one step. */
    private static String correlationId() {
        return UUID.randomUUID().toString();
    }

    /** Something was heard on a session. Does not wait. */
    public void heard(Actor actor, NodeId node, SessionId session) {
        var unused = controller().submit(Submission.of(actor, new Command.KeepAlive(node, session)));
    }

    /** The newest snapshot whose durable part is stored. */
    public Snapshot current() {
        return controller().current();
    }

    /** The same, for those who need no revision. */
    public RoutingState state() {
        return controller().current().state();
    }
}
