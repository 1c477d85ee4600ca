package dev.wayleave.approval;

import static dev.wayleave.approval.Tailnet.ADMIN;
import static dev.wayleave.approval.Tailnet.ALICE;
import static dev.wayleave.approval.Tailnet.DEFAULT;
import static dev.wayleave.approval.Tailnet.EXIT4;
import static dev.wayleave.approval.Tailnet.EXIT6;
import static dev.wayleave.approval.Tailnet.FORGET_DENIED;
import static dev.wayleave.approval.Tailnet.LAN;
import static dev.wayleave.approval.Tailnet.OTHER_ADMIN;
import static dev.wayleave.approval.Tailnet.REVOKE;
import static dev.wayleave.approval.Tailnet.ROUTER;
import static dev.wayleave.approval.Tailnet.SIX;
import static dev.wayleave.approval.Tailnet.T1;
import static dev.wayleave.approval.Tailnet.T2;
import static dev.wayleave.approval.Tailnet.T3;
import static dev.wayleave.approval.Tailnet.TEN;
import static dev.wayleave.approval.Tailnet.autoApproval;
import static dev.wayleave.approval.Tailnet.byAdmin;
import static dev.wayleave.approval.Tailnet.routes;
import static dev.wayleave.approval.Tailnet.selector;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.wayleave.net.Prefix;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApprovalsTest {

    private static final AutoApproval EVERYTHING =
            autoApproval("R{0.0.0.0/0=tag:router; ::/0=tag:router} X[tag:router]");
    private static final Approval BY_KEY = new Approval(new Approver.RouteApprover(EXIT4, selector("tag:router")), T1);
    private static final Approval BY_EXIT_NODE =
            new Approval(new Approver.ExitNodeApprover(selector("tag:router")), T1);
    private static final Approval IMPORTED = new Approval(new Approver.Import("old"), T1);

    private static Approvals approved(Prefix... routes) {
        return Approvals.none().setApproved(routes(routes), ADMIN, T1, DEFAULT).next();
    }

    private static Approvals denied(Prefix... routes) {
        return Approvals.none().revoke(routes(routes), ADMIN, T1, DEFAULT).next();
    }

    private static Approvals autoApproved(Prefix... routes) {
        return Approvals.none()
                .autoApprove(ROUTER, routes(routes), EVERYTHING, T1)
                .next();
    }

    private static Approvals imported(Prefix... routes) {
        return Approvals.none().importApprovals(routes(routes), "old", T1).next();
    }

    @Nested
    class ApprovalsByAdministrators {

        @Test
        void theListIsApprovedOnTheAdministratorsWord() {
            ApprovalOutcome outcome = Approvals.none().setApproved(List.of(LAN, TEN, LAN), ADMIN, T1, DEFAULT);

            assertThat(outcome.next().approved()).containsExactly(entry(TEN, byAdmin(T1)), entry(LAN, byAdmin(T1)));
            assertThat(outcome.changes())
                    .containsExactly(
                            new ApprovalChange.Approved(TEN, byAdmin(T1)),
                            new ApprovalChange.Approved(LAN, byAdmin(T1)));
        }

        @Test
        void aRouteApprovedBeforeIsNamedAndKeepsItsApprover() {
            ApprovalOutcome outcome = autoApproved(EXIT4, EXIT6).approve(routes(TEN, EXIT6), ADMIN, T2);

            assertThat(outcome.changes())
                    .containsExactlyInAnyOrder(
                            new ApprovalChange.Approved(TEN, byAdmin(T2)),
                            new ApprovalChange.AlreadyApproved(EXIT4, BY_EXIT_NODE),
                            new ApprovalChange.AlreadyApproved(EXIT6, BY_EXIT_NODE));
            assertThat(outcome.next().approved()).containsEntry(EXIT4, BY_EXIT_NODE);
        }

        @Test
        void aListReplacesTheWholeListBefore() {
            ApprovalOutcome outcome = approved(TEN, LAN).setApproved(routes(SIX, LAN), OTHER_ADMIN, T2, DEFAULT);

            Approval byOther = new Approval(new Approver.Administrator(OTHER_ADMIN), T2);
            assertThat(outcome.changes())
                    .containsExactly(
                            new ApprovalChange.Revoked(TEN, byAdmin(T1), OTHER_ADMIN, T2),
                            new ApprovalChange.Denied(TEN, new Denial(OTHER_ADMIN, T2)),
                            new ApprovalChange.Approved(SIX, byOther));
            assertThat(outcome.next().approved()).containsOnlyKeys(LAN, SIX);
            assertThat(outcome.next().denied()).containsOnlyKeys(TEN);
        }

        @Test
        void aListLeavesNoDenialWhereDenialsAreNotRemembered() {
            ApprovalOutcome outcome = approved(TEN).setApproved(routes(), ADMIN, T2, FORGET_DENIED);

            assertThat(outcome.next()).isEqualTo(Approvals.none());
            assertThat(outcome.changes()).containsExactly(new ApprovalChange.Revoked(TEN, byAdmin(T1), ADMIN, T2));
        }

        @Test
        void anEmptyListRevokesEverything() {
            assertThat(approved(TEN, LAN)
                            .setApproved(routes(), ADMIN, T2, DEFAULT)
                            .next()
                            .denied())
                    .containsOnlyKeys(TEN, LAN);
        }

        @Test
        void aSecondApprovalKeepsTheFirstApprover() {
            Approvals before = autoApproved(TEN);

            ApprovalOutcome outcome = before.setApproved(routes(TEN), ADMIN, T2, DEFAULT);

            assertThat(outcome.next()).isSameAs(before);
            assertThat(outcome.changes()).isEmpty();
        }

        @Test
        void anApprovalLiftsADenial() {
            ApprovalOutcome outcome = denied(TEN).setApproved(routes(TEN), OTHER_ADMIN, T2, DEFAULT);

            assertThat(outcome.changes())
                    .containsExactly(
                            new ApprovalChange.DenialLifted(TEN, new Denial(ADMIN, T1)),
                            new ApprovalChange.Approved(
                                    TEN, new Approval(new Approver.Administrator(OTHER_ADMIN), T2)));
            assertThat(outcome.next().denied()).isEmpty();
        }

        @Test
        void aDenialThatTheListDoesNotNameStays() {
            assertThat(denied(TEN)
                            .setApproved(routes(LAN), ADMIN, T2, DEFAULT)
                            .next()
                            .denied())
                    .containsExactly(entry(TEN, new Denial(ADMIN, T1)));
        }

        @Test
        void aRouteMayBeApprovedBeforeItIsAdvertisedAndWaits() {
            Approvals approvals = approved(TEN, LAN);

            assertThat(approvals.effective(Set.of())).isEmpty();
            assertThat(approvals.effective(Set.of(SIX, LAN))).containsExactly(LAN);
        }
    }

    @Nested
    class Revocations {

        @Test
        void aRevocationTakesApprovalsAwayAndDenies() {
            ApprovalOutcome outcome = approved(TEN, LAN).revoke(routes(TEN), OTHER_ADMIN, T2, DEFAULT);

            assertThat(outcome.changes())
                    .containsExactly(
                            new ApprovalChange.Revoked(TEN, byAdmin(T1), OTHER_ADMIN, T2),
                            new ApprovalChange.Denied(TEN, new Denial(OTHER_ADMIN, T2)));
            assertThat(outcome.next().approved()).containsOnlyKeys(LAN);
        }

        @Test
        void aRevocationDeniesARouteThatWasNotApprovedYet() {
            assertThat(Approvals.none().revoke(routes(TEN), ADMIN, T1, DEFAULT).changes())
                    .containsExactly(new ApprovalChange.Denied(TEN, new Denial(ADMIN, T1)));
        }

        @Test
        void aRevocationOfAnUnapprovedRouteChangesNothingIfDenialsAreForgotten() {
            Approvals before = approved(TEN);

            assertThat(before.revoke(routes(LAN), ADMIN, T2, FORGET_DENIED))
                    .isEqualTo(new ApprovalOutcome(before, List.of()));
        }

        @Test
        void aSecondRevocationKeepsTheFirstDenial() {
            Approvals before = denied(TEN);

            assertThat(before.revoke(routes(TEN), OTHER_ADMIN, T2, DEFAULT).next())
                    .isSameAs(before);
        }
    }

    @Nested
    class AutoApprovals {

        @Test
        void anAutoApprovalAddsTheRoutesThatThePolicyApproves() {
            ApprovalOutcome outcome = Approvals.none().autoApprove(ROUTER, routes(TEN), EVERYTHING, T1);

            assertThat(outcome.next().approved()).containsExactly(entry(TEN, BY_KEY));
            assertThat(outcome.changes()).containsExactly(new ApprovalChange.Approved(TEN, BY_KEY));
        }

        @Test
        void anAutoApprovalLeavesTheRoutesThatThePolicyDoesNotApprove() {
            ApprovalOutcome outcome = Approvals.none().autoApprove(ALICE, routes(TEN, EXIT4), EVERYTHING, T1);

            assertThat(outcome.next()).isSameAs(Approvals.none());
            assertThat(outcome.changes()).isEmpty();
        }

        @Test
        void aRouteThatThePolicyNoLongerApprovesStaysApproved() {
            Approvals before = autoApproved(TEN);

            assertThat(before.autoApprove(ROUTER, routes(TEN), autoApproval(""), T2)
                            .next())
                    .isSameAs(before);
        }

        @Test
        void anAutoApprovalDoesNotBringADeniedRouteBack() {
            Approvals before = denied(TEN, EXIT4);

            assertThat(before.autoApprove(ROUTER, routes(TEN, EXIT4, EXIT6), EVERYTHING, T2)
                            .next())
                    .isSameAs(before);
        }

        @Test
        void aRevokedRouteComesBackWhereDenialsAreNotRemembered() {
            Approvals revoked = autoApproved(TEN)
                    .revoke(routes(TEN), ADMIN, T2, FORGET_DENIED)
                    .next();

            assertThat(revoked.autoApprove(ROUTER, routes(TEN), EVERYTHING, T3)
                            .next()
                            .approved())
                    .containsOnlyKeys(TEN);
        }

        @Test
        void aDenialHoldsEvenIfDenialsAreNoLongerRemembered() {
            Approvals still =
                    denied(TEN).revoke(routes(LAN), ADMIN, T2, FORGET_DENIED).next();

            assertThat(still.autoApprove(ROUTER, routes(TEN), EVERYTHING, T3).next())
                    .isSameAs(still);
        }
    }

    @Nested
    class ExitPairs {

        @ParameterizedTest
        @ValueSource(strings = {"0.0.0.0/0", "::/0"})
        void approvingOneApprovesBoth(String one) {
            assertThat(approved(Prefix.parse(one), TEN).approved()).containsOnlyKeys(EXIT4, TEN, EXIT6);
        }

        @ParameterizedTest
        @ValueSource(strings = {"0.0.0.0/0", "::/0"})
        void autoApprovingOneApprovesBothWhetherOrNotBothAreAdvertised(String one) {
            ApprovalOutcome outcome = Approvals.none().autoApprove(ROUTER, routes(Prefix.parse(one)), EVERYTHING, T1);

            assertThat(outcome.changes())
                    .containsExactly(
                            new ApprovalChange.Approved(EXIT4, BY_EXIT_NODE),
                            new ApprovalChange.Approved(EXIT6, BY_EXIT_NODE));
        }

        @ParameterizedTest
        @ValueSource(strings = {"0.0.0.0/0", "::/0"})
        void revokingOneRevokesAndDeniesBoth(String one) {
            Approvals after = approved(EXIT4, TEN)
                    .revoke(routes(Prefix.parse(one)), ADMIN, T2, DEFAULT)
                    .next();

            assertThat(after.approved()).containsOnlyKeys(TEN);
            assertThat(after.denied()).containsOnlyKeys(EXIT4, EXIT6);
        }

        @Test
        void leavingBothOutDeniesBoth() {
            Approvals after =
                    approved(EXIT4).setApproved(routes(TEN), ADMIN, T2, DEFAULT).next();

            assertThat(after.denied()).containsOnlyKeys(EXIT4, EXIT6);
        }

        @Test
        void leavingHalfAnImportedPairOutDeniesBoth() {
            Approvals after =
                    imported(EXIT4).setApproved(routes(), ADMIN, T2, DEFAULT).next();

            assertThat(after.denied()).containsOnlyKeys(EXIT4, EXIT6);
        }

        @Test
        void onlyTheEffectiveOnesAreInForce() {
            assertThat(approved(EXIT4).effective(Set.of(EXIT6))).containsExactly(EXIT6);
        }
    }

    @Nested
    class Imports {

        @Test
        void anImportAddsApprovalsWithTheirSource() {
            assertThat(approved(TEN)
                            .importApprovals(routes(TEN, LAN), "old", T2)
                            .changes())
                    .containsExactly(new ApprovalChange.Approved(LAN, new Approval(new Approver.Import("old"), T2)));
        }

        @Test
        void anImportKeepsHalfAPairOfExitRoutesAndReportsIt() {
            ApprovalOutcome outcome = Approvals.none().importApprovals(routes(EXIT6), "old", T1);

            assertThat(outcome.next().approved()).containsOnlyKeys(EXIT6);
            assertThat(outcome.next().halfExitPair()).contains(EXIT6);
            assertThat(outcome.changes())
                    .containsExactly(
                            new ApprovalChange.Approved(EXIT6, IMPORTED),
                            new ApprovalChange.HalfExitPair(EXIT6, EXIT4));
        }

        @Test
        void theReportNamesTheHalfThatIsThereBesideTheOneMissing() {
            assertThat(Approvals.none()
                            .importApprovals(routes(EXIT4), "old", T1)
                            .changes())
                    .contains(new ApprovalChange.HalfExitPair(EXIT4, EXIT6));
        }

        @Test
        void aWholePairIsNoHalf() {
            assertThat(imported(EXIT4, EXIT6).halfExitPair()).isEmpty();
            assertThat(imported(TEN).halfExitPair()).isEmpty();
        }

        @Test
        void anImportWithoutExitRoutesDoesNotReportThePairOfAnEarlierOne() {
            assertThat(imported(EXIT4).importApprovals(routes(TEN), "new", T2).changes())
                    .hasOnlyElementsOfType(ApprovalChange.Approved.class);
            assertThat(imported(EXIT4).importApprovals(routes(EXIT4), "new", T2).changes())
                    .containsExactly(new ApprovalChange.HalfExitPair(EXIT4, EXIT6));
        }

        @Test
        void autoApprovalCompletesAHalf() {
            Approvals after = imported(EXIT4)
                    .autoApprove(ROUTER, routes(EXIT4, EXIT6), EVERYTHING, T2)
                    .next();

            assertThat(after.approved().get(EXIT4)).isEqualTo(IMPORTED);
            assertThat(after.halfExitPair()).isEmpty();
        }

        @Test
        void anImportOverridesNoDenialAndSaysSo() {
            Approvals before = denied(TEN);
            ApprovalOutcome outcome = before.importApprovals(routes(TEN), "old", T2);

            assertThat(outcome.next()).isSameAs(before);
            assertThat(outcome.changes())
                    .containsExactly(new ApprovalChange.ImportRefused(TEN, new Verdict.Denied(new Denial(ADMIN, T1))));
        }

        @Test
        void aSourceWithoutTextIsRefused() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Approvals.none().importApprovals(routes(), "", T1))
                    .withMessageContaining("import source");
            assertThatIllegalArgumentException().isThrownBy(() -> new Approver.Import("x".repeat(201)));
            assertThat(new Approver.Import("x".repeat(200)).source()).hasSize(200);
        }
    }

    @Nested
    class Withdrawals {

        @Test
        void aWithdrawalKeepsTheApprovalByDefault() {
            Approvals before = approved(TEN);

            assertThat(before.withdraw(Set.of(TEN), Set.of(), DEFAULT).next()).isSameAs(before);
        }

        @Test
        void theApprovalGoesWithTheAdvertisementWhereTheRuleSaysSo() {
            ApprovalOutcome outcome = approved(TEN, LAN).withdraw(Set.of(TEN, LAN), Set.of(LAN), REVOKE);

            assertThat(outcome.changes()).containsExactly(new ApprovalChange.Withdrawn(TEN, byAdmin(T1), true));
            assertThat(outcome.next().approved()).containsOnlyKeys(LAN);
            assertThat(outcome.next().withdrawn()).containsExactly(entry(TEN, byAdmin(T1)));
        }

        @Test
        void aRouteThatThePolicyApprovedComesBackByThePolicy() {
            Approvals withdrawn =
                    autoApproved(TEN).withdraw(Set.of(TEN), Set.of(), REVOKE).next();

            assertThat(withdrawn).isEqualTo(Approvals.none());
            assertThat(withdrawn
                            .autoApprove(ROUTER, routes(TEN), EVERYTHING, T2)
                            .next()
                            .approved())
                    .containsOnlyKeys(TEN);
        }

        @Test
        void aRouteThatAnAdministratorApprovedWaitsForAnAdministrator() {
            Approvals withdrawn =
                    approved(TEN).withdraw(Set.of(TEN), Set.of(), REVOKE).next();

            assertThat(withdrawn
                            .autoApprove(ROUTER, routes(TEN), EVERYTHING, T2)
                            .next())
                    .isSameAs(withdrawn);
            Approvals again =
                    withdrawn.setApproved(routes(TEN), ADMIN, T3, REVOKE).next();
            assertThat(again.approved()).containsExactly(entry(TEN, byAdmin(T3)));
            assertThat(again.withdrawn()).isEmpty();
        }

        @Test
        void anImportDoesNotGiveItBackEither() {
            Approvals withdrawn =
                    approved(TEN).withdraw(Set.of(TEN), Set.of(), REVOKE).next();

            assertThat(withdrawn.importApprovals(routes(TEN), "old", T2).changes())
                    .containsExactly(new ApprovalChange.ImportRefused(TEN, new Verdict.Withdrawn(byAdmin(T1))));
        }

        @Test
        void aRevocationThatIsNotRememberedLeavesTheMark() {
            Approvals withdrawn =
                    approved(TEN).withdraw(Set.of(TEN), Set.of(), REVOKE).next();

            assertThat(withdrawn.revoke(routes(TEN), ADMIN, T2, FORGET_DENIED).next())
                    .isSameAs(withdrawn);
        }

        @Test
        void aDenialReplacesTheMark() {
            Approvals withdrawn =
                    approved(TEN).withdraw(Set.of(TEN), Set.of(), REVOKE).next();

            Approvals denied = withdrawn.revoke(routes(TEN), ADMIN, T2, REVOKE).next();
            assertThat(denied.withdrawn()).isEmpty();
            assertThat(denied.denied()).containsOnlyKeys(TEN);
        }

        @Test
        void aRouteApprovedAndNeverAdvertisedKeepsWaiting() {
            Approvals before = approved(TEN);

            assertThat(before.withdraw(Set.of(LAN), Set.of(), REVOKE).next()).isSameAs(before);
        }

        @Test
        void denialsStay() {
            Approvals before = denied(TEN);

            assertThat(before.withdraw(Set.of(TEN), Set.of(), REVOKE).next()).isSameAs(before);
        }

        @Test
        void exitRoutesStayTogetherUntilNeitherIsAdvertised() {
            Approvals both = approved(EXIT4);

            assertThat(both.withdraw(Set.of(EXIT4, EXIT6), Set.of(EXIT4), REVOKE)
                            .next())
                    .isSameAs(both);
            Approvals gone = both.withdraw(Set.of(EXIT4), Set.of(), REVOKE).next();
            assertThat(gone.approved()).isEmpty();
            assertThat(gone.withdrawn()).containsOnlyKeys(EXIT4, EXIT6);
        }

        @ParameterizedTest
        @ValueSource(strings = {"0.0.0.0/0", "::/0"})
        void halfAnImportedPairMarksBoth(String half) {
            Prefix route = Prefix.parse(half);
            ApprovalOutcome outcome = imported(route).withdraw(Set.of(route), Set.of(), REVOKE);

            assertThat(outcome.next().withdrawn()).containsOnlyKeys(EXIT4, EXIT6);
            assertThat(outcome.changes())
                    .containsExactly(
                            new ApprovalChange.Withdrawn(EXIT4, IMPORTED, true),
                            new ApprovalChange.Withdrawn(EXIT6, IMPORTED, true));
        }

        @Test
        void aPairOfWhichThePolicyApprovedHalfIsUpToThePolicy() {
            Approvals mixed = imported(EXIT6)
                    .autoApprove(ROUTER, routes(EXIT4), EVERYTHING, T1)
                    .next();

            assertThat(mixed.withdraw(Set.of(EXIT4, EXIT6), Set.of(), REVOKE))
                    .isEqualTo(new ApprovalOutcome(
                            Approvals.none(),
                            List.of(
                                    new ApprovalChange.Withdrawn(EXIT4, BY_EXIT_NODE, false),
                                    new ApprovalChange.Withdrawn(EXIT6, IMPORTED, false))));
        }

        @Test
        void halfAPairThatThePolicyApprovedLeavesNothing() {
            Approvals half = Approvals.builder().approved(EXIT4, BY_EXIT_NODE).build();

            assertThat(half.withdraw(Set.of(EXIT4), Set.of(), REVOKE))
                    .isEqualTo(new ApprovalOutcome(
                            Approvals.none(), List.of(new ApprovalChange.Withdrawn(EXIT4, BY_EXIT_NODE, false))));
        }
    }

    @Nested
    class Restorations {

        @Test
        void aRestorationGivesBackTheRoutesThatWereStored() {
            Approvals stored = Approvals.builder()
                    .approved(TEN, byAdmin(T1))
                    .denied(LAN, new Denial(ADMIN, T2))
                    .withdrawn(SIX, IMPORTED)
                    .build();

            assertThat(stored.approved()).containsOnlyKeys(TEN);
            assertThat(stored.denied()).containsOnlyKeys(LAN);
            assertThat(stored.withdrawn()).containsOnlyKeys(SIX);
            assertThat(stored)
                    .isEqualTo(Approvals.builder()
                            .approved(TEN, byAdmin(T1))
                            .denied(LAN, new Denial(ADMIN, T2))
                            .withdrawn(SIX, IMPORTED)
                            .build())
                    .hasToString("approved {10.0.0.0/8=" + byAdmin(T1) + "}, denied {192.168.1.0/24="
                            + new Denial(ADMIN, T2) + "}, withdrawn {fd00::/8=" + IMPORTED + "}");
        }

        @Test
        void valuesDifferInEveryPart() {
            Approvals approved = Approvals.builder().approved(TEN, byAdmin(T1)).build();
            Approvals denied =
                    Approvals.builder().denied(TEN, new Denial(ADMIN, T1)).build();
            Approvals withdrawn =
                    Approvals.builder().withdrawn(TEN, byAdmin(T1)).build();

            assertThat(List.of(approved, denied, withdrawn, Approvals.none())).doesNotHaveDuplicates();
            assertThat(approved.hashCode()).isEqualTo(approved(TEN).hashCode());
            assertThat(Set.of(approved.hashCode(), denied.hashCode(), withdrawn.hashCode()))
                    .hasSize(3);
        }

        @Test
        void aRouteInTwoStatesIsRefused() {
            ApprovalsBuilder approvedAndDenied =
                    Approvals.builder().approved(TEN, byAdmin(T1)).denied(TEN, new Denial(ADMIN, T1));
            ApprovalsBuilder approvedAndWithdrawn =
                    Approvals.builder().approved(TEN, byAdmin(T1)).withdrawn(TEN, byAdmin(T1));
            ApprovalsBuilder deniedAndWithdrawn =
                    Approvals.builder().denied(TEN, new Denial(ADMIN, T1)).withdrawn(TEN, byAdmin(T1));

            for (ApprovalsBuilder builder : List.of(approvedAndDenied, approvedAndWithdrawn, deniedAndWithdrawn)) {
                assertThatIllegalArgumentException()
                        .isThrownBy(builder::build)
                        .withMessageStartingWith("`10.0.0.0/8` is ");
            }
        }

        @Test
        void theOrderInWhichStoredRoutesComeDoesNotCount() {
            Approvals inOrder = Approvals.builder()
                    .approved(TEN, byAdmin(T1))
                    .approved(LAN, byAdmin(T2))
                    .build();

            assertThat(Approvals.builder()
                            .approved(LAN, byAdmin(T2))
                            .approved(TEN, byAdmin(T1))
                            .build())
                    .isEqualTo(inOrder);
            assertThat(inOrder.approved()).containsExactly(entry(TEN, byAdmin(T1)), entry(LAN, byAdmin(T2)));
        }

        @Test
        void ofARouteThatIsAddedTwiceTheLaterHolds() {
            assertThat(Approvals.builder()
                            .approved(TEN, byAdmin(T1))
                            .approved(TEN, byAdmin(T2))
                            .build())
                    .isEqualTo(Approvals.builder().approved(TEN, byAdmin(T2)).build());
        }

        @Test
        void halfADeniedOrWithdrawnPairIsRefused() {
            for (Prefix half : List.of(EXIT4, EXIT6)) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> Approvals.builder()
                                .denied(half, new Denial(ADMIN, T1))
                                .build())
                        .withMessageContaining("denied");
                assertThatIllegalArgumentException()
                        .isThrownBy(() ->
                                Approvals.builder().withdrawn(half, byAdmin(T1)).build())
                        .withMessageContaining("withdrawn");
            }
        }
    }
}
