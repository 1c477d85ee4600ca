package dev.wayleave.approval;

import static dev.wayleave.approval.Tailnet.USERS;
import static dev.wayleave.approval.Tailnet.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.Owner;
import dev.wayleave.net.NetArbitraries;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.RoutingPolicyBuilder;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.engine.NamedOwners;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Policies of nested, equal and neighbouring keys with few approvers, against the scan of all keys. */
class AutoApprovalPropertyTest {

    @Provide
    Arbitrary<RoutingPolicy> policies() {
        Arbitrary<List<Selector>> approvers = Arbitraries.of(
                        "alice@",
                        "bob@example.com",
                        "nobody@",
                        "group:admins",
                        "group:crew",
                        "group:empty",
                        "tag:router",
                        "tag:server",
                        "autogroup:member",
                        "autogroup:tagged",
                        "autogroup:owner")
                .map(Tailnet::selector)
                .list()
                .ofMaxSize(3);
        return Combinators.combine(Arbitraries.maps(routes(), approvers).ofMaxSize(40), approvers)
                .as((keys, exitNode) -> {
                    RoutingPolicyBuilder policy = policy("").toBuilder();
                    keys.forEach(policy::autoApproveRoutes);
                    return policy.autoApproveExitNodes(exitNode).build();
                });
    }

    @Provide
    Arbitrary<Prefix> routes() {
        Arbitrary<Prefix> nested = Combinators.combine(
                        Arbitraries.of("10.0.0.0", "10.1.0.0", "10.1.128.0", "10.255.255.255", "fd00::", "fd00:1::1"),
                        Arbitraries.integers().between(0, 32))
                .as((address, length) -> Prefix.truncating(address + "/" + length));
        return Arbitraries.frequencyOf(Tuple.of(4, nested), Tuple.of(1, NetArbitraries.prefixes()));
    }

    @Provide
    Arbitrary<Owner> owners() {
        return Arbitraries.of(
                Tailnet.ALICE,
                Tailnet.BOB,
                Tailnet.DAVE,
                Tailnet.owner("stranger"),
                Tailnet.ROUTER,
                Owner.tags("tag:other"),
                Owner.tags("tag:router", "tag:server"));
    }

    @Property
    void aVerdictAgreesWithTheScanOfAllKeys(
            @ForAll("policies") RoutingPolicy policy, @ForAll("owners") Owner owner, @ForAll("routes") Prefix route) {
        assertThat(AutoApproval.compile(policy, USERS).review(owner, route, Approvals.none()))
                .isEqualTo(new NaiveAutoApproval(policy, USERS).review(owner, route));
    }

    @Property
    void keysOfRoutesNeverApproveAnExitRoute(@ForAll("policies") RoutingPolicy policy, @ForAll("owners") Owner owner) {
        Verdict verdict = AutoApproval.compile(policy, USERS).review(owner, Tailnet.EXIT4, Approvals.none());

        boolean listed = policy.autoApprovers().exitNode().stream()
                .anyMatch(selector ->
                        NamedOwners.of(selector, policy.groups(), USERS).contains(owner));
        assertThat(verdict.isApproved()).isEqualTo(listed);
    }

    @Property
    void anApprovedPrefixIsApprovedInEverySubPrefix(
            @ForAll("policies") RoutingPolicy policy, @ForAll("owners") Owner owner, @ForAll("routes") Prefix route) {
        AutoApproval autoApproval = AutoApproval.compile(policy, USERS);
        if (!route.isExitRoute()
                && autoApproval.review(owner, route, Approvals.none()).isApproved()) {
            Prefix last = Prefix.truncating(route.last(), route.isIpv4() ? 32 : 128);

            assertThat(autoApproval.review(owner, last, Approvals.none()).isApproved())
                    .isTrue();
        }
    }
}
