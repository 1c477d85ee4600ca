package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.testing.Scenario;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whose word counts: the session that a node opened last, and no other. */
class SessionTest {

    private static final String NET = "10.0.0.0/8";
    private static final SessionId FIRST = new SessionId("first");
    private static final SessionId SECOND = new SessionId("second");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Scenario scenario = Scenario.begin()
            .settings(settings -> settings.silenceLimit(LIMIT))
            .register("a")
            .advertise("a", NET)
            .approve("a", NET);
    private final NodeId a = scenario.id("a");

    private Scenario connect(SessionId session) {
        return scenario.run(new Command.ConnectSession(a, session));
    }

    private Scenario disconnect(SessionId session) {
        return scenario.run(new Command.DisconnectSession(a, session));
    }

    private Scenario hear(SessionId session) {
        return scenario.run(new Command.KeepAlive(a, session));
    }

    private List<SubmissionResult> results() {
        return scenario.last().results();
    }

    @Test
    void theWordOfTheCurrentSessionIsTakenWithoutANotice() {
        connect(FIRST).expectLiveness("a", Liveness.ONLINE);
        assertThat(results()).containsExactly(SubmissionResult.accepted());
        hear(FIRST);
        assertThat(results()).containsExactly(SubmissionResult.accepted());
        disconnect(FIRST).expectLiveness("a", Liveness.GRACE);
        assertThat(results()).containsExactly(SubmissionResult.accepted());
    }

    @Test
    void theWordOfANodeThatIsNotThereIsIgnoredAndSaidSo() {
        NodeId unknown = new NodeId(99);
        scenario.run(
                new Command.ConnectSession(unknown, FIRST),
                new Command.KeepAlive(unknown, FIRST),
                new Command.DisconnectSession(unknown, FIRST));
        assertThat(results())
                .containsExactly(new SubmissionResult.Accepted(List.of(
                        new SubmissionResult.SessionIgnored(0, unknown, FIRST),
                        new SubmissionResult.SessionIgnored(1, unknown, FIRST),
                        new SubmissionResult.SessionIgnored(2, unknown, FIRST))));
    }

    @Test
    void theSameSessionAgainIsAKeepAlive() {
        connect(FIRST)
                .run(new Command.ReportHealth(a, Health.UNHEALTHY))
                .forgetEvents()
                .sleep(Duration.ofSeconds(10));
        connect(FIRST).expectNothingWritten();
        assertThat(scenario.events()).isEmpty();
        assertThat(scenario.node("a").health()).isEqualTo(Health.UNHEALTHY);
        assertThat(scenario.state().lastHeard(a)).contains(scenario.now());
    }

    @Test
    void aNewSessionForgetsWhatWasReportedOfTheLast() {
        connect(FIRST).run(new Command.ReportHealth(a, Health.UNHEALTHY));
        connect(SECOND);
        assertThat(scenario.node("a").health()).isEqualTo(Health.HEALTHY);
        assertThat(scenario.node("a").session()).contains(SECOND);
    }

    @Test
    void theSessionBeforeHasNoSayAnyLonger() {
        connect(FIRST);
        connect(SECOND);
        scenario.sleep(LIMIT.minusMillis(1));
        hear(FIRST).expectIgnored();
        disconnect(FIRST).expectIgnored().expectLiveness("a", Liveness.ONLINE);
        scenario.run(new Command.ReportHealth(a, null, Health.UNHEALTHY, FIRST)).expectIgnored();
        assertThat(scenario.node("a").health()).isEqualTo(Health.HEALTHY);
        scenario.sleep(Duration.ofMillis(1)).expectLiveness("a", Liveness.GRACE);
    }

    @Test
    void aSilentSessionThatIsHeardAgainIsBackAsItWas() {
        connect(FIRST)
                .run(new Command.ReportHealth(a, Health.UNHEALTHY))
                .sleep(LIMIT)
                .expectLiveness("a", Liveness.GRACE)
                .forgetEvents();
        hear(FIRST).expectLiveness("a", Liveness.ONLINE).expectEvent(RouteEvent.NodeOnline.class);
        assertThat(scenario.node("a").health()).isEqualTo(Health.UNHEALTHY);
    }

    @Test
    void aKeepAliveThatIsOlderThanTheLimitBringsNoNodeBack() {
        connect(FIRST).sleep(LIMIT.multipliedBy(3)).expectLiveness("a", Liveness.OFFLINE);
        scenario.run(new Command.KeepAlive(a, FIRST, scenario.now().minus(LIMIT)));
        scenario.expectLiveness("a", Liveness.OFFLINE);
        scenario.run(new Command.KeepAlive(a, FIRST, scenario.now().minus(LIMIT).plusMillis(1)));
        scenario.expectLiveness("a", Liveness.ONLINE);
    }

    @Test
    void whereSilenceHasNoLimitEveryKeepAliveBringsBack() {
        connect(FIRST).sleep(LIMIT);
        scenario.settings(settings -> settings.withoutSilenceLimit());
        scenario.run(new Command.KeepAlive(a, FIRST, scenario.now().minus(LIMIT.multipliedBy(9))))
                .expectLiveness("a", Liveness.ONLINE);
    }

    @Test
    void aSilentSessionThatEndsIsOverAndComesBackNoMore() {
        connect(FIRST).sleep(LIMIT);
        disconnect(FIRST).expectLiveness("a", Liveness.GRACE);
        assertThat(scenario.node("a").session()).isEmpty();
        hear(FIRST).expectIgnored().expectLiveness("a", Liveness.GRACE);
    }

    @Test
    void aStandbyThatFellSilentUnnoticedAllowsNoDrain() {
        connect(FIRST).register("b").advertise("b", NET).approve("b", NET);
        scenario.run(new Command.ConnectSession(scenario.id("b"), SECOND));

        assertThat(drainAfter(LIMIT.minusMillis(1)).results()).containsExactly(SubmissionResult.accepted());
        assertThat(drainAfter(LIMIT).results()).hasOnlyElementsOfType(SubmissionResult.Refused.class);
    }

    /** A drain of the primary, in a step that comes when nothing else was heard for a while. */
    private Step drainAfter(Duration time) {
        Submission heard = Submission.of(new Actor("host"), new Command.KeepAlive(a, FIRST), new Command.DrainNode(a));
        return Routing.step(scenario.state(), List.of(heard), scenario.now().plus(time));
    }
}
