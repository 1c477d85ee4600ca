package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.LAN;
import static dev.wayleave.storage.ControllerFixture.TAILNET;
import static dev.wayleave.storage.ControllerFixture.advertised;
import static dev.wayleave.storage.ControllerFixture.approved;
import static dev.wayleave.storage.ControllerFixture.by;
import static dev.wayleave.storage.ControllerFixture.connected;
import static dev.wayleave.storage.ControllerFixture.disconnected;
import static dev.wayleave.storage.ControllerFixture.heard;
import static dev.wayleave.storage.ControllerFixture.registered;
import static dev.wayleave.storage.ControllerFixture.submitted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.net.Prefix;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A second process on a tailnet whose sessions another process has. */
class ControllerWithoutSessionsTest {

    private static final Prefix OTHER = Prefix.parse("10.9.0.0/16");

    private final ControllerFixture testing = new ControllerFixture();
    private RouteController second;

    private void openBoth() {
        testing.open().withRouters();
        second = testing.builder().withoutSessions().open();
        testing.host.run();
    }

    private Receipt administer(Command... commands) {
        CompletableFuture<Receipt> receipt = submitted(second.submit(by("administrator", commands)));
        testing.host.pass(Duration.ofSeconds(1));
        return receipt.join();
    }

    private void keepAliveFor(Duration time) {
        Instant until = testing.host.instant().plus(time);
        while (testing.host.instant().isBefore(until)) {
            testing.host.pass(Duration.ofSeconds(60));
            testing.submit(heard(1));
            testing.submit(heard(2));
            testing.host.run();
        }
    }

    @Test
    void itChangesNothingByItselfHoweverLongItRuns() {
        openBoth();
        StoredTailnet before = testing.store.load(TAILNET).orElseThrow();

        keepAliveFor(Duration.ofHours(2));

        assertThat(testing.store.load(TAILNET)).contains(before);
        assertThat(second.current().state().primary(LAN)).contains(new NodeId(1));
        assertThat(second.current().state().nextDeadline()).isEmpty();
    }

    @Test
    void itsDecisionReachesTheOtherProcessAndNoRouterIsTakenForGone() {
        openBoth();
        keepAliveFor(Duration.ofMinutes(10));

        administer(new Command.RevokeRoutes(new NodeId(1), List.of(LAN)));
        testing.controller.refresh();
        testing.host.run();

        assertThat(testing.primary()).contains(new NodeId(2));
        assertThat(testing.store.load(TAILNET).orElseThrow().rows())
                .isEqualTo(testing.controller.current().state().rows());
    }

    @Test
    void itBelievesWhatTheOtherProcessWroteOfWhoIsThere() {
        openBoth();
        testing.done(disconnected(1));
        testing.done(registered(3), connected(3), advertised(3, OTHER), approved(3, OTHER));
        testing.host.pass(Duration.ofSeconds(15));
        assertThat(testing.primary()).contains(new NodeId(2));

        administer(registered(9));

        assertThat(second.current().state().primary(LAN)).contains(new NodeId(2));
        assertThat(second.current().state().node(new NodeId(1)).orElseThrow().isCandidate())
                .isFalse();
        assertThat(second.current().state().primary(OTHER)).contains(new NodeId(3));
        testing.controller.refresh();
        testing.host.run();
        assertThat(testing.store.load(TAILNET).orElseThrow().rows())
                .isEqualTo(testing.controller.current().state().rows());
    }

    @Test
    void anEphemeralNodeThatIsRegisteredHereIsNotTakenForIdle() {
        openBoth();
        administer(new Command.RegisterNode(Node.builder(new NodeId(5), "runner", Owner.tags("tag:runner"))
                .ephemeral(true)
                .build()));

        keepAliveFor(Duration.ofDays(1));

        assertThat(second.current().state().node(new NodeId(5))).isPresent();
        assertThat(second.current().state().node(new NodeId(5)).orElseThrow().absentSince())
                .isEmpty();
    }

    @Test
    void sessionsAndHealthAreRefusedAndNamed() {
        openBoth();
        Snapshot before = second.current();

        SubmissionResult result = administer(
                        connected(1),
                        heard(1),
                        disconnected(1),
                        new Command.ReportHealth(new NodeId(1), null, Health.UNHEALTHY, null))
                .result();

        assertThat(((SubmissionResult.Refused) result).problems())
                .hasSize(4)
                .allMatch(Problem.SessionsElsewhere.class::isInstance)
                .allMatch(problem -> problem.text(Names.NUMBERS).contains("node 1"));
        assertThat(second.current().state().rows()).isEqualTo(before.state().rows());
    }

    @Test
    void aTailnetThatIsNewCanBeAdministeredToo() {
        second = testing.builder().withoutSessions().open();

        Receipt receipt = administer(registered(1), advertised(1, LAN), approved(1, LAN));

        assertThat(receipt.revision()).isEqualTo(new Revision(1));
        assertThat(second.current().state().primary(LAN)).isEmpty();
    }
}
