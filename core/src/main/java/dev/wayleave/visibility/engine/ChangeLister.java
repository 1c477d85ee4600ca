package dev.wayleave.visibility.engine;

import dev.wayleave.access.ExplainedRule;
import dev.wayleave.access.PacketFilter;
import dev.wayleave.access.RuleId;
import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.access.engine.NodeAccess;
import dev.wayleave.access.engine.NodeClasses;
import dev.wayleave.access.engine.NodeRules;
import dev.wayleave.access.engine.RuleSet;
import dev.wayleave.internal.BitArrays;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.PeerChange;
import dev.wayleave.visibility.RouteChange;
import dev.wayleave.visibility.ViewChange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Lists what changed for viewers with the same rules: for one of them, which may have routes, or for several without
 * routes.
 */
final class ChangeLister implements ViewChange.Content {

    private final Visibility before;
    private final Visibility after;
    private final ChangedParts parts;

    /** The rules of the viewers before; null if they did not exist. */
    private final @Nullable NodeRules previous;

    private final NodeRules current;
    private final SortedSet<NodeId> viewers;
    private final boolean filterChanged;

    /** The first of the viewers, when it was looked up; two threads find the same. */
    private @Nullable NodeAccess first;

    ChangeLister(
            Visibility before,
            Visibility after,
            ChangedParts parts,
            @Nullable NodeRules previous,
            NodeRules current,
            SortedSet<NodeId> viewers,
            boolean filterChanged) {
        this.before = before;
        this.after = after;
        this.parts = parts;
        this.previous = previous;
        this.current = current;
        this.viewers = viewers;
        this.filterChanged = filterChanged;
    }

    /** One of the viewers. */
    private NodeAccess viewer() {
        NodeAccess known = first;
        if (known == null) {
            known = after.rules().node(viewers.first()).orElseThrow();
            first = known;
        }
        return known;
    }

    // Peers

    /** The peers that changed, as far as it matters to viewers who may be among them: none, one, or several. */
    List<NodeId> someChangedPeers() {
        List<NodeId> some = new ArrayList<>(2);
        for (ChangedParts.PeerGroup group : parts.groups()) {
            if (some.size() < 2 && group.changesFor(previous, current)) {
                some.addAll(group.ids().subList(0, Math.min(2, group.ids().size())));
            }
        }
        // a viewer of another class sees other nodes that did not change
        if (some.size() < 2 && isOfOtherClass()) {
            // such a peer is none of the viewers, so that it counts as several
            unchangedPeers(true).forEach(peer -> some.addAll(List.of(peer.peer(), peer.peer())));
        }
        return some;
    }

    private boolean isOfOtherClass() {
        return previous == null || !parts.isComparable() || !previous.equals(current);
    }

    @Override
    public List<PeerChange> peers() {
        List<PeerChange> changes = new ArrayList<>();
        for (ChangedParts.PeerGroup group : parts.groups()) {
            if (group.changesFor(previous, current)) {
                list(group, changes);
            }
        }
        if (isOfOtherClass()) {
            changes.addAll(unchangedPeers(false));
        }
        changes.sort(Comparator.comparing(PeerChange::peer));
        return changes;
    }

    private void list(ChangedParts.PeerGroup group, List<PeerChange> changes) {
        boolean saw = group.sawBy(previous);
        NodeRules now = group.after();
        if (now == null || !current.sees(now)) {
            PeerChange.Loss reason =
                    now == null ? new PeerChange.NodeRemoved() : loss(Objects.requireNonNull(group.before()), now);
            group.ids().forEach(id -> changes.add(new PeerChange.Removed(id, reason)));
        } else if (saw) {
            group.ids().forEach(id -> changes.add(new PeerChange.Changed(id, group.facts())));
        } else {
            RuleId reason = reason(now);
            group.ids().forEach(id -> changes.add(new PeerChange.Added(id, reason)));
        }
    }

    private RuleId reason(NodeRules peer) {
        return after.rules().id(after.rules().between(current, peer));
    }

