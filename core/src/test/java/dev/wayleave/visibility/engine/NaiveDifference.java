package dev.wayleave.visibility.engine;

import dev.wayleave.access.ExplainedRule;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.access.RuleId;
import dev.wayleave.access.engine.NodeAccess;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.NodeFact;
import dev.wayleave.visibility.PeerChange;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.RouteChange;
import dev.wayleave.visibility.ViewChange;
import dev.wayleave.visibility.ViewChange.FilterChange;
import dev.wayleave.visibility.ViewChange.SelfChange;
import dev.wayleave.visibility.ViewerRoutes;
import dev.wayleave.visibility.Withheld;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What changed, found by writing down both views of every viewer and comparing them. */
final class NaiveDifference {

    private NaiveDifference() {}

    static SortedMap<NodeId, ViewChange> of(Visibility before, Visibility after) {
        SortedMap<NodeId, ViewChange> changes = new TreeMap<>();
        after.rules().nodes().forEach(node -> {
            ViewChange change = of(before, after, node.id());
            if (!change.isEmpty()) {
                changes.put(node.id(), change);
            }
        });
        return changes;
    }

    private static ViewChange of(Visibility before, Visibility after, NodeId id) {
        ViewerRoutes previous = before.viewer(id).orElse(null);
        ViewerRoutes current = after.viewer(id).orElseThrow();
        return ViewChange.of(
                Set.of(id),
                self(previous, current),
                peers(before, after, previous, current),
                routes(previous, current),
                Map.of(
                        id,
                        filter(before.rules().explainedFilter(id), after.rules().explainedFilter(id))));
    }

    private static <T> List<T> less(Iterable<T> these, Iterable<T> those) {
        List<T> rest = new ArrayList<>();
        these.forEach(rest::add);
        those.forEach(rest::remove);
        return rest;
    }

    private static SelfChange self(@Nullable ViewerRoutes previous, ViewerRoutes current) {
        SortedSet<Prefix> old =
                previous == null ? new TreeSet<>() : previous.self().effective();
        SortedSet<Prefix> oldPrimary = previous == null ? new TreeSet<>() : previous.selfPrimary();
        return new SelfChange(
                previous == null ? NodeFact.ofHost() : facts(previous.self(), current.self()),
                less(current.self().effective(), old),
                less(old, current.self().effective()),
                less(current.selfPrimary(), oldPrimary),
                less(oldPrimary, current.selfPrimary()));
    }

    private static SortedSet<NodeFact> facts(NodeRoutes before, NodeRoutes after) {
        Map<NodeFact, Function<Node, Object>> readers = Map.of(
                NodeFact.NAME, Node::name,
                NodeFact.OWNER, Node::owner,
                NodeFact.ADDRESSES, Node::addresses,
                NodeFact.HOST_KEY, Node::hostKey,
                NodeFact.KEY_EXPIRY, Node::keyExpiry);
        SortedSet<NodeFact> facts = new TreeSet<>();
        readers.forEach((fact, reader) -> {
            if (!reader.apply(before.node()).equals(reader.apply(after.node()))) {
                facts.add(fact);
            }
        });
        return facts;
    }

    private static List<PeerChange> peers(
            Visibility before, Visibility after, @Nullable ViewerRoutes previous, ViewerRoutes current) {
        SortedSet<NodeId> old = previous == null ? new TreeSet<>() : previous.peers();
        List<PeerChange> changes = new ArrayList<>();
        for (NodeId peer : current.peers()) {
            if (!old.contains(peer)) {
                changes.add(new PeerChange.Added(peer, current.seenByRule(peer).orElseThrow()));
                continue;
            }
            SortedSet<NodeFact> facts = facts(
                    before.rules().node(peer).orElseThrow().routes(),
                    after.rules().node(peer).orElseThrow().routes());
            if (!facts.isEmpty()) {
                changes.add(new PeerChange.Changed(peer, facts));
            }
        }
        for (NodeId peer : less(old, current.peers())) {
            changes.add(new PeerChange.Removed(peer, loss(before, after, previous, peer)));
        }
        changes.sort(Comparator.comparing(PeerChange::peer));
        return changes;
    }

