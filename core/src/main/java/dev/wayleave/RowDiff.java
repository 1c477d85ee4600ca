package dev.wayleave;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Lists;
import com.google.common.collect.Sets;
import dev.wayleave.election.Candidate;
import dev.wayleave.internal.SortedLists;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.engine.UserDifference;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.StateRows;
import dev.wayleave.row.TailnetRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Rows of states, and what differs between two states where a step has touched them. */
final class RowDiff {

    private final RoutingState before;
    private final RoutingState after;
    private final StepLog log;

    /** The prefixes that had an election, in their order. */
    private final List<ElectedPrefix> elected;

    RowDiff(RoutingState before, RoutingState after, StepLog log, List<ElectedPrefix> elected) {
        this.before = before;
        this.after = after;
        this.log = log;
        this.elected = elected;
    }

    /** Identity check: unchanged parts are shared between states. */
    private static boolean isSame(Object one, Object other) {
        return one == other;
    }

    static StateRows rows(RoutingState state) {
        List<NodeRow> nodes = new ArrayList<>(state.fields.nodes.size());
        ImmutableList.Builder<RouteRow> routes = ImmutableList.builder();
        for (NodeState node : state.fields.nodes.values()) {
            nodes.add(node.row());
            for (Prefix prefix : prefixesWithRow(node)) {
                RouteState route = state.fields.routes.get(prefix);
                RouteRow row = node.routeRow(prefix, node.id().equals(primary(route)), route);
                if (row != null) {
                    routes.add(row);
                }
            }
        }
        return new StateRows(tailnetRow(state), state.fields.users.all(), nodes, routes.build());
    }

    static TailnetRow tailnetRow(RoutingState state) {
        return new TailnetRow(state.fields.sessions.tailnet(), state.fields.settings, state.fields.policy);
    }

    /** In the order of the prefixes. */
    static List<Prefix> prefixesWithRow(@Nullable NodeState node) {
        if (node == null) {
            return List.of();
        }
        List<Prefix> decided = SortedLists.union(
                inOrder(node.approvals().approved()),
                SortedLists.union(
                        inOrder(node.approvals().denied()),
                        inOrder(node.approvals().withdrawn())));
        return SortedLists.union(node.durable().advertised().asList(), decided);
    }

    private static List<Prefix> inOrder(SortedMap<Prefix, ?> approvals) {
        return ImmutableSortedMap.copyOfSorted(approvals).keySet().asList();
    }

    private static @Nullable RouteRow row(
            RoutingState state, @Nullable NodeState node, Prefix prefix, boolean primary) {
        if (node == null) {
            return null;
        }
        // looked up only where the row has facts of the candidate
        RouteState route = node.presence().isShared() ? state.fields.routes.get(prefix) : null;
        return node.routeRow(prefix, primary, route);
    }

    RowChanges changes() {
        boolean tailnet = !before.fields.settings.equals(after.fields.settings)
                || !before.fields.policy.hasTextOf(after.fields.policy);
        RowChanges changes = new RowChanges(tailnet ? tailnetRow(after) : null, users(), nodes(), routes());
        boolean isFirst = !before.fields.hasRow && !tailnet && !changes.isEmpty();
        return isFirst
                ? new RowChanges(tailnetRow(after), changes.users(), changes.nodes(), changes.routes())
                : changes;
    }

    private RowChanges.Rows<User, UserId> users() {
        UserDifference difference = UserDifference.between(before.fields.users, after.fields.users);
        if (difference.isEmpty()) {
            return RowChanges.Rows.none();
        }
        List<User> upserts = new ArrayList<>(difference.added());
        difference.changed().forEach(user -> upserts.add(user.after()));
        upserts.sort(Comparator.comparing(User::id));
        return new RowChanges.Rows<>(upserts, Lists.transform(difference.removed(), User::id));
    }

