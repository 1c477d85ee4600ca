package dev.wayleave.testing;

import dev.wayleave.access.ExitRule;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Users;
import dev.wayleave.policy.RoutingPolicy;
import java.util.List;

/** What access is computed from, for tests. */
public record NaiveTailnet(
        RoutingPolicy policy, Users users, List<NodeRoutes> nodes, ExitRule exitRule, NaiveOverlay overlay) {

    public NodeRoutes node(NodeId id) {
        return nodes.stream().filter(n -> n.node().id().equals(id)).findFirst().orElseThrow();
    }

    /** The same tailnet with other nodes. */
    public NaiveTailnet withNodes(List<NodeRoutes> other) {
        return new NaiveTailnet(policy, users, other, exitRule, overlay);
    }

    public AccessRules compile() {
        return AccessRules.compile(policy, users, nodes, overlay.ranges(), exitRule);
    }
}
