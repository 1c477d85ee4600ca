package dev.wayleave.approval;

import static dev.wayleave.approval.Tailnet.ADMIN;
import static dev.wayleave.approval.Tailnet.EXIT4;
import static dev.wayleave.approval.Tailnet.EXIT6;
import static dev.wayleave.approval.Tailnet.LAN;
import static dev.wayleave.approval.Tailnet.ROUTER;
import static dev.wayleave.approval.Tailnet.SIX;
import static dev.wayleave.approval.Tailnet.T1;
import static dev.wayleave.approval.Tailnet.TEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.net.Prefix;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Random orders to one node, over a handful of routes and both exit routes. */
class ApprovalsPropertyTest {

    private static final List<Prefix> UNIVERSE = List.of(EXIT4, TEN, LAN, EXIT6, SIX);

    private static final Map<String, AutoApproval> POLICIES = Map.of(
            "all", Tailnet.autoApproval("R{0.0.0.0/0=tag:router; ::/0=tag:router} X[tag:router]"),
            "subnets", Tailnet.autoApproval("R{10.0.0.0/8=tag:router; fd00::/8=tag:router}"),
            "exit", Tailnet.autoApproval("X[tag:router]"),
            "nothing", Tailnet.autoApproval("R{10.0.0.0/8=alice@} X[alice@]"));

    enum Kind {
        SET_APPROVED,
        APPROVE,
        REVOKE,
        AUTO_APPROVE,
        TAKE_OVER,
        ADVERTISE
    }

    /** One order; {@code routes} are the list, or what is advertised from now on. */
    record Order(Kind kind, SortedSet<Prefix> routes, String policy, ApprovalRule rule) {}

    @Provide
    Arbitrary<List<Order>> orders() {
        return order(Kind.values()).list().ofMaxSize(12);
    }

    @Provide
    Arbitrary<List<Order>> ordersWithoutImport() {
        return order(Kind.SET_APPROVED, Kind.APPROVE, Kind.REVOKE, Kind.AUTO_APPROVE, Kind.ADVERTISE)
                .list()
                .ofMaxSize(12);
    }

    private static Arbitrary<Order> order(Kind... kinds) {
        Arbitrary<SortedSet<Prefix>> routes = Arbitraries.of(UNIVERSE).set().map(TreeSet::new);
        Arbitrary<ApprovalRule> rules = Combinators.combine(
                        Arbitraries.of(WithdrawalRule.class), Arbitraries.of(true, false))
                .as((withdrawal, remember) -> new ApprovalRule(withdrawal, true, remember));
        return Combinators.combine(Arbitraries.of(kinds), routes, Arbitraries.of(POLICIES.keySet()), rules)
                .as(Order::new);
    }

    /** A node under orders: its approvals, what it advertises, and the time, a second later with each order. */
    private static final class Run {

        private Approvals approvals = Approvals.none();
        private Set<Prefix> advertised = Set.of();
        private Instant now = T1;

        ApprovalOutcome give(Order order) {
            now = now.plusSeconds(1);
            ApprovalOutcome outcome = outcomeOf(order);
            if (order.kind == Kind.ADVERTISE) {
                advertised = order.routes;
            }
            approvals = outcome.next();
            return outcome;
        }

        ApprovalOutcome outcomeOf(Order order) {
            return switch (order.kind) {
                case SET_APPROVED -> approvals.setApproved(order.routes, ADMIN, now, order.rule);
                case APPROVE -> approvals.approve(order.routes, ADMIN, now);
                case REVOKE -> approvals.revoke(order.routes, ADMIN, now, order.rule);
                case AUTO_APPROVE -> approvals.autoApprove(ROUTER, order.routes, POLICIES.get(order.policy), now);
                case TAKE_OVER -> approvals.importApprovals(order.routes, "old", now);
                case ADVERTISE -> approvals.withdraw(advertised, order.routes, order.rule);
            };
        }
    }

    private static void giveToTwin(NaiveApprovals twin, Order order, Set<Prefix> advertisedBefore, Instant now) {
        switch (order.kind) {
            case SET_APPROVED -> twin.setApproved(order.routes, ADMIN, now, order.rule);
            case APPROVE -> twin.approve(order.routes, ADMIN, now);
            case REVOKE -> twin.revoke(order.routes, ADMIN, now, order.rule);
            case AUTO_APPROVE -> twin.autoApprove(order.routes, approversIn(order.policy), now);
            case TAKE_OVER -> twin.importApprovals(order.routes, "old", now);
            case ADVERTISE -> twin.withdraw(advertisedBefore, order.routes, order.rule);
        }
    }

    private static Map<Prefix, Approver> approversIn(String policy) {
        Map<Prefix, Approver> approvers = new HashMap<>();
        for (Prefix route : UNIVERSE) {
            Verdict verdict = POLICIES.get(policy).review(ROUTER, route, Approvals.none());
            if (verdict instanceof Verdict.ApprovedByPolicy approved) {
                approvers.put(route, approved.approver());
            }
        }
        return approvers;
    }

    @Property
    void approvalsAgreeWithOneStatePerRoute(@ForAll("orders") List<Order> orders) {
        Run run = new Run();
        NaiveApprovals twin = new NaiveApprovals(UNIVERSE);
        for (Order order : orders) {
            Set<Prefix> advertisedBefore = run.advertised;
            run.give(order);
            giveToTwin(twin, order, advertisedBefore, run.now);

            assertThat(run.approvals).isEqualTo(twin.value());
        }
    }

