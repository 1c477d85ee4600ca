package dev.wayleave.access.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.internal.BitArrays;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.testing.PolicyArbitraries;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** An index that follows from the one before says what an index of the same policy says that is made from nothing. */
class PolicyIndexPropertyTest {

    /** A policy and the users whom it names. */
    record PolicyAndUsers(RoutingPolicy policy, Users users) {}

    @Provide
    Arbitrary<List<PolicyAndUsers>> histories() {
        Arbitrary<RoutingPolicy> policies = PolicyArbitraries.policies();
        Arbitrary<List<RoutingPolicy>> few = policies.list().ofMinSize(1).ofMaxSize(3);
        Arbitrary<List<Users>> users =
                PolicyArbitraries.someUsers().list().ofMinSize(1).ofMaxSize(3);
        return Combinators.combine(few, users)
                .flatAs((somePolicies, someUsers) -> Combinators.combine(
                                Arbitraries.of(somePolicies), Arbitraries.of(someUsers))
                        .as(PolicyAndUsers::new)
                        .list()
                        .ofMinSize(2)
                        .ofMaxSize(6));
    }

    private static List<Owner> owners() {
        Stream<Owner> users = Stream.of("1", "2", "3", "4", "5").map(id -> Owner.user(new UserId(id)));
        Stream<Owner> tags = Stream.of("tag:router", "tag:db", "tag:none").map(Owner::tags);
        return Stream.concat(users, tags).toList();
    }

    private static List<String> contents(PolicyIndex index, RuleSet rules) {
        List<String> contents = new ArrayList<>();
        rules.forEach(number -> contents.add(index.numbers.rule(number).id() + " for " + index.numbers.user(number)
                + ": " + index.numbers.rule(number)));
        contents.sort(null);
        return contents;
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void theSameRulesNameAnOwnerAsInAnIndexFromNothing(@ForAll("histories") List<PolicyAndUsers> history) {
        PolicyIndex index = null;
        for (PolicyAndUsers named : history) {
            index = new PolicyIndex(named.policy(), named.users(), OverlayRanges.DEFAULT, index);
            PolicyIndex anew = new PolicyIndex(named.policy(), named.users(), OverlayRanges.DEFAULT, null);
            for (Owner owner : owners()) {
                assertThat(contents(index, index.named(owner))).isEqualTo(contents(anew, anew.named(owner)));
                assertThat(contents(index, index.opened(owner))).isEqualTo(contents(anew, anew.opened(owner)));
            }
        }
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void allWhomRulesNameOtherwiseAreFound(@ForAll("histories") List<PolicyAndUsers> history) {
        PolicyIndex before = null;
        for (PolicyAndUsers named : history) {
            PolicyIndex after = new PolicyIndex(named.policy(), named.users(), OverlayRanges.DEFAULT, before);
            if (before != null
                    && after.numbers.isComparableTo(before.numbers)
                    && BitArrays.areEqual(after.selfEntries, before.selfEntries)) {
                Set<UserId> otherwise = after.usersWithOtherRules(before);
                for (User user : Stream.concat(before.users.all().stream(), after.users.all().stream())
                        .toList()) {
                    if (!after.namesAlike(before, Owner.user(user.id()))) {
                        assertThat(otherwise).contains(user.id());
                    }
                }
            }
            before = after;
        }
    }

    /** One change at a time among many users: the index takes over all others. */
    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void aMemberWhoComesOrGoesIsNamedAsInAnIndexFromNothing(@ForAll Random random) {
        List<User> users = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            users.add(User.builder(new UserId("u" + i), "user" + i)
                    .email("user" + i + "@example.com")
                    .build());
        }
        List<Set<Integer>> groups = new ArrayList<>();
        for (int group = 0; group < 4; group++) {
            groups.add(new TreeSet<>());
            for (int i = 0; i < 20; i++) {
                groups.get(group).add(random.nextInt(60));
            }
        }
        PolicyIndex index = null;
        for (int step = 0; step < 25; step++) {
            int user = random.nextInt(users.size());
            switch (random.nextInt(3)) {
                case 0 -> toggle(groups.get(random.nextInt(4)), user);
                case 1 ->
                    users.set(
                            user,
                            users.get(user).toBuilder()
                                    .role(Role.values()[random.nextInt(Role.values().length)])
                                    .build());
                default -> users.remove(users.size() > 50 ? user : users.size() - 1);
            }
            RoutingPolicy policy = policy(groups, random.nextInt(2));
            index = new PolicyIndex(policy, Users.of(users), OverlayRanges.DEFAULT, index);
            PolicyIndex anew = new PolicyIndex(policy, Users.of(users), OverlayRanges.DEFAULT, null);
            for (int i = 0; i < 60; i++) {
                Owner owner = Owner.user(new UserId("u" + i));
                assertThat(contents(index, index.named(owner))).isEqualTo(contents(anew, anew.named(owner)));
                assertThat(contents(index, index.opened(owner))).isEqualTo(contents(anew, anew.opened(owner)));
            }
        }
    }

    private static void toggle(Set<Integer> members, int user) {
        if (!members.remove(user)) {
            members.add(user);
        }
    }

    private static RoutingPolicy policy(List<Set<Integer>> groups, int more) {
        StringBuilder members = new StringBuilder();
        StringBuilder rules = new StringBuilder();
        for (int group = 0; group < groups.size(); group++) {
            String texts = groups.get(group).stream()
                    .map(user -> "'user" + user + "@'")
                    .collect(Collectors.joining(","));
            members.append("'group:g").append(group).append("':[").append(texts).append("],");
            rules.append("{'action':'accept','src':['group:g%d'],'dst':['group:g%d:22']},"
                    .formatted(group, (group + 1 + more) % groups.size()));
        }
        return PolicyReader.read("""
                {'groups': {%s},
                 'acls': [%s
                   {'action': 'accept', 'src': ['autogroup:admin'], 'dst': ['autogroup:self:*']},
                   {'action': 'accept', 'src': ['user3@example.com'], 'dst': ['user4@:443']}]}
                """.formatted(members, rules).replace('\'', '"'));
    }
}
