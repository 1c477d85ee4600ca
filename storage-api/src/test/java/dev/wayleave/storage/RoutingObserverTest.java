package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.LAN;
import static dev.wayleave.storage.ControllerFixture.advertised;
import static dev.wayleave.storage.ControllerFixture.approved;
import static dev.wayleave.storage.ControllerFixture.connected;
import static dev.wayleave.storage.ControllerFixture.disconnected;
import static dev.wayleave.storage.ControllerFixture.heard;
import static dev.wayleave.storage.ControllerFixture.registered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.ScriptedStore.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The calls that an observer receives. */
class RoutingObserverTest {

    private final List<String> calls = new ArrayList<>();
    private final ControllerFixture testing = new ControllerFixture();

    private final class Notes implements RoutingObserver {
        @Override
        public void queued(TailnetId tailnet, int waiting) {
            calls.add("queued " + waiting);
        }

        @Override
        public void queueFull(TailnetId tailnet, int limit) {
            calls.add("full at " + limit);
        }

        @Override
        public void stepped(TailnetId tailnet, int submissions, Duration took) {
            assertThat(took.isNegative()).isFalse();
            calls.add("stepped " + submissions);
        }

        @Override
        public void committed(TailnetId tailnet, Revision revision, Duration took) {
            assertThat(took.isNegative()).isFalse();
            calls.add("committed " + revision);
        }

        @Override
        public void conflicted(TailnetId tailnet, int inARow) {
            calls.add("conflicted " + inARow);
        }

        @Override
        public void unknown(TailnetId tailnet, Exception cause) {
            calls.add("unknown: " + cause.getMessage());
        }

        @Override
        public void refused(TailnetId tailnet, List<Problem> problems) {
            calls.add("refused " + problems.size());
        }

        @Override
        public void moved(TailnetId tailnet, RouteEvent.PrimaryMoved move) {
            calls.add("moved from " + move.from() + " to " + move.to());
        }

        @Override
        public void published(TailnetId tailnet, Snapshot snapshot, int unserved, int pending) {
            calls.add("published " + snapshot.revision() + ": " + unserved + " unserved, " + pending + " pending");
        }
    }

    private void open() {
        testing.builder.observer(new Notes()).queueLimit(1);
        testing.open();
        calls.clear();
    }

    @Test
    void theStateAtOpenIsReportedBeforeAnythingIsPublished() {
        testing.open().withRouters();
        testing.done(advertised(2, LAN, Prefix.parse("10.9.0.0/16")));
        testing.controller.close();

        testing.builder.observer(new Notes());
        testing.controller = testing.builder.open();

        assertThat(calls).containsExactly("published 3: 0 unserved, 1 pending");
    }

    @Test
    void eachOfSeveralObserversIsCalledEvenIfAnotherOneFails() {
        testing.builder
                .observer(new RoutingObserver() {
                    @Override
                    public void published(TailnetId tailnet, Snapshot snapshot, int unserved, int pending) {
                        throw new IllegalStateException("test");
                    }
                })
                .observer(new Notes())
                .observer(new Notes());
        testing.controller = testing.builder.open();

        assertThat(calls).containsExactly("published 0: 0 unserved, 0 pending", "published 0: 0 unserved, 0 pending");
    }

    @Test
    void aStepACommitAndAPublicationAreReportedInTheirOrder() {
        open();

        testing.done(registered(1), connected(1), advertised(1, LAN));
        testing.done(approved(1, LAN));
        testing.done(heard(1));

        assertThat(calls)
                .containsExactly(
                        "queued 1",
                        "stepped 1",
                        "committed 1",
                        "published 1: 0 unserved, 1 pending",
                        "queued 0",
                        "queued 1",
                        "stepped 1",
                        "committed 2",
                        "published 2: 0 unserved, 0 pending",
                        "queued 0",
                        "queued 1",
                        "stepped 1",
                        "published 2: 0 unserved, 0 pending",
                        "queued 0");
    }

    @Test
    void theGaugeOfTheQueueGoesBackTo0WhenEverythingIsAnswered() {
        open();
        testing.submit(registered(1));
        testing.submit(heard(1));
        testing.host.run();
        assertThat(queued()).containsExactly("queued 2", "queued 0");

        testing.store.down(true);
        testing.submit(registered(2));
        testing.host.pass(Duration.ofSeconds(1));
        assertThat(queued()).last().isEqualTo("queued 1");
        testing.controller.close();

        assertThat(queued()).last().isEqualTo("queued 0");
    }

    private List<String> queued() {
        return calls.stream().filter(text -> text.startsWith("queued")).toList();
    }

    @Test
    void movesAndUnservedPrefixesAreReported() {
        open();
        testing.withRouters();
        calls.clear();

        testing.done(disconnected(1));
        testing.host.pass(Duration.ofSeconds(15));
        testing.done(disconnected(2));
        testing.host.pass(Duration.ofSeconds(15));

        assertThat(calls)
                .contains("moved from 1 to 2", "published 4: 0 unserved, 0 pending")
                .filteredOn(text -> text.startsWith("published"))
                .last()
                .isEqualTo("published 6: 1 unserved, 0 pending");
    }

    @Test
    void refusalsOfTheQueueAndOfTheRulesAreReported() {
        open();
        testing.submit(advertised(7, LAN), advertised(8, LAN));
        testing.submit(registered(1));
        testing.host.run();

        assertThat(calls).contains("full at 1", "refused 2");
    }

    @Test
    void conflictsAndUnknownCommitsAreReported() {
        open();
        testing.store.next(Fault.CONFLICT, Fault.CONFLICT, Fault.UNKNOWN_LANDED);
        testing.submit(registered(1));
        testing.host.pass(Duration.ofSeconds(1));

        assertThat(calls)
                .containsSubsequence(
                        "conflicted 1", "conflicted 2", "unknown: test", "published 2: 0 unserved, 0 pending");
    }

    @Test
    void numbersAreCountedAnewAfterAReload() {
        open();
        testing.withRouters();
        testing.elsewhere(new Command.RevokeRoutes(new NodeId(1), List.of(LAN)), advertised(2, LAN));
        calls.clear();

        testing.controller.refresh();
        testing.host.run();

        assertThat(calls).first().isEqualTo("published 3: 0 unserved, 1 pending");
    }
}