    /**
     * Nodes that did not change, and are in a class that the viewers saw and no longer see, or the other way round.
     *
     * @param one whether the first is enough
     */
    private List<PeerChange> unchangedPeers(boolean one) {
        List<PeerChange> changes = new ArrayList<>();
        if (!parts.isComparable()) {
            return changes;
        }
        NodeClasses classes = after.rules().classes();
        for (int slot = 0; slot < classes.count() && !(one && !changes.isEmpty()); slot++) {
            NodeClasses.NodeClass nodeClass = classes.at(slot);
            if (nodeClass != null && parts.isStable(slot)) {
                boolean saw = previous != null && previous.sees(nodeClass.rules());
                boolean sees = current.sees(nodeClass.rules());
                if (saw != sees) {
                    nodeClass.members().values().stream()
                            .filter(id -> !parts.isChanged(id))
                            .limit(one ? 1 : Long.MAX_VALUE)
                            .forEach(id -> changes.add(
                                    sees
                                            ? new PeerChange.Added(id, reason(nodeClass.rules()))
                                            : new PeerChange.Removed(id, loss(nodeClass.rules(), nodeClass.rules()))));
                }
            }
        }
        return changes;
    }

    private PeerChange.Loss loss(NodeRules peerBefore, NodeRules peerAfter) {
        AccessRules old = before.rules();
        NodeRules viewerBefore = Objects.requireNonNull(previous);
        int rule = old.between(viewerBefore, peerBefore);
        RuleId reason = old.id(rule);
        if (!after.rules().hasPolicyOf(old)) {
            return new PeerChange.NoRule(reason, PeerChange.EndCause.POLICY_REPLACED);
        }
        boolean towards =
                viewerBefore.source().contains(rule) && peerBefore.destination().contains(rule);
        boolean viewerMatches = has(towards ? current.source() : current.destination(), rule);
        boolean peerMatches = has(towards ? peerAfter.destination() : peerAfter.source(), rule);
        PeerChange.EndCause ended =
                viewerMatches ? PeerChange.EndCause.PEER_CHANGED : PeerChange.EndCause.VIEWER_CHANGED;
        return new PeerChange.NoRule(reason, viewerMatches || peerMatches ? ended : PeerChange.EndCause.BOTH_CHANGED);
    }

    /** A rule that was gone in between, and is back, has another number. */
    private boolean has(RuleSet rules, int ruleBefore) {
        return (parts.isComparable() && rules.contains(ruleBefore))
                || after.rules().contains(rules, before.rules(), ruleBefore);
    }

    // Routes

    /** A route that moved; no reason yet. */
    private record Route(
            Prefix prefix, @Nullable NodeId from, @Nullable NodeId to) {}

    /** Whether a route of the viewer changed. */
    boolean hasRoutes() {
        return !collect(true).isEmpty();
    }

    @Override
    public List<RouteChange> routes() {
        List<Route> routes = collect(false);
        if (routes.isEmpty()) {
            return List.of();
        }
        RouteComparison comparison = new RouteComparison(after, viewer());
        routes.forEach(route -> comparison.add(route.prefix(), route.from(), route.to()));
        return comparison.changes();
    }

    /** The routes that moved; only the first, if one is enough. */
    private List<Route> collect(boolean one) {
        List<Route> routes = new ArrayList<>();
        NodeAccess old =
                previous == null ? null : before.rules().node(viewer().id()).orElse(null);
        if (previous == null || !parts.isComparable()) {
            for (CarrierRow row : after.rows().values()) {
                RowChange change = parts.row(row.prefix);
                compare(row.prefix, change == null ? row : change.before(), row, old, routes);
                if (one && !routes.isEmpty()) {
                    return routes;
                }
            }
            for (RowChange change : parts.rows()) {
                if (change.after() == null) {
                    compare(change.prefix(), change.before(), null, old, routes);
                }
            }
        } else {
            for (Prefix prefix : prefixes()) {
                compare(prefix, before.rows().get(prefix), after.rows().get(prefix), old, routes);
                if (one && !routes.isEmpty()) {
                    return routes;
                }
            }
        }
        exits(routes);
        return routes;
    }

    private void compare(
            Prefix prefix,
            @Nullable CarrierRow rowBefore,
            @Nullable CarrierRow rowAfter,
            @Nullable NodeAccess old,
            List<Route> routes) {
        NodeId from = rowBefore == null || old == null ? null : before.carrierFor(rowBefore, old);
        NodeId to = rowAfter == null ? null : after.carrierFor(rowAfter, viewer());
        if (!Objects.equals(from, to)) {
            routes.add(new Route(prefix, from, to));
        }
    }

