package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.NodeRow;
import dev.wayleave.settings.RoutingSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Processes share many tailnets, unload them, die, freeze and start again: a listener hears of each event once while
 * its tailnet is loaded, and when the nodes are gone, no session, grace or ephemeral node is left in any row. {@code
 * -Dwayleave.slow=true} tries more.
 */
class SharedTailnetsPropertyTest {

    private static final int TRIES = Boolean.getBoolean("wayleave.slow") ? 200 : 2;
    private static final List<TailnetId> TAILNETS = Stream.of("one", "two", "three", "four", "five", "six")
            .map(TailnetId::new)
            .toList();
    private static final Prefix LAN = Prefix.parse("10.0.0.0/16");
    private static final Duration SLICE = Duration.ofSeconds(1);
    private static final RoutingSettings SETTINGS = RoutingSettings.DEFAULT.toBuilder()
            .ephemeralIdle(Duration.ofSeconds(45))
            .build();

    private static int unloads;

    private final ManualHost database = new ManualHost();
    private final ScriptedStore store = new ScriptedStore(database);
    private final LoopbackChannel channel = new LoopbackChannel();
    private final List<Process> all = new ArrayList<>();
    private int starts;

    /** What the listener of one load heard. */
    private static final class Heard implements PublicationListener {
        private final TailnetId tailnet;
        private final List<EventPosition> positions = new ArrayList<>();
        private Revision first = Revision.NONE;
        private Revision last = Revision.NONE;

        Heard(TailnetId tailnet) {
            this.tailnet = tailnet;
        }

        @Override
        public void started(Snapshot current) {
            first = current.revision();
            last = first;
        }

        @Override
        public void published(Publication publication) {
            last = publication.after().revision();
            publication.events().forEach(event -> event.position().ifPresent(positions::add));
        }
    }

    /** A process on a host of its own, which may stop. */
    private final class Process {
        private final ManualHost host = new ManualHost();
        private final List<Heard> heard = new ArrayList<>();
        private final List<SessionChannel.Membership> memberships = new ArrayList<>();
        private final Replica replica;
        private final Tailnets tailnets;

        Process(String id, int limit, int idleSeconds) {
            host.oversleep(Duration.between(ManualHost.START, database.instant()));
            this.replica = Replica.join(store, new ReplicaId(id), host, host, LeaseRule.DEFAULT, host::steadyNanos);
            this.tailnets = Tailnets.builder(store, host, host)
                    .steadyNanos(host::steadyNanos)
                    .newTailnets(SETTINGS)
                    .idlePeriod(Duration.ofSeconds(idleSeconds))
                    .following(Duration.ofMillis(1_100))
                    .loadedTailnets(limit)
                    .retry(ControllerFixture.RETRY)
                    .random(() -> 0)
                    .listener(tailnet -> {
                        heard.add(new Heard(tailnet));
                        return heard.get(heard.size() - 1);
                    })
                    .observer(new RoutingObserver() {
                        @Override
                        public void unloaded(TailnetId tailnet) {
                            unloads++;
                        }
                    })
                    .replica(replica)
                    .sessionChannel(member -> {
                        memberships.add(channel.join(member));
                        return memberships.get(memberships.size() - 1);
                    })
                    .shared()
                    .open();
            host.run();
        }
    }

    private Process started(Random random) {
        Process process = new Process("process " + starts++, 2 + random.nextInt(2), 20 + random.nextInt(60));
        all.add(process);
        return process;
    }

