package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.by;
import static dev.wayleave.storage.ControllerFixture.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.Absence;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.StateRows;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.ScriptedStore.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Tailnets that are loaded and unloaded all the time do what controllers of their own do, each of which is opened once
 * and stays: the same answers, events and rows, at the same times. The prefixes, nodes and host keys of all tailnets
 * are the same, so that nothing of one may reach another.
 */
class TailnetsPropertyTest {

    private static final List<TailnetId> TAILNETS =
            List.of(new TailnetId("one"), new TailnetId("two"), new TailnetId("three"), new TailnetId("four"));
    private static final List<Prefix> PREFIXES =
            List.of(Prefix.parse("10.0.0.0/16"), Prefix.parse("10.0.0.0/24"), Prefix.parse("192.168.1.0/24"));
    private static final Duration IDLE = Duration.ofMinutes(2);

    private static int unloads;

    /** One world: its store, its host, and what was published of each tailnet, with the time. */
    private static final class World implements RoutingObserver {
        private final ManualHost host = new ManualHost();
        private final ScriptedStore store = new ScriptedStore();
        private final Map<TailnetId, List<String>> published = new HashMap<>();
        private final Map<TailnetId, Random> faults = new HashMap<>();
        private final List<TailnetId> loaded = new ArrayList<>();

        World(long seed, int percent) {
            for (TailnetId tailnet : TAILNETS) {
                published.put(tailnet, new ArrayList<>());
                faults.put(tailnet, new Random(seed + tailnet.value().hashCode()));
            }
            // the same commits of a tailnet fail in both worlds, in any order between the commits of other tailnets
            store.beforeEach(commit -> {
                Random chances = faults.get(commit.tailnet());
                List<Fault> all = List.of(Fault.CONFLICT, Fault.UNAVAILABLE, Fault.UNKNOWN_LANDED, Fault.UNKNOWN_LOST);
                boolean fails = chances.nextInt(100) < percent;
                store.next(fails ? all.get(chances.nextInt(all.size())) : Fault.NONE);
            });
        }

        @Override
        public void loaded(TailnetId tailnet, Duration took) {
            loaded.add(tailnet);
        }

        @Override
        public void unloaded(TailnetId tailnet) {
            loaded.remove(tailnet);
            unloads++;
        }

        PublicationListener listener(TailnetId tailnet) {
            return publication -> {
                ControllerFixture.events(List.of(publication))
                        .forEach(event -> published
                                .get(tailnet)
                                .add(Duration.between(ManualHost.START, host.instant()) + " " + event));
            };
        }
    }

    private static Command command(Random random, Instant now) {
        NodeId node = new NodeId(1 + random.nextInt(3));
        SessionId session = new SessionId("session " + random.nextInt(2));
        switch (random.nextInt(10)) {
            case 0:
                return new Command.RegisterNode(Node.builder(node, "node-" + node, Owner.tags("tag:router"))
                        .ephemeral(node.value() == 3)
                        .keyExpiry(now.plusSeconds(60L * (1 + random.nextInt(60))))
                        .build());
            case 1:
                return new Command.RegisterNode(Node.builder(node, "node-" + node, Owner.tags("tag:router"))
                        .ephemeral(node.value() == 3)
                        .build());
            case 2:
                return new Command.RemoveNode(node);
            case 3:
            case 4:
                return new Command.ConnectSession(node, session);
            case 5:
                return new Command.DisconnectSession(node, session);
            case 6:
                return new Command.KeepAlive(node, session);
            case 7:
                return new Command.AdvertiseRoutes(node, chosen(random));
            case 8:
                return new Command.SetApprovedRoutes(node, chosen(random));
            default:
                return random.nextBoolean()
                        ? new Command.DrainNode(node, now.plusSeconds(60L * (1 + random.nextInt(60))), true)
                        : new Command.UndrainNode(node);
        }
    }

    private static List<Prefix> chosen(Random random) {
        return PREFIXES.stream().filter(prefix -> random.nextBoolean()).toList();
    }