    @Property
    void theReportedChangesAreExactlyWhatChanged(@ForAll("orders") List<Order> orders) {
        Run run = new Run();
        for (Order order : orders) {
            Approvals before = run.approvals;
            ApprovalOutcome outcome = run.give(order);

            assertThat(replay(before, outcome.changes())).isEqualTo(outcome.next());
            assertThat(outcome.next() == before).isEqualTo(outcome.next().equals(before));
            assertThat(outcome.changes())
                    .isSortedAccordingTo((one, other) -> one.prefix().compareTo(other.prefix()))
                    .doesNotHaveDuplicates();
        }
    }

    private static Approvals replay(Approvals before, List<ApprovalChange> changes) {
        Map<Prefix, Approval> approved = new HashMap<>(before.approved());
        Map<Prefix, Denial> denied = new HashMap<>(before.denied());
        Map<Prefix, Approval> withdrawn = new HashMap<>(before.withdrawn());
        for (ApprovalChange notice : changes) {
            Prefix route = notice.prefix();
            if (notice instanceof ApprovalChange.Approved now) {
                assertThat(approved.put(route, now.approval())).isNull();
                withdrawn.remove(route);
            } else if (notice instanceof ApprovalChange.Revoked gone) {
                assertThat(approved.remove(route)).isEqualTo(gone.approval());
            } else if (notice instanceof ApprovalChange.Withdrawn gone) {
                approved.remove(route);
                if (gone.waits()) {
                    withdrawn.put(route, gone.approval());
                }
            } else if (notice instanceof ApprovalChange.Denied now) {
                assertThat(denied.put(route, now.denial())).isNull();
                withdrawn.remove(route);
            } else if (notice instanceof ApprovalChange.DenialLifted gone) {
                assertThat(denied.remove(route)).isEqualTo(gone.denial());
            }
        }
        ApprovalsBuilder after = Approvals.builder();
        approved.forEach(after::approved);
        denied.forEach(after::denied);
        withdrawn.forEach(after::withdrawn);
        return after.build();
    }

    @Property
    void exitRoutesArePairedAfterEverythingButAnImport(@ForAll("ordersWithoutImport") List<Order> orders) {
        Run run = new Run();
        for (Order order : orders) {
            run.give(order);

            assertThat(run.approvals.halfExitPair()).isEmpty();
            assertThat(run.approvals.denied().containsKey(EXIT4))
                    .isEqualTo(run.approvals.denied().containsKey(EXIT6));
            assertThat(run.approvals.withdrawn().containsKey(EXIT4))
                    .isEqualTo(run.approvals.withdrawn().containsKey(EXIT6));
        }
    }

    @Property
    void everyOrderLeavesTheExitPairCompleteOrUntouched(@ForAll("orders") List<Order> orders) {
        Run run = new Run();
        for (Order order : orders) {
            Predicate<Approvals> half = approvals -> approvals.halfExitPair().isPresent();
            Approvals before = run.approvals;
            Approvals after = run.give(order).next();

            if (order.kind != Kind.TAKE_OVER && half.test(after)) {
                assertThat(after.approved().get(EXIT4))
                        .isEqualTo(before.approved().get(EXIT4));
                assertThat(after.approved().get(EXIT6))
                        .isEqualTo(before.approved().get(EXIT6));
            }
        }
    }

    @Property
    void autoApprovalOnlyAddsAndDoesSoOnce(@ForAll("orders") List<Order> orders, @ForAll("orders") List<Order> last) {
        Run run = new Run();
        orders.forEach(run::give);
        for (Order order : last) {
            AutoApproval policy = POLICIES.get(order.policy);
            Approvals before = run.approvals;
            Approvals once =
                    before.autoApprove(ROUTER, order.routes, policy, run.now).next();

            assertThat(once.approved()).containsAllEntriesOf(before.approved());
            assertThat(once.denied()).isEqualTo(before.denied());
            assertThat(once.autoApprove(ROUTER, order.routes, policy, run.now.plusSeconds(9))
                            .next())
                    .isSameAs(once);
        }
    }

    @Property
    void deniedStaysDeniedUntilAnAdministratorApproves(@ForAll("orders") List<Order> orders) {
        Run run = new Run();
        for (Order order : orders) {
            Map<Prefix, Denial> before = run.approvals.denied();
            run.give(order);

            if (order.kind != Kind.SET_APPROVED && order.kind != Kind.APPROVE) {
                assertThat(run.approvals.denied()).containsAllEntriesOf(before);
            }
        }
    }

    @Property
    void aRouteTakenAwayAndRememberedIsDeniedAndNotApproved(@ForAll("orders") List<Order> orders) {
        Run run = new Run();
        for (Order order : orders) {
            Collection<Prefix> before = run.approvals.approved().keySet();
            run.give(order);

            if (order.rule.rememberDenied() && (order.kind == Kind.SET_APPROVED || order.kind == Kind.REVOKE)) {
                assertThat(before)
                        .allMatch(route -> run.approvals.approved().containsKey(route)
                                != run.approvals.denied().containsKey(route));
            }
        }
    }

    @Property
    void approvingIsIdempotent(@ForAll("orders") List<Order> orders, @ForAll("orders") List<Order> last) {
        Run run = new Run();
        orders.forEach(run::give);
        for (Order order : last) {
            Approvals once = run.approvals
                    .setApproved(order.routes, ADMIN, run.now, order.rule)
                    .next();

            assertThat(once.setApproved(order.routes, ADMIN, run.now.plusSeconds(9), order.rule)
                            .next())
                    .isSameAs(once);
        }
    }

    @Property
    void theRoutesInForceAreThoseBothAdvertisedAndApproved(@ForAll("orders") List<Order> orders) {
        Run run = new Run();
        orders.forEach(run::give);

        assertThat(run.approvals.effective(run.advertised))
                .containsExactlyElementsOf(UNIVERSE.stream()
                        .filter(route -> run.advertised.contains(route))
                        .filter(route -> run.approvals.approved().containsKey(route))
                        .sorted()
                        .toList());
    }
}
