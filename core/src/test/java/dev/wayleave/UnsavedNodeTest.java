package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.SessionRow;
import dev.wayleave.row.StateRows;
import dev.wayleave.settings.RoutingSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a process makes of a node of which it knows more, or less, than the rows that it shares have. */
class UnsavedNodeTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final SessionHolder HERE = new SessionHolder("here");
    private static final SessionHolder THERE = new SessionHolder("there");
    private static final NodeId ROUTER = new NodeId(1);
    private static final NodeId STANDBY = new NodeId(2);
    private static final NodeId LAPTOP = new NodeId(3);
    private static final Prefix LAN = Prefix.parse("10.0.0.0/16");
    private static final Prefix OTHER = Prefix.parse("10.1.0.0/16");
    private static final SessionId LATER = new SessionId("later");

    private Instant now = START;
    private RoutingState here =
            RoutingState.emptyShared(new TailnetId("example.com"), RoutingSettings.DEFAULT, HERE, START);
    private RoutingState there =
            RoutingState.emptyShared(new TailnetId("example.com"), RoutingSettings.DEFAULT, THERE, START);
    private Step last;

    private Step step(RoutingState state, Command... commands) {
        last = Routing.step(state, List.of(Submission.of(new Actor("test"), commands)), now);
        return last;
    }

    /** A step at one process, which the other follows. */
    private void here(Command... commands) {
        here = step(here, commands).next();
        there = Routing.follow(there, last.rowChanges(), now).next();
    }

    private void there(Command... commands) {
        there = step(there, commands).next();
        here = Routing.follow(here, last.rowChanges(), now).next();
    }

    private static SessionId session(NodeId node) {
        return new SessionId("session of " + node);
    }

    private static Command[] connected(NodeId node) {
        return new Command[] {
            new Command.RegisterNode(
                    Node.builder(node, "node " + node, Owner.tags("tag:node")).build()),
            new Command.ConnectSession(node, session(node))
        };
    }

    private static Command[] routes(NodeId node, Prefix... prefixes) {
        return new Command[] {
            new Command.AdvertiseRoutes(node, List.of(prefixes)), new Command.SetApprovedRoutes(node, List.of(prefixes))
        };
    }

    private void hereRouter(NodeId node) {
        here(connected(node));
        here(routes(node, LAN));
    }

    private void thereRouter(NodeId node) {
        there(connected(node));
        there(routes(node, LAN));
    }

    /** Its session is here, and there its routes are approved. */
    private void laptopBecomesARouterThere() {
        here(connected(LAPTOP));
        there(routes(LAPTOP, LAN));
    }

    private List<RouteKey> writtenRoutes() {
        return last.rowChanges().routes().upserts().stream().map(RouteRow::key).toList();
    }

    private List<NodeId> writtenNodes() {
        return last.rowChanges().nodes().upserts().stream()
                .map(row -> row.facts().id())
                .toList();
    }

    private SessionRow sessionRow(RoutingState state, NodeId node) {
        return state.node(node).orElseThrow().row().session().orElseThrow();
    }

    // Elections and rows

    @Test
    void aNodeThatAnotherProcessCouldNotElectIsElectedWhereItsSessionIs() {
        thereRouter(STANDBY);
        there(new Command.ReportHealth(STANDBY, Health.UNHEALTHY));

        laptopBecomesARouterThere();
        assertThat(here.primary(LAN)).contains(STANDBY);
        assertThat(here.canonicalText()).contains("unsettled " + LAN);

        here();
        assertThat(here.primary(LAN)).contains(LAPTOP);
        assertThat(there.primary(LAN)).contains(LAPTOP);
    }

    @Test
    void theRoutesOfANodeWhoseSessionIsStoredLaterAreWrittenWithIt() {
        thereRouter(STANDBY);
        laptopBecomesARouterThere();

        here();

        assertThat(writtenNodes()).containsExactly(LAPTOP);
        assertThat(writtenRoutes()).containsExactly(new RouteKey(LAPTOP, LAN));
        assertThat(here.primary(LAN)).contains(STANDBY);
    }

    @Test
    void theRoutesOfANodeWhoseSessionWasLostAreWrittenAgain() {
        hereRouter(ROUTER);
        RoutingState restarted = RoutingState.restoreShared(here.rows(), HERE, now);

        step(restarted);

        assertThat(restarted.node(ROUTER).orElseThrow().liveness()).isEqualTo(Liveness.GRACE);
        assertThat(writtenNodes()).containsExactly(ROUTER);
        assertThat(writtenRoutes()).containsExactly(new RouteKey(ROUTER, LAN));
    }

    @Test
    void theRoutesOfANodeThatHadNoSessionAreNotWrittenAgain() {
        hereRouter(ROUTER);
        there(new Command.EndSessions(HERE));
        now = now.minus(Duration.ofHours(1));

        step(RoutingState.restoreShared(here.rows(), THERE, now));

        assertThat(writtenNodes()).containsExactly(ROUTER);
        assertThat(writtenRoutes()).isEmpty();
    }

    @Test
    void aSessionInTheRowOfANodeThatIsNoRouterIsTakenOutOfItsRows() {
        here(connected(LAPTOP));
        here(new Command.AdvertiseRoutes(LAPTOP, List.of(LAN)));
        StateRows rows = here.rows();
        NodeRow right = rows.nodes().get(0);
        NodeRow wrong = new NodeRow(
                right.facts(), null, false, null, new SessionRow(HERE, session(LAPTOP), Health.HEALTHY, START));

        step(RoutingState.restoreShared(
                new StateRows(rows.tailnet(), rows.users(), List.of(wrong), rows.routes()), THERE, now));

        assertThat(last.rowChanges().nodes().upserts()).containsExactly(right);
        assertThat(writtenRoutes()).containsExactly(new RouteKey(LAPTOP, LAN));
    }

    @Test
    void aRouteThatBecomesEffectiveLaterIsStoredAsSteadyFromThenOn() {
        hereRouter(ROUTER);
        now = now.plusSeconds(60);

        here(routes(ROUTER, LAN, OTHER));

        assertThat(last.rowChanges().routes().upserts())
                .filteredOn(row -> row.prefix().equals(OTHER))
                .extracting(RouteRow::steadySinceOrNull)
                .containsExactly(now);
        assertThat(here.rows().routes()).extracting(RouteRow::steadySinceOrNull).containsExactly(null, now);
        assertThat(there.rows()).isEqualTo(here.rows());
    }

    // Reports about health

    @Test
    void aReportElsewhereReachesTheProcessThatHasTheSession() {
        hereRouter(ROUTER);

        there(new Command.ReportHealth(ROUTER, Health.UNHEALTHY));

        assertThat(here.node(ROUTER).orElseThrow().health()).isEqualTo(Health.UNHEALTHY);
        assertThat(here.node(ROUTER).orElseThrow().session()).contains(session(ROUTER));
    }

    @Test
    void aDrainElsewhereChangesSinceWhenTheRouterIsSteady() {
        hereRouter(ROUTER);
        now = now.plusSeconds(10);

        there(new Command.DrainNode(ROUTER, null, true));

        assertThat(sessionRow(here, ROUTER).steadySince()).contains(now);
        assertThat(here.rows()).isEqualTo(there.rows());
    }

    @Test
    void aReportElsewhereReachesTheProcessWhoseSessionIsNotStored() {
        laptopBecomesARouterThere();

        there(new Command.ReportHealth(LAPTOP, LAN, Health.UNHEALTHY));

        assertThat(here.node(LAPTOP).orElseThrow().unhealthyPrefixes()).containsExactly(LAN);
        assertThat(here.node(LAPTOP).orElseThrow().liveness()).isEqualTo(Liveness.ONLINE);
    }

    @Test
    void aReportAboutANodeThatIsNoRouterStaysWhereItWasMade() {
        here(connected(LAPTOP));
        here(new Command.AdvertiseRoutes(LAPTOP, List.of(LAN)));
        here(new Command.ReportHealth(LAPTOP, LAN, Health.UNHEALTHY));

        there(new Command.UpdateNode(
                Node.builder(LAPTOP, "renamed", Owner.tags("tag:node")).build()));

        assertThat(here.node(LAPTOP).orElseThrow().unhealthyPrefixes()).containsExactly(LAN);
        assertThat(there.node(LAPTOP).orElseThrow().unhealthyPrefixes()).isEmpty();
    }

    @Test
    void aReportAboutANodeIsStoredWhenTheNodeBecomesEphemeral() {
        here(connected(LAPTOP));
        here(new Command.AdvertiseRoutes(LAPTOP, List.of(LAN)));
        here(new Command.ReportHealth(LAPTOP, LAN, Health.UNHEALTHY));

        here(new Command.UpdateNode(Node.builder(LAPTOP, "job", Owner.tags("tag:node"))
                .ephemeral(true)
                .build()));

        assertThat(last.rowChanges().routes().upserts())
                .extracting(RouteRow::healthOrNull)
                .containsExactly(Health.UNHEALTHY);
        assertThat(there.rows()).isEqualTo(here.rows());
    }

    // Which of two sessions is the later

    @Test
    void aNewSessionOfANodeWhoseRowHasItIsSteadySinceTheFirst() {
        hereRouter(ROUTER);
        now = now.plusSeconds(10);

        here(new Command.ConnectSession(ROUTER, LATER));

        assertThat(sessionRow(there, ROUTER)).isEqualTo(new SessionRow(HERE, LATER, Health.HEALTHY, START));
    }

    @Test
    void aNewSessionOfANodeWhoseRowLacksItIsSteadySinceItBegan() {
        laptopBecomesARouterThere();
        now = now.plusSeconds(10);

        here(new Command.ConnectSession(LAPTOP, LATER));

        assertThat(sessionRow(there, LAPTOP)).isEqualTo(new SessionRow(HERE, LATER, Health.HEALTHY, now));
    }

    @Test
    void ofTwoSessionsTheOneThatBeganLaterByAStepOfTheClockIsTheLater() {
        assertThat(holderThereAfter(Duration.ofMillis(499))).isEqualTo(HERE);
        assertThat(holderThereAfter(Duration.ofMillis(500))).isEqualTo(THERE);
    }

    /** The session there begins later by this time, and the one here is stored first. */
    private SessionHolder holderThereAfter(Duration later) {
        UnsavedNodeTest fresh = new UnsavedNodeTest();
        fresh.here(connected(LAPTOP));
        fresh.now = START.plus(later);
        fresh.there(new Command.ConnectSession(LAPTOP, LATER));
        fresh.here(routes(LAPTOP, LAN));
        return fresh.there.node(LAPTOP).orElseThrow().sessionHolder().orElseThrow();
    }

    @Test
    void anAbsenceThatBeginsInTheFutureByAStepOfTheClockBeginsNow() {
        hereRouter(ROUTER);
        here(new Command.DisconnectSession(ROUTER, session(ROUTER)));

        assertThat(absentSince(START.minusMillis(499))).isEqualTo(START);
        assertThat(absentSince(START.minusMillis(500))).isEqualTo(START.minusMillis(500));
        assertThat(absentSince(START.plusMillis(500))).isEqualTo(START);
    }

    /** At a process that starts at this time. */
    private Instant absentSince(Instant at) {
        return RoutingState.restoreShared(here.rows(), THERE, at)
                .node(ROUTER)
                .flatMap(NodeState::absentSince)
                .orElseThrow();
    }

    // Sessions that another process reports

    private static Command report(SessionId session) {
        return new Command.ReportSession(LAPTOP, HERE, session);
    }

    @Test
    void aSessionThatIsReportedReplacesTheOneThatWasReportedBefore() {
        here(connected(LAPTOP));
        there(report(session(LAPTOP)));

        there(report(LATER));

        assertThat(there.node(LAPTOP).orElseThrow().session()).contains(LATER);
        assertThat(last.events()).isEmpty();
    }

    @Test
    void aReportOfTheSameSessionChangesNothing() {
        here(connected(LAPTOP));
        there(report(session(LAPTOP)));
        Presence reported = there.node(LAPTOP).orElseThrow().presence();
        now = now.plusSeconds(10);

        there(report(session(LAPTOP)));

        assertThat(there.node(LAPTOP).orElseThrow().presence()).isSameAs(reported);
    }
}