    private static Submission submission(Random random, Instant now) {
        List<Command> commands = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            commands.add(command(random, now));
        }
        return by("test", commands.toArray(new Command[0]));
    }

    @Property(tries = 4, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void tailnetsThatComeAndGoDoWhatControllersThatStayDo(@ForAll long seed) {
        Random random = new Random(seed);
        int percent = random.nextBoolean() ? 0 : 20;
        World many = new World(seed, percent);
        World twin = new World(seed, percent);
        Tailnets tailnets = Tailnets.builder(many.store, many.host, many.host)
                .steadyNanos(many.host::steadyNanos)
                .newTailnets(RoutingSettings.DEFAULT)
                .idlePeriod(IDLE)
                .loadsAtOnce(1 + random.nextInt(2))
                .retry(ControllerFixture.RETRY)
                .random(() -> 0)
                .listener(many::listener)
                .observer(many)
                .open();
        Map<TailnetId, RouteController> controllers = new HashMap<>();
        for (TailnetId tailnet : TAILNETS) {
            controllers.put(
                    tailnet,
                    RouteController.builder(twin.store, tailnet, twin.host, twin.host)
                            .steadyNanos(twin.host::steadyNanos)
                            .newTailnet(RoutingSettings.DEFAULT)
                            .queueLimit(TailnetsBuilder.QUEUE_LIMIT)
                            .retry(ControllerFixture.RETRY)
                            .random(() -> 0)
                            .listener(twin.listener(tailnet))
                            .open());
        }
        List<String> submitted = new ArrayList<>();
        List<CompletableFuture<Receipt>> answers = new ArrayList<>();
        List<CompletableFuture<Receipt>> expected = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Duration pause = Duration.ofSeconds(random.nextInt(4) == 0 ? random.nextInt(900) : random.nextInt(20));
            many.host.pass(pause);
            twin.host.pass(pause);
            boolean isDown = random.nextInt(8) == 0;
            many.store.down(isDown);
            twin.store.down(isDown);
            for (int n = random.nextInt(4); n >= 0; n--) {
                TailnetId tailnet = TAILNETS.get(random.nextInt(TAILNETS.size()));
                Submission submission = submission(random, many.host.instant());
                CompletableFuture<Receipt> answer =
                        tailnets.submit(tailnet, submission).toCompletableFuture();
                many.host.run();
                if (!isRefusedUnloaded(answer)) {
                    submitted.add(many.host.instant() + " " + tailnet + " " + submission);
                    answers.add(answer);
                    expected.add(controllers.get(tailnet).submit(submission).toCompletableFuture());
                }
                twin.host.run();
            }
            many.store.down(false);
            twin.store.down(false);
        }
        many.host.pass(Duration.ofMinutes(70));
        twin.host.pass(Duration.ofMinutes(70));

        for (int i = 0; i < answers.size(); i++) {
            assertThat(text(answers.get(i))).as("%s", submitted.get(i)).isEqualTo(text(expected.get(i)));
        }
        for (TailnetId tailnet : TAILNETS) {
            assertThat(many.published.get(tailnet)).as("%s", tailnet).isEqualTo(twin.published.get(tailnet));
            Optional<StateRows> rows = many.store.load(tailnet).map(StoredTailnet::rows);
            assertThat(rows)
                    .isEqualTo(twin.store
                            .load(tailnet)
                            .map(StoredTailnet::rows)
                            .map(all -> withForgotten(all, rows.orElseThrow())));
            assertThat(many.store.load(tailnet).map(StoredTailnet::revision))
                    .isEqualTo(twin.store.load(tailnet).map(StoredTailnet::revision));
        }
        assertThat(many.loaded).containsExactlyInAnyOrderElementsOf(tailnets.loaded());
        tailnets.close();
        assertThat(many.loaded).isEmpty();
        controllers.values().forEach(RouteController::close);
    }

    /**
     * The rows of the twin with what an unloaded tailnet forgets: since when a node is absent that was no router then.
     * If it becomes one while it is absent, it is absent since the tailnet was loaded: later than at the twin.
     */
    private static StateRows withForgotten(StateRows twin, StateRows many) {
        Map<NodeId, Absence> later = new HashMap<>();
        for (NodeRow row : many.nodes()) {
            row.absence()
                    .filter(absence -> absence.graceUntil().isEmpty())
                    .ifPresent(absence -> later.put(row.facts().id(), absence));
        }
        List<NodeRow> nodes = twin.nodes().stream()
                .map(row -> {
                    Absence own = row.absenceOrNull();
                    Absence other = later.get(row.facts().id());
                    boolean forgot = own != null
                            && own.graceUntil().isEmpty()
                            && other != null
                            && other.since().isAfter(own.since());
                    return forgot ? new NodeRow(row.facts(), row.drainOrNull(), row.candidate(), other) : row;
                })
                .toList();
        return new StateRows(twin.tailnet(), twin.users(), nodes, twin.routes());
    }

    @AfterContainer
    static void tailnetsWereUnloadedOften() {
        assertThat(unloads).isPositive();
    }

    /** The tailnet was not loaded, and could not be: the twin has no such moment. */
    private static boolean isRefusedUnloaded(CompletableFuture<Receipt> answer) {
        if (!answer.isCompletedExceptionally()) {
            return false;
        }
        Throwable cause = failure(answer);
        return cause instanceof TailnetLimitException || cause instanceof StorageUnavailableException;
    }

    private static String text(CompletableFuture<Receipt> answer) {
        return answer.isCompletedExceptionally()
                ? Optional.ofNullable(failure(answer).getMessage()).orElse("")
                : answer.join().toString();
    }
}
