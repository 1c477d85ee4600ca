package dev.wayleave;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.election.Candidate;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.StateRows;
import dev.wayleave.row.TailnetRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Rows of states, and what differs between two states where a step has touched them. */
final class RowDiff {

    private final RoutingState before;
    private final RoutingState after;
    private final StepLog notes;

    /** The prefixes that had an election, in their order. */
    private final List<PrefixEdits.Edit> elected;

    private RowDiff(RoutingState before, RoutingState after, StepLog notes, List<PrefixEdits.Edit> elected) {
        this.before = before;
        this.after = after;
        this.notes = notes;
        this.elected = elected;
    }

    static Step step(
            StateBuilder transition, RoutingState after, List<SubmissionResult> results, List<RouteEvent> events) {
        RoutingState before = transition.before;
        StepLog notes = transition.kept();
        boolean otherwise = !isSame(before.settings, after.settings)
                || !isSame(before.policy, after.policy)
                || !isSame(before.users, after.users)
                || !before.unsaved.isEmpty()
                || !before.unsavedNodes.isEmpty();
        if (notes == null && transition.toElect().isEmpty() && !otherwise) {
            return new Step(after, results, events, RowChanges.none(), TouchedKeys.nothing());
        }
        RowDiff changes = new RowDiff(before, after, notes == null ? new StepLog() : notes, transition.toElect());
        return new Step(after, results, events, changes.change(), changes.touched());
    }

    /** What is the same object needs no look at its content. */
    private static boolean isSame(Object one, Object other) {
        return one == other;
    }

    static StateRows rows(RoutingState state) {
        List<NodeRow> nodes = new ArrayList<>(state.nodes.size());
        ImmutableList.Builder<RouteRow> routes = ImmutableList.builder();
        for (NodeState node : state.nodes.values()) {
            nodes.add(node.row());
            for (Prefix prefix : known(node)) {
                RouteRow row = node.routeRow(prefix, node.id().equals(primary(state.routes.get(prefix))));
                if (row != null) {
                    routes.add(row);
                }
            }
        }
        return new StateRows(tailnetRow(state), state.users.all(), nodes, routes.build());
    }

    private static TailnetRow tailnetRow(RoutingState state) {
        return new TailnetRow(state.tailnet, state.settings, state.policy);
    }

    private static Set<Prefix> known(NodeState node) {
        List<Prefix> known = new ArrayList<>();
        addKnown(node, known);
        return ImmutableSortedSet.copyOf(known);
    }

    private static void addKnown(NodeState node, List<Prefix> known) {
        known.addAll(node.advertised());
        known.addAll(node.approvals().approved().keySet());
        known.addAll(node.approvals().denied().keySet());
        known.addAll(node.approvals().withdrawn().keySet());
    }

    private static @Nullable RouteRow row(@Nullable NodeState node, Prefix prefix, boolean primary) {
        return node == null ? null : node.routeRow(prefix, primary);
    }

    private RowChanges change() {
        boolean tailnet = !before.settings.equals(after.settings) || !before.policy.hasTextOf(after.policy);
        return new RowChanges(tailnet ? Optional.of(tailnetRow(after)) : Optional.empty(), users(), nodes(), routes());
    }

    private RowChanges.Rows<User, UserId> users() {
        if (isSame(before.users, after.users)) {
            return RowChanges.Rows.none();
        }
        List<User> upserts = new ArrayList<>();
        List<UserId> deletes = new ArrayList<>();
        for (User user : after.users.all()) {
            if (!before.users.find(user.id()).equals(Optional.of(user))) {
                upserts.add(user);
            }
        }
        for (User user : before.users.all()) {
            if (after.users.find(user.id()).isEmpty()) {
                deletes.add(user.id());
            }
        }
        return new RowChanges.Rows<>(upserts, deletes);
    }

    private RowChanges.Rows<NodeRow, NodeId> nodes() {
        List<NodeRow> upserts = new ArrayList<>(0);
        List<NodeId> deletes = new ArrayList<>(0);
        Set<NodeId> touched = before.unsavedNodes.isEmpty() ? notes.nodes : new TreeSet<>(notes.nodes);
        if (!before.unsavedNodes.isEmpty()) {
            touched.addAll(before.unsavedNodes);
        }
        for (NodeId id : touched) {
            NodeState was = before.nodes.get(id);
            NodeState is = after.nodes.get(id);
            if (is == null) {
                if (was != null) {
                    deletes.add(id);
                }
            } else if (was == null
                    || before.unsavedNodes.contains(id)
                    || !was.row().equals(is.row())) {
                upserts.add(is.row());
            }
        }
        return new RowChanges.Rows<>(upserts, deletes);
    }

