package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.Absence;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.StateRows;
import dev.wayleave.testing.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A restart forgets nothing of routers and ephemeral nodes without a session. */
class RestartTest {

    private static final String NET = "10.0.0.0/8";
    private static final Duration LOST = Duration.ofSeconds(5);
    private static final Duration DOWN = Duration.ofSeconds(3);

    private final Scenario scenario = Scenario.begin().router("a", NET).router("b", NET);

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    @Test
    void aFailoverThatHadBegunTakesWhatWasLeftOfTheGrace() {
        scenario.disconnect("a").after(LOST).restartAfter(DOWN).connect("b");

        scenario.after(seconds(6)).expectPrimary(NET, "a");
        scenario.after(seconds(1)).expectPrimary(NET, "b");
        assertThat(scenario.now()).isEqualTo(Scenario.START.plusSeconds(15));
    }

    @Test
    void aFailoverIsDoneAtOnceWhereTheRestartTookLongerThanTheGrace() {
        scenario.disconnect("a").after(LOST).restartAfter(seconds(20));

        assertThat(scenario.state().nextDeadline()).contains(scenario.now());
        scenario.connect("b").expectPrimary(NET, "b").expectLiveness("a", Liveness.OFFLINE);
    }

    @Test
    void aRouterThatFellSilentHasWhatWasLeftOfItsGrace() {
        scenario.fallSilent("a").after(seconds(140)).expectLiveness("a", Liveness.GRACE);

        scenario.restartAfter(DOWN).connect("b").after(seconds(1)).expectPrimary(NET, "a");
        scenario.after(seconds(1)).expectPrimary(NET, "b");
        assertThat(scenario.now()).isEqualTo(Scenario.START.plusSeconds(130 + 15));
    }

    @Test
    void aRouterThatComesBackWithinItsGraceKeepsItsPrefix() {
        scenario.disconnect("a")
                .after(LOST)
                .restartAfter(DOWN)
                .connect("b")
                .connect("a")
                .after(seconds(60))
                .expectPrimary(NET, "a")
                .expectNoMove();
    }

    @Test
    void aFailoverSurvivesSeveralRestarts() {
        scenario.disconnect("a");
        for (int restart = 0; restart < 4; restart++) {
            scenario.restartAfter(DOWN).connect("b").expectPrimary(NET, "a");
        }
        scenario.restartAfter(DOWN).connect("b").expectPrimary(NET, "b");
    }

    @Test
    void everyOtherRouterHasTheWholeRestartGrace() {
        scenario.restartAfter(DOWN).after(seconds(59)).expectPrimary(NET, "a");
        scenario.after(seconds(1)).expectUnserved(NET);
    }

    @Test
    void aSecondRestartWithinTheRestartGraceGivesAnotherOne() {
        scenario.restartAfter(DOWN)
                .after(seconds(50))
                .restartAfter(DOWN)
                .after(seconds(59))
                .connect("a")
                .expectPrimary(NET, "a")
                .expectNoMove();
    }

    @Test
    void noPrefixMovesWhileRoutersReconnectWithinTheRestartGrace() {
        scenario.router("c", "10.1.0.0/16").restartAfter(seconds(30)).connect("b");
        scenario.after(seconds(29)).connect("c").after(seconds(30)).connect("a").expectPrimary("10.1.0.0/16", "c");
        scenario.expectNoEvent(RouteEvent.PrefixUnserved.class);
    }

    @Test
    void aStoredPrimaryThatIsMissingIsElectedAtOnce() {
        StateRows rows = scenario.stored();
        StateRows unserved = new StateRows(
                rows.tailnet(),
                rows.users(),
                rows.nodes(),
                rows.routes().stream().map(row -> row.withPrimary(false)).toList());
        RoutingState restored = RoutingState.restore(unserved, scenario.now());

        assertThat(restored.nextDeadline()).contains(scenario.now());
        Step first = Routing.step(restored, List.of(), scenario.now());
        assertThat(first.next().primary(Prefix.parse(NET))).contains(scenario.id("a"));
        assertThat(first.rowChanges().routes().upserts()).hasSize(1);
    }

    @Test
    void theEndOfARoutersSessionIsStored() {
        scenario.disconnect("a");
        assertThat(absence("a")).contains(new Absence(Scenario.START, Scenario.START.plusSeconds(15)));

        scenario.after(seconds(15));
        assertThat(absence("a")).contains(new Absence(Scenario.START, null));

        scenario.connect("a");
        assertThat(absence("a")).isEmpty();
    }

    @Test
    void aLaptopThatComesAndGoesWritesNothing() {
        scenario.register("laptop").connect("laptop").expectNothingWritten();
        scenario.disconnect("laptop").expectNothingWritten();
        scenario.after(seconds(15)).expectLiveness("laptop", Liveness.OFFLINE).expectNothingWritten();
    }

    @Test
    void aNodeThatBecomesARouterWhileItIsAwayIsStoredSinceItLeft() {
        scenario.register("laptop").after(LOST).advertise("laptop", "10.9.0.0/16");
        assertThat(absence("laptop")).isEmpty();

        scenario.approve("laptop", "10.9.0.0/16");
        assertThat(absence("laptop")).contains(new Absence(Scenario.START, null));

        scenario.revoke("laptop", "10.9.0.0/16");
        assertThat(absence("laptop")).isEmpty();
    }

    @Test
    void anEphemeralNodeIsRemovedWhenItHasBeenAwayForLongEnoughAcrossRestarts() {
        scenario.register("job", node -> node.ephemeral(true)).connect("job").disconnect("job");
        scenario.after(Duration.ofMinutes(20)).restartAfter(seconds(60)).after(Duration.ofMinutes(8));
        assertThat(scenario.node("job").absentSince()).contains(Scenario.START);

        scenario.after(Duration.ofMinutes(1)).expectGone("job");
    }

    @Test
    void anEphemeralNodeWithASessionHasTheWholeTimeAfterARestart() {
        scenario.register("job", node -> node.ephemeral(true)).connect("job").restartAfter(DOWN);
        scenario.after(Duration.ofMinutes(29)).expectLiveness("job", Liveness.OFFLINE);
        scenario.after(Duration.ofMinutes(1)).expectGone("job");
    }

    @Test
    void onAClockThatWasSetBackWhatBeganInTheFutureBeginsNow() {
        scenario.disconnect("a").after(LOST).restartAfter(Duration.ofHours(-1));
        assertThat(scenario.node("a").absentSince()).contains(scenario.now());
        assertThat(scenario.node("a").graceUntil()).contains(scenario.now().plusSeconds(15));

        scenario.sleep(Duration.ZERO);
        assertThat(absence("a"))
                .contains(new Absence(scenario.now(), scenario.now().plusSeconds(15)));
    }

    @Test
    void aProcessWithoutSessionsWritesBackWhatIsStored() {
        scenario.disconnect("a").after(seconds(1));
        NodeRow stored = row("a");
        RoutingState reader = RoutingState.restoreWithoutSessions(scenario.stored(), scenario.now());

        assertThat(reader.rows().nodes()).contains(stored);
        assertThat(reader.nextDeadline()).isEmpty();
    }

    private Optional<Absence> absence(String name) {
        return row(name).absence();
    }

    private NodeRow row(String name) {
        return scenario.stored().nodes().stream()
                .filter(row -> row.facts().id().equals(scenario.id(name)))
                .findFirst()
                .orElseThrow();
    }
}