    /**
     * The prefixes whose carrier may have changed: own ones, those of rows that moved, and those of other rows that ask
     * for rules which the viewer did not have before, or has no more.
     */
    private Collection<Prefix> prefixes() {
        Set<Prefix> some = new LinkedHashSet<>();
        Set<Prefix> own = own();
        boolean otherRules = isOfOtherClass();
        if (otherRules) {
            some.addAll(parts.rowsReadOtherwise(Objects.requireNonNull(previous), current));
        }
        for (Prefix prefix : own) {
            boolean changed = otherRules || parts.row(prefix) != null || parts.hasMovedPrimary(prefix);
            if (!prefix.isExitRoute() && changed) {
                some.add(prefix);
            }
        }
        int slot = after.rules().classes().slot(current);
        for (RowChange row : parts.rows()) {
            boolean moved = otherRules || !parts.isStable(slot) || BitArrays.contains(row.moved(), slot);
            if (moved && !own.contains(row.prefix())) {
                some.add(row.prefix());
            }
        }
        return some;
    }

    /** The prefixes that are effective on the viewer, or were. */
    private Set<Prefix> own() {
        Set<Prefix> now = viewer().routes().effective();
        NodeAccess old = before.rules().node(viewer().id()).orElse(viewer());
        if (old.routes().effective().equals(now)) {
            return now;
        }
        Set<Prefix> both = new TreeSet<>(now);
        both.addAll(old.routes().effective());
        return both;
    }

    private void exits(List<Route> routes) {
        ExitNodes old = new ExitNodes(before.rules());
        ExitNodes now = new ExitNodes(after.rules());
        if (!isOfOtherClass()) {
            for (ChangedParts.ExitChange exit : parts.exits()) {
                NodeAccess one = exit.before();
                NodeAccess other = exit.after();
                exit(
                        routes,
                        one != null && old.mayUse(current, one.rules()) ? one : null,
                        other != null && now.mayUse(current, other.rules()) ? other : null);
            }
            return;
        }
        TreeMap<NodeId, NodeAccess> used = new TreeMap<>();
        TreeMap<NodeId, NodeAccess> uses = new TreeMap<>();
        if (previous != null) {
            old.usableBy(previous).forEach(node -> used.put(node.id(), node));
        }
        now.usableBy(current).forEach(node -> uses.put(node.id(), node));
        used.forEach((id, node) -> exit(routes, node, uses.remove(id)));
        uses.forEach((id, node) -> exit(routes, null, node));
    }

    private void exit(List<Route> routes, @Nullable NodeAccess old, @Nullable NodeAccess now) {
        SortedSet<Prefix> had = old == null ? new TreeSet<>() : exitRoutes(old);
        SortedSet<Prefix> has = now == null ? new TreeSet<>() : exitRoutes(now);
        if (old != null && !old.id().equals(viewer().id())) {
            had.stream()
                    .filter(prefix -> !has.contains(prefix))
                    .forEach(prefix -> routes.add(new Route(prefix, old.id(), null)));
        }
        if (now != null && !now.id().equals(viewer().id())) {
            has.stream()
                    .filter(prefix -> !had.contains(prefix))
                    .forEach(prefix -> routes.add(new Route(prefix, null, now.id())));
        }
    }

    static SortedSet<Prefix> exitRoutes(NodeAccess node) {
        SortedSet<Prefix> routes = new TreeSet<>();
        for (Prefix prefix : node.routes().effective()) {
            if (prefix.isExitRoute()) {
                routes.add(prefix);
            }
        }
        return routes;
    }

    // Packet filters

    @Override
    public ViewChange.FilterChange filter(NodeId node) {
        if (!filterChanged) {
            return ViewChange.FilterChange.NONE;
        }
        List<ExplainedRule> old = before.rules().explainedFilter(node);
        List<ExplainedRule> now = after.rules().explainedFilter(node);
        List<ExplainedRule> gained = without(now, old);
        List<ExplainedRule> lost = without(old, now);
        return gained.isEmpty() && lost.isEmpty()
                ? ViewChange.FilterChange.NONE
                : new ViewChange.FilterChange(gained, lost);
    }

    private static List<ExplainedRule> without(List<ExplainedRule> these, List<ExplainedRule> those) {
        Set<PacketFilter.Rule> others = new HashSet<>();
        those.forEach(explained -> others.add(explained.rule()));
        return these.stream()
                .filter(explained -> !others.contains(explained.rule()))
                .toList();
    }
}
