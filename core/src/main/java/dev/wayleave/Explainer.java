package dev.wayleave;

import dev.wayleave.approval.Approvals;
import dev.wayleave.approval.Approver;
import dev.wayleave.approval.Verdict;
import dev.wayleave.election.CandidateClass;
import dev.wayleave.election.Outcome;
import dev.wayleave.election.PrimaryElection;
import dev.wayleave.explanation.RouteExplanation;
import dev.wayleave.explanation.RouteExplanation.Holder;
import dev.wayleave.explanation.RouteExplanation.Offer;
import dev.wayleave.explanation.RouteExplanation.Remedy;
import dev.wayleave.explanation.RouteExplanation.WiderRoute;
import dev.wayleave.explanation.ViewExplanation;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.ViewerRoutes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the reasons for one prefix, on one node or for one viewer. The election is held anew: it explains why the
 * node is the primary now; the events explain why it became the primary.
 */
final class Explainer {

    private final RoutingState state;
    private final Prefix prefix;

    Explainer(RoutingState state, Prefix prefix) {
        this.state = state;
        this.prefix = prefix;
    }

    RouteExplanation explain(NodeState node) {
        Verdict verdict = verdict(node);
        return new RouteExplanation(
                prefix,
                new RouteExplanation.Subject(node.facts(), ownerName(node.facts()), node.advertised()),
                new RouteExplanation.Permission(verdict, lapsed(node, verdict), remedies(node, verdict)),
                new RouteExplanation.Service(holders(), election().orElse(null), wider()),
                offers());
    }

    ViewExplanation explain(ViewerRoutes viewer) {
        List<ViewExplanation.Offer> offers = holders().stream()
                .map(holder -> new ViewExplanation.Offer(holder, viewer.explain(holder.node(), prefix)))
                .toList();
        return new ViewExplanation(prefix, viewer.viewer(), offers, election().orElse(null));
    }

    // May the node carry it?

    Verdict verdict(NodeState node) {
        return state.fields.autoApproval.review(node.facts(), prefix, node.approvals());
    }

    private @Nullable Verdict lapsed(NodeState node, Verdict verdict) {
        boolean lapsed = verdict instanceof Verdict.AlreadyApproved approved
                && approved.approval().by() instanceof Approver.AutoApprover approver
                && !state.fields.autoApproval.stillApproves(
                        approver, node.facts().owner(), prefix);
        return lapsed ? state.fields.autoApproval.review(node.facts(), prefix, Approvals.none()) : null;
    }

    private List<Remedy> remedies(NodeState node, Verdict verdict) {
        boolean waits =
                verdict instanceof Verdict.ApprovedByPolicy && node.advertised().contains(prefix);
        if (verdict.isApproved() && !waits) {
            return List.of();
        }
        List<Remedy> remedies = new ArrayList<>();
        remedies.add(new RouteExplanation.ApproveByHand());
        String approver = approver(node.facts());
        if (approver != null) {
            if (verdict instanceof Verdict.NoKeyCovers) {
                remedies.add(new RouteExplanation.AddKey(prefix, approver));
            } else if (verdict instanceof Verdict.NoApproverNamesNode unnamed) {
                remedies.add(new RouteExplanation.NameUnderKey(unnamed.keys().get(0), approver));
            } else if (verdict instanceof Verdict.NoExitNodeApprover
                    || verdict instanceof Verdict.NoExitNodeApproverNamesNode) {
                remedies.add(new RouteExplanation.NameExitNode(approver));
            }
        }
        return remedies;
    }

    /** A text that a policy may write for the node's owner; null if there is none. */
    private @Nullable String approver(Node node) {
        if (node.owner() instanceof Owner.OfUser owner) {
            return state.users()
                    .find(owner.id())
                    .map(user -> user.email().orElse(user.name() + "@"))
                    .orElse(null);
        }
        return node.owner() instanceof Owner.Tagged tagged
                ? tagged.tags().first().value()
                : null;
    }

    private String ownerName(Node node) {
        if (node.owner() instanceof Owner.OfUser owner) {
            return state.users().find(owner.id()).map(user -> user.name()).orElse("user " + owner.id());
        }
        return node.owner() instanceof Owner.Tagged tagged ? Texts.first(tagged.tags(), Tag::value) : "";
    }

    // Which node carries it?

    private List<Holder> holders() {
        List<Holder> holders = new ArrayList<>();
        if (prefix.isExitRoute()) {
            // exit routes have no election, and therefore no entry with their holders
            state.nodes().values().stream()
                    .filter(node -> node.effective().contains(prefix))
                    .forEach(node -> holders.add(holder(node)));
        } else {
            state.route(prefix)
                    .ifPresent(route ->
                            route.holders().forEach(id -> state.node(id).ifPresent(node -> holders.add(holder(node)))));
        }
        return holders;
    }

    private Holder holder(NodeState node) {
        return new Holder(
                node.id(),
                node.facts().name(),
                node.liveness(),
                CandidateClass.of(
                        node.isKeyExpired(), node.health(prefix), node.drain().isPresent()),
                node.liveness() == Liveness.GRACE ? node.graceUntil().orElse(null) : null,
                node.drainOrNull());
    }

    /** Why the primary is who it is: because it would win a first election too, or because it had the prefix before. */
    Optional<Outcome> election() {
        return state.route(prefix).map(route -> {
            Outcome first = elect(route, null);
            return first.primary().equals(route.primary()) ? first : elect(route, route.primaryOrNull());
        });
    }

    private Outcome elect(RouteState route, @Nullable NodeId incumbent) {
        return PrimaryElection.elect(
                route.prefix(), route.candidates(), incumbent, state.settings().election(), state.now());
    }

    private @Nullable WiderRoute wider() {
        return state.routes().values().stream()
                .filter(route ->
                        route.prefix().contains(prefix) && !route.prefix().equals(prefix))
                .filter(route -> route.primary().isPresent())
                .max(Comparator.comparingInt(route -> route.prefix().length()))
                .map(route -> new WiderRoute(route.prefix(), route.primary().orElseThrow()))
                .orElse(null);
    }

    /** The nodes that advertise the prefix, or may carry it, or were denied it. */
    private List<Offer> offers() {
        List<Offer> offers = new ArrayList<>();
        for (NodeState node : state.nodes().values()) {
            boolean advertised = node.advertised().contains(prefix);
            if (advertised
                    || node.approvals().approved().containsKey(prefix)
                    || node.approvals().denied().containsKey(prefix)) {
                offers.add(new Offer(node.id(), node.facts().name(), advertised, verdict(node)));
            }
        }
        return offers;
    }
}
