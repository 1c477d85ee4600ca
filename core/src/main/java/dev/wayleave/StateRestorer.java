package dev.wayleave;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.internal.SortedPairs;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.RowContradiction;
import dev.wayleave.row.StateRows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * Makes states from rows. Nodes are walked in the order of their numbers ({@link NodeReader}), prefixes in theirs
 * ({@link RouteRestorer}); every map is built in one go from sorted pairs; equal prefixes become one object.
 */
final class StateRestorer {

    private final List<RowContradiction> problems = new ArrayList<>();
    private final StateFields fields;
    private final @Nullable RoutingState previous;
    private final long now;

    /** In the order of their nodes and prefixes. */
    private final List<RouteRow> routeRows;

    private final RouteRestorer routes;
    private final NodeReader reader;

    private StateRestorer(
            StateRows rows,
            @Nullable RoutingState previous,
            long now,
            long absentSince,
            boolean withoutSessions,
            boolean isDormant,
            @Nullable SessionHolder self) {
        this.fields = new StateFields(rows.tailnet(), users(rows.users()), withoutSessions, self);
        this.previous = previous;
        this.now = now;
        this.routeRows = inOrder(rows.routes(), StateRestorer::compareKeys);
        this.routes = new RouteRestorer(fields, previous, Times.instant(now), routeRows);
        this.reader = new NodeReader(fields, previous, now, absentSince, isDormant, problems);
    }

    static RoutingState restore(StateRows rows, Instant now) {
        long at = Times.millis(now);
        return new StateRestorer(rows, null, at, at, false, false, null).state(rows);
    }

    static RoutingState restoreDormant(StateRows rows, Instant now) {
        long at = Times.millis(now);
        return new StateRestorer(rows, null, at, at, false, true, null).state(rows);
    }

    static RoutingState restoreWithoutSessions(StateRows rows, Instant now) {
        return new StateRestorer(rows, null, Times.millis(now), Deadline.NEVER, true, false, null).state(rows);
    }

    static RoutingState restoreShared(StateRows rows, SessionHolder self, Instant now) {
        long at = Times.millis(now);
        return new StateRestorer(rows, null, at, at, false, false, self).state(rows);
    }

    static RoutingState reload(RoutingState previous, StateRows rows, Instant now) {
        StateRestorer restorer = new StateRestorer(
                rows,
                previous,
                previous.now,
                absentSince(previous, now),
                previous.fields.sessions.withoutSessions(),
                false,
                previous.fields.sessions.self());
        restorer.fields.heard = previous.fields.heard;
        return restorer.state(rows);
    }

    /** From when on nodes are absent that come with rows of another process. */
    static long absentSince(RoutingState previous, Instant now) {
        return Math.max(previous.now, Times.millis(now));
    }

    private Users users(List<User> rows) {
        Map<UserId, User> byId = new TreeMap<>();
        for (User user : rows) {
            if (byId.putIfAbsent(user.id(), user) != null) {
                problems.add(new RowContradiction.DuplicateUser(user.id()));
            }
        }
        return Users.of(List.copyOf(byId.values()));
    }

    private RoutingState state(StateRows rows) {
        reader.read(
                inOrder(rows.nodes(), Comparator.comparing(row -> row.facts().id())), routeRows, routes);
        List<NodeState> nodes = reader.nodes();
        fields.nodes = TreePMap.fromSortedMap(SortedPairs.of(nodes, NodeState::id));
        fields.keys = NodeKeys.of(TreePMap.fromSortedMap(reader.hostKeys(nodes)), nodes);
        reader.requireNoProblem();
        routes.build(reader.repairs().keySet());
        fields.deadlines = TreePSet.fromSortedSet(deadlines(nodes));
        nodes.forEach(node -> fields.sessions =
                fields.sessions.withHolder(null, node.presence().holder()));
        fields.repairs = new StateFields.Repairs(routes.repairs(), ImmutableSortedMap.copyOfSorted(reader.repairs()));
        if (previous != null) {
            for (NodeState last : previous.fields.nodes.values()) {
                NodeState next = fields.nodes.get(last.id());
                if (last.isListening() && (next == null || !next.isListening())) {
                    fields.heard = fields.heard.without(last.slot());
                }
            }
        }
        return new RoutingState(fields, now);
    }

    private static <T> List<T> inOrder(List<T> rows, Comparator<T> order) {
        for (int i = 1; i < rows.size(); i++) {
            if (order.compare(rows.get(i - 1), rows.get(i)) > 0) {
                List<T> sorted = new ArrayList<>(rows);
                sorted.sort(order);
                return sorted;
            }
        }
        return rows;
    }

    private static int compareKeys(RouteRow one, RouteRow other) {
        int byNode = one.node().compareTo(other.node());
        return byNode != 0 ? byNode : one.prefix().compareTo(other.prefix());
    }

    private ImmutableSortedSet<Deadline> deadlines(List<NodeState> nodes) {
        List<Deadline> all = new ArrayList<>();
        for (NodeState node : nodes) {
            long due = node.due(fields.settings);
            if (due != Deadline.NEVER) {
                all.add(new Deadline(due, node.id()));
            }
        }
        return ImmutableSortedSet.copyOf(all);
    }
}
