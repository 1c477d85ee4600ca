package dev.wayleave;

import com.google.common.collect.ImmutableList;
import dev.wayleave.election.Candidate;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Rows of states, and what differs between two states where a step has touched them. */
final class Changes {

    private final RoutingState before;
    private final RoutingState after;
    private final Notes notes;

    /** The prefixes that had an election, in their order, each looked up once. */
    private final Map<Prefix, Pair> elected;

    private record Pair(@Nullable RouteState was, @Nullable RouteState is) {}

    private Changes(RoutingState before, RoutingState after, Notes notes, List<Prefix> prefixes) {
        this.before = before;
        this.after = after;
        this.notes = notes;
        this.elected = new LinkedHashMap<>(2 * prefixes.size());
        for (Prefix prefix : prefixes) {
            elected.put(prefix, new Pair(before.routes.get(prefix), after.routes.get(prefix)));
        }
    }

    static Step step(
            Transition transition, RoutingState after, List<SubmissionResult> results, List<RouteEvent> events) {
        RoutingState before = transition.before;
        Notes notes = transition.kept();
        boolean otherwise = !isSame(before.settings, after.settings)
                || !isSame(before.policy, after.policy)
                || !isSame(before.users, after.users)
                || !before.unsaved.isEmpty()
                || !before.unsavedNodes.isEmpty()
                || !before.unsettled.isEmpty();
        if (notes == null && !otherwise) {
            return new Step(after, results, events, StateChange.none(), Touched.nothing());
        }
        Changes changes = new Changes(before, after, notes == null ? new Notes() : notes, transition.toElect());
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
                RouteRow row = row(state.routes.get(prefix), node, prefix);
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
        Set<Prefix> known = new TreeSet<>();
        addKnown(node, known);
        return known;
    }

    private static void addKnown(NodeState node, Set<Prefix> known) {
        known.addAll(node.advertised());
        known.addAll(node.approvals().approved().keySet());
        known.addAll(node.approvals().denied().keySet());
        known.addAll(node.approvals().withdrawn().keySet());
    }

    private static @Nullable RouteRow row(@Nullable RouteState route, @Nullable NodeState node, Prefix prefix) {
        return node == null ? null : node.routeRow(prefix, node.id().equals(primary(route)));
    }

    private StateChange change() {
        boolean tailnet = !before.settings.equals(after.settings) || !before.policy.equals(after.policy);
        return new StateChange(tailnet ? Optional.of(tailnetRow(after)) : Optional.empty(), users(), nodes(), routes());
    }

    private StateChange.Rows<User, UserId> users() {
        if (isSame(before.users, after.users)) {
            return StateChange.Rows.none();
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
        return new StateChange.Rows<>(upserts, deletes);
    }

    private StateChange.Rows<NodeRow, NodeId> nodes() {
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
        return new StateChange.Rows<>(upserts, deletes);
    }

    private StateChange.Rows<RouteRow, RouteRow.Key> routes() {
        Map<NodeId, Set<Prefix>> marked = marked();
        Set<NodeId> nodes = marked.isEmpty() ? notes.nodes : new TreeSet<>(notes.nodes);
        if (!marked.isEmpty()) {
            nodes.addAll(marked.keySet());
        }
        List<RouteRow> upserts = new ArrayList<>();
        List<RouteRow.Key> deletes = new ArrayList<>();
        for (NodeId id : nodes) {
            NodeState nodeBefore = before.nodes.get(id);
            NodeState nodeAfter = after.nodes.get(id);
            Set<Prefix> ofNode = marked.getOrDefault(id, Set.of());
            for (Prefix prefix : rowsOf(nodeBefore, nodeAfter, ofNode)) {
                // the primary, which is far to look up, moved only where it is marked
                if (!ofNode.contains(prefix)
                        && Objects.equals(row(null, nodeBefore, prefix), row(null, nodeAfter, prefix))) {
                    continue;
                }
                Pair pair = pair(prefix);
                RouteRow was = row(pair.was, nodeBefore, prefix);
                RouteRow is = row(pair.is, nodeAfter, prefix);
                boolean unsaved = !before.unsaved.isEmpty() && before.unsaved.contains(new RouteRow.Key(id, prefix));
                if (is != null && (unsaved || !is.equals(was))) {
                    upserts.add(is);
                } else if (is == null && (unsaved || was != null)) {
                    deletes.add(new RouteRow.Key(id, prefix));
                }
            }
        }
        return new StateChange.Rows<>(upserts, deletes);
    }

    /** Rows to look at whether or not their node was touched: those of primaries that moved, and those not right before. */
    private Map<NodeId, Set<Prefix>> marked() {
        Map<NodeId, Set<Prefix>> marked = new HashMap<>();
        before.unsaved.forEach(key -> mark(key.node(), key.prefix(), marked));
        elected.forEach((prefix, pair) -> {
            NodeId was = primary(pair.was);
            NodeId is = primary(pair.is);
            if (!Objects.equals(was, is)) {
                mark(was, prefix, marked);
                mark(is, prefix, marked);
            }
        });
        return marked;
    }

    private static void mark(@Nullable NodeId node, Prefix prefix, Map<NodeId, Set<Prefix>> marked) {
        if (node != null) {
            marked.computeIfAbsent(node, id -> new TreeSet<>()).add(prefix);
        }
    }

    private static Set<Prefix> rowsOf(@Nullable NodeState was, @Nullable NodeState is, Set<Prefix> marked) {
        if (was != null
                && is != null
                && isSame(was.advertised(), is.advertised())
                && isSame(was.approvals(), is.approvals())) {
            return marked;
        }
        Set<Prefix> all = new TreeSet<>(marked);
        if (was != null) {
            addKnown(was, all);
        }
        if (is != null) {
            addKnown(is, all);
        }
        return all;
    }

    private Pair pair(Prefix prefix) {
        Pair known = elected.get(prefix);
        return known != null ? known : new Pair(before.routes.get(prefix), after.routes.get(prefix));
    }

    private static @Nullable NodeId primary(@Nullable RouteState route) {
        return route == null ? null : route.primaryOrNull();
    }

    private Touched touched() {
        TreeSet<NodeId> nodes = new TreeSet<>();
        for (NodeId id : notes.nodes) {
            NodeState was = before.nodes.get(id);
            NodeState is = after.nodes.get(id);
            if (was == null ? is != null : is == null || isToldOtherwise(was, is)) {
                nodes.add(id);
            }
        }
        TreeSet<Prefix> prefixes = new TreeSet<>();
        elected.forEach((prefix, pair) -> {
            if (!isCarriedAlike(pair.was, pair.is)) {
                prefixes.add(prefix);
            }
        });
        return new Touched(
                nodes,
                prefixes,
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
