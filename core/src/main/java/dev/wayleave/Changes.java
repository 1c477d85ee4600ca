package dev.wayleave;

import com.google.common.collect.ImmutableList;
import dev.wayleave.election.Candidate;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rows of states, and what differs between two states where a step has touched them. */
final class Changes {

    private final RoutingState before;
    private final RoutingState after;
    private final Notes notes;

    private Changes(RoutingState before, RoutingState after, Notes notes) {
        this.before = before;
        this.after = after;
        this.notes = notes;
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
        Changes changes = new Changes(before, after, notes == null ? new Notes() : notes);
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
                RouteRow row = row(state, node, prefix);
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
        TreeSet<Prefix> known = new TreeSet<>(node.advertised());
        known.addAll(node.approvals().approved().keySet());
        known.addAll(node.approvals().denied().keySet());
        known.addAll(node.approvals().withdrawn().keySet());
        return known;
    }

    private static @Nullable RouteRow row(RoutingState state, @Nullable NodeState node, Prefix prefix) {
        if (node == null) {
            return null;
        }
        RouteState route = state.routes.get(prefix);
        return node.routeRow(prefix, route != null && node.id().equals(route.primaryOrNull()));
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
        TreeSet<RouteRow.Key> keys = new TreeSet<>(before.unsaved);
        for (NodeId id : notes.nodes) {
            addRoutes(before.nodes.get(id), after.nodes.get(id), keys);
        }
        electedPrefixes().forEach(prefix -> addPrimaries(prefix, keys));
        List<RouteRow> upserts = new ArrayList<>();
        List<RouteRow.Key> deletes = new ArrayList<>();
        for (RouteRow.Key key : keys) {
            RouteRow was = row(before, before.nodes.get(key.node()), key.prefix());
            RouteRow is = row(after, after.nodes.get(key.node()), key.prefix());
            boolean unsaved = before.unsaved.contains(key);
            if (is != null && (unsaved || !is.equals(was))) {
                upserts.add(is);
            } else if (is == null && (unsaved || was != null)) {
                deletes.add(key);
            }
        }
        return new StateChange.Rows<>(upserts, deletes);
    }

    private static void addRoutes(@Nullable NodeState was, @Nullable NodeState is, Set<RouteRow.Key> keys) {
        if (was != null
                && is != null
                && isSame(was.advertised(), is.advertised())
                && isSame(was.approvals(), is.approvals())) {
            return;
        }
        for (NodeState node : Stream.of(Optional.ofNullable(was), Optional.ofNullable(is))
                .flatMap(Optional::stream)
                .toList()) {
            known(node).forEach(prefix -> keys.add(new RouteRow.Key(node.id(), prefix)));
        }
    }

    private Iterable<Prefix> electedPrefixes() {
        if (before.unsettled.isEmpty()) {
            return notes.prefixes.keySet();
        }
        TreeSet<Prefix> all = new TreeSet<>(notes.prefixes.keySet());
        all.addAll(before.unsettled);
        return all;
    }

    private void addPrimaries(Prefix prefix, Set<RouteRow.Key> keys) {
        NodeId was = primary(before.routes.get(prefix));
        NodeId is = primary(after.routes.get(prefix));
        if (!Objects.equals(was, is)) {
            if (was != null) {
                keys.add(new RouteRow.Key(was, prefix));
            }
            if (is != null) {
                keys.add(new RouteRow.Key(is, prefix));
            }
        }
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
        for (Prefix prefix : electedPrefixes()) {
            if (!isCarriedAlike(before.routes.get(prefix), after.routes.get(prefix))) {
                prefixes.add(prefix);
            }
        }
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
