package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.LAN;
import static dev.wayleave.storage.ControllerFixture.advertised;
import static dev.wayleave.storage.ControllerFixture.approved;
import static dev.wayleave.storage.ControllerFixture.by;
import static dev.wayleave.storage.ControllerFixture.connected;
import static dev.wayleave.storage.ControllerFixture.disconnected;
import static dev.wayleave.storage.ControllerFixture.failure;
import static dev.wayleave.storage.ControllerFixture.heard;
import static dev.wayleave.storage.ControllerFixture.registered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.command.Command;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.row.NodeRow;
import dev.wayleave.settings.RoutingSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Many tailnets that several processes share: what keeps one loaded, and what ends the sessions of a process. */
class SharedTailnetsTest {

    private static final TailnetId ONE = new TailnetId("one");
    private static final TailnetId TWO = new TailnetId("two");
    private static final NodeId A = new NodeId(1);
    private static final NodeId B = new NodeId(2);
    private static final LeaseRule RULE = LeaseRule.DEFAULT;
    private static final Duration GRACE = Duration.ofSeconds(15);
    private static final Duration IDLE = Duration.ofMinutes(5);

    /** Until another process has ended the lease, and the first turn after it. */
    private static final Duration LEASE_ENDS =
            RULE.length().plus(RULE.renewal().multipliedBy(2)).plusSeconds(1);

    private final ManualHost host = new ManualHost();
    private final ScriptedStore store = new ScriptedStore(host);
    private final LoopbackChannel channel = new LoopbackChannel();

    /** A process, on the host of all, or on one that may stop. */
    private final class Process {

        private final ManualHost own;
        private final Replica replica;
        private final Map<TailnetId, List<EventPosition>> heard = new HashMap<>();
        private final Tailnets tailnets;

        Process(String id) {
            this(id, host, TailnetsBuilder.LOADED_TAILNETS);
        }

        Process(String id, ManualHost own, int limit) {
            this.own = own;
            this.replica = Replica.join(store, new ReplicaId(id), own, own, RULE, own::steadyNanos);
            this.tailnets = Tailnets.builder(store, own, own)
                    .steadyNanos(own::steadyNanos)
                    .newTailnets(RoutingSettings.DEFAULT)
                    .idlePeriod(IDLE)
                    .following(Duration.ofMillis(1_100)) // no read at the moment of another alarm
                    .loadedTailnets(limit)
                    .retry(ControllerFixture.RETRY)
                    .random(() -> 0)
                    .listener(tailnet -> publication -> publication
                            .events()
                            .forEach(event -> event.position()
                                    .ifPresent(position -> heard.computeIfAbsent(tailnet, any -> new ArrayList<>())
                                            .add(position))))
                    .replica(replica)
                    .sessionChannel(channel)
                    .shared()
                    .open();
            own.run();
        }

        CompletableFuture<Receipt> submit(TailnetId tailnet, Command... commands) {
            return tailnets.submit(tailnet, by("test", commands)).toCompletableFuture();
        }

        Receipt done(TailnetId tailnet, Command... commands) {
            return finished(submit(tailnet, commands));
        }

        /** Lets the host do what is due; after a conflict there is a pause. */
        private <T> T finished(CompletionStage<T> stage) {
            CompletableFuture<T> future = stage.toCompletableFuture();
            own.run();
            for (int i = 0; i < 100 && !future.isDone(); i++) {
                own.pass(Duration.ofMillis(50));
            }
            return future.getNow(null);
        }

        Process withRouter(TailnetId tailnet, long node) {
            done(tailnet, registered(node), connected(node), advertised(node, LAN), approved(node, LAN));
            return this;
        }

        Process loaded(TailnetId tailnet) {
            assertThat(finished(tailnets.current(tailnet))).isNotNull();
            finished(tailnets.refreshIfLoaded(tailnet).orElseThrow());
            return this;
        }

