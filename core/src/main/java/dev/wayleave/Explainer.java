package dev.wayleave;

import dev.wayleave.approval.Verdict;
import dev.wayleave.election.CandidateClass;
import dev.wayleave.election.Outcome;
import dev.wayleave.election.PrimaryElection;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.ViewerRoutes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gathers the reasons for one prefix, on one node or for one viewer. The election is held anew: it says why the node is
 * the primary now, where the events say why it became the primary.
 */
final class Explainer {

    private Explainer() {}

    static RouteExplanation explain(RoutingState state, NodeState node, Prefix prefix) {
        Verdict verdict = state.autoApproval().review(node.facts(), prefix, node.approvals());
        List<RouteExplanation.Holder> holders = holders(state, prefix);
        return new RouteExplanation(state, node, prefix, verdict, holders, election(state, prefix));
    }

    static ViewExplanation explain(RoutingState state, ViewerRoutes viewer, Prefix prefix) {
        List<ViewExplanation.Offer> offers = holders(state, prefix).stream()
                .map(holder -> new ViewExplanation.Offer(holder, viewer.explain(holder.node(), prefix)))
                .toList();
        return new ViewExplanation(prefix, viewer.viewer(), offers, election(state, prefix));
    }

    private static List<RouteExplanation.Holder> holders(RoutingState state, Prefix prefix) {
        List<RouteExplanation.Holder> holders = new ArrayList<>();
        if (prefix.isExitRoute()) {
            // nobody is elected, so that no entry lists them
            state.nodes().values().stream()
                    .filter(node -> node.effective().contains(prefix))
                    .forEach(node -> holders.add(holder(node, prefix)));
        } else {
            state.route(prefix)
                    .ifPresent(route -> route.holders()
                            .forEach(id -> state.node(id).ifPresent(holder -> holders.add(holder(holder, prefix)))));
        }
        return holders;
    }

    /** Why the primary is who it is: because it would win a first election too, or because it had the prefix before. */
    private static Optional<Outcome> election(RoutingState state, Prefix prefix) {
        return state.route(prefix).map(route -> {
            Outcome first = elect(state, route, Optional.empty());
            return first.primary().equals(route.primary()) ? first : elect(state, route, route.primary());
        });
    }

    private static Outcome elect(RoutingState state, RouteState route, Optional<NodeId> incumbent) {
        return PrimaryElection.elect(
                route.prefix(), route.candidates(), incumbent, state.settings().election(), state.now());
    }

    private static RouteExplanation.Holder holder(NodeState node, Prefix prefix) {
        return new RouteExplanation.Holder(
                node.id(),
                node.facts().name(),
                node.liveness(),
                CandidateClass.of(
                        node.isKeyExpired(), node.health(prefix), node.drain().isPresent()),
                node.graceUntil());
    }
}
