package dev.wayleave.foresight;

import com.google.common.collect.ImmutableSortedSet;
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
            NodeId alone = onlyPeer(change);
            if (alone != null && change.viewers().contains(alone)) {
                // the other viewers lose or gain it, and it does not lose or gain itself
                add(alike, change.forViewer(alone), List.of(alone));
                SortedSet<NodeId> others = new TreeSet<>(change.viewers());
                others.remove(alone);
                add(alike, change, others);
            } else {
                add(alike, change, change.viewers());
            }
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

    /** The peer that is lost or gained, if it is one alone. */
    private static @Nullable NodeId onlyPeer(ViewChange change) {
        NodeId only = null;
        for (PeerChange peer : change.peers()) {
            if (!(peer instanceof PeerChange.Changed)) {
                if (only != null) {
                    return null;
                }
                only = peer.peer();
            }
        }
        return only;
    }

    private void add(Map<ViewerImpact, SortedSet<NodeId>> alike, ViewChange change, Collection<NodeId> viewers) {
        ViewerImpact impact = viewers.isEmpty() ? null : impact(change);
        if (impact != null) {
            alike.computeIfAbsent(impact, i -> new TreeSet<>()).addAll(viewers);
        }
    }

    /** The impact without its viewers; null if peers only changed otherwise. */
    private @Nullable ViewerImpact impact(ViewChange change) {
        Map<LossCause, SortedSet<NodeId>> lost = new LinkedHashMap<>();
        Map<RuleId, SortedSet<NodeId>> gained = new LinkedHashMap<>();
        for (PeerChange peer : change.peers()) {
            if (peer instanceof PeerChange.Removed removed) {
                lost.computeIfAbsent(cause(removed.reason()), c -> new TreeSet<>())
                        .add(peer.peer());
            } else if (peer instanceof PeerChange.Added added) {
                gained.computeIfAbsent(added.reason(), r -> new TreeSet<>()).add(peer.peer());
            }
        }
        List<ViewerImpact.RouteLost> routesLost = new ArrayList<>();
        List<ViewerImpact.RouteGained> routesGained = new ArrayList<>();
        List<ViewerImpact.RouteMoved> routesMoved = new ArrayList<>();
        NodeId viewer = change.viewers().first();
        for (RouteChange route : change.routes()) {
            if (route instanceof RouteChange.Lost its) {
                routesLost.add(new ViewerImpact.RouteLost(
                        its.prefix(), its.from(), cause(viewer, its.from(), its.prefix(), its.reason())));
            } else if (route instanceof RouteChange.Gained its) {
                routesGained.add(new ViewerImpact.RouteGained(its.prefix(), its.to(), its.reason()));
            } else if (route instanceof RouteChange.Moved its) {
                routesMoved.add(new ViewerImpact.RouteMoved(
                        its.prefix(), its.from(), its.to(), cause(viewer, its.from(), its.prefix(), its.lostReason())));
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
                        peersLost(lost),
                        peersGained(gained),
                        routesLost,
                        routesGained,
                        routesMoved);
    }

    private static List<ViewerImpact.PeersLost> peersLost(Map<LossCause, SortedSet<NodeId>> lost) {
        List<ViewerImpact.PeersLost> list = new ArrayList<>();
        lost.forEach((cause, peers) -> list.add(new ViewerImpact.PeersLost(peers, cause)));
        return list;
    }

    private static List<ViewerImpact.PeersGained> peersGained(Map<RuleId, SortedSet<NodeId>> gained) {
        List<ViewerImpact.PeersGained> list = new ArrayList<>();
        gained.forEach((rule, peers) -> list.add(new ViewerImpact.PeersGained(peers, rule)));
        return list;
    }

    private LossCause cause(PeerChange.Loss loss) {
        return loss instanceof PeerChange.NoRule noRule
                ? plan.cause(noRule.before(), rule -> new LossCause.RuleEnded(rule, noRule.ended()))
                : new LossCause.NodeGone();
    }

    private LossCause cause(NodeId viewer, NodeId from, Prefix prefix, Withheld.Reason reason) {
        if (plan.after().state().node(from).isEmpty()) {
            return new LossCause.NodeGone();
        }
        // only rules take away what is still carried
        if (reason instanceof Withheld.NotAdmitted) {
            RuleId rule = plan.before()
                    .viewer(viewer)
                    .map(routes -> ruleBefore(routes, from, prefix))
                    .orElse(null);
            if (rule != null) {
                return plan.cause(rule, same -> new LossCause.RouteWithheld(reason));
            }
        }
        return new LossCause.RouteWithheld(reason);
    }

    private static @Nullable RuleId ruleBefore(ViewerRoutes routes, NodeId from, Prefix prefix) {
        return routes.explain(from, prefix) instanceof RouteAnswer.Given given
                ? ViewerImpact.ruleOf(given.reason())
                : null;
    }
}
