package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.election.FailBack;
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
import dev.wayleave.row.Absence;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.SessionRow;
import dev.wayleave.row.StateRows;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.testing.Scenario;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a process that shares a tailnet makes of primaries, absences and reports in rows. */
class SharedRowsTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final SessionHolder HERE = new SessionHolder("here");
    private static final SessionHolder THERE = new SessionHolder("there");
    private static final NodeId ROUTER = new NodeId(1);
    private static final NodeId STANDBY = new NodeId(2);
    private static final NodeId LAPTOP = new NodeId(3);
    private static final Prefix LAN = Prefix.parse("10.0.0.0/16");
    private static final RoutingSettings SETTINGS = RoutingSettings.DEFAULT.toBuilder()
            .failBack(FailBack.after(Duration.ofMinutes(5)))
            .silenceLimit(Duration.ofHours(2))
            .build();

    private Instant now = START;
    private RoutingState here = RoutingState.emptyShared(new TailnetId("example.com"), SETTINGS, HERE, START);
    private RoutingState there = RoutingState.emptyShared(new TailnetId("example.com"), SETTINGS, THERE, START);
    private Step last;

    /** A step at one process, which the other follows. */
    private void here(Command... commands) {
        last = Routing.step(here, List.of(Submission.of(new Actor("test"), commands)), now);
        here = last.next();
        there = Routing.follow(there, last.rowChanges(), now).next();
    }

    private static Command[] router(NodeId node) {
        return new Command[] {
            new Command.RegisterNode(Node.builder(node, "router " + node, Owner.tags("tag:router"))
                    .registeredAt(START)
                    .keyExpiry(START.plusSeconds(3600))
                    .build()),
            connected(node),
            new Command.AdvertiseRoutes(node, List.of(LAN)),
            new Command.SetApprovedRoutes(node, List.of(LAN))
        };
    }

    private static Command connected(NodeId node) {
        return new Command.ConnectSession(node, new SessionId("session of " + node));
    }

    private static Command disconnected(NodeId node) {
        return new Command.DisconnectSession(node, new SessionId("session of " + node));
    }

    private static RouteRow routeRow(RoutingState state, NodeId node) {
        return state.rows().routes().stream()
                .filter(row -> row.node().equals(node))
                .findFirst()
                .orElseThrow();
    }

    private static RowChanges routes(RouteRow... rows) {
        return new RowChanges(
                null, RowChanges.Rows.none(), RowChanges.Rows.none(), new RowChanges.Rows<>(List.of(rows), List.of()));
    }

    // Primaries

    /** The standby is the primary; the router is back, and gets the prefix again after five minutes. */
    private void failBackIsPending() {
        here(router(ROUTER));
        here(router(STANDBY));
        here(disconnected(ROUTER));
        now = now.plusSeconds(60);
        here();
        here(connected(ROUTER));
        assertThat(there.primary(LAN)).contains(STANDBY);
    }

    @Test
    void aProcessThatFollowsKnowsWhenAPrefixFailsBack() {
        failBackIsPending();

        assertThat(there.route(LAN).orElseThrow().failBackAt())
                .isEqualTo(here.route(LAN).orElseThrow().failBackAt())
                .isNotEqualTo(Deadline.NEVER);
        assertThat(there.nextDeadline()).contains(now.plus(Duration.ofMinutes(5)));
    }

    @Test
    void aPrimaryThatAnotherProcessElectedStaysWhereThisClockIsAhead() {
        there = Routing.step(there, List.of(), START.plus(Duration.ofMinutes(10)))
                .next();
        failBackIsPending();

        assertThat(there.primary(LAN)).contains(STANDBY);
        assertThat(there.canonicalText()).doesNotContain("unsettled");
    }

    @Test
    void aPrefixThatIsStoredWithoutAPrimaryIsElectedAgainUntilItsRowsHaveOne() {
        here(router(ROUTER));
        RouteRow right = routeRow(here, ROUTER);

        there = Routing.follow(there, routes(right.withPrimary(false)), now).next();
        assertThat(there.primary(LAN)).isEmpty();
        assertThat(there.canonicalText()).contains("unsettled " + LAN);

        there = Routing.follow(there, routes(right), now).next();
        assertThat(there.primary(LAN)).contains(ROUTER);
        assertThat(there.canonicalText()).doesNotContain("unsettled");
    }

    // Times

    @Test
    void aRouterIsSteadySinceItsKeyExpiredAndNotSinceThatWasNoticed() {
        here(router(ROUTER));
        now = START.plusSeconds(3620);
        here();

        assertThat(here.node(ROUTER).orElseThrow().isKeyExpired()).isTrue();
        assertThat(here.rows().nodes().get(0).session().flatMap(SessionRow::steadySince))
                .contains(START.plusSeconds(3600));
        assertThat(there.rows()).isEqualTo(here.rows());
    }

    @Test
    void anEphemeralNodeIsAbsentFromItsRegistrationOn() {
        here(new Command.RegisterNode(Node.builder(LAPTOP, "job", Owner.tags("tag:job"))
                .ephemeral(true)
                .build()));

        assertThat(here.rows().nodes().get(0).absence()).contains(new Absence(START, null));
        assertThat(here.rows().nodes().get(0).session()).isEmpty();
        assertThat(there.node(LAPTOP).orElseThrow().liveness()).isEqualTo(Liveness.OFFLINE);
    }

    @Test
    void aCandidateWithoutSessionAndAbsenceInItsRowHasTheGraceOfARestart() {
        there = Routing.follow(there, withoutSession(), now).next();

        NodeState node = there.node(ROUTER).orElseThrow();
        assertThat(node.liveness()).isEqualTo(Liveness.GRACE);
        assertThat(node.graceUntil()).contains(now.plus(SETTINGS.restartGrace()));
        assertThat(node.absentSince()).contains(now);
    }

    @Test
    void aSessionThatTheRowLacksIsUnsavedUntilItIsWritten() {
        here(router(ROUTER));

        here = Routing.follow(here, withoutSession(), now).next();
        assertThat(here.canonicalText()).contains("\nunsaved 1\n");
        here();
        assertThat(here.canonicalText()).doesNotContain("unsaved");
    }

    /** A router whose row has neither a session nor an absence, as a process alone writes it. */
    private static RowChanges withoutSession() {
        StateRows single = Scenario.begin().router("a", "10.0.0.0/16").stored();
        return new RowChanges(
                null,
                RowChanges.Rows.none(),
                new RowChanges.Rows<>(single.nodes(), List.of()),
                new RowChanges.Rows<>(single.routes(), List.of()));
    }

    // Sessions and reports

    @Test
    void aRestartedProcessKnowsWhoHasSessions() {
        here(router(ROUTER));

        RoutingState restarted = RoutingState.restoreShared(here.rows(), THERE, now);

        assertThat(restarted.sessionHolders()).containsExactly(HERE);
        assertThat(restarted.node(ROUTER).orElseThrow().sessionHolder()).contains(HERE);
        assertThat(restarted.canonicalText()).contains("\n  held by here elsewhere\n");
        assertThat(here.canonicalText()).contains("\n  held by here here\n");
    }

    @Test
    void aNodeWithoutASessionHasNoHolder() {
        here(new Command.RegisterNode(
                Node.builder(LAPTOP, "laptop", Owner.tags("tag:laptop")).build()));

        assertThat(here.node(LAPTOP).orElseThrow().sessionHolder()).isEmpty();
        assertThat(here.canonicalText()).doesNotContain("held by");
        assertThat(there.isDormant()).isTrue();
    }

    @Test
    void aReportAboutOnePrefixIsInItsRow() {
        here(router(ROUTER));

        here(new Command.ReportHealth(ROUTER, LAN, Health.UNHEALTHY, null));

        assertThat(last.rowChanges().routes().upserts())
                .extracting(RouteRow::healthOrNull)
                .containsExactly(Health.UNHEALTHY);
        assertThat(there.node(ROUTER).orElseThrow().unhealthyPrefixes()).containsExactly(LAN);
    }

    @Test
    void aPrefixThatRecoversHasItsOwnTimeInItsRow() {
        here(router(ROUTER));
        now = now.plusSeconds(60);
        here(new Command.ReportHealth(ROUTER, LAN, Health.UNHEALTHY, null));
        assertThat(routeRow(here, ROUTER).steadySince()).contains(START.plusSeconds(60));
        now = now.plusSeconds(60);
        here(new Command.ReportHealth(ROUTER, LAN, Health.HEALTHY, null));

        assertThat(routeRow(here, ROUTER).steadySince()).contains(START.plusSeconds(120));
        assertThat(here.rows().nodes().get(0).session().flatMap(SessionRow::steadySince))
                .contains(START);
        assertThat(there.rows()).isEqualTo(here.rows());
    }

    @Test
    void aReportAboutANodeOutlivesItsSessionInItsRow() {
        here(router(ROUTER));
        here(new Command.ReportHealth(ROUTER, null, Health.UNHEALTHY, null), disconnected(ROUTER));
        now = now.plusSeconds(60);
        here();

        assertThat(there.rows()).isEqualTo(here.rows());
        assertThat(here.rows().nodes().get(0).session().map(SessionRow::health)).contains(Health.UNHEALTHY);
    }

    @Test
    void aStateWithoutSessionsTakesReportsFromTheRowsOfRoutes() {
        here(router(ROUTER));
        RoutingState reader = RoutingState.restoreWithoutSessions(here.rows(), now);

        here(new Command.ReportHealth(ROUTER, LAN, Health.UNHEALTHY, null));
        reader = Routing.follow(reader, last.rowChanges(), now).next();

        assertThat(reader.node(ROUTER).orElseThrow().unhealthyPrefixes()).containsExactly(LAN);
    }

    @Test
    void oneProcessAloneStoresNoReport() {
        Scenario alone = Scenario.begin().router("a", "10.0.0.0/16").unhealthy("a");

        assertThat(alone.node("a").row().session()).isEmpty();
    }
}
