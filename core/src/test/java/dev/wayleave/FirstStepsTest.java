package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.Liveness;
import dev.wayleave.testing.Scenario;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The life of a route, from the advertisement to the failover and back. */
class FirstStepsTest {

    private static final String NET = "10.0.0.0/8";

    @Test
    void aRouterDiesAndItsStandbyServesAfterItsGrace() {
        Scenario.begin()
                .policy("""
                        {"tagOwners": {"tag:router": []},
                         "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router"]}}}""")
                .register("a")
                .connect("a")
                .advertise("a", NET)
                .expectApproved("a", NET)
                .expectPrimary(NET, "a")
                .register("b")
                .connect("b")
                .advertise("b", NET)
                .expectPrimary(NET, "a")
                .disconnect("a")
                .expectLiveness("a", Liveness.GRACE)
                .expectPrimary(NET, "a")
                .after(Duration.ofSeconds(14))
                .expectPrimary(NET, "a")
                .after(Duration.ofSeconds(1))
                .expectLiveness("a", Liveness.OFFLINE)
                .expectPrimary(NET, "b")
                .connect("a")
                .expectPrimary(NET, "b");
    }

    @Test
    void aRestartMovesNothing() {
        Scenario.begin()
                .router("a", NET)
                .router("b", NET)
                .restart()
                .expectPrimary(NET, "a")
                .expectLiveness("a", Liveness.GRACE)
                .connect("b")
                .expectPrimary(NET, "a")
                .after(Duration.ofSeconds(60))
                .expectPrimary(NET, "b");
    }

    @Test
    void aSilentSessionGoesDownAndComesBack() {
        Scenario scenario = Scenario.begin()
                .router("a", NET)
                .router("b", NET)
                .fallSilent("a")
                .after(Duration.ofSeconds(144))
                .expectPrimary(NET, "a")
                .after(Duration.ofSeconds(1))
                .expectPrimary(NET, "b")
                .speakAgain("a")
                .expectLiveness("a", Liveness.ONLINE)
                .expectPrimary(NET, "b");
        assertThat(scenario.state().digest()).hasSize(64);
    }
}
