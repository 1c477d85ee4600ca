package dev.wayleave.approval;

import dev.wayleave.mesh.Actor;
import dev.wayleave.net.Prefix;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Approvals as one state per route, each route looked at by itself, and its partner if it is an exit route. */
final class NaiveApprovals {

    /** {@code what} is {@code approved}, {@code denied} or {@code withdrawn}. */
    private record State(String what, Object fact) {}

    private final List<Prefix> universe;
    private Map<Prefix, State> states = new TreeMap<>();

    NaiveApprovals(List<Prefix> universe) {
        this.universe = universe;
    }

    void setApproved(Collection<Prefix> list, Actor actor, Instant at, ApprovalRule rule) {
        Map<Prefix, State> next = new TreeMap<>(states);
        for (Prefix route : universe) {
            if (inList(route, list)) {
                if (!is("approved", route)) {
                    next.put(route, new State("approved", new Approval(new Approver.Administrator(actor), at)));
                }
            } else if (is("approved", route) || is("approved", partner(route))) {
                deny(next, route, actor, at, rule);
            }
        }
        states = next;
    }

    void approve(Collection<Prefix> list, Actor actor, Instant at) {
        for (Prefix route : universe) {
            if (inList(route, list) && !is("approved", route)) {
                states.put(route, new State("approved", new Approval(new Approver.Administrator(actor), at)));
            }
        }
    }

    void revoke(Collection<Prefix> list, Actor actor, Instant at, ApprovalRule rule) {
        Map<Prefix, State> next = new TreeMap<>(states);
        universe.stream().filter(route -> inList(route, list)).forEach(route -> deny(next, route, actor, at, rule));
        states = next;
    }

    private void deny(Map<Prefix, State> next, Prefix route, Actor actor, Instant at, ApprovalRule rule) {
        if (rule.rememberDenied() && !is("denied", route)) {
            next.put(route, new State("denied", new Denial(actor, at)));
        } else if (is("approved", route)) {
            next.remove(route);
        }
    }

    void autoApprove(Set<Prefix> advertised, Map<Prefix, Approver> policy, Instant at) {
        Map<Prefix, State> next = new TreeMap<>(states);
        for (Prefix route : universe) {
            for (Prefix asked : List.of(route, partner(route))) {
                boolean mayBe = !states.containsKey(asked) && advertised.contains(asked) && policy.containsKey(asked);
                if (mayBe && !is("approved", route)) {
                    next.put(route, new State("approved", new Approval(policy.get(asked), at)));
                }
            }
        }
        states = next;
    }

    void importApprovals(Collection<Prefix> list, String source, Instant at) {
        for (Prefix route : list) {
            states.putIfAbsent(route, new State("approved", new Approval(new Approver.Import(source), at)));
        }
    }

    void withdraw(Set<Prefix> before, Set<Prefix> now, ApprovalRule rule) {
        if (rule.withdrawal() == WithdrawalRule.KEEP_APPROVAL) {
            return;
        }
        Map<Prefix, State> next = new TreeMap<>(states);
        for (Prefix route : universe) {
            boolean gone = (before.contains(route) || before.contains(partner(route)))
                    && !now.contains(route)
                    && !now.contains(partner(route));
            Prefix held = is("approved", route) ? route : partner(route);
            if (gone && is("approved", held)) {
                Approval approval = (Approval) states.get(held).fact();
                next.remove(route);
                if (!approvedByPolicy(route) && !approvedByPolicy(partner(route))) {
                    next.put(route, new State("withdrawn", approval));
                }
            }
        }
        states = next;
    }

    private boolean approvedByPolicy(Prefix route) {
        return is("approved", route) && ((Approval) states.get(route).fact()).by() instanceof Approver.AutoApprover;
    }

    private boolean is(String what, Prefix route) {
        return states.containsKey(route) && states.get(route).what().equals(what);
    }

    private static boolean inList(Prefix route, Collection<Prefix> list) {
        return list.contains(route) || list.contains(partner(route));
    }

    /** The other exit route; of a subnet route itself. */
    private static Prefix partner(Prefix route) {
        if (!route.isExitRoute()) {
            return route;
        }
        return Prefix.parse(route.isIpv4() ? "::/0" : "0.0.0.0/0");
    }

    Approvals value() {
        ApprovalsBuilder value = Approvals.builder();
        states.forEach((route, state) -> {
            switch (state.what()) {
                case "approved" -> value.approved(route, (Approval) state.fact());
                case "denied" -> value.denied(route, (Denial) state.fact());
                default -> value.withdrawn(route, (Approval) state.fact());
            }
        });
        return value.build();
    }
}
