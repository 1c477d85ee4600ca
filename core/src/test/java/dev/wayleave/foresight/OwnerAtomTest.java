package dev.wayleave.foresight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.Users;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.engine.NamedOwners;
import dev.wayleave.testing.PolicyArbitraries;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A selector whose owners are not known would name no node, and two policies would be compared without it. */
class OwnerAtomTest {

    private static final RoutingPolicy NO_GROUPS = RoutingPolicy.builder().build();

    static Stream<Selector> selectorsThatNameOwners() {
        return PolicyArbitraries.sourceSelectors().allValues().orElseThrow().filter(Selector::namesOwners);
    }

    @ParameterizedTest
    @MethodSource("selectorsThatNameOwners")
    void theComparisonOfPoliciesHasOwnersOfEverySelector(Selector selector) {
        Set<Selector> compared = ComparedRule.spelledOut(Set.of(selector), NO_GROUPS);

        assertThat(OwnerAtom.of(compared).stream().flatMap(atom -> atom.selectors().stream()))
                .containsAll(compared);
    }

    @ParameterizedTest
    @MethodSource("selectorsThatNameOwners")
    void theOwnersOfEverySelectorAreLookedUp(Selector selector) {
        assertThat(NamedOwners.of(selector, NO_GROUPS.groups(), Users.none()).users())
                .isEmpty();
    }
}
