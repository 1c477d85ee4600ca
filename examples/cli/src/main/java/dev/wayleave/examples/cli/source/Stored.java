package dev.wayleave.examples.cli.source;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.RoutingState;
import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.storage.Receipt;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StoredTailnet;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;

/**
 * A tailnet in a database: for operators whose control plane is down, or who would rather not ask it. A control plane
 * that runs sees what is changed here with its next commit.
 */
public final class Stored {

    private static final Actor ACTOR = new Actor("wayleave");

    private final String database;
    private final TailnetId tailnet;
    private final InstantSource clock = InstantSource.system();

    public Stored(String database, String tailnet) {
        this.database = database;
        try {
            this.tailnet = new TailnetId(tailnet);
        } catch (IllegalArgumentException malformed) {
            throw new BadInput("`" + tailnet + "` cannot be the name of a tailnet");
        }
    }

    /** A tailnet of a database, and the number of commits that made it what it is. */
    public record Named(TailnetId tailnet, Revision revision) {}

    /** All tailnets of a database, in their order; none where there are no tables. */
    public static List<Named> tailnets(String database) {
        try {
            List<Named> tailnets = new ArrayList<>();
            RoutingStore store = Databases.existing(database);
            for (TailnetId tailnet : store.tailnets()) {
                store.load(tailnet).ifPresent(stored -> tailnets.add(new Named(tailnet, stored.revision())));
            }
            return tailnets;
        } catch (WayleaveException failed) {
            throw new BadInput(failed);
        }
    }

    /** What is stored: routes as they were when it was written, sessions and health not at all. */
    public RoutingState read() {
        try {
            StoredTailnet stored = Databases.existing(database)
                    .load(tailnet)
                    .orElseThrow(() ->
                            new BadInput("the database holds no tailnet `" + tailnet + "`: name another by --tailnet"));
            return RoutingState.restoreWithoutSessions(stored.rows(), clock.instant());
        } catch (WayleaveException failed) {
            throw new BadInput(failed);
        }
    }

    /** What happened, and happens. */
    public StoredEvents events() {
        return new StoredEvents(Databases.existing(database), tailnet);
    }

    /** Has a command decided as the control plane would, stores what follows from it, and says what that was. */
    @CanIgnoreReturnValue
    public List<RouteEvent> submit(Command command) {
        var ignored = read();
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        try {
            RoutingStore store = Databases.storeToWrite(database);
            try (RouteController controller = RouteController.builder(store, tailnet, scheduler, clock)
                    .withoutSessions()
                    .open()) {
                Receipt receipt = controller
                        .submit(Submission.of(ACTOR, command))
                        .toCompletableFuture()
                        .join();
                if (receipt.result() instanceof SubmissionResult.Refused refused) {
                    throw new BadInput(
                            refused.problems().stream().map(Problem::message).collect(Collectors.joining("; ")));
                }
                return receipt.events();
            }
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof WayleaveException cause ? new BadInput(cause) : failed;
        } catch (WayleaveException failed) {
            throw new BadInput(failed);
        } finally {
            scheduler.shutdown();
        }
    }
}
