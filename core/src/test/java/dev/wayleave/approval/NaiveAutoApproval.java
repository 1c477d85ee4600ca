package dev.wayleave.approval;

import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.engine.NamedOwners;
import java.util.Comparator;
import java.util.List;

/** Auto-approval that looks at every key and every approver each time it is asked. */
final class NaiveAutoApproval {

    private final RoutingPolicy policy;
    private final Users users;

    NaiveAutoApproval(RoutingPolicy policy, Users users) {
        this.policy = policy;
        this.users = users;
    }

    Verdict review(Owner owner, Prefix route) {
        return route.isExitRoute() ? exitRoute(owner) : subnetRoute(owner, route);
    }

    private Verdict exitRoute(Owner owner) {
        List<Selector> listed = policy.autoApprovers().exitNode();
        for (Selector selector : listed) {
            if (NamedOwners.of(selector, policy.groups(), users).contains(owner)) {
                return new Verdict.ApprovedByPolicy(new Approver.ExitNodeApprover(selector));
            }
        }
        return listed.isEmpty() ? new Verdict.NoExitNodeApprover() : new Verdict.NoExitNodeApproverNamesNode(listed);
    }

    private Verdict subnetRoute(Owner owner, Prefix route) {
        List<Prefix> covering = policy.autoApprovers().routes().keySet().stream()
                .filter(key -> key.isIpv4() == route.isIpv4())
                .filter(key -> key.length() <= route.length())
                .filter(key -> key.contains(route.first()) && key.contains(route.last()))
                .sorted(Comparator.comparing(Prefix::length).reversed())
                .toList();
        for (Prefix key : covering) {
            for (Selector selector : policy.autoApprovers().routes().get(key)) {
                if (NamedOwners.of(selector, policy.groups(), users).contains(owner)) {
                    return new Verdict.ApprovedByPolicy(new Approver.RouteApprover(key, selector));
                }
            }
        }
        return covering.isEmpty() ? new Verdict.NoKeyCovers() : new Verdict.NoApproverNamesNode(covering);
    }
}
