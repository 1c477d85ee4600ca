package dev.wayleave.examples.cli.source;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.NodeState;
import dev.wayleave.RoutingState;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.ApprovalDifference;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.StateRows;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.Receipt;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StoredEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A tailnet in a database: for operators whose control plane is down, or who would rather not ask it. A control plane
 * that runs sees what is changed here with its next commit.
 */
public final class DatabaseSource implements OperatedSource {

    private static final Actor ACTOR = new Actor("wayleave");
    private static final int PAGE = 1_000;
    private static final long LOOK_AGAIN_MILLIS = 1_000;
    private static final String UNKNOWN = "a database does not say which nodes are online and healthy: its routers are"
            + " shown as online and healthy if they were online when it was last written, other nodes as offline";

    private final String database;
    private final TailnetId tailnet;
    private final InstantSource clock = InstantSource.system();

    /** The last event that was read: where the next ones begin. */
    private @Nullable StoredEvent last;

    public DatabaseSource(String database, String tailnet) {
        this.database = database;
        try {
            this.tailnet = new TailnetId(tailnet);
        } catch (IllegalArgumentException malformed) {
            throw new BadInput("`" + tailnet + "` cannot be the name of a tailnet");
        }
    }

    /** A tailnet of a database, and the number of commits that made it what it is. */
    public record TailnetRevision(TailnetId tailnet, Revision revision) {}

    /** All tailnets of a database, in their order; none where there are no tables. */
    public static List<TailnetRevision> tailnets(String database) {
        return refusing(() -> {
            List<TailnetRevision> tailnets = new ArrayList<>();
            RoutingStore store = Databases.existing(database);
            for (TailnetId tailnet : store.tailnets()) {
                store.load(tailnet).ifPresent(stored -> tailnets.add(new TailnetRevision(tailnet, stored.revision())));
            }
            return tailnets;
        });
    }

    private static <T> T refusing(Supplier<T> work) {
        try {
            return work.get();
        } catch (WayleaveException failed) {
            throw new BadInput(failed);
        }
    }

    @Override
    public Tailnet read() {
        return refusing(() -> {
            StateRows rows = Databases.existing(database)
                    .load(tailnet)
                    .orElseThrow(() ->
                            new BadInput("the database holds no tailnet `" + tailnet + "`: name another by --tailnet"))
                    .rows();
            List<Presence> routers = rows.nodes().stream()
                    .filter(NodeRow::candidate)
                    .map(node -> Presence.online(node.facts().id()))
                    .toList();
            RoutingState state = Presence.restore(rows, routers, clock.instant());
            return new Tailnet(state, state.names(), UNKNOWN);
        });
    }

    @Override
    public String approveOnly(NodeId node, Collection<Prefix> prefixes) {
        List<RouteEvent> events = submit(new Command.SetApprovedRoutes(node, prefixes));
        RoutingState state = read().state();
        NodeState about = state.node(node).orElseThrow();
        return ApprovalDifference.of(node, about.approvals(), about.advertised(), events)
                .text(state.names());
    }

    @Override
    public List<String> drain(NodeId node, @Nullable Instant until, boolean forced) {
        List<RouteEvent> events;
        try {
            events = submit(new Command.DrainNode(node, until, forced));
        } catch (BadInput refused) {
            throw forced
                    ? refused
                    : new BadInput(refused.getMessage() + " (--force); a database does not know who is online");
        }
        return texts(events);
    }

    @Override
    public List<String> undrain(NodeId node) {
        return texts(submit(new Command.UndrainNode(node)));
    }

    private List<String> texts(List<RouteEvent> events) {
        Names names = read().names();
        return events.stream().map(event -> event.headline(names)).toList();
    }

    @Override
    public void setPolicy(RoutingPolicy policy) {
        submit(new Command.SetPolicy(policy));
    }

    /** Has a command decided as the control plane would, stores what follows from it, and returns the events. */
    @CanIgnoreReturnValue
    private List<RouteEvent> submit(Command command) {
        Names names = read().names();
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        try (RouteController controller = RouteController.builder(
                        Databases.storeToWrite(database), tailnet, scheduler, clock)
                .withoutSessions()
                .open()) {
            Receipt receipt = controller
                    .submit(Submission.of(ACTOR, command))
                    .toCompletableFuture()
                    .join();
            if (receipt.result() instanceof SubmissionResult.Refused refused) {
                throw BadInput.refused("", names, List.of(refused));
            }
            return receipt.events();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof WayleaveException cause ? new BadInput(cause) : failed;
        } catch (WayleaveException failed) {
            throw new BadInput(failed);
        } finally {
            scheduler.shutdown();
        }
    }

    @Override
    public List<HistoryEntry> past(int most, @Nullable NodeId node, @Nullable Prefix prefix) {
        return refusing(() -> {
            RoutingStore store = Databases.existing(database);
            Deque<StoredEvent> found = new ArrayDeque<>();
            EventPosition before = EventPosition.END;
            while (found.size() < most) {
                List<StoredEvent> page = store.eventsBefore(tailnet, before, PAGE);
                if (page.isEmpty()) {
                    break;
                }
                if (last == null) {
                    last = page.get(page.size() - 1);
                }
                for (int i = page.size() - 1; i >= 0 && found.size() < most; i--) {
                    if (isAbout(page.get(i), node, prefix)) {
                        found.addFirst(page.get(i));
                    }
                }
                before = page.get(0).position();
            }
            return entries(found);
        });
    }

    private static boolean isAbout(StoredEvent event, @Nullable NodeId node, @Nullable Prefix prefix) {
        Optional<NodeId> about = Optional.ofNullable(node);
        return (node == null || about.equals(event.node()) || about.equals(event.previousNode()))
                && (prefix == null || Optional.of(prefix).equals(event.prefix()));
    }

    @Override
    public void follow(Consumer<HistoryEntry> each, Consumer<String> notes) {
        while (OperatedSource.waited(LOOK_AGAIN_MILLIS)) {
            refusing(this::next).forEach(each);
        }
    }

    /**
     * What happened since something was read, oldest first. If the last event that was read is gone, the tailnet was
     * deleted and made again, or a purge took that event and all before it: then every event is new.
     */
    private List<HistoryEntry> next() {
        RoutingStore store = Databases.existing(database);
        List<StoredEvent> events = new ArrayList<>();
        if (last != null) {
            events.addAll(store.events(tailnet, previous(last.position()), PAGE));
            if (!events.isEmpty() && events.get(0).equals(last)) {
                events.remove(0);
            } else {
                last = null;
                events.clear();
            }
        }
        if (last == null) {
            events.addAll(store.events(tailnet, EventPosition.START, PAGE));
        }
        if (!events.isEmpty()) {
            last = events.get(events.size() - 1);
        }
        return entries(events);
    }

    /** The position just before another position. */
    private static EventPosition previous(EventPosition position) {
        return position.ordinal() > 0
                ? new EventPosition(position.revision(), position.ordinal() - 1)
                : new EventPosition(new Revision(position.revision().value() - 1), Integer.MAX_VALUE);
    }

    private List<HistoryEntry> entries(Collection<StoredEvent> events) {
        if (events.isEmpty()) {
            return List.of();
        }
        Names names = read().names();
        return events.stream().map(event -> HistoryEntry.of(event, names)).toList();
    }
}
