package outside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.command.Submission;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;

/** What `@ForAll` makes without a word more. */
class ForAllTest {

    private static final Set<RoutingPolicy> SEEN = new HashSet<>();

    @Property(tries = 200)
    void policiesAreReadBackEqual(@ForAll RoutingPolicy policy) {
        assertThat(PolicyReader.read(policy.toJson())).isEqualTo(policy);
        SEEN.add(policy);
    }

    @AfterContainer
    static void policiesAreMany() {
        assertThat(SEEN).hasSizeGreaterThan(100);
    }

    @Property(tries = 50)
    void aStateTakesAnySubmission(@ForAll RoutingState state, @ForAll Submission submission) {
        assertThat(Routing.step(state, List.of(submission), state.now()).results()).hasSize(1);
    }
}
