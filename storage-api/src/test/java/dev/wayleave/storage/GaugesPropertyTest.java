package dev.wayleave.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.FollowedState;
import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.testing.RoutingDomain;
import dev.wayleave.testing.Script;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;

/** Gauges that follow each step, or the rows of each step, are equal to a new count. */
class GaugesPropertyTest {

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    @Domain(RoutingDomain.class)
    void followingStepsAndTheirRowsIsCountingAnew(@ForAll Script script) {
        RoutingState state = script.start();
        RoutingState other = RoutingState.restoreWithoutSessions(state.rows(), state.now());
        Gauges ofState = new Gauges(state);
        Gauges ofOther = new Gauges(other);
        for (Script.Moment moment : script.moments()) {
            Step step = Routing.step(state, moment.submissions(), moment.at());
            ofState.follow(state, step.next(), step.touched(), step.rowChanges());
            FollowedState followed = Routing.follow(other, step.rowChanges(), moment.at());
            ofOther.follow(other, followed.next(), followed.touched(), step.rowChanges());
            state = step.next();
            other = followed.next();

            assertCounted(ofState, state);
            assertCounted(ofOther, other);
        }
    }

    private static void assertCounted(Gauges following, RoutingState state) {
        Gauges counted = new Gauges(state);
        assertThat(following.unserved()).isEqualTo(counted.unserved());
        assertThat(following.pending()).isEqualTo(counted.pending());
    }
}