    private static List<RouteChange> routes(@Nullable ViewerRoutes previous, ViewerRoutes current) {
        TreeMap<Prefix, NodeId> old = new TreeMap<>();
        if (previous != null) {
            previous.routes().forEach((peer, routes) -> routes.primary().forEach(p -> old.put(p, peer)));
        }
        TreeMap<Prefix, NodeId> now = new TreeMap<>();
        current.routes().forEach((peer, routes) -> routes.primary().forEach(p -> now.put(p, peer)));
        List<RouteChange> changes = new ArrayList<>();
        now.forEach((prefix, to) -> {
            NodeId from = old.get(prefix);
            if (from == null) {
                changes.add(new RouteChange.Gained(prefix, to, why(current, to, prefix)));
            } else if (!from.equals(to)) {
                changes.add(new RouteChange.Moved(
                        prefix, from, to, whyNot(current, from, prefix), why(current, to, prefix)));
            }
        });
        old.forEach((prefix, from) -> {
            if (!now.containsKey(prefix)) {
                changes.add(new RouteChange.Lost(prefix, from, whyNot(current, from, prefix)));
            }
        });
        TreeSet<NodeId> peers = new TreeSet<>(current.routes().keySet());
        if (previous != null) {
            peers.addAll(previous.routes().keySet());
        }
        for (NodeId peer : peers) {
            List<Prefix> oldExit =
                    previous == null ? List.of() : previous.routes(peer).exit();
            List<Prefix> exit = current.routes(peer).exit();
            less(exit, oldExit).forEach(p -> changes.add(new RouteChange.Gained(p, peer, why(current, peer, p))));
            less(oldExit, exit).forEach(p -> changes.add(new RouteChange.Lost(p, peer, whyNot(current, peer, p))));
        }
        changes.sort(Comparator.comparing(RouteChange::prefix).thenComparing(NaiveDifference::node));
        return changes;
    }

    private static NodeId node(RouteChange change) {
        if (change instanceof RouteChange.Gained gained) {
            return gained.to();
        }
        return change instanceof RouteChange.Moved moved ? moved.to() : ((RouteChange.Lost) change).from();
    }

    private static RouteAnswer.GivenReason why(ViewerRoutes viewer, NodeId peer, Prefix prefix) {
        return ((RouteAnswer.Given) viewer.explain(peer, prefix)).reason();
    }

    private static Withheld.Reason whyNot(ViewerRoutes viewer, NodeId peer, Prefix prefix) {
        return ((Withheld) viewer.explain(peer, prefix)).reason();
    }

    private static PeerChange.Loss loss(Visibility before, Visibility after, ViewerRoutes viewer, NodeId peer) {
        if (after.rules().node(peer).isEmpty()) {
            return new PeerChange.NodeRemoved();
        }
        RuleId rule = viewer.seenByRule(peer).orElseThrow();
        if (!after.rules().hasPolicyOf(before.rules())) {
            return new PeerChange.NoRule(rule, PeerChange.EndCause.POLICY_REPLACED);
        }
        // Rules between the two went in both directions; the first towards the peer counts before those towards the
        // viewer.
        int number = first(before, viewer.viewer(), peer);
        boolean towards = number >= 0;
        if (!towards) {
            number = first(before, peer, viewer.viewer());
        }
        NodeAccess one = after.rules().node(viewer.viewer()).orElseThrow();
        NodeAccess other = after.rules().node(peer).orElseThrow();
        boolean viewerStands =
                after.rules().contains(towards ? one.sourceRules() : one.destinationRules(), before.rules(), number);
        boolean peerStands = after.rules()
                .contains(towards ? other.destinationRules() : other.sourceRules(), before.rules(), number);
        if (!viewerStands && !peerStands) {
            return new PeerChange.NoRule(rule, PeerChange.EndCause.BOTH_CHANGED);
        }
        return new PeerChange.NoRule(
                rule, viewerStands ? PeerChange.EndCause.PEER_CHANGED : PeerChange.EndCause.VIEWER_CHANGED);
    }

    /** The first rule of the policy that leads from one node to another, or -1. */
    private static int first(Visibility visibility, NodeId from, NodeId to) {
        int[] first = {-1};
        visibility.rules().node(from).orElseThrow().sourceRules().forEach(rule -> {
            if (visibility.rules().node(to).orElseThrow().destinationRules().contains(rule)) {
                first[0] = visibility.rules().earlier(first[0], rule);
            }
        });
        return first[0];
    }

    private static FilterChange filter(List<ExplainedRule> previous, List<ExplainedRule> current) {
        return new FilterChange(without(current, previous), without(previous, current));
    }

    private static List<ExplainedRule> without(List<ExplainedRule> these, List<ExplainedRule> those) {
        return these.stream()
                .filter(rule -> those.stream().noneMatch(other -> other.rule().equals(rule.rule())))
                .toList();
    }
}
