package dev.wayleave.access.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.Users;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.engine.NamedOwners;
import dev.wayleave.testing.PolicyArbitraries;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The owners that the selectors of the next policy name are found anew where the policy may change them. */
class SelectorOwnersTest {

    private static final Users USERS = PolicyArbitraries.users();

    private static RoutingPolicy policy(String member, String address) {
        return PolicyReader.read("""
                {"groups": {"group:empty": [], "group:some": ["%1$s"], "group:all": ["alice@", "bob@"]},
                 "hosts": {"web": "%2$s", "lan": "%2$s", "site": "%2$s"},
                 "ipsets": {"ipset:office": ["%2$s"], "ipset:all": ["%2$s"]},
                 "tagOwners": {"tag:router": ["%1$s"]}}
                """.formatted(member, address));
    }

    @Test
    void ownersOfTheNextPolicyAreThoseThatAreFoundAnewForEveryKindOfSelector() {
        RoutingPolicy last = policy("alice@", "10.1.0.1");
        RoutingPolicy next = policy("bob@", "10.2.0.1");
        List<Selector> selectors = PolicyArbitraries.everySelector();
        SelectorOwners before = new SelectorOwners(last, USERS, null);
        selectors.forEach(before::of);
        SelectorOwners after = new SelectorOwners(next, USERS, before);
        assertThat(selectors)
                .allSatisfy(selector ->
                        assertThat(after.of(selector)).isEqualTo(NamedOwners.of(selector, next.groups(), USERS)));
    }

    @Test
    void onlyKindsWhoseOwnersThePolicyCannotChangeAreTakenOver() {
        RoutingPolicy last = policy("alice@", "10.1.0.1");
        RoutingPolicy next = policy("bob@", "10.2.0.1");
        assertThat(PolicyArbitraries.everySelector())
                .filteredOn(selector -> SelectorOwners.isUnchanged(selector, last, next))
                .allMatch(selector -> selector instanceof Selector.UserName
                        || selector instanceof Selector.UserDomain
                        || selector instanceof Selector.Tagged
                        || selector instanceof Selector.Autogroup
                        || selector.text().equals("group:empty")
                        || selector.text().equals("group:all"))
                .hasSizeGreaterThan(10);
    }
}
