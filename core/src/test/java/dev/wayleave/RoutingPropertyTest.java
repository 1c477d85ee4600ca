package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.testing.Invariants;
import dev.wayleave.testing.ReferenceRouting;
import dev.wayleave.testing.RoutingDomain;
import dev.wayleave.testing.Script;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.domains.Domain;

/** Random histories under all kinds of settings: every step equals the slow twin's, and keeps every invariant. */
@Domain(RoutingDomain.class)
class RoutingPropertyTest {

    @Property(tries = 200, shrinking = ShrinkingMode.BOUNDED)
    void everyStepEqualsTheSlowTwins(@ForAll Script script) {
        run(script);
    }

    private static void run(Script script) {
        RoutingState state = script.start();
        ReferenceRouting twin = new ReferenceRouting(state.settings(), state.now());
        for (Script.Moment moment : script.moments()) {
            Step step = Routing.step(state, moment.submissions(), moment.at());
            assertThat(step.results().stream()
                            .map(SubmissionResult.Accepted.class::isInstance)
                            .toList())
                    .isEqualTo(twin.step(moment.submissions(), moment.at()));
            twin.requireEqual(step.next());
            Invariants.check(state, moment.submissions(), step);
            state = step.next();
        }
    }
}
