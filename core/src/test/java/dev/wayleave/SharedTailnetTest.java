package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.election.FailBack;
import dev.wayleave.event.Reason;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.SessionRow;
import dev.wayleave.settings.RoutingSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What two processes that share a tailnet write and read of sessions. */
class SharedTailnetTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final SessionHolder HERE = new SessionHolder("here");
    private static final SessionHolder THERE = new SessionHolder("there");
    private static final SessionHolder THIRD = new SessionHolder("third");
    private static final NodeId ROUTER = new NodeId(1);
    private static final NodeId STANDBY = new NodeId(2);
    private static final NodeId LAPTOP = new NodeId(3);
    private static final Prefix LAN = Prefix.parse("10.0.0.0/16");

    private Instant now = START;
    private RoutingState here = RoutingState.emptyShared(
            new TailnetId("example.com"),
            RoutingSettings.DEFAULT.toBuilder()
                    .failBack(FailBack.after(Duration.ofMinutes(5)))
                    .build(),
            HERE,
            START);
    private RoutingState there = RoutingState.emptyShared(new TailnetId("example.com"), here.settings(), THERE, START);
    private Step last;

    private static Submission submission(Command... commands) {
        return new Submission(new Actor("test"), null, List.of(commands));
    }

    /** A step at one process, which the other follows. */
    private void here(Command... commands) {
        last = Routing.step(here, List.of(submission(commands)), now);
        here = last.next();
        there = Routing.follow(there, last.rowChanges(), now).next();
    }

    private void there(Command... commands) {
        last = Routing.step(there, List.of(submission(commands)), now);
        there = last.next();
        here = Routing.follow(here, last.rowChanges(), now).next();
    }

    private static Command[] router(NodeId node) {
        return new Command[] {
            new Command.RegisterNode(Node.builder(node, "router " + node, Owner.tags("tag:router"))
                    .registeredAt(START)
                    .build()),
            new Command.ConnectSession(node, session(node)),
            new Command.AdvertiseRoutes(node, List.of(LAN)),
            new Command.SetApprovedRoutes(node, List.of(LAN))
        };
    }

    private static SessionId session(NodeId node) {
        return new SessionId("session of " + node);
    }

    private NodeRow row(NodeId node) {
        return here.rows().nodes().stream()
                .filter(row -> row.facts().id().equals(node))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theRowOfARouterNamesTheProcessThatHasItsSession() {
        here(router(ROUTER));

        assertThat(row(ROUTER).session()).contains(new SessionRow(HERE, session(ROUTER), Health.HEALTHY, START));
        assertThat(there.rows()).isEqualTo(here.rows());
        assertThat(there.sessionHolders()).containsExactly(HERE);
        assertThat(there.lastHeard(ROUTER)).isEmpty();
    }

    @Test
    void aSessionOfANodeThatIsNoRouterIsNotStored() {
        here(new Command.RegisterNode(
                Node.builder(ROUTER, "laptop", Owner.tags("tag:laptop")).build()));
        here(new Command.ConnectSession(ROUTER, session(ROUTER)));

        assertThat(last.rowChanges().isEmpty()).isTrue();
        assertThat(here.node(ROUTER).orElseThrow().liveness()).isEqualTo(Liveness.ONLINE);
        assertThat(there.node(ROUTER).orElseThrow().liveness()).isEqualTo(Liveness.UNKNOWN);
    }

    @Test
    void aRouteApprovedElsewhereAfterItsNodeWentSilentIsWrittenAsWhatItIs() {
        here(
                new Command.RegisterNode(
                        Node.builder(ROUTER, "router", Owner.tags("tag:router")).build()),
                new Command.ConnectSession(ROUTER, session(ROUTER)),
                new Command.AdvertiseRoutes(ROUTER, List.of(LAN)));
        there(new Command.ReportSession(ROUTER, HERE, session(ROUTER)));
        now = START.plus(Duration.ofHours(1));
        here = Routing.step(here, List.of(), now).next(); // the report that the session ended is lost

        there(new Command.SetApprovedRoutes(ROUTER, List.of(LAN)));
        last = Routing.step(here, List.of(), now);

        assertThat(last.rowChanges().applyTo(there.rows()))
                .isEqualTo(last.next().rows());
    }

    /** The tables refuse a row of a route that is not advertised and unhealthy. */
    @Test
    void aReportOfARouteEndsWhenAnotherProcessStoresThatTheRouteIsWithdrawn() {
        Prefix other = Prefix.parse("10.1.0.0/16");
        here(router(ROUTER));
        here(new Command.ReportHealth(ROUTER, LAN, Health.UNHEALTHY));
        there(new Command.AdvertiseRoutes(ROUTER, List.of()));
        there(new Command.AdvertiseRoutes(ROUTER, List.of(other)));

        here(new Command.ApproveRoutes(ROUTER, List.of(other)));

        assertThat(here.node(ROUTER).orElseThrow().unhealthyPrefixes()).isEmpty();
        assertThat(last.rowChanges().routes().upserts())
                .filteredOn(row -> row.prefix().equals(LAN))
                .noneMatch(RouteRow::unhealthy);
        assertThat(there.rows()).isEqualTo(here.rows());
    }

    private static Command[] laptop() {
        return new Command[] {
            new Command.RegisterNode(
                    Node.builder(LAPTOP, "laptop", Owner.tags("tag:laptop")).build()),
            new Command.ConnectSession(LAPTOP, session(LAPTOP))
        };
    }

    private static Command report(NodeId node, @Nullable SessionId session) {
        return new Command.ReportSession(node, HERE, session);
    }

    @Test
    void aNodeWithASessionElsewhereIsOnlineUntilThatProcessReportsItsEnd() {
        here(laptop());

        there(report(LAPTOP, session(LAPTOP)));
        assertThat(last.rowChanges().isEmpty()).isTrue();
        assertThat(last.events()).singleElement().isInstanceOf(RouteEvent.NodeOnline.class);
        assertThat(there.node(LAPTOP).orElseThrow().liveness()).isEqualTo(Liveness.ONLINE);
        assertThat(there.nextDeadline()).isEmpty();
        assertThat(there.sessionHolders()).containsExactly(HERE);

        there(report(LAPTOP, null));
        assertThat(there.node(LAPTOP).orElseThrow().liveness()).isEqualTo(Liveness.GRACE);
        assertThat(there.sessionHolders()).isEmpty();
        now = now.plus(Duration.ofMinutes(1));
        there(new Command.PassTime());
        assertThat(there.node(LAPTOP).orElseThrow().liveness()).isEqualTo(Liveness.OFFLINE);
    }

    @Test
    void aReportedSessionStaysWhenTheNodeIsRenamedAndEndsWithItsProcess() {
        here(laptop());
        there(report(LAPTOP, session(LAPTOP)));

        here(new Command.UpdateNode(
                Node.builder(LAPTOP, "tablet", Owner.tags("tag:laptop")).build()));
        there(new Command.UpdateNode(
                Node.builder(LAPTOP, "phone", Owner.tags("tag:laptop")).build()));
        assertThat(there.node(LAPTOP).orElseThrow().liveness()).isEqualTo(Liveness.ONLINE);

        there(new Command.EndSessions(HERE));
        assertThat(there.node(LAPTOP).orElseThrow().liveness()).isEqualTo(Liveness.GRACE);
    }

    @Test
    void aProcessBelievesItsOwnSessionAndTheRowsMoreThanAReport() {
        there(router(ROUTER));
        there(laptop());

        there(report(ROUTER, session(ROUTER)), report(LAPTOP, session(LAPTOP)));
        there(report(ROUTER, null), report(LAPTOP, null));

        assertThat(there.sessionHolders()).containsExactly(THERE);
        assertThat(there.node(ROUTER).orElseThrow().liveness()).isEqualTo(Liveness.ONLINE);
        assertThat(there.node(LAPTOP).orElseThrow().liveness()).isEqualTo(Liveness.ONLINE);
    }

    @Test
    void aNodeWhoseSessionIsReportedBecomesARouterWithThatSession() {
        here(laptop());
        there(report(LAPTOP, session(LAPTOP)));

        there(new Command.AdvertiseRoutes(LAPTOP, List.of(LAN)), new Command.SetApprovedRoutes(LAPTOP, List.of(LAN)));

        assertThat(row(LAPTOP).session()).contains(new SessionRow(HERE, session(LAPTOP), Health.HEALTHY, START));
        assertThat(here.primary(LAN)).contains(LAPTOP);
        there(new Command.SetApprovedRoutes(LAPTOP, List.of()));
        assertThat(there.node(LAPTOP).orElseThrow().liveness()).isEqualTo(Liveness.UNKNOWN);
        assertThat(here.node(LAPTOP).orElseThrow().liveness()).isEqualTo(Liveness.ONLINE);
    }

    private void checkThatTheLaptopStaysHere() {
        assertThat(row(LAPTOP).absence()).isEmpty();
        assertThat(row(LAPTOP).session().orElseThrow().holder()).contains(HERE);
        assertThat(here.node(LAPTOP).orElseThrow().liveness()).isEqualTo(Liveness.ONLINE);
        assertThat(there.rows()).isEqualTo(here.rows());
        assertThat(List.of(here.primary(LAN), there.primary(LAN))).containsOnly(Optional.of(LAPTOP));
    }

    @Test
    void aReportedSessionThatEndedDoesNotEndALaterOneThatWasNotReported() {
        here(laptop());
        there(new Command.ReportSession(LAPTOP, THIRD, session(LAPTOP)));
        there(new Command.ReportSession(LAPTOP, THIRD, null));

        there(new Command.AdvertiseRoutes(LAPTOP, List.of(LAN)), new Command.SetApprovedRoutes(LAPTOP, List.of(LAN)));
        assertThat(row(LAPTOP).session()).contains(new SessionRow(HERE, session(LAPTOP), Health.HEALTHY, START));
        assertThat(there.node(LAPTOP).orElseThrow().liveness()).isEqualTo(Liveness.GRACE);
        there(new Command.UpdateNode(
                Node.builder(LAPTOP, "renamed", Owner.tags("tag:laptop")).build()));
        here();

        checkThatTheLaptopStaysHere();
    }

    @Test
    void theEndOfASessionElsewhereDoesNotEndALaterOneThatWasNotReported() {
        here(laptop());
        there(new Command.ConnectSession(LAPTOP, new SessionId("earlier")));
        there(new Command.DisconnectSession(LAPTOP, new SessionId("earlier")));

        there(new Command.AdvertiseRoutes(LAPTOP, List.of(LAN)), new Command.SetApprovedRoutes(LAPTOP, List.of(LAN)));
        here();

        checkThatTheLaptopStaysHere();
    }

    private static final SessionId LATER = new SessionId("later");

    private static Command[] routes() {
        return new Command[] {
            new Command.AdvertiseRoutes(LAPTOP, List.of(LAN)), new Command.SetApprovedRoutes(LAPTOP, List.of(LAN))
        };
    }

    private void checkThatTheLaptopIs(SessionHolder holder, SessionId session) {
        checkThatTheLaptopIs(holder, session, START.plusSeconds(10));
    }

    private void checkThatTheLaptopIs(SessionHolder holder, SessionId session, Instant since) {
        here();
        there();
        assertThat(row(LAPTOP).session()).contains(new SessionRow(holder, session, Health.HEALTHY, since));
        assertThat(there.rows()).isEqualTo(here.rows());
        assertThat(List.of(here.sessionHolders(), there.sessionHolders())).containsOnly(Set.of(holder));
        assertThat(List.of(here.primary(LAN), there.primary(LAN))).containsOnly(Optional.of(LAPTOP));
    }

    @Test
    void theLaterOfTwoUnstoredSessionsStaysWhereTheEarlierOneIsStoredFirst() {
        here(laptop());
        now = now.plusSeconds(10);
        there(new Command.ConnectSession(LAPTOP, LATER));

        here(routes());

        checkThatTheLaptopIs(THERE, LATER);
        assertThat(here.node(LAPTOP).orElseThrow().session()).contains(LATER);
        assertThat(here.lastHeard(LAPTOP)).isEmpty();
    }

    @Test
    void theLaterOfTwoSessionsStaysWhereTheEarlierOneIsKnownFromAReport() {
        here(laptop());
        there(report(LAPTOP, session(LAPTOP)));
        now = now.plusSeconds(10);
        there(new Command.ConnectSession(LAPTOP, LATER));

        here(routes());

        checkThatTheLaptopIs(THERE, LATER);
    }

    @Test
    void theEarlierOfTwoSessionsThatAreNotStoredEndsWhenTheLaterOneIsStored() {
        there(laptop());
        now = now.plusSeconds(10);
        here(new Command.ConnectSession(LAPTOP, LATER));

        here(routes());

        checkThatTheLaptopIs(HERE, LATER);
        assertThat(there.lastHeard(LAPTOP)).isEmpty();
    }

    @Test
    void aReplacingSessionOfOneProcessIsLaterThanOneThatBeganInBetween() {
        here(laptop());
        now = now.plusSeconds(5);
        there(new Command.ConnectSession(LAPTOP, new SessionId("between")));
        now = now.plusSeconds(5);
        here(new Command.ConnectSession(LAPTOP, LATER));

        here(routes());

        checkThatTheLaptopIs(HERE, LATER);
    }

    /** A session that no row has began on the clock as it is now, as far as any process can compare it. */
    @ParameterizedTest
    @ValueSource(ints = {-86_400, -3_600, -1, 1, 3_600, 86_400})
    void aSessionThatBeganAfterAStepOfTheClockIsLaterThanOneFromBeforeIt(int seconds) {
        here(laptop());
        stepClock(seconds);
        now = now.plusSeconds(10);
        there(new Command.ConnectSession(LAPTOP, LATER));

        there(routes());

        checkThatTheLaptopIs(THERE, LATER, now);
        assertThat(here.lastHeard(LAPTOP)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {-86_400, -3_600, -1, 1, 3_600, 86_400})
    void theLaterOfTwoSessionsFromBeforeAStepOfTheClockStays(int seconds) {
        here(laptop());
        now = now.plusSeconds(10);
        there(new Command.ConnectSession(LAPTOP, LATER));
        stepClock(seconds);

        here(routes());

        checkThatTheLaptopIs(THERE, LATER, now);
    }

    /** The process that has read the approval writes the row of its session in the step of the clock itself. */
    @ParameterizedTest
    @ValueSource(ints = {-86_400, -3_600, 3_600, 86_400})
    void theLaterOfTwoSessionsStaysWhereTheEarlierOneIsStoredAsTheClockIsStepped(int seconds) {
        Step approval = approvalOfTwoSessions();
        here = Routing.follow(here, approval.rowChanges(), now).next();
        Duration step = Duration.ofSeconds(seconds);
        now = now.plus(step);

        last = Routing.step(there, List.of(submission(new Command.StepClock(step))), now);
        there = Routing.follow(last.next(), approval.rowChanges(), now).next();
        here(new Command.StepClock(step));

        checkThatTheLaptopIs(THERE, LATER, now.minusSeconds(10));
    }

    @ParameterizedTest
    @ValueSource(ints = {-86_400, -3_600, 3_600, 86_400})
    void theLaterOfTwoSessionsStaysWhereItIsStoredAsTheClockIsStepped(int seconds) {
        Step approval = approvalOfTwoSessions();
        there = Routing.follow(there, approval.rowChanges(), now).next();
        Duration step = Duration.ofSeconds(seconds);
        now = now.plus(step);

        last = Routing.step(here, List.of(submission(new Command.StepClock(step))), now);
        here = Routing.follow(last.next(), approval.rowChanges(), now).next();
        there(new Command.StepClock(step));

        checkThatTheLaptopIs(THERE, LATER, now.minusSeconds(10));
    }

    /** A third process approves a route of a laptop that has a session here, and ten seconds later one there. */
    private Step approvalOfTwoSessions() {
        here(laptop());
        RoutingState third = RoutingState.restoreShared(here.rows(), THIRD, now);
        now = now.plusSeconds(10);
        there(new Command.ConnectSession(LAPTOP, LATER));
        now = now.plusSeconds(10);
        return Routing.step(third, List.of(submission(routes())), now);
    }

    @ParameterizedTest
    @ValueSource(ints = {-3_600, 3_600})
    void aSessionThatWasStoredBeforeAStepOfTheClockIsEarlierThanOneThatBeganAfterIt(int seconds) {
        here(laptop());
        here(routes());
        stepClock(seconds);
        here(new Command.RevokeRoutes(LAPTOP, List.of(LAN)));
        now = now.plusSeconds(10);
        there(new Command.ConnectSession(LAPTOP, LATER));
        Instant since = now;
        now = now.plusSeconds(10);

        here(routes());

        checkThatTheLaptopIs(THERE, LATER, since);
    }

    private void stepClock(int seconds) {
        Duration step = Duration.ofSeconds(seconds);
        now = now.plus(step);
        here(new Command.StepClock(step));
        there(new Command.StepClock(step));
    }

    /** The one that is stored was opened by a command that all processes decide in one order. */
    @Test
    void aSessionThatIsStoredEndsWhenTheNodeConnectsElsewhere() {
        here(laptop());
        here(routes());
        now = now.plusSeconds(10);
        here(new Command.ConnectSession(LAPTOP, new SessionId("again")));

        there(new Command.ConnectSession(LAPTOP, LATER));

        assertThat(row(LAPTOP).session().orElseThrow().holder()).contains(THERE);
        assertThat(here.sessionHolders()).containsExactly(THERE);
    }

    @Test
    void anAbsenceFromBeforeTheNodeBecameEphemeralEndsNoUnreportedSession() {
        here(laptop());
        there(new Command.ReportSession(LAPTOP, THIRD, session(LAPTOP)));
        there(new Command.ReportSession(LAPTOP, THIRD, null));
        now = now.plus(here.settings().grace());
        here(new Command.KeepAlive(LAPTOP, session(LAPTOP), null));
        there();
        assertThat(there.node(LAPTOP).orElseThrow().liveness()).isEqualTo(Liveness.OFFLINE);

        there(new Command.UpdateNode(here.node(LAPTOP).orElseThrow().facts().toBuilder()
                .ephemeral(true)
                .build()));
        here();

        assertThat(here.node(LAPTOP).orElseThrow().liveness()).isEqualTo(Liveness.ONLINE);
        assertThat(there.rows()).isEqualTo(here.rows());
    }

    @ParameterizedTest
    @ValueSource(ints = {-86_400, -3_600, -1, 1, 3_600, 86_400})
    void aStepOfTheCommonClockTakesNoRouterDown(int seconds) {
        here(router(ROUTER));
        there(router(STANDBY));
        Duration step = Duration.ofSeconds(seconds);
        now = now.plus(step);

        here(new Command.StepClock(step));
        there(new Command.StepClock(step));
        now = now.plusSeconds(20);
        here(new Command.KeepAlive(ROUTER, session(ROUTER), null));
        there(new Command.KeepAlive(STANDBY, session(STANDBY), null));
        now = now.plusSeconds(20);
        here(new Command.PassTime());
        there(new Command.PassTime());

        assertThat(here.node(ROUTER).orElseThrow().liveness()).isEqualTo(Liveness.ONLINE);
        assertThat(here.rows()).isEqualTo(there.rows());
        assertThat(here.primary(LAN)).contains(ROUTER);
    }

    @ParameterizedTest
    @ValueSource(ints = {-86_400, -3_600, -1, 1, 3_600, 86_400})
    void aGraceEndsInTimeAfterAStepOfTheCommonClock(int seconds) {
        here(router(ROUTER));
        there(router(STANDBY));
        here(new Command.DisconnectSession(ROUTER, session(ROUTER)));
        Duration step = Duration.ofSeconds(seconds);
        now = now.plus(step);

        here(new Command.StepClock(step));
        there(new Command.StepClock(step));
        now = now.plus(here.settings().grace()).plusSeconds(1);
        there(new Command.KeepAlive(STANDBY, session(STANDBY), null), new Command.PassTime());

        assertThat(here.primary(LAN)).contains(STANDBY);
        assertThat(there.primary(LAN)).contains(STANDBY);
    }

    @Test
    void anAbsenceStoredBeforeTheClockWasSetBackBeginsAnewAtAStartingProcess() {
        here(router(ROUTER));
        here(new Command.DisconnectSession(ROUTER, session(ROUTER)));
        now = now.minus(Duration.ofHours(1));

        RoutingState started = RoutingState.restoreShared(here.rows(), THIRD, now);

        assertThat(started.node(ROUTER).orElseThrow().absentSince()).contains(now);
        assertThat(started.node(ROUTER).orElseThrow().graceUntil())
                .contains(now.plus(here.settings().grace()));
    }

    @Test
    void aSessionIsNotReportedToAProcessThatHasAll() {
        RoutingState alone = RoutingState.empty(new TailnetId("example.com"), here.settings(), START);
        alone = Routing.step(alone, List.of(submission(laptop())), START).next();

        assertThat(Routing.step(alone, List.of(submission(report(LAPTOP, null))), START)
                        .results())
                .containsExactly(new SubmissionResult.Refused(List.of(new Problem.SessionsNotShared(0))));
    }

    @Test
    void aKeepAliveAndTheEndOfASessionCountOnlyAtTheProcessThatHasIt() {
        here(router(ROUTER));

        there(new Command.DisconnectSession(ROUTER, session(ROUTER)));

        assertThat(last.results())
                .containsExactly(new SubmissionResult.Accepted(
                        List.of(new SubmissionResult.SessionIgnored(0, ROUTER, session(ROUTER)))));
        assertThat(there.node(ROUTER).orElseThrow().liveness()).isEqualTo(Liveness.ONLINE);
    }

    @Test
    void aSessionIsSilentAtTheProcessThatHasItAlone() {
        here(router(ROUTER));
        now = now.plus(Duration.ofHours(1));

        there(new Command.PassTime());
        assertThat(there.node(ROUTER).orElseThrow().liveness()).isEqualTo(Liveness.ONLINE);
        here(new Command.PassTime());
        assertThat(there.node(ROUTER).orElseThrow().liveness()).isNotEqualTo(Liveness.ONLINE);
    }

    @Test
    void anUnhealthyReportAtOneProcessMovesThePrefixAtAllProcesses() {
        here(router(ROUTER));
        there(router(STANDBY));

        there(new Command.ReportHealth(ROUTER, LAN, Health.UNHEALTHY));

        assertThat(here.primary(LAN)).contains(STANDBY);
        assertThat(here.node(ROUTER).orElseThrow().unhealthyPrefixes()).containsExactly(LAN);
        here(new Command.ReportHealth(STANDBY, Health.UNHEALTHY));
        assertThat(there.node(STANDBY).orElseThrow().health()).isEqualTo(Health.UNHEALTHY);
    }

    @Test
    void aRouterThatReconnectsWritesItsOwnRowAndNoneOfItsRoutes() {
        here(router(ROUTER));
        here(new Command.DisconnectSession(ROUTER, session(ROUTER)));
        now = now.plusSeconds(3);

        there(new Command.ConnectSession(ROUTER, new SessionId("later")));

        assertThat(last.rowChanges().nodes().upserts()).hasSize(1);
        assertThat(last.rowChanges().routes().isEmpty()).isTrue();
        assertThat(here.route(LAN).orElseThrow().candidates())
                .isEqualTo(there.route(LAN).orElseThrow().candidates());
    }

    @Test
    void theSessionsOfAProcessThatIsGoneEndOnceAndAnyProcessMaySaySo() {
        here(router(ROUTER));
        there(router(STANDBY));

        there(new Command.EndSessions(HERE));
        assertThat(last.events())
                .singleElement()
                .isInstanceOfSatisfying(
                        RouteEvent.NodeInGrace.class,
                        event -> assertThat(event.reason()).isEqualTo(new Reason.HolderGone(HERE)));
        assertThat(there.sessionHolders()).containsExactly(THERE);
        there(new Command.EndSessions(HERE));

        assertThat(last.events()).isEmpty();
        assertThat(here.node(ROUTER).orElseThrow().liveness()).isEqualTo(Liveness.GRACE);
    }

    @Test
    void theProcessOfTheLastSessionCountsTheIdleTimeOfAnEphemeralNode() {
        here(new Command.RegisterNode(Node.builder(ROUTER, "runner", Owner.tags("tag:ci"))
                .ephemeral(true)
                .build()));
        here(new Command.ConnectSession(ROUTER, session(ROUTER)));
        here(new Command.DisconnectSession(ROUTER, session(ROUTER)));
        now = now.plus(Duration.ofHours(2));

        Step other = Routing.step(there, List.of(), now);
        assertThat(other.next().node(ROUTER)).isPresent();
        assertThat(Routing.step(here, List.of(), now).next().node(ROUTER)).isEmpty();
        Step gone = Routing.step(there, List.of(submission(new Command.EndSessions(HERE))), now);
        assertThat(gone.next().node(ROUTER)).isEmpty();
    }

    @Test
    void aPrimaryThatAnotherProcessElectedIsNotElectedAgainByAClockThatIsBehind() {
        here(router(ROUTER));
        there(router(STANDBY));
        here(new Command.UpdateNode(here.node(ROUTER).orElseThrow().facts().toBuilder()
                .keyExpiry(now.plusSeconds(60))
                .build()));
        Step ahead = Routing.step(here, List.of(), now.plusSeconds(60));
        assertThat(ahead.next().primary(LAN)).contains(STANDBY);

        RoutingState behind =
                Routing.follow(there, ahead.rowChanges(), now.plusSeconds(59)).next();
        Step step = Routing.step(behind, List.of(), now.plusSeconds(59));

        assertThat(step.next().primary(LAN)).contains(STANDBY);
        assertThat(step.rowChanges()).isEqualTo(RowChanges.none());
    }

    @Test
    void aStateWithoutSessionsKeepsWhatIsStoredOfThem() {
        here(router(ROUTER));
        RoutingState tool = RoutingState.restoreWithoutSessions(here.rows(), now);

        assertThat(tool.rows()).isEqualTo(here.rows());
        assertThat(tool.node(ROUTER).orElseThrow().liveness()).isEqualTo(Liveness.ONLINE);
        Step step = Routing.step(
                tool, List.of(submission(new Command.DrainNode(ROUTER, null, true))), now.plusSeconds(1_000));
        assertThat(step.rowChanges().nodes().upserts())
                .singleElement()
                .satisfies(row -> assertThat(row.session())
                        .as("it drains from now on")
                        .contains(new SessionRow(HERE, session(ROUTER), Health.HEALTHY, now.plusSeconds(1_000))));
    }

    @Test
    void aProcessThatHasATailnetAloneTakesTheRowsOfSharedSessionsOver() {
        here(router(ROUTER));
        RoutingState alone = RoutingState.restore(here.rows(), now);

        Step step = Routing.step(alone, List.of(), now);

        assertThat(alone.node(ROUTER).orElseThrow().liveness()).isEqualTo(Liveness.GRACE);
        assertThat(step.rowChanges().applyTo(here.rows())).isEqualTo(step.next().rows());
        assertThat(step.next().rows().nodes().get(0).session()).isEmpty();
    }

    @Test
    void sessionsOfATailnetThatIsNotSharedAreNotEndedTogether() {
        RoutingState alone = RoutingState.empty(new TailnetId("example.com"), RoutingSettings.DEFAULT, START);

        assertThat(Routing.step(alone, List.of(submission(new Command.EndSessions(HERE))), START)
                        .results())
                .containsExactly(new SubmissionResult.Refused(List.of(new Problem.SessionsNotShared(0))));
    }

    private static Command ephemeral(NodeId node) {
        return new Command.RegisterNode(Node.builder(node, "job", Owner.tags("tag:ci"))
                .registeredAt(START)
                .ephemeral(true)
                .build());
    }

    @Test
    void anEphemeralNodeThatOneProcessHadAloneIsRemovedIfItDoesNotComeBack() {
        RoutingState alone = RoutingState.empty(new TailnetId("example.com"), RoutingSettings.DEFAULT, START);
        alone = Routing.step(
                        alone,
                        List.of(submission(ephemeral(LAPTOP), new Command.ConnectSession(LAPTOP, session(LAPTOP)))),
                        START)
                .next();

        here = RoutingState.restoreShared(alone.rows(), HERE, START);
        there = RoutingState.restoreShared(alone.rows(), THERE, START);
        now = START.plus(here.settings().ephemeralIdle()).minusMillis(1);
        here();
        assertThat(here.node(LAPTOP).orElseThrow().liveness()).isEqualTo(Liveness.UNKNOWN);
        assertThat(here.isDormant()).isFalse();
        now = now.plusMillis(1);
        here();

        assertThat(here.node(LAPTOP)).isEmpty();
        assertThat(there.node(LAPTOP)).isEmpty();
    }

    @Test
    void aNodeThatBecomesEphemeralAtAnotherProcessIsIdleFromThenOn() {
        here(new Command.RegisterNode(Node.builder(LAPTOP, "laptop", Owner.tags("tag:ci"))
                .registeredAt(START)
                .build()));
        now = now.plusSeconds(60);
        there(new Command.UpdateNode(here.node(LAPTOP).orElseThrow().facts().toBuilder()
                .ephemeral(true)
                .build()));
        now = now.plus(here.settings().ephemeralIdle());
        there();

        assertThat(there.node(LAPTOP)).isEmpty();
    }

    @Test
    void aNodeThatBecomesEphemeralAtAnotherProcessWhileItIsConnectedStays() {
        here(new Command.RegisterNode(Node.builder(LAPTOP, "laptop", Owner.tags("tag:ci"))
                .registeredAt(START)
                .build()));
        here(new Command.ConnectSession(LAPTOP, session(LAPTOP)));
        there(new Command.UpdateNode(here.node(LAPTOP).orElseThrow().facts().toBuilder()
                .ephemeral(true)
                .build()));
        here();
        assertThat(row(LAPTOP).session().orElseThrow().holder()).contains(HERE);

        now = now.plus(there.settings().ephemeralIdle()).plusSeconds(1);
        there();

        assertThat(there.node(LAPTOP).orElseThrow().liveness()).isEqualTo(Liveness.ONLINE);
    }

    @Test
    void aStateIsDormantWhereAnotherProcessHasAllSessions() {
        here(router(ROUTER));
        here(ephemeral(LAPTOP), new Command.ConnectSession(LAPTOP, session(LAPTOP)));
        assertThat(there.isDormant()).isTrue();
        assertThat(here.isDormant()).isFalse();

        here(
                new Command.DisconnectSession(ROUTER, session(ROUTER)),
                new Command.DisconnectSession(LAPTOP, session(LAPTOP)));
        assertThat(there.isDormant())
                .as("the other process sees to it while it lives")
                .isTrue();
        there(new Command.EndSessions(HERE));
        assertThat(there.isDormant()).as("then any process does").isFalse();
    }
}