        Liveness liveness(TailnetId tailnet, NodeId node) {
            return tailnets.currentIfLoaded(tailnet)
                    .orElseThrow()
                    .state()
                    .node(node)
                    .orElseThrow()
                    .liveness();
        }

        Optional<NodeId> primary(TailnetId tailnet) {
            return tailnets.currentIfLoaded(tailnet).orElseThrow().state().primary(LAN);
        }

        /** The messages of all processes have arrived. */
        Process reported() {
            do {
                own.run();
            } while (channel.deliver());
            return this;
        }
    }

    private Process process(String id) {
        return new Process(id);
    }

    /** A process that stops when the test has had what it needs of it. */
    private Process mortal(String id) {
        return new Process(id, new ManualHost(), TailnetsBuilder.LOADED_TAILNETS);
    }

    /** Keeps the sessions of these nodes alive while time passes. */
    private void pass(Duration time, Process process, TailnetId tailnet, long... nodes) {
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plusSeconds(1)) {
            for (long node : nodes) {
                var unused = process.submit(tailnet, heard(node));
            }
            host.pass(Duration.ofSeconds(1));
        }
    }

    private List<EventPosition> stored(TailnetId tailnet) {
        return store.events(tailnet, EventPosition.START, 1_000).stream()
                .map(StoredEvent::position)
                .toList();
    }

    private long events(TailnetId tailnet, Class<? extends RouteEvent> kind) {
        return store.written().stream()
                .filter(commit -> commit.tailnet().equals(tailnet))
                .flatMap(commit -> commit.events().stream())
                .filter(kind::isInstance)
                .count();
    }

    private NodeRow row(TailnetId tailnet, NodeId node) {
        return store.load(tailnet).orElseThrow().rows().nodes().stream()
                .filter(row -> row.facts().id().equals(node))
                .findFirst()
                .orElseThrow();
    }

    private static Command ephemeral(long node) {
        return new Command.RegisterNode(Node.builder(new NodeId(node), "job-" + node, Owner.tags("tag:ci"))
                .ephemeral(true)
                .build());
    }

    // ---- loaded

    @Test
    void aRouterOfOneProcessIsOnlineAtTheOtherWithEachEventOnce() {
        Process one = process("one").loaded(ONE);
        Process two = process("two").loaded(ONE);

        one.withRouter(ONE, 1);
        two.withRouter(ONE, 2);
        assertThat(two.liveness(ONE, A)).isEqualTo(Liveness.ONLINE);
        one.done(ONE, disconnected(1));
        pass(GRACE.plusSeconds(2), two, ONE, 2);

        assertThat(one.primary(ONE)).contains(B);
        assertThat(two.primary(ONE)).contains(B);
        assertThat(one.heard.get(ONE)).isEqualTo(stored(ONE));
        assertThat(two.heard.get(ONE)).isEqualTo(stored(ONE));
    }

    @Test
    void theRoutersOfAProcessThatDiedFailOverOnceInEachTailnet() {
        Process dead = mortal("dead").withRouter(ONE, 1).withRouter(TWO, 1);
        Process two = process("two").withRouter(ONE, 2).withRouter(TWO, 2);
        Process three = process("three").loaded(ONE);
        List<EventPosition> before = stored(ONE);

        for (int second = 0; second < LEASE_ENDS.plus(GRACE).toSeconds() + 2; second++) {
            var unused = two.submit(ONE, heard(2));
            unused = two.submit(TWO, heard(2));
            host.pass(Duration.ofSeconds(1));
        }

        assertThat(two.primary(ONE)).contains(B);
        assertThat(two.primary(TWO)).contains(B);
        assertThat(three.primary(ONE)).contains(B);
        for (TailnetId tailnet : List.of(ONE, TWO)) {
            assertThat(events(tailnet, RouteEvent.NodeInGrace.class)).isEqualTo(1);
            assertThat(events(tailnet, RouteEvent.PrimaryMoved.class)).isEqualTo(1);
        }
        assertThat(three.heard.get(ONE))
                .isEqualTo(stored(ONE).subList(before.size(), stored(ONE).size()));
        assertThat(dead.tailnets.loaded()).containsExactly(ONE, TWO);
    }

    @Test
    void aCommitOfAnotherProcessIsSeenAtOnceByARefreshWhereTheTailnetIsLoaded() {
        Process one = process("one").withRouter(ONE, 1);
        Process two = process("two").loaded(ONE);

        Revision revision = one.done(ONE, registered(2)).revision();
        CompletableFuture<Snapshot> refreshed =
                two.tailnets.refreshIfLoaded(ONE, revision).orElseThrow().toCompletableFuture();
        host.run();

        assertThat(refreshed.getNow(null).revision()).isEqualTo(revision);
    }

    @Test
    void aLaptopIsOnlineAtEachProcessThatHasTheTailnetLoadedAlsoAfterALoad() {
        Process one = process("one");
        Process two = process("two").loaded(ONE);
        one.done(ONE, registered(1), connected(1));
        pass(Duration.ofSeconds(2), one, ONE, 1);
        assertThat(two.reported().liveness(ONE, A)).isEqualTo(Liveness.ONLINE);

        CompletableFuture<Boolean> unloaded = two.tailnets.unload(ONE).toCompletableFuture();
        host.run();
        assertThat(unloaded.join()).isTrue();
        two.loaded(ONE);

        assertThat(two.liveness(ONE, A)).isEqualTo(Liveness.UNKNOWN);
        assertThat(two.reported().liveness(ONE, A)).isEqualTo(Liveness.ONLINE);
    }

    // ---- unloaded

    @Test
    void aTailnetStaysLoadedWhereItHasASessionAndNowhereElse() {
        Process one = process("one").withRouter(ONE, 1);
        Process two = process("two").loaded(ONE);

        pass(IDLE.plusSeconds(30), one, ONE, 1);

        assertThat(one.tailnets.loaded()).containsExactly(ONE);
        assertThat(two.tailnets.loaded()).isEmpty();
        assertThat(events(ONE, RouteEvent.NodeInGrace.class)).isZero();
    }

    @Test
    void aTailnetWhoseSessionsAreOverIsUnloadedAtAllAndLoadedWithTheSameNodes() {
        Process one = process("one").withRouter(ONE, 1);
        Process two = process("two").withRouter(ONE, 2);
        one.done(ONE, disconnected(1));
        two.done(ONE, disconnected(2));
        host.pass(IDLE.multipliedBy(2));
        assertThat(one.tailnets.loaded()).isEmpty();
        assertThat(two.tailnets.loaded()).isEmpty();
        assertThat(row(ONE, A).session().flatMap(session -> session.holder())).isEmpty();
        List<EventPosition> before = stored(ONE);
        assertThat(two.heard.get(ONE))
                .isEqualTo(before.subList(before.indexOf(two.heard.get(ONE).get(0)), before.size()));
        one.heard.clear();

        one.done(ONE, connected(2));

        assertThat(one.liveness(ONE, A)).isEqualTo(Liveness.OFFLINE);
        assertThat(one.primary(ONE)).contains(B);
        assertThat(one.heard.get(ONE))
                .isEqualTo(stored(ONE).subList(before.size(), stored(ONE).size()));
    }

    @Test
    void theSessionsOfAProcessThatDiedEndInTailnetsThatNoOtherProcessHasLoaded() {
        mortal("dead").withRouter(ONE, 1).withRouter(TWO, 1);
        Process two = process("two");
        Process three = process("three");

        host.pass(LEASE_ENDS);
        assertThat(row(ONE, A).absence().orElseThrow().graceUntil()).isPresent();
        assertThat(row(TWO, A).absence().orElseThrow().graceUntil()).isPresent();
        host.pass(GRACE.plusSeconds(1));
        assertThat(row(ONE, A).candidate()).isFalse();
        assertThat(row(TWO, A).candidate()).isFalse();
        host.pass(IDLE.plusSeconds(20));

        assertThat(two.tailnets.loaded()).isEmpty();
        assertThat(three.tailnets.loaded()).isEmpty();
        for (TailnetId tailnet : List.of(ONE, TWO)) {
            assertThat(events(tailnet, RouteEvent.NodeInGrace.class)).isEqualTo(1);
            assertThat(events(tailnet, RouteEvent.NodeOffline.class)).isEqualTo(1);
        }
    }

    @Test
    void ephemeralNodesOfADeadProcessAreRemovedThoughNoProcessHasTheTailnet() {
        mortal("dead").done(ONE, ephemeral(1), connected(1), ephemeral(2), connected(2), disconnected(2));
        Process two = process("two");

        host.pass(LEASE_ENDS.plus(RoutingSettings.DEFAULT.ephemeralIdle()));
        assertThat(store.load(ONE).orElseThrow().rows().nodes()).isEmpty();
        host.pass(IDLE.plusSeconds(20));

        assertThat(two.tailnets.loaded()).isEmpty();
    }

    @Test
    void aProcessThatStartsAloneEndsTheSessionsOfAllThatDied() {
        mortal("dead").withRouter(ONE, 1);
        store.endLease(store.leases().get(0));

        process("two");
        host.pass(GRACE.plusSeconds(1));

        assertThat(row(ONE, A).candidate()).isFalse();
    }

    @Test
    void aProcessThatClosesLeavesTheGraceOfItsRoutersToOtherProcesses() {
        Process one = process("one").withRouter(ONE, 1);
        process("two");

        one.tailnets.close();
        assertThat(row(ONE, A).absence().orElseThrow().graceUntil()).isPresent();
        one.replica.close();
        host.pass(GRACE.plus(RULE.renewal()));

        assertThat(row(ONE, A).candidate()).isFalse();
        assertThat(events(ONE, RouteEvent.NodeOffline.class)).isEqualTo(1);
    }

    @Test
    void aTailnetThatTheHostUnloadsEndsItsSessionsAndTheirGraceEndsInTime() {
        Process one = process("one").withRouter(ONE, 1);

        CompletableFuture<Boolean> unloaded = one.tailnets.unload(ONE).toCompletableFuture();
        host.run();
        assertThat(unloaded.join()).isTrue();
        assertThat(row(ONE, A).absence().orElseThrow().graceUntil()).isPresent();
        assertThat(one.tailnets.loaded()).isEmpty();
        host.pass(GRACE.plusSeconds(1));

        assertThat(row(ONE, A).candidate()).isFalse();
    }

    @Test
    void sessionsThatCouldNotEndBecauseTheStoreWasAwayEndWhenItIsBack() {
        Process one = process("one").withRouter(ONE, 1);
        store.down(true);
        CompletableFuture<Boolean> unloaded = one.tailnets.unload(ONE).toCompletableFuture();
        host.run();
        assertThat(unloaded.join()).isTrue();
        store.down(false);
        assertThat(row(ONE, A).session().flatMap(session -> session.session())).isPresent();

        host.pass(UnloadedTailnets.AGAIN.plus(GRACE).plusSeconds(1));

        assertThat(row(ONE, A).candidate()).isFalse();
    }

    @Test
    void theSessionsOfAProcessThatDiedEndWhenTheStoreCanListThemAndThereIsRoom() {
        mortal("dead").withRouter(ONE, 1);
        Process two = new Process("two", host, 1).withRouter(TWO, 2);
        pass(LEASE_ENDS, two, TWO, 2);
        assertThat(row(ONE, A).candidate()).as("no room").isTrue();
        store.down(true);
        pass(Duration.ofSeconds(11), two, TWO, 2);
        store.down(false);

        two.done(TWO, disconnected(2));
        host.pass(GRACE.plus(UnloadedTailnets.AGAIN).plus(RULE.renewal()));
        assertThat(row(ONE, A).absence().orElseThrow().graceUntil()).isPresent();
        host.pass(GRACE);

        assertThat(row(ONE, A).candidate()).isFalse();
    }

    @Test
    void processesWithoutCallersWriteTheirLeasesAndListNothing() {
        process("one").done(ONE, registered(1));
        process("two");
        host.pass(RULE.renewal().multipliedBy(2));
        int listed = store.orphansRead();
        int commits = store.commits();
        int renewals = store.renewals();
        int ended = store.leasesEnded();

        host.pass(RULE.renewal().multipliedBy(120));

        assertThat(store.renewals() - renewals).isEqualTo(2 * 120);
        assertThat(store.leasesEnded()).isEqualTo(ended);
        assertThat(store.orphansRead()).isEqualTo(listed);
        assertThat(store.commits()).isEqualTo(commits);
    }

    // ---- the end of a lease, and owners

    @Test
    void aProcessThatWasFrozenBeyondItsLeaseRefusesLoadedAndUnloadedTailnets() {
        Process one = mortal("one").withRouter(ONE, 1);
        process("two");
        host.pass(LEASE_ENDS);
        long commits = store.commits();

        one.own.oversleep(LEASE_ENDS);
        CompletableFuture<Receipt> late = one.submit(ONE, heard(1));
        one.own.run();
        CompletableFuture<Receipt> unloaded = one.submit(TWO, registered(1));
        one.own.run();

        assertThat(failure(late)).isInstanceOf(FencedException.class).hasMessageContainingAll("lost", "lease");
        assertThat(failure(unloaded)).isInstanceOf(FencedException.class).hasMessageContainingAll("lost", "lease");
        one.own.pass(IDLE);
        assertThat(one.tailnets.loaded()).isEmpty();
        assertThat(store.commits()).isEqualTo(commits);
    }

    @Test
    void aTailnetThatAnotherProcessHasAloneIsSharedOnceThatOneIsGone() {
        ManualHost dead = new ManualHost();
        Replica alone = Replica.join(store, new ReplicaId("alone"), dead, dead, RULE, dead::steadyNanos);
        CompletableFuture<Receipt> stored = RouteController.builder(store, ONE, dead, dead)
                .steadyNanos(dead::steadyNanos)
                .replica(alone)
                .open()
                .submit(by("test", registered(1)))
                .toCompletableFuture();
        dead.run();
        assertThat(stored).isCompleted();
        Process two = process("two");

        CompletableFuture<Receipt> answer = two.submit(ONE, connected(1));
        host.pass(Duration.ofSeconds(5));
        assertThat(answer).isNotDone();
        host.pass(RULE.length());

        assertThat(answer).isCompleted();
        assertThat(store.owner(ONE).orElseThrow().replica()).isEmpty();
    }

    @Test
    void tailnetsAreSharedOnlyWithAReplica() {
        assertThatThrownBy(() -> Tailnets.builder(store, host, host).shared().open())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("give them one");
    }

    @Test
    void sessionsOfAControllerThatClosedWhileItsFirstCallerWasServedEndSoon() {
        Process process = new Process("one").withRouter(ONE, 1);
        ScriptedStore.Standby standby = store.standby(ONE);
        process.done(ONE, registered(2));
        store.down(true);
        assertThat(process.finished(process.tailnets.unload(ONE))).isTrue();
        store.down(false); // the rows still name the process

        CompletableFuture<Receipt> lost = process.tailnets
                .open(ONE)
                .toCompletableFuture()
                .thenCompose(open -> {
                    store.promote(standby);
                    CompletableFuture<Receipt> receipt =
                            open.submit(by("test", registered(3))).toCompletableFuture();
                    host.pass(Duration.ofSeconds(1));
                    return receipt;
                });
        host.run();
        assertThat(failure(lost)).isInstanceOf(StoreHistoryException.class);
        assertThat(process.tailnets.loaded()).isEmpty();
        host.pass(UnloadedTailnets.AGAIN.plus(GRACE).plusSeconds(1));

        assertThat(row(ONE, A).session().flatMap(session -> session.session())).isEmpty();
    }
}
