package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.LAN;
import static dev.wayleave.storage.ControllerFixture.TAILNET;
import static dev.wayleave.storage.ControllerFixture.by;
import static dev.wayleave.storage.ControllerFixture.connected;
import static dev.wayleave.storage.ControllerFixture.disconnected;
import static dev.wayleave.storage.ControllerFixture.failure;
import static dev.wayleave.storage.ControllerFixture.submitted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.RowChanges;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A tailnet goes from one owner to the next: after a clean stop, and after the death of a process in a failover. */
class HandOverTest {

    private static final NodeId FIRST = new NodeId(1);
    private static final NodeId SECOND = new NodeId(2);

    private final ControllerFixture testing = new ControllerFixture();
    private final ManualHost host = testing.host;

    private Replica replica = join("one");

    HandOverTest() {
        testing.builder.replica(replica);
        testing.open().withRouters();
    }

    private Replica join(String id) {
        return Replica.join(testing.store, new ReplicaId(id), host, host, LeaseRule.DEFAULT, host::steadyNanos);
    }

    /** The next process, without a word from the one before, whose host runs it no more. */
    private void openNext(Duration down) {
        host.pass(down);
        replica = join("two");
        testing.controller = testing.builder().replica(replica).takeOver().open();
        host.run();
    }

    private RouteController stopCleanly() {
        RouteController stopped = testing.controller;
        stopped.close();
        replica.close();
        return stopped;
    }

    private List<RouteEvent> moves() {
        return ControllerFixture.events(testing.publications)
                .filter(event -> event instanceof RouteEvent.PrimaryMoved || event instanceof RouteEvent.PrefixUnserved)
                .toList();
    }

    private List<NodeId> storedPrimaries() {
        return testing.store.load(TAILNET).orElseThrow().rows().routes().stream()
                .filter(RouteRow::primary)
                .map(RouteRow::node)
                .toList();
    }

    @Test
    void afterACleanStopNoPrefixMovesWhileRoutersConnectWithinTheRestartGrace() {
        testing.publications.clear();
        stopCleanly();
        openNext(Duration.ofSeconds(100));

        host.pass(Duration.ofSeconds(30));
        testing.done(connected(2));
        host.pass(Duration.ofSeconds(29));
        assertThat(storedPrimaries()).containsExactly(FIRST);
        testing.done(connected(1));
        host.pass(Duration.ofSeconds(60));

        assertThat(testing.primary()).contains(FIRST);
        assertThat(moves()).isEmpty();
    }

    @Test
    void aSessionThatEndsAfterTheStopIsNoRouterThatLeft() {
        RouteController stopped = stopCleanly();
        assertThat(failure(submitted(stopped.submit(by("host", disconnected(1))))))
                .isInstanceOf(ControllerClosedException.class);

        openNext(Duration.ofSeconds(20));
        host.pass(Duration.ofSeconds(59));

        assertThat(testing.controller
                        .current()
                        .state()
                        .node(FIRST)
                        .orElseThrow()
                        .liveness())
                .isEqualTo(Liveness.GRACE);
        assertThat(testing.primary()).contains(FIRST);
    }

    @Test
    void anOwnerThatDiesInAFailoverLeavesWhatIsLeftOfTheGrace() {
        testing.done(disconnected(1));
        host.pass(Duration.ofSeconds(5));

        openNext(Duration.ofSeconds(3));
        testing.done(connected(2));
        host.pass(Duration.ofMillis(6_999));
        assertThat(testing.primary()).contains(FIRST);

        host.pass(Duration.ofMillis(1));
        assertThat(testing.primary()).contains(SECOND);
        assertThat(storedPrimaries()).containsExactly(SECOND);
    }

    @Test
    void theNextOwnerElectsAndStoresAMissingPrimaryBeforeAnySessionComes() {
        stopCleanly();
        StoredTailnet stored = testing.store.load(TAILNET).orElseThrow();
        List<RouteRow> without = stored.rows().routes().stream()
                .map(row -> row.withPrimary(false))
                .toList();
        RowChanges lost = new RowChanges(
                null, RowChanges.Rows.none(), RowChanges.Rows.none(), new RowChanges.Rows<>(without, List.of()));
        assertThat(testing.store.commit(new Commit(
                        TAILNET,
                        stored.revision(),
                        stored.token(),
                        CommitToken.random(),
                        host.instant(),
                        lost,
                        List.of())))
                .isInstanceOf(CommitOutcome.Committed.class);
        assertThat(storedPrimaries()).isEmpty();

        openNext(Duration.ZERO);

        assertThat(storedPrimaries()).containsExactly(FIRST);
        assertThat(testing.primary()).contains(FIRST);
        assertThat(LAN).isEqualTo(testing.controller.current().state().routes().firstKey());
    }

    @Test
    void aLaptopThatComesAndGoesMakesNoCommit() {
        testing.done(ControllerFixture.registered(3));
        int commits = testing.store.commits();

        testing.done(connected(3));
        testing.done(disconnected(3));
        host.pass(Duration.ofSeconds(20));

        assertThat(testing.store.commits()).isEqualTo(commits);
    }
}
