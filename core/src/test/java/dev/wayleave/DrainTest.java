package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.net.Prefix;
import dev.wayleave.testing.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** When a drain would leave a prefix on a draining router. */
class DrainTest {

    private static final Prefix NET = Prefix.parse("10.0.0.0/8");

    private final Scenario scenario = Scenario.begin().router("a", "10.0.0.0/8").router("b", "10.0.0.0/8");

    private void checkThatTheDrainLeavesThePrefix(String node) {
        assertThat(scenario.last().results())
                .containsExactly(new SubmissionResult.Refused(
                        List.of(new Problem.DrainLeavesPrefixes(0, scenario.id(node), new TreeSet<>(Set.of(NET))))));
    }

    @Test
    void anUnhealthyStandbyMayBeDrainedThoughNoHealthyNodeIsLeft() {
        scenario.unhealthy("b").unhealthy("a").expectPrimary("10.0.0.0/8", "a");

        scenario.drain("b").expectAccepted();
        scenario.drain("a");
        checkThatTheDrainLeavesThePrefix("a");
    }

    @Test
    void aStandbyInItsGraceTakesNoPrefixOver() {
        scenario.disconnect("b");

        scenario.drain("a");

        checkThatTheDrainLeavesThePrefix("a");
    }

    /** The drain comes at the end of the grace, before the step lets the grace end. */
    @Test
    void aRouterInItsGraceKeepsItsPrefixUntilTheGraceIsOver() {
        Duration grace = scenario.state().settings().grace();
        scenario.remove("b").disconnect("a");

        assertThat(drainAfter(grace.minusMillis(1))).isInstanceOf(SubmissionResult.Refused.class);
        assertThat(drainAfter(grace)).isInstanceOf(SubmissionResult.Accepted.class);
    }

    private SubmissionResult drainAfter(Duration time) {
        Submission drain = Submission.of(new Actor("host"), new Command.DrainNode(scenario.id("a")));
        return Routing.step(scenario.state(), List.of(drain), scenario.now().plus(time))
                .results()
                .get(0);
    }

    /** It is registered again as a node with the same number, and later than the router to drain. */
    @Test
    void aNodeThatWasRemovedKeepsNoPrefixInTheSameSubmission() {
        scenario.unhealthy("b").unhealthy("a").expectPrimary("10.0.0.0/8", "a");
        NodeId a = scenario.id("a");
        Node again = Node.builder(a, "a", Owner.tags("tag:router"))
                .registeredAt(scenario.now().plusSeconds(60))
                .build();

        scenario.run(
                new Command.RemoveNode(a),
                new Command.RegisterNode(again),
                new Command.ConnectSession(a, new SessionId("again")),
                new Command.AdvertiseRoutes(a, List.of(NET)),
                new Command.SetApprovedRoutes(a, List.of(NET)),
                new Command.ReportHealth(a, Health.UNHEALTHY),
                new Command.DrainNode(scenario.id("b")));

        assertThat(scenario.last().results())
                .containsExactly(new SubmissionResult.Refused(
                        List.of(new Problem.DrainLeavesPrefixes(6, scenario.id("b"), new TreeSet<>(Set.of(NET))))));
    }
}
