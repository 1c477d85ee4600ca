package dev.wayleave;

import dev.wayleave.approval.Verdict;
import dev.wayleave.election.CandidateClass;
import dev.wayleave.election.Outcome;
import dev.wayleave.election.PrimaryElection;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gathers the reasons for one prefix on one node. The election is the one that the last step held. */
final class Explaining {

    private Explaining() {}

    static Explanation explain(RoutingState state, NodeState node, Prefix prefix) {
        Verdict verdict = state.autoApproval.review(node.facts(), prefix, node.approvals());
        RouteState route = state.routes.get(prefix);
        List<Explanation.Holder> holders = new ArrayList<>();
        Optional<Outcome> election = Optional.empty();
        if (route != null) {
            for (NodeId id : route.holders()) {
                state.node(id).ifPresent(holder -> holders.add(holder(holder, prefix)));
            }
            election = Optional.of(PrimaryElection.elect(
                    prefix, route.candidates(), route.primary(), state.settings.election(), state.now()));
        } else if (node.effective().contains(prefix)) {
            holders.add(holder(node, prefix));
        }
        return new Explanation(prefix, node.id(), node.advertised().contains(prefix), verdict, holders, election);
    }

    private static Explanation.Holder holder(NodeState node, Prefix prefix) {
        return new Explanation.Holder(
                node.id(),
                node.facts().name(),
                node.liveness(),
                CandidateClass.of(
                        node.isKeyExpired(), node.health(prefix), node.drain().isPresent()),
                node.graceUntil());
    }
}
