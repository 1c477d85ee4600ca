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
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.QueueFullException;
import dev.wayleave.storage.Receipt;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.Snapshot;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What the server's handlers do with the library's controller: submit commands and read the state.
 *
 * <p>Safe for use by several threads. {@link #submit} blocks until the answer is stored.
 */
public final class ControlPlane {

    /** How often agents have to say that they are there. */
    public static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

    /** The rules of a new tailnet: a demonstration has no patience. A stored tailnet keeps its own. */
    public static final RoutingSettings SETTINGS = impatient(RoutingSettings.DEFAULT);

    public static RoutingSettings impatient(RoutingSettings settings) {
        return settings.toBuilder().silenceLimit(Duration.ofSeconds(25)).build();
    }

    public static final TailnetId TAILNET = new TailnetId("sample");

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    private final RouteController controller;
    private volatile boolean isHandingOver;

    public ControlPlane(RouteController controller) {
        this.controller = controller;
    }

    /**
     * Hands commands in, all or none, and waits until the answer is stored.
     *
     * @throws ApiException if they are refused, with all problems, or cannot be stored now
     */
    public Receipt submit(Actor actor, Command... commands) {
        try {
            Receipt receipt = controller
                    .submit(Submission.of(actor, commands))
                    .toCompletableFuture()
                    .get(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            if (receipt.result() instanceof SubmissionResult.Refused refused) {
                throw Refusals.of(refused);
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
            var unused = controller.submit(Submission.of(actor, new Command.DisconnectSession(node, session)));
        }
    }

    /** From now on sessions end because the server stops. */
    public void handOver() {
        isHandingOver = true;
    }

    /** Something was heard on a session. Does not wait. */
    public void heard(Actor actor, NodeId node, SessionId session) {
        var unused = controller.submit(Submission.of(actor, new Command.KeepAlive(node, session)));
    }

    /** The newest snapshot whose durable part is stored. */
    public Snapshot current() {
        return controller.current();
    }

    /** The same, for those who need no revision. */
    public RoutingState state() {
        return controller.current().state();
    }
}