    private void pass(List<Process> alive, Duration time) {
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(SLICE)) {
            database.pass(SLICE);
            alive.forEach(process -> process.host.pass(SLICE));
        }
    }

    private static Command command(Random random) {
        NodeId node = new NodeId(1 + random.nextInt(4));
        SessionId session = new SessionId("session " + random.nextInt(3));
        switch (random.nextInt(10)) {
            case 0:
            case 1:
                return new Command.RegisterNode(Node.builder(node, "node-" + node, Owner.tags("tag:router"))
                        .ephemeral(node.value() >= 3)
                        .build());
            case 2:
                return new Command.UpdateNode(Node.builder(node, "node-" + node, Owner.tags("tag:router"))
                        .ephemeral(node.value() >= 3 || random.nextInt(4) == 0)
                        .build());
            case 3:
            case 4:
            case 5:
                return new Command.ConnectSession(node, session);
            case 6:
                return new Command.DisconnectSession(node, session);
            case 7:
                return new Command.AdvertiseRoutes(node, List.of(LAN));
            default:
                return new Command.SetApprovedRoutes(node, random.nextInt(4) > 0 ? List.of(LAN) : List.of());
        }
    }

    /** It takes no turn any more, and sends nothing. */
    private static void kill(Process process) {
        process.memberships.forEach(SessionChannel.Membership::close);
    }

    private static void connectRouters(Process process) {
        NodeId router = new NodeId(1);
        for (TailnetId tailnet : TAILNETS) {
            var unused = process.tailnets.submit(
                    tailnet,
                    by(
                            "test",
                            new Command.RegisterNode(Node.builder(router, "node-1", Owner.tags("tag:router"))
                                    .build())));
            unused = process.tailnets.submit(
                    tailnet,
                    by(
                            "test",
                            new Command.ConnectSession(router, new SessionId("last")),
                            new Command.AdvertiseRoutes(router, List.of(LAN)),
                            new Command.SetApprovedRoutes(router, List.of(LAN))));
        }
    }

    private void disturb(List<Process> alive, Random random) {
        store.down(false);
        int place = random.nextInt(alive.size());
        Process process = alive.get(place);
        switch (random.nextInt(4)) {
            case 0: // killed
                kill(process);
                alive.set(place, started(random));
                break;
            case 1: // frozen, and lost its lease
                alive.remove(place);
                pass(alive, Duration.ofSeconds(30));
                process.host.oversleep(Duration.ofSeconds(30));
                process.host.run();
                process.tailnets.close();
                process.replica.close();
                alive.add(started(random));
                break;
            case 2:
                process.tailnets.close();
                process.replica.close();
                alive.set(place, started(random));
                break;
            default:
                var unused = process.tailnets.unload(TAILNETS.get(random.nextInt(TAILNETS.size())));
                break;
        }
    }

    @Test
    void nothingIsLeftOfSessionsThatAreOverAndEachEventIsHeardOnce() {
        unloads = 0;
        for (int seed = 0; seed < TRIES; seed++) {
            new SharedTailnetsPropertyTest().run(seed);
        }
        assertThat(unloads).isPositive();
    }

    private void run(int seed) {
        Random random = new Random(seed);
        List<Process> alive = new ArrayList<>(List.of(started(random), started(random), started(random)));
        for (int i = 0; i < 60; i++) {
            for (int n = random.nextInt(4); n >= 0; n--) {
                Process process = alive.get(random.nextInt(alive.size()));
                var unused = process.tailnets.submit(
                        TAILNETS.get(random.nextInt(TAILNETS.size())), by("test", command(random)));
            }
            boolean isLong = random.nextInt(4) == 0;
            pass(alive, Duration.ofSeconds(isLong ? random.nextInt(60) : random.nextInt(4)));
            if (random.nextInt(3) == 0) {
                channel.deliver();
            }
            if (random.nextInt(8) == 0) {
                disturb(alive, random);
            }
            store.down(random.nextInt(12) == 0);
        }
        store.down(false);
        connectRouters(alive.get(0));
        pass(alive, Duration.ofSeconds(3));
        kill(alive.remove(0));

        pass(alive, Duration.ofMinutes(2));
        alive.forEach(this::disconnectSilentSessions);
        pass(alive, Duration.ofMinutes(4));

        for (TailnetId tailnet : TAILNETS) {
            assertThat(store.load(tailnet).map(stored -> stored.rows().nodes()).orElse(List.of()))
                    .as("seed %s", seed)
                    .noneMatch(NodeRow::candidate)
                    .noneMatch(row -> row.facts().isEphemeral())
                    .noneMatch(row ->
                            row.session().flatMap(session -> session.session()).isPresent());
        }
        assertThat(store.orphaned()).isEmpty();
        assertThat(alive).allMatch(process -> process.tailnets.loaded().isEmpty());
        all.stream().flatMap(process -> process.heard.stream()).forEach(this::assertHeardOnce);
        alive.forEach(process -> process.tailnets.close());
    }

    /** A session that fell silent keeps its tailnet loaded until the host disconnects it. */
    private void disconnectSilentSessions(Process process) {
        for (TailnetId tailnet : process.tailnets.loaded()) {
            for (long node = 1; node <= 4; node++) {
                for (int session = 0; session < 3; session++) {
                    var unused = process.tailnets.submit(
                            tailnet,
                            by(
                                    "test",
                                    new Command.DisconnectSession(
                                            new NodeId(node), new SessionId("session " + session))));
                }
            }
        }
    }

    private void assertHeardOnce(Heard heard) {
        List<EventPosition> expected = store.events(heard.tailnet, EventPosition.START, 10_000).stream()
                .map(StoredEvent::position)
                .filter(position -> position.revision().compareTo(heard.first) > 0
                        && position.revision().compareTo(heard.last) <= 0)
                .toList();
        assertThat(heard.positions).isEqualTo(expected);
    }
}