    private RowChanges.Rows<NodeRow, NodeId> nodes() {
        List<NodeRow> upserts = new ArrayList<>(0);
        List<NodeId> deletes = new ArrayList<>(0);
        Set<NodeId> repairs = before.fields.repairs.nodes().keySet();
        Set<NodeId> touched = repairs.isEmpty() ? log.nodes : new TreeSet<>(Sets.union(log.nodes, repairs));
        for (NodeId id : touched) {
            NodeState previous = before.fields.nodes.get(id);
            NodeState current = after.fields.nodes.get(id);
            if (current == null) {
                if (previous != null) {
                    deletes.add(id);
                }
            } else if (previous == null
                    || repairs.contains(id)
                    || !previous.row().equals(current.row())) {
                upserts.add(current.row());
            }
        }
        return new RowChanges.Rows<>(upserts, deletes);
    }

    private RowChanges.Rows<RouteRow, RouteKey> routes() {
        Map<NodeId, List<Mark>> marked = marked();
        Set<NodeId> repairs = routeRepairs();
        Set<NodeId> nodes = log.nodes;
        if (!marked.isEmpty() || !repairs.isEmpty()) {
            nodes = new TreeSet<>(Sets.union(log.nodes, repairs));
            nodes.addAll(marked.keySet());
        }
        ImmutableList.Builder<RouteRow> upserts = ImmutableList.builder();
        ImmutableList.Builder<RouteKey> deletes = ImmutableList.builder();
        for (NodeId id : nodes) {
            NodeState nodeBefore = before.fields.nodes.get(id);
            NodeState nodeAfter = after.fields.nodes.get(id);
            List<Mark> marks = marked.getOrDefault(id, List.of());
            boolean isRepaired = repairs.contains(id);
            int next = 0;
            for (Prefix prefix : rowsOf(nodeBefore, nodeAfter, isRepaired, marks)) {
                boolean isMarked = next < marks.size() && marks.get(next).prefix.equals(prefix);
                boolean primary = isMarked && marks.get(next++).primary;
                RouteRow current = row(after, nodeAfter, prefix, primary);
                if (!isMarked) {
                    // the primary did not move: compare the rows without it, and look it up if they differ
                    if (!isRepaired && Objects.equals(row(before, nodeBefore, prefix, false), current)) {
                        continue;
                    }
                    if (isStillPrimary(nodeBefore, prefix)) {
                        current = row(after, nodeAfter, prefix, true);
                    }
                }
                if (current == null) {
                    deletes.add(new RouteKey(id, prefix));
                } else {
                    upserts.add(current);
                }
            }
        }
        return new RowChanges.Rows<>(upserts.build(), deletes.build());
    }

    /**
     * Nodes whose rows another process wrote without knowing of their sessions here. Where processes share the tailnet,
     * the rows of their routes may have what that process assumed, too: since when a route has been steady.
     */
    private Set<NodeId> routeRepairs() {
        return before.fields.sessions.self() == null
                ? Set.of()
                : Sets.filter(before.fields.repairs.nodes().keySet(), this::hadSession);
    }

    /** Whether a session is in the row of a node, or in the state that repairs it. */
    private boolean hadSession(NodeId id) {
        NodeRow stored = before.fields.repairs.nodes().get(id);
        NodeState known = before.fields.nodes.get(id);
        return (stored != null && stored.session().isPresent())
                || (known != null && known.row().session().isPresent());
    }

    /** The row of the old primary or of the new primary of a prefix whose primary moved. */
    private record Mark(Prefix prefix, boolean primary) {}

    /**
     * For a prefix whose primary did not move. The look-up is costly, so it is made only for a node that could carry
     * it.
     */
    private boolean isStillPrimary(@Nullable NodeState previous, Prefix prefix) {
        return previous != null
                && previous.effective().contains(prefix)
                && previous.id().equals(primary(after.fields.routes.get(prefix)));
    }

    /**
     * The rows of primaries that moved, written whether or not their node was touched; those of a node in the order of
     * the prefixes.
     */
    private Map<NodeId, List<Mark>> marked() {
        Map<NodeId, List<Mark>> marked = new HashMap<>();
        for (ElectedPrefix route : elected) {
            NodeId previous = primary(route.before());
            NodeId current = primary(route.after());
            if (!Objects.equals(previous, current)) {
                mark(previous, new Mark(route.prefix(), false), marked);
                mark(current, new Mark(route.prefix(), true), marked);
            }
        }
        return marked;
    }

