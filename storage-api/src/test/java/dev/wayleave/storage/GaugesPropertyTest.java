package dev.wayleave.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.testing.RoutingDomain;
import dev.wayleave.testing.Script;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;

/** What follows each step is what counting anew says. */
class GaugesPropertyTest {

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    @Domain(RoutingDomain.class)
    void following_steps_is_counting_anew(@ForAll Script script) {
        RoutingState state = script.start();
        Gauges following = new Gauges(state);
        for (Script.Moment moment : script.moments()) {
            Step step = Routing.step(state, moment.submissions(), moment.at());
            following.follow(state, step);
            state = step.next();

            Gauges counted = new Gauges(state);
            assertThat(following.unserved()).isEqualTo(counted.unserved());
            assertThat(following.pending()).isEqualTo(counted.pending());
        }
    }
}
