package dev.wayleave.storage.jdbc;

import dev.wayleave.RoutingState;
import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.json.RoutingJson;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.FencedException;
import dev.wayleave.storage.LeaseRule;
import dev.wayleave.storage.Receipt;
import dev.wayleave.storage.Replica;
import dev.wayleave.storage.ReplicaId;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.Snapshot;
import dev.wayleave.storage.StorageUnavailableException;
import dev.wayleave.storage.ViewPublisher;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The child of the tests of processes that share a tailnet: a small control plane. Agents talk to it by lines, with a
 * number for each question: {@code submit 7 JSON}, {@code expect 8 REVISION JSON}, {@code read 9}, {@code state 10},
 * and {@code stream NODE SESSION} for the routes of a node until {@code leave NODE}. It also prints each event that is
 * published, and comes back as a new process when it was fenced.
 */
final class SharedProcess {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration LOOK = Duration.ofMillis(100);

    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(3);
    private final AgentStreams streams = new AgentStreams();
    private final String url;
    private final ReplicaId id;
    private final InstantSource clock;
    private final LeaseRule lease;
    private final RoutingSettings settings;
    private volatile Replica replica;
    private volatile RouteController controller;
    private @Nullable CompletableFuture<Snapshot> looking;
    private boolean isBack = true;
    private volatile boolean isClosing;

    private SharedProcess(String... arguments) {
        this.url = arguments[0];
        this.id = new ReplicaId(arguments[1]);
        this.clock = InstantSource.offset(InstantSource.system(), Duration.parse(arguments[2]));
        Duration length = Duration.parse(arguments[3]);
        this.lease = new LeaseRule(length, length.dividedBy(5));
        this.settings =
                RoutingSettings.builder().grace(Duration.parse(arguments[4])).build();
    }

    /**
     * Called with the URL of the database, the id of the replica, how wrong its wall clock is, the length of its lease,
     * and the grace of routers.
     */
    public static void main(String[] arguments) throws IOException {
        SharedProcess shared = new SharedProcess(arguments);
        shared.open();
        var unused = shared.scheduler.scheduleWithFixedDelay(
                shared::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
        try (BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = asked.readLine(); line != null; line = asked.readLine()) {
                if (line.equals("close")) {
                    shared.close();
                    return;
                }
                shared.take(line.split(" ", 3));
            }
        }
        shared.scheduler.shutdownNow();
    }

    static void say(String line) {
        System.out.println(line);
    }

    private void open() {
        // replica and loop have a connection each: new ones take too long for a lease on a busy machine
        Replica joined = Replica.join(JdbcRoutingStore.open(DataSources.keeping(url)), id, scheduler, clock, lease);
        replica = joined;
        controller = RouteController.builder(
                        JdbcRoutingStore.open(DataSources.keeping(url)), Host.TAILNET, scheduler, clock)
                .newTailnet(settings)
                .replica(joined)
                .shared()
                .following(POLL)
                .listener(new ViewPublisher(streams))
                .open();
    }

    private void close() {
        isClosing = true;
        controller.close();
        replica.close();
        scheduler.shutdownNow();
        say("closed");
    }

    // ---- questions

    private void take(String[] words) {
        String what = words[1];
        switch (words[0]) {
            case "submit" -> answer(what, controller.submit(RoutingJson.read(Submission.class, words[2])));
            case "expect" -> {
                String[] rest = words[2].split(" ", 2);
                answer(
                        what,
                        controller.submit(
                                RoutingJson.read(Submission.class, rest[1]), new Revision(Long.parseLong(rest[0]))));
            }
            case "read" -> {
                var unused = controller
                        .refresh()
                        .whenCompleteAsync(
                                (seen, failure) -> say(
                                        failure == null
                                                ? "answer " + what + " " + seen.revision() + " accepted 0 0 "
                                                        + hash(seen.state())
                                                : "failed " + what + " " + name(failure)),
                                scheduler);
            }
            case "state" -> {
                var unused = controller
                        .refresh()
                        .whenComplete((seen, failure) -> say(
                                failure == null
                                        ? "state " + what + " " + seen.revision() + " "
                                                + RoutingJson.write(seen.state().rows())
                                        : "failed " + what + " " + name(failure)));
            }
            case "stream" -> streams.begin(new NodeId(Long.parseLong(what)), words[2]);
            case "leave" -> streams.end(new NodeId(Long.parseLong(what)));
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    private static void answer(String what, CompletionStage<Receipt> receipt) {
        var unused = receipt.whenComplete((answer, failure) ->
                say(failure == null ? answer(what, answer) : "failed " + what + " " + name(failure)));
    }

    /** The result, how many events there are, and how many of them are stored in any case. */
    private static String answer(String what, Receipt receipt) {
        long stored = receipt.events().stream()
                .filter(event -> !(event instanceof RouteEvent.OfPresence))
                .count();
        String result = !(receipt.result() instanceof SubmissionResult.Refused refused)
                ? "accepted"
                : refused.problems().stream().anyMatch(Problem.RevisionConflict.class::isInstance)
                        ? "outdated"
                        : "refused";
        return "answer " + what + " " + receipt.revision() + " " + result + " "
                + receipt.events().size() + " " + stored;
    }

    /**
     * A hash of the rows; {@code -} while the state is to be repaired: then this process knows more of its sessions
     * than the revision has.
     */
    private static String hash(RoutingState state) {
        boolean isDue =
                state.nextDeadline().filter(due -> !due.isAfter(state.now())).isPresent();
        return isDue ? "-" : AgentRecord.hash(state.rows());
    }

    private static String name(Throwable failure) {
        return cause(failure).getClass().getSimpleName();
    }

    // ---- the lease

    /** Ends the streams while the lease is not known to last, and joins as a new process once it was ended. */
    private void look() {
        try {
            if (controller.isStale()) {
                streams.endAll();
            }
            CompletableFuture<Snapshot> last = looking;
            if (last != null && !last.isDone()) {
                return;
            }
            if (last != null && last.isCompletedExceptionally()) {
                failed(last.handle((seen, failure) -> failure).join());
            }
            looking = controller.refresh().toCompletableFuture();
        } catch (CompletionException | WayleaveException e) {
            say("not back " + e);
        }
    }

    private void failed(Throwable failure) {
        Throwable cause = cause(failure);
        if (isClosing || cause instanceof StorageUnavailableException) {
            return; // what is published stays
        }
        if (isBack) {
            say(cause instanceof FencedException ? "fenced" : "ended " + cause);
            isBack = false;
        }
        streams.endAll();
        controller.close();
        replica.close();
        open();
        isBack = true;
        say("back");
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
