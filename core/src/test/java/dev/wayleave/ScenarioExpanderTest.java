package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.election.FailBack;
import dev.wayleave.row.StateRows;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.testing.Expander;
import dev.wayleave.testing.Scenario;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same history in seven forms comes to the same end; where it does not, the history states why the form matters.
 */
class ScenarioExpanderTest {

    private static final String NET = "10.0.0.0/8";
    private static final String OTHER = "192.168.0.0/16";
    private static final Duration GRACE = RoutingSettings.DEFAULT.grace();

    /** A history, and the ways that lead elsewhere, each with its reason. */
    private record History(String name, Scenario scenario, Map<Expander, String> matters) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<History> histories() {
        return Stream.of(
                new History(
                        "a router dies and its standby takes over",
                        Scenario.begin()
                                .router("a", NET)
                                .router("b", NET)
                                .disconnect("a")
                                .after(GRACE)
                                .connect("a"),
                        Map.of()),
                new History(
                        "two routers connect in one step",
                        Scenario.begin()
                                .register("a")
                                .register("b")
                                .advertise("a", NET)
                                .advertise("b", NET)
                                .approve("a", NET)
                                .approve("b", NET)
                                .together(s -> s.connect("b").connect("a")),
                        Map.of(Expander.SPLIT, "the first of two steps elects the router that is there, and it stays")),
                new History(
                        "two routers connect in one step, and the higher priority takes its prefix back",
                        Scenario.of(RoutingSettings.builder()
                                        .failBack(FailBack.atOnce())
                                        .build())
                                .register("a")
                                .register("b")
                                .advertise("a", NET)
                                .advertise("b", NET)
                                .approve("a", NET)
                                .approve("b", NET)
                                .together(s -> s.connect("b").connect("a")),
                        Map.of()),
                new History(
                        "approvals before, after and without advertising",
                        Scenario.begin()
                                .policy(AutoApprovalRegressionTest.ROUTERS)
                                .register("a")
                                .register("b")
                                .together(
                                        s -> s.advertise("a", NET, "0.0.0.0/0").approve("b", NET))
                                .advertise("b", NET)
                                .revoke("a", NET)
                                .advertise("a", "192.168.0.0/16"),
                        Map.of(Expander.RESTART, "since when a node is away is not stored before it is a router")),
                new History(
                        "a drain with its deadline",
                        Scenario.begin()
                                .router("a", NET)
                                .router("b", NET)
                                .drain("a", Duration.ofMinutes(5), false)
                                .after(Duration.ofMinutes(10)),
                        Map.of()),
                new History(
                        "an ephemeral router comes and goes",
                        Scenario.begin()
                                .register("a", node -> node.ephemeral(true))
                                .connect("a")
                                .advertise("a", NET)
                                .approve("a", NET)
                                .disconnect("a")
                                .after(Duration.ofMinutes(31)),
                        Map.of()),
                new History(
                        "a silent session",
                        Scenario.begin()
                                .router("a", NET)
                                .router("b", NET)
                                .fallSilent("a")
                                .after(Duration.ofSeconds(200)),
                        Map.of(Expander.RESTART, "a session that connects again was heard")),
                new History(
                        "an unhealthy router",
                        Scenario.begin()
                                .router("a", NET)
                                .router("b", NET)
                                .unhealthy("a")
                                .connect("a"),
                        Map.of(Expander.SQUASH, "a mark that comes and goes in one step is seen by no election")),
                new History(
                        "a router is removed and its number used again",
                        Scenario.begin()
                                .router("a", NET)
                                .router("b", NET)
                                .remove("a")
                                .register("a"),
                        Map.of()),
                new History(
                        "two drains of different prefixes in one step",
                        Scenario.begin()
                                .router("a", NET)
                                .router("b", NET)
                                .router("c", OTHER)
                                .router("d", OTHER)
                                .together(s -> s.drain("a").drain("c")),
                        Map.of()),
                new History(
                        "a new user, approvals and advertisements in one step",
                        Scenario.begin()
                                .register("a")
                                .register("b")
                                .register("c")
                                .together(s -> s.connect("a").connect("b").connect("c"))
                                .together(s -> s.user("alice")
                                        .advertise("a", NET)
                                        .approve("b", OTHER)
                                        .importApprovals("c", "172.16.0.0/12"))
                                .together(s -> s.approve("a", NET)
                                        .advertise("b", OTHER)
                                        .advertise("c", "172.16.0.0/12")),
                        Map.of()),
                new History(
                        "administrators and nodes at work at the same time, under a policy that approves",
                        Scenario.begin()
                                .policy(AutoApprovalRegressionTest.ROUTERS)
                                .together(s -> s.register("a").register("b").register("c"))
                                .together(s -> s.connect("a").connect("b").connect("c"))
                                .together(s -> s.advertise("a", NET)
                                        .advertise("b", "10.1.0.0/16")
                                        .advertise("c", OTHER))
                                .together(s -> s.revoke("a", NET)
                                        .approve("b", "10.1.0.0/16", OTHER)
                                        .advertise("c", OTHER, "10.2.0.0/16")
                                        .importApprovals("c", OTHER)),
                        Map.of()));
    }

    @ParameterizedTest
    @MethodSource("histories")
    void everyWayLeadsToTheSameEnd(History history) {
        StateRows end = Expander.IDENTITY.run(history.scenario().script());
        assertThat(end).isEqualTo(history.scenario().state().rows());
        Set<Expander> others = EnumSet.complementOf(EnumSet.of(Expander.IDENTITY));
        others.removeAll(history.matters().keySet());
        for (Expander expander : others) {
            assertThat(expander.run(history.scenario().script()))
                    .as("%s", expander)
                    .isEqualTo(end);
        }
    }

    @ParameterizedTest
    @MethodSource("histories")
    void whereHistoryMattersItReallyDoes(History history) {
        StateRows end = Expander.IDENTITY.run(history.scenario().script());
        history.matters()
                .forEach((expander, why) -> assertThat(
                                expander.run(history.scenario().script()))
                        .as(why)
                        .isNotEqualTo(end));
    }
}
