package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.testing.Scenario;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Why a node carries a prefix, or does not. */
class ExplanationTest {

    private static final Prefix NET = Prefix.parse("10.0.0.0/8");

    private final Scenario scenario = Scenario.begin().router("a", "10.0.0.0/8");

    @Test
    void anExplanationTellsWhatIsEffectiveFromWhatIsServing() {
        scenario.router("exit", "0.0.0.0/0")
                .advertise("a")
                .register("b")
                .connect("b")
                .advertise("b", "10.0.0.0/8");

        Explanation notAdvertised = explain("a", "10.0.0.0/8");
        assertThat(notAdvertised.isEffective()).isFalse();
        assertThat(notAdvertised.isServing()).isFalse();
        assertThat(explain("b", "10.0.0.0/8").isEffective()).isFalse();
        Explanation exit = explain("exit", "0.0.0.0/0");
        assertThat(exit.isEffective()).isTrue();
        assertThat(exit.isServing()).isTrue();
    }

    private Explanation explain(String node, String prefix) {
        return Routing.explain(scenario.state(), scenario.id(node), Prefix.parse(prefix))
                .orElseThrow();
    }

    @Test
    void anExplanationGivesTheReasonForEveryHolder() {
        scenario.router("b", "10.0.0.0/8")
                .router("c", "10.0.0.0/8")
                .unhealthy("b")
                .disconnect("c")
                .sleep(Duration.ofSeconds(15));
        Explanation explanation =
                Routing.explain(scenario.state(), scenario.id("b"), NET).orElseThrow();

        assertThat(explanation.isEffective()).isTrue();
        assertThat(explanation.isServing()).isFalse();
        assertThat(explanation.holders()).hasSize(3);
        assertThat(explanation.toString()).isEqualTo("""
                10.0.0.0/8 on node 2 is not served
                  advertised: yes
                  approved: yes, by `administrator` at 2026-01-01T00:00:00Z
                  elected: node 1, had it before and nothing moved it
                    node 1 (a): online; primary: had it before and nothing moved it
                    node 2 (b): online; standby: unhealthy, while node 1 is healthy
                    node 3 (c): offline; no candidate
                """);
        assertThat(Routing.explain(scenario.state(), new NodeId(99), NET)).isEmpty();
    }
}
