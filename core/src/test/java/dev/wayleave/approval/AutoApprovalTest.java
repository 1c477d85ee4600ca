package dev.wayleave.approval;

import static dev.wayleave.approval.Tailnet.ADMIN;
import static dev.wayleave.approval.Tailnet.ALICE;
import static dev.wayleave.approval.Tailnet.BOB;
import static dev.wayleave.approval.Tailnet.EXIT4;
import static dev.wayleave.approval.Tailnet.EXIT6;
import static dev.wayleave.approval.Tailnet.LAN;
import static dev.wayleave.approval.Tailnet.ROUTER;
import static dev.wayleave.approval.Tailnet.SIX;
import static dev.wayleave.approval.Tailnet.T1;
import static dev.wayleave.approval.Tailnet.TEN;
import static dev.wayleave.approval.Tailnet.autoApproval;
import static dev.wayleave.approval.Tailnet.byAdmin;
import static dev.wayleave.approval.Tailnet.owner;
import static dev.wayleave.approval.Tailnet.policy;
import static dev.wayleave.approval.Tailnet.selector;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AutoApprovalTest {

    private static Verdict review(String autoApprovers, Owner owner, Prefix route) {
        return autoApproval(autoApprovers).review(owner, route, Approvals.none());
    }

    private static Verdict byKey(String key, String approver) {
        return new Verdict.ApprovedByPolicy(new Approver.RouteApprover(Prefix.parse(key), selector(approver)));
    }

    @Nested
    class SubnetRoutes {

        @Test
        void aKeyApprovesItself() {
            assertThat(review("R{10.0.0.0/8=tag:router}", ROUTER, TEN)).isEqualTo(byKey("10.0.0.0/8", "tag:router"));
        }

        @Test
        void aKeyApprovesASubPrefix() {
            assertThat(review("R{10.0.0.0/8=tag:router}", ROUTER, Prefix.parse("10.255.255.255/32")))
                    .isEqualTo(byKey("10.0.0.0/8", "tag:router"));
        }

        @Test
        void aKeyDoesNotApproveAWiderPrefix() {
            assertThat(review("R{10.0.0.0/8=tag:router}", ROUTER, Prefix.parse("10.0.0.0/7")))
                    .isEqualTo(new Verdict.NoKeyCovers());
        }

        @Test
        void theVerdictNamesTheNarrowestKeyThatApproves() {
            assertThat(review("R{10.0.0.0/8=tag:router; 10.1.0.0/16=tag:router}", ROUTER, Prefix.parse("10.1.2.0/24")))
                    .isEqualTo(byKey("10.1.0.0/16", "tag:router"));
        }

        @Test
        void aNarrowKeyThatNamesOtherNodesDoesNotShadowAWideKey() {
            assertThat(review("R{10.0.0.0/8=tag:router; 10.1.0.0/16=alice@}", ROUTER, Prefix.parse("10.1.2.0/24")))
                    .isEqualTo(byKey("10.0.0.0/8", "tag:router"));
        }

        @Test
        void theVerdictNamesTheFirstApproverThatNamesTheNode() {
            assertThat(review("R{10.0.0.0/8=alice@,group:crew,bob@}", BOB, TEN))
                    .isEqualTo(byKey("10.0.0.0/8", "group:crew"));
        }

        @Test
        void theVerdictSaysThatNoKeyCovers() {
            assertThat(review("R{10.0.0.0/8=tag:router} X[tag:router]", ROUTER, LAN))
                    .isEqualTo(new Verdict.NoKeyCovers());
        }

        @Test
        void theVerdictSaysWhichKeysCoverWithoutNamingTheNode() {
            assertThat(review(
                            "R{10.0.0.0/8=bob@; 10.1.0.0/16=; 10.1.2.0/24=group:admins; 10.2.0.0/16=alice@}",
                            ALICE,
                            Prefix.parse("10.1.2.0/25")))
                    .isEqualTo(new Verdict.NoApproverNamesNode(List.of(
                            Prefix.parse("10.1.2.0/24"), Prefix.parse("10.1.0.0/16"), Prefix.parse("10.0.0.0/8"))));
        }

        @Test
        void aWideKeyIsFoundBehindNarrowerNeighbours() {
            assertThat(review(
                            "R{10.0.0.0/8=tag:router; 10.1.0.0/16=alice@; 10.1.1.0/24=alice@; 10.1.2.0/24=alice@}",
                            ROUTER,
                            Prefix.parse("10.3.0.0/16")))
                    .isEqualTo(byKey("10.0.0.0/8", "tag:router"));
        }

        @Test
        void theKeyForAllOfIpv4CoversEveryIpv4SubnetRouteOnly() {
            String policy = "R{0.0.0.0/0=tag:router}";

            assertThat(review(policy, ROUTER, LAN)).isEqualTo(byKey("0.0.0.0/0", "tag:router"));
            assertThat(review(policy, ROUTER, SIX)).isEqualTo(new Verdict.NoKeyCovers());
            assertThat(review(policy, ROUTER, EXIT4)).isEqualTo(new Verdict.NoExitNodeApprover());
        }
    }

    @Nested
    class ExitRoutes {

        @ParameterizedTest
        @ValueSource(strings = {"0.0.0.0/0", "::/0"})
        void exitRoutesAreApprovedByExitNodeAlone(String exitRoute) {
            Prefix route = Prefix.parse(exitRoute);

            assertThat(review("X[alice@,tag:router,autogroup:tagged]", ROUTER, route))
                    .isEqualTo(new Verdict.ApprovedByPolicy(new Approver.ExitNodeApprover(selector("tag:router"))));
            assertThat(review("R{0.0.0.0/0=tag:router; ::/0=tag:router}", ROUTER, route))
                    .isEqualTo(new Verdict.NoExitNodeApprover());
        }

        @Test
        void exitRoutesAreNotApprovedByAnEmptyList() {
            assertThat(review("X[]", ROUTER, EXIT4)).isEqualTo(new Verdict.NoExitNodeApprover());
        }

        @Test
        void exitRoutesAreNotApprovedIfNoListedApproverNamesTheNode() {
            assertThat(review("X[alice@,tag:other]", ROUTER, EXIT6))
                    .isEqualTo(new Verdict.NoExitNodeApproverNamesNode(
                            List.of(selector("alice@"), selector("tag:other"))));
        }
    }

    @Nested
    class Approvers {

        @ParameterizedTest
        @CsvSource({
            "alice@example.com,       alice",
            "alice@,                  alice",
            "group:admins,            bob",
            "autogroup:admin,         bob",
            "autogroup:network-admin, carol",
            "autogroup:owner,         dave"
        })
        void anApproverNamesTheNodesOfOneUser(String approver, String user) {
            for (String name : List.of("alice", "bob", "carol", "dave")) {
                assertThat(review("R{10.0.0.0/8=" + approver + "}", owner(name), TEN)
                                .isApproved())
                        .isEqualTo(name.equals(user));
            }
            assertThat(review("R{10.0.0.0/8=" + approver + "}", ROUTER, TEN).isApproved())
                    .isFalse();
        }

        @Test
        void autogroupMemberNamesTheNodesOfAllUsersAndNoTaggedOne() {
            String policy = "R{10.0.0.0/8=autogroup:member}";

            assertThat(review(policy, ALICE, TEN).isApproved()).isTrue();
            assertThat(review(policy, BOB, TEN).isApproved()).isTrue();
            assertThat(review(policy, ROUTER, TEN).isApproved()).isFalse();
        }

        @Test
        void autogroupTaggedNamesEveryTaggedNodeAndNoOther() {
            String policy = "R{10.0.0.0/8=autogroup:tagged}";

            assertThat(review(policy, ALICE, TEN).isApproved()).isFalse();
            assertThat(review(policy, ROUTER, TEN).isApproved()).isTrue();
        }

        @Test
        void aTagNamesANodeThatHasOtherTagsToo() {
            Owner both = Owner.tags("tag:router", "tag:server");

            assertThat(review("R{10.0.0.0/8=tag:server}", both, TEN).isApproved())
                    .isTrue();
            assertThat(review("R{10.0.0.0/8=tag:other}", both, TEN).isApproved())
                    .isFalse();
        }

        @ParameterizedTest
        @ValueSource(strings = {"nobody@example.com", "group:empty", "Alice@", "tag:other"})
        void approversThatDoNotNameTheNodeApproveNothing(String approver) {
            assertThat(review("R{10.0.0.0/8=" + approver + "}", ALICE, TEN))
                    .isEqualTo(new Verdict.NoApproverNamesNode(List.of(TEN)));
        }

        @Test
        void aTextThatFitsTwoUsersNamesNeither() {
            Users twins = Users.of(
                    User.builder(new UserId("1"), "alice").build(),
                    User.builder(new UserId("2"), "alice").build());
            AutoApproval autoApproval = AutoApproval.compile(policy("R{10.0.0.0/8=alice@}"), twins);

            assertThat(autoApproval.review(owner("1"), TEN, Approvals.none()).isApproved())
                    .isFalse();
        }
    }

    @Nested
    class DecidedRoutes {

        private final AutoApproval everything = autoApproval("R{0.0.0.0/0=tag:router} X[tag:router]");

        @Test
        void anApprovedRouteIsReportedWithItsApproval() {
            Approvals approvals = Approvals.builder().approved(TEN, byAdmin(T1)).build();

            assertThat(everything.review(ROUTER, TEN, approvals)).isEqualTo(new Verdict.AlreadyApproved(byAdmin(T1)));
            assertThat(autoApproval("").review(ALICE, TEN, approvals).isApproved())
                    .isTrue();
        }

        @Test
        void aDeniedRouteIsNotApprovedWhateverThePolicySays() {
            Denial denial = new Denial(ADMIN, T1);
            Approvals approvals = Approvals.builder().denied(TEN, denial).build();

            assertThat(everything.review(ROUTER, TEN, approvals))
                    .isEqualTo(new Verdict.Denied(denial))
                    .extracting(Verdict::isApproved)
                    .isEqualTo(false);
        }

        @Test
        void aWithdrawnApprovalIsNotGivenBackByThePolicy() {
            Approvals approvals =
                    Approvals.builder().withdrawn(TEN, byAdmin(T1)).build();

            assertThat(everything.review(ROUTER, TEN, approvals)).isEqualTo(new Verdict.Withdrawn(byAdmin(T1)));
        }

        @Test
        void aDecisionForOneRouteSaysNothingOfASubPrefix() {
            Approvals approvals =
                    Approvals.builder().denied(TEN, new Denial(ADMIN, T1)).build();

            assertThat(everything
                            .review(ROUTER, Prefix.parse("10.1.0.0/16"), approvals)
                            .isApproved())
                    .isTrue();
        }
    }

    @Nested
    class LapsedApprovals {

        private final Approver.AutoApprover byKey =
                new Approver.RouteApprover(Prefix.parse("10.0.0.0/8"), selector("tag:router"));
        private final Approver.AutoApprover byExitNode = new Approver.ExitNodeApprover(selector("tag:router"));

        @Test
        void anApproverThatIsStillListedAndNamesTheOwnerStillApproves() {
            AutoApproval approval = autoApproval("R{10.0.0.0/8=tag:router} X[tag:router]");

            assertThat(approval.stillApproves(byKey, ROUTER, Prefix.parse("10.1.0.0/16")))
                    .isTrue();
            assertThat(approval.stillApproves(byExitNode, ROUTER, EXIT4)).isTrue();
        }

        @Test
        void anApproverOfAnotherKindOfRouteDoesNot() {
            AutoApproval approval = autoApproval("R{10.0.0.0/8=tag:router; 0.0.0.0/0=tag:router} X[tag:router]");

            assertThat(approval.stillApproves(byExitNode, ROUTER, TEN)).isFalse();
            assertThat(approval.stillApproves(new Approver.RouteApprover(EXIT4, selector("tag:router")), ROUTER, EXIT4))
                    .isFalse();
        }

        @Test
        void anApproverThatTheKeyNoLongerListsDoesNot() {
            assertThat(autoApproval("R{10.0.0.0/8=alice@}").stillApproves(byKey, ROUTER, TEN))
                    .isFalse();
            assertThat(autoApproval("R{10.0.0.0/9=tag:router}").stillApproves(byKey, ROUTER, TEN))
                    .isFalse();
        }

        @Test
        void anApproverDoesNotForAnotherOwnerOrAPrefixOutsideItsKey() {
            AutoApproval approval = autoApproval("R{10.0.0.0/8=tag:router} X[tag:router]");

            assertThat(approval.stillApproves(byKey, ALICE, TEN)).isFalse();
            assertThat(approval.stillApproves(byExitNode, ALICE, EXIT4)).isFalse();
            assertThat(approval.stillApproves(byKey, ROUTER, LAN)).isFalse();
        }
    }

    @Test
    void onlyTheOwnerOfTheNodeMatters() {
        Node node = Node.builder(new NodeId(5), "router-a", ROUTER).build();

        assertThat(autoApproval("R{10.0.0.0/8=tag:router}").review(node, TEN, Approvals.none()))
                .isEqualTo(byKey("10.0.0.0/8", "tag:router"));
    }

    @Test
    void aPolicyWithoutTheSectionApprovesNothing() {
        assertThat(review("", ROUTER, TEN)).isEqualTo(new Verdict.NoKeyCovers());
        assertThat(review("", ROUTER, EXIT4)).isEqualTo(new Verdict.NoExitNodeApprover());
    }
}
