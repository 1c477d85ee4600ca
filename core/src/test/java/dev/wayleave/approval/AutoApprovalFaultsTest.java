package dev.wayleave.approval;

import static dev.wayleave.approval.Tailnet.ADMIN;
import static dev.wayleave.approval.Tailnet.BOB;
import static dev.wayleave.approval.Tailnet.DEFAULT;
import static dev.wayleave.approval.Tailnet.EXIT4;
import static dev.wayleave.approval.Tailnet.EXIT6;
import static dev.wayleave.approval.Tailnet.ROUTER;
import static dev.wayleave.approval.Tailnet.T1;
import static dev.wayleave.approval.Tailnet.T2;
import static dev.wayleave.approval.Tailnet.T3;
import static dev.wayleave.approval.Tailnet.TEN;
import static dev.wayleave.approval.Tailnet.autoApproval;
import static dev.wayleave.approval.Tailnet.routes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.Owner;
import dev.wayleave.net.Prefix;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import org.junit.jupiter.api.Test;

/**
 * Faults of approval that users of other control planes reported, each by the number of its issue, and the result
 * here. {@code AutoApprovalRegressionTest} runs such reports as whole scenarios.
 */
class AutoApprovalFaultsTest {

    private static SortedSet<Prefix> approvedAtOnce(AutoApproval policy, Owner owner, SortedSet<Prefix> advertised) {
        return Approvals.none()
                .autoApprove(owner, advertised, policy, T1)
                .next()
                .effective(advertised);
    }

    /** Approval came only after the routes were taken back and advertised again. */
    @Test
    void headscale2485AChangedPolicyApprovesWhatIsAdvertisedAlready() {
        SortedSet<Prefix> advertised = routes(TEN);
        Approvals waiting = Approvals.none()
                .autoApprove(ROUTER, advertised, autoApproval(""), T1)
                .next();

        Approvals now = waiting.autoApprove(ROUTER, advertised, autoApproval("R{10.0.0.0/8=tag:router}"), T2)
                .next();

        assertThat(now.effective(advertised)).containsExactly(TEN);
    }

    /** A new exit node was not approved at its first advertisement. */
    @Test
    void headscale2547ANewExitNodeIsApprovedFromTheStart() {
        assertThat(approvedAtOnce(autoApproval("X[tag:router]"), ROUTER, routes(EXIT4, EXIT6)))
                .containsExactly(EXIT4, EXIT6);
    }

    /** The keys {@code 0.0.0.0/0} and {@code ::/0} approved no subnet route. */
    @Test
    void headscale2568TheKeyForAllApprovesSingleAddresses() {
        SortedSet<Prefix> advertised = routes(Prefix.parse("10.99.0.0/16"), Prefix.parse("104.16.208.203/32"));

        assertThat(approvedAtOnce(autoApproval("R{0.0.0.0/0=tag:router; ::/0=tag:router}"), ROUTER, advertised))
                .isEqualTo(advertised);
    }

    /** A tagged router with subnets and exit routes got nothing. */
    @Test
    void headscale2603ATaggedRouterIsApprovedForSubnetsAndExitAlike() {
        SortedSet<Prefix> advertised = routes(Prefix.parse("10.0.10.0/24"), Prefix.parse("10.0.20.0/24"), EXIT4, EXIT6);
        AutoApproval policy = autoApproval("R{10.0.10.0/24=tag:router; 10.0.20.0/24=tag:router} X[tag:router]");

        assertThat(approvedAtOnce(policy, ROUTER, advertised)).isEqualTo(advertised);
    }

    /** Tags stopped working beside groups. */
    @Test
    void headscale2668TagsAndGroupsApproveBesideEachOther() {
        AutoApproval policy = autoApproval("R{192.168.0.0/16=group:admins; 10.0.0.0/8=tag:router}");

        assertThat(approvedAtOnce(policy, ROUTER, routes(TEN))).containsExactly(TEN);
        assertThat(approvedAtOnce(policy, BOB, routes(Prefix.parse("192.168.7.0/24"))))
                .hasSize(1);
        assertThat(approvedAtOnce(policy, BOB, routes(TEN))).isEmpty();
    }

    /** A sub-prefix of a key was not approved. */
    @Test
    void headscale2068AKeyApprovesItsSubPrefixes() {
        SortedSet<Prefix> advertised = routes(Prefix.parse("10.42.7.0/24"));

        assertThat(approvedAtOnce(autoApproval("R{10.42.0.0/16=bob@}"), BOB, advertised))
                .isEqualTo(advertised);
    }

    /** A node with a tagged key is no longer its user's, and no message named why its route was not approved. */
    @Test
    void headscale2891ATaggedNodeIsNotNamedByTheGroupOfItsUserAndTheVerdictSaysSo() {
        Owner bastion = Owner.tags("tag:server");
        Prefix route = Prefix.parse("10.4.0.0/16");

        assertThat(autoApproval("R{10.0.0.0/8=group:admins}").review(bastion, route, Approvals.none()))
                .isEqualTo(new Verdict.NoApproverNamesNode(List.of(TEN)));
        assertThat(approvedAtOnce(autoApproval("R{10.0.0.0/8=group:admins,tag:server}"), bastion, routes(route)))
                .containsExactly(route);
    }

    /** Auto-approved routes were missing from the answers of the API. */
    @Test
    void tailscale4502AutoApprovedRoutesAreListedWithTheirApprover() {
        Approvals approvals = Approvals.none()
                .autoApprove(ROUTER, routes(TEN), autoApproval("R{10.0.0.0/8=tag:router}"), T1)
                .next();

        assertThat(approvals.approved().get(TEN).by())
                .isEqualTo(new Approver.RouteApprover(TEN, Tailnet.selector("tag:router")));
    }

    /** A route that an administrator took away came back with the next policy. */
    @Test
    void headscaleARouteThatAnAdministratorTookAwayStaysAway() {
        AutoApproval policy = autoApproval("R{10.0.0.0/8=tag:router}");
        Approvals denied = Approvals.none()
                .autoApprove(ROUTER, routes(TEN), policy, T1)
                .next()
                .setApproved(routes(), ADMIN, T2, DEFAULT)
                .next();

        assertThat(denied.autoApprove(ROUTER, routes(TEN), policy, T3).next().effective(routes(TEN)))
                .isEmpty();
    }

    /** A disabled route was elected. */
    @Test
    void headscale1706ARouteThatIsNotApprovedIsNotInForce() {
        assertThat(Approvals.none().effective(Set.of(TEN))).isEmpty();
    }

    /** A node that stopped advertising but stayed approved was picked. */
    @Test
    void tailscale3892ARouteThatIsNotAdvertisedIsNotInForce() {
        Approvals approvals =
                Approvals.none().setApproved(routes(TEN), ADMIN, T1, DEFAULT).next();

        assertThat(approvals.effective(Set.of())).isEmpty();
    }
}