    private RowChanges.Rows<RouteRow, RouteKey> routes() {
        Map<NodeId, SortedMap<Prefix, Boolean>> marked = marked();
        Set<NodeId> nodes = marked.isEmpty() ? notes.nodes : new TreeSet<>(notes.nodes);
        if (!marked.isEmpty()) {
            nodes.addAll(marked.keySet());
        }
        List<RouteRow> upserts = new ArrayList<>();
        List<RouteKey> deletes = new ArrayList<>();
        for (NodeId id : nodes) {
            NodeState nodeBefore = before.nodes.get(id);
            NodeState nodeAfter = after.nodes.get(id);
            SortedMap<Prefix, Boolean> ofNode = marked.getOrDefault(id, Collections.emptySortedMap());
            for (Prefix prefix : rowsOf(nodeBefore, nodeAfter, ofNode.keySet())) {
                Boolean primary = ofNode.get(prefix);
                if (primary == null) {
                    if (Objects.equals(row(nodeBefore, prefix, false), row(nodeAfter, prefix, false))) {
                        continue;
                    }
                    primary = isStillPrimary(nodeBefore, prefix);
                }
                RouteRow is = row(nodeAfter, prefix, primary);
                if (is == null) {
                    deletes.add(new RouteKey(id, prefix));
                } else {
                    upserts.add(is);
                }
            }
        }
        return new RowChanges.Rows<>(upserts, deletes);
    }

    /** Of a prefix whose primary did not move. That is far to look up: only who could carry it before is asked about. */
    private boolean isStillPrimary(@Nullable NodeState was, Prefix prefix) {
        return was != null && was.effective().contains(prefix) && was.id().equals(primary(after.routes.get(prefix)));
    }

    /**
     * Rows to write whether or not their node was touched, and whether they are a primary's now: those of primaries that moved, and
     * those not right before.
     */
    private Map<NodeId, SortedMap<Prefix, Boolean>> marked() {
        Map<NodeId, SortedMap<Prefix, Boolean>> marked = new HashMap<>();
        for (RouteKey key : before.unsaved) {
            mark(key.node(), key.prefix(), key.node().equals(primary(after.routes.get(key.prefix()))), marked);
        }
        for (PrefixEdits.Edit edit : elected) {
            NodeId was = primary(edit.before);
            NodeId is = primary(edit.now());
            if (!Objects.equals(was, is)) {
                mark(was, edit.prefix, false, marked);
                mark(is, edit.prefix, true, marked);
            }
        }
        return marked;
    }

    private static void mark(
            @Nullable NodeId node, Prefix prefix, boolean primary, Map<NodeId, SortedMap<Prefix, Boolean>> marked) {
        if (node != null) {
            marked.computeIfAbsent(node, id -> new TreeMap<>()).put(prefix, primary);
        }
    }

    /** In the order of the prefixes. */
    private static Set<Prefix> rowsOf(@Nullable NodeState was, @Nullable NodeState is, Set<Prefix> marked) {
        if (was != null
                && is != null
                && isSame(was.advertised(), is.advertised())
                && isSame(was.approvals(), is.approvals())) {
            return marked;
        }
        List<Prefix> all = new ArrayList<>(marked);
        if (was != null) {
            addKnown(was, all);
        }
        if (is != null) {
            addKnown(is, all);
        }
        return ImmutableSortedSet.copyOf(all);
    }

    private static @Nullable NodeId primary(@Nullable RouteState route) {
        return route == null ? null : route.primaryOrNull();
    }

    private TouchedKeys touched() {
        TreeSet<NodeId> nodes = new TreeSet<>();
        for (NodeId id : notes.nodes) {
            NodeState was = before.nodes.get(id);
            NodeState is = after.nodes.get(id);
            if (was == null ? is != null : is == null || isToldOtherwise(was, is)) {
                nodes.add(id);
            }
        }
        List<Prefix> prefixes = new ArrayList<>();
        for (PrefixEdits.Edit edit : elected) {
            if (!isCarriedAlike(edit.before, edit.now())) {
                prefixes.add(edit.prefix);
            }
        }
        return new TouchedKeys(
                nodes,
                ImmutableSortedSet.copyOf(prefixes),
                !before.policy.equals(after.policy),
                !before.users.equals(after.users),
                !before.settings.equals(after.settings));
    }

    private static boolean isToldOtherwise(NodeState was, NodeState is) {
        return !was.facts().equals(is.facts()) || !was.effective().equals(is.effective());
    }

    private static boolean isCarriedAlike(@Nullable RouteState was, @Nullable RouteState is) {
        if (was == null || is == null) {
            return was == is;
        }
        if (!was.holders().equals(is.holders())
                || was.isKept() != is.isKept()
                || !Objects.equals(was.primaryOrNull(), is.primaryOrNull())
                || was.candidates().size() != is.candidates().size()) {
            return false;
        }
        for (int i = 0; i < was.candidates().size(); i++) {
            Candidate one = was.candidates().get(i);
            Candidate other = is.candidates().get(i);
            // since when it is steady concerns nobody but the next election
            if (!one.equals(other)
                    && !one.toBuilder().steadySince(other.steadySince()).build().equals(other)) {
                return false;
            }
        }
        return true;
    }
}