    private static void mark(@Nullable NodeId node, Mark mark, Map<NodeId, List<Mark>> marked) {
        if (node != null) {
            marked.computeIfAbsent(node, id -> new ArrayList<>(4)).add(mark);
        }
    }

    /** In the order of the prefixes. */
    private static List<Prefix> rowsOf(
            @Nullable NodeState previous, @Nullable NodeState current, boolean isRepaired, List<Mark> marks) {
        List<Prefix> marked = Lists.transform(marks, Mark::prefix);
        if (!isRepaired
                && previous != null
                && current != null
                && current.durable().hasRouteFactsOf(previous.durable())
                && hasSameHealthInRows(previous, current)) {
            return marked;
        }
        List<Prefix> known = SortedLists.union(prefixesWithRow(previous), prefixesWithRow(current));
        return SortedLists.union(known, marked);
    }

    /** Where several processes share the tailnet, the rows of routes have the health of the node. */
    private static boolean hasSameHealthInRows(NodeState previous, NodeState current) {
        return !current.presence().isShared()
                || (isSame(previous.presence(), current.presence()) && previous.isTracked() == current.isTracked());
    }

    private static @Nullable NodeId primary(@Nullable RouteState route) {
        return route == null ? null : route.primaryOrNull();
    }

    TouchedKeys touched() {
        List<Prefix> prefixes = new ArrayList<>();
        for (ElectedPrefix route : elected) {
            if (!hasSameElectionResult(route.before(), route.after())) {
                prefixes.add(route.prefix());
            }
        }
        return touched(SortedLists.set(prefixes));
    }

    /** The differences between any two states of a tailnet: every node and every prefix is compared. */
    static TouchedKeys touched(RoutingState before, RoutingState after) {
        StepLog log = new StepLog();
        log.nodes.addAll(before.fields.nodes.keySet());
        log.nodes.addAll(after.fields.nodes.keySet());
        TreeSet<Prefix> prefixes = new TreeSet<>(before.fields.routes.keySet());
        prefixes.addAll(after.fields.routes.keySet());
        prefixes.removeIf(
                prefix -> hasSameElectionResult(before.fields.routes.get(prefix), after.fields.routes.get(prefix)));
        return new RowDiff(before, after, log, List.of()).touched(prefixes);
    }

    private TouchedKeys touched(SortedSet<Prefix> prefixes) {
        TreeSet<NodeId> nodes = new TreeSet<>();
        TreeSet<NodeId> presence = new TreeSet<>();
        for (NodeId id : log.nodes) {
            NodeState previous = before.fields.nodes.get(id);
            NodeState current = after.fields.nodes.get(id);
            if (previous == null || current == null) {
                if (previous != null || current != null) {
                    nodes.add(id);
                }
            } else if (viewDiffers(previous, current)) {
                nodes.add(id);
            } else if (!previous.liveness().online().equals(current.liveness().online())) {
                presence.add(id);
            }
        }
        return new TouchedKeys(
                nodes,
                presence,
                prefixes,
                !before.fields.policy.equals(after.fields.policy),
                !before.fields.users.equals(after.fields.users),
                !before.fields.settings.equals(after.fields.settings));
    }

    private static boolean viewDiffers(NodeState previous, NodeState current) {
        return !previous.facts().equals(current.facts())
                || !previous.effective().equals(current.effective());
    }

    private static boolean hasSameElectionResult(@Nullable RouteState previous, @Nullable RouteState current) {
        if (previous == null || current == null) {
            return previous == current;
        }
        if (!previous.holders().equals(current.holders())
                || previous.isKept() != current.isKept()
                || !Objects.equals(previous.primaryOrNull(), current.primaryOrNull())
                || previous.candidates().size() != current.candidates().size()) {
            return false;
        }
        for (int i = 0; i < previous.candidates().size(); i++) {
            Candidate one = previous.candidates().get(i);
            Candidate other = current.candidates().get(i);
            // `steadySince` is read by the next election only
            if (!one.equals(other)
                    && !one.toBuilder().steadySince(other.steadySince()).build().equals(other)) {
                return false;
            }
        }
        return true;
    }
}
