package dev.wayleave.foresight;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.NodeState;
import dev.wayleave.access.RuleId;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.PeerChange;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.RouteChange;
import dev.wayleave.visibility.ViewChange;
import dev.wayleave.visibility.ViewerRoutes;
import dev.wayleave.visibility.Withheld;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lists what viewers would gain and lose, with causes, and joins viewers to which the same happens. */
final class ViewerImpacts {

    /** Lost routes first, then other losses, then what concerns most viewers. */
    private static final Comparator<ViewerImpact> ORDER = Comparator.comparing(
                    (ViewerImpact impact) -> impact.routesLost().isEmpty())
            .thenComparing(impact -> !impact.isLoss())
            .thenComparing(impact -> -impact.viewers().size())
            .thenComparing(impact -> impact.viewers().first());

    private final RoutePlan plan;

    ViewerImpacts(RoutePlan plan) {
        this.plan = plan;
    }

    List<ViewerImpact> list() {
        Map<ViewerImpact, SortedSet<NodeId>> alike = new LinkedHashMap<>();
        for (ViewChange change : plan.viewChanges().changes()) {
            ViewerImpact impact = impact(change);
            if (impact == null) {
                continue;
            }
            SortedSet<NodeId> rest = new TreeSet<>(change.viewers());
            for (NodeId viewer : findSolePeers(impact, change)) {
                rest.remove(viewer);
                add(alike, impact(change.forViewer(viewer)), List.of(viewer));
            }
            add(alike, impact, rest);
        }
        List<ViewerImpact> impacts = new ArrayList<>();
        alike.forEach((impact, viewers) -> impacts.add(new ViewerImpact(
                viewers,
                impact.peersLost(),
                impact.peersGained(),
                impact.routesLost(),
                impact.routesGained(),
                impact.routesMoved())));
        impacts.sort(ORDER);
        return impacts;
    }

    /**
     * The viewers that are the only peer which is lost, or gained, for one cause: they do not lose or gain themselves,
     * and so they do not have that loss or gain.
     */
    private static SortedSet<NodeId> findSolePeers(ViewerImpact impact, ViewChange change) {
        SortedSet<NodeId> sole = new TreeSet<>();
        Stream.concat(
                        impact.peersLost().stream().map(ViewerImpact.PeersLost::peers),
                        impact.peersGained().stream().map(ViewerImpact.PeersGained::peers))
                .filter(peers -> peers.size() == 1 && change.viewers().contains(peers.first()))
                .forEach(sole::addAll);
        return sole;
    }

    private static void add(
            Map<ViewerImpact, SortedSet<NodeId>> alike, @Nullable ViewerImpact impact, Collection<NodeId> viewers) {
        if (impact != null && !viewers.isEmpty()) {
            alike.computeIfAbsent(impact, i -> new TreeSet<>()).addAll(viewers);
        }
    }

