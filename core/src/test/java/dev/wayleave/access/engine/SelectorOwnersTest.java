package dev.wayleave.access.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.Users;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.engine.NamedOwners;
import dev.wayleave.testing.PolicyArbitraries;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
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

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void ownersOfAnotherPolicyAndOtherUsersAreThoseThatAreFoundAnew(
            @ForAll("policies") RoutingPolicy last,
            @ForAll("someUsers") Users lastUsers,
            @ForAll("policies") RoutingPolicy next,
            @ForAll("someUsers") Users nextUsers) {
        SelectorOwners before = new SelectorOwners(last, lastUsers, null);
        PolicyArbitraries.everySelector().forEach(before::of);
        SelectorOwners after = new SelectorOwners(next, nextUsers, before);
        assertThat(PolicyArbitraries.everySelector())
                .allSatisfy(selector ->
                        assertThat(after.of(selector)).isEqualTo(NamedOwners.of(selector, next.groups(), nextUsers)));
    }

    @Provide
    Arbitrary<RoutingPolicy> policies() {
        return PolicyArbitraries.definitions();
    }

    @Provide
    Arbitrary<Users> someUsers() {
        return PolicyArbitraries.someUsers();
    }

    @Test
    void onlyKindsWhoseOwnersThePolicyCannotChangeAreTakenOver() {
        RoutingPolicy last = policy("alice@", "10.1.0.1");
        RoutingPolicy next = policy("bob@", "10.2.0.1");
        SelectorOwners.Change change = SelectorOwners.Change.between(last, USERS, next, USERS);
        assertThat(PolicyArbitraries.everySelector())
                .filteredOn(change::isUnchanged)
                .allMatch(selector -> selector instanceof Selector.UserName
                        || selector instanceof Selector.UserDomain
                        || selector instanceof Selector.Tagged
                        || selector instanceof Selector.Autogroup
                        || selector.text().equals("group:empty")
                        || selector.text().equals("group:all"))
                .hasSizeGreaterThan(10);
    }

    @Test
    void theRoleOfAUserLeavesWhatNamesUsersByTheirNames() {
        RoutingPolicy policy = policy("alice@", "10.1.0.1");
        List<User> users = new ArrayList<>(USERS.all());
        users.set(0, users.get(0).toBuilder().role(Role.AUDITOR).build());
        SelectorOwners.Change change = SelectorOwners.Change.between(policy, USERS, policy, Users.of(users));
        assertThat(List.of("group:all", "alice@", "user:*@example.com", "autogroup:member", "autogroup:admin"))
                .allMatch(text -> change.isUnchanged(Selector.parse(text)));
        assertThat(change.isUnchanged(Selector.parse("autogroup:auditor"))).isFalse();
    }

    @Test
    void anotherNameOfAUserLeavesGroupsWithoutThisUser() {
        RoutingPolicy policy = policy("alice@", "10.1.0.1");
        List<User> users = new ArrayList<>(USERS.all());
        users.set(1, users.get(1).toBuilder().name("robert").build());
        SelectorOwners.Change change = SelectorOwners.Change.between(policy, USERS, policy, Users.of(users));
        assertThat(change.isUnchanged(Selector.parse("group:some"))).isTrue();
        assertThat(change.isUnchanged(Selector.parse("group:all"))).isFalse();
        assertThat(change.isUnchanged(Selector.parse("bob@"))).isFalse();
    }
}