    /** The impact without its viewers; null if peers only changed otherwise. */
    private @Nullable ViewerImpact impact(ViewChange change) {
        NodeId viewer = change.viewers().first();
        Map<LossCause, SortedSet<NodeId>> lost = new LinkedHashMap<>();
        Map<RuleId, SortedSet<NodeId>> gained = new LinkedHashMap<>();
        for (PeerChange peer : change.peers()) {
            if (peer instanceof PeerChange.Removed removed) {
                lost.computeIfAbsent(cause(viewer, peer.peer(), removed.reason()), c -> new TreeSet<>())
                        .add(peer.peer());
            } else if (peer instanceof PeerChange.Added added) {
                gained.computeIfAbsent(added.reason(), r -> new TreeSet<>()).add(peer.peer());
            }
        }
        List<ViewerImpact.RouteLost> routesLost = new ArrayList<>();
        List<ViewerImpact.RouteGained> routesGained = new ArrayList<>();
        List<ViewerImpact.RouteMoved> routesMoved = new ArrayList<>();
        for (RouteChange route : change.routes()) {
            if (route instanceof RouteChange.Lost loss) {
                routesLost.add(new ViewerImpact.RouteLost(
                        loss.prefix(), loss.from(), cause(viewer, loss.from(), loss.prefix(), loss.reason())));
            } else if (route instanceof RouteChange.Gained gain) {
                routesGained.add(new ViewerImpact.RouteGained(gain.prefix(), gain.to(), gain.reason()));
            } else if (route instanceof RouteChange.Moved move) {
                routesMoved.add(new ViewerImpact.RouteMoved(
                        move.prefix(),
                        move.from(),
                        move.to(),
                        cause(viewer, move.from(), move.prefix(), move.lostReason())));
            }
        }
        boolean nothing = lost.isEmpty()
                && gained.isEmpty()
                && routesLost.isEmpty()
                && routesGained.isEmpty()
                && routesMoved.isEmpty();
        return nothing
                ? null
                : new ViewerImpact(
                        ImmutableSortedSet.of(),
                        lost.entrySet().stream()
                                .map(entry -> new ViewerImpact.PeersLost(entry.getValue(), entry.getKey()))
                                .toList(),
                        gained.entrySet().stream()
                                .map(entry -> new ViewerImpact.PeersGained(entry.getValue(), entry.getKey()))
                                .toList(),
                        routesLost,
                        routesGained,
                        routesMoved);
    }

    private LossCause cause(NodeId viewer, NodeId peer, PeerChange.Loss loss) {
        if (!(loss instanceof PeerChange.NoRule noRule)) {
            return new LossCause.NodeGone();
        }
        RuleFate fate = plan.change(noRule.before());
        return fate == null
                ? new LossCause.RuleEnded(
                        noRule.before(), plan.fates().isEmpty() ? noRule.ended() : ended(viewer, peer))
                : new LossCause.RuleChanged(noRule.before(), fate);
    }

    /** The change that ended an entry that stays: derived from the nodes, also where the policy changes too. */
    private PeerChange.EndCause ended(NodeId viewer, NodeId peer) {
        boolean viewerChanges = changes(viewer);
        boolean peerChanges = changes(peer);
        if (viewerChanges && peerChanges) {
            return PeerChange.EndCause.BOTH_CHANGED;
        }
        if (viewerChanges) {
            return PeerChange.EndCause.VIEWER_CHANGED;
        }
        return peerChanges ? PeerChange.EndCause.PEER_CHANGED : PeerChange.EndCause.POLICY_REPLACED;
    }

    private boolean changes(NodeId id) {
        NodeState before = plan.before().state().node(id).orElseThrow();
        NodeState after = plan.after().state().node(id).orElseThrow();
        return !before.facts().equals(after.facts()) || !before.effective().equals(after.effective());
    }

    /** The entry that gave the route explains most, if it is gone, changed, or no longer covers the nodes. */
    private LossCause cause(NodeId viewer, NodeId from, Prefix prefix, Withheld.Reason reason) {
        if (plan.after().state().node(from).isEmpty()) {
            return new LossCause.NodeGone();
        }
        boolean isNotAdmitted = reason instanceof Withheld.NotAdmitted;
        if (isNotAdmitted || reason instanceof Withheld.ViaOtherRouter || reason instanceof Withheld.ViaNoRouter) {
            RuleId rule = plan.before()
                    .viewer(viewer)
                    .map(routes -> ruleBefore(routes, from, prefix))
                    .orElse(null);
            RuleFate fate = rule == null ? null : plan.change(rule);
            if (rule != null && fate != null) {
                return new LossCause.RuleChanged(rule, fate);
            }
            if (rule != null && isNotAdmitted) {
                return new LossCause.RuleEnded(rule, ended(viewer, from));
            }
        }
        return new LossCause.RouteWithheld(reason);
    }

    private static @Nullable RuleId ruleBefore(ViewerRoutes routes, NodeId from, Prefix prefix) {
        return routes.explain(from, prefix) instanceof RouteAnswer.Given given
                ? given.reason().byRule().orElse(null)
                : null;
    }
}
