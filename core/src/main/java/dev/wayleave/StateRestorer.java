package dev.wayleave;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.approval.Approvals;
import dev.wayleave.approval.ApprovalsBuilder;
import dev.wayleave.internal.SortedPairs;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.Absence;
import dev.wayleave.row.ContradictingRowsException;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.StateRows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * Makes states from rows. Nodes are walked in the order of their numbers, prefixes in theirs ({@link RouteRestorer});
 * every map is built in one go from sorted pairs; equal prefixes become one object.
 */
final class StateRestorer {

    private final StateFields fields;
    private final @Nullable RoutingState previous;
    private final long now;

    /** From when on nodes that are new here are absent. */
    private final long absentSince;

    private final long restartGraceUntil;

    /** Whether no node has had a session since the rows were written. */
    private boolean isDormant;

    /** In the order of their nodes and prefixes. */
    private final List<RouteRow> routeRows;

    private final RouteRestorer routes;
    private final List<NodeState> nodes = new ArrayList<>();
    private final Set<NodeId> unsavedNodes = new TreeSet<>();
    private final List<String> problems = new ArrayList<>();

    private StateRestorer(
            StateRows rows, @Nullable RoutingState previous, long now, long absentSince, boolean withoutSessions) {
        this.fields = new StateFields(rows.tailnet(), users(rows.users()), withoutSessions);
        this.previous = previous;
        this.now = now;
        this.absentSince = absentSince;
        this.restartGraceUntil = Times.plus(absentSince, fields.settings.restartGrace());
        this.routeRows = inOrder(rows.routes(), StateRestorer::compareKeys);
        this.routes = new RouteRestorer(fields, previous, Times.instant(now), routeRows);
    }

    static RoutingState restore(StateRows rows, Instant now) {
        long at = Times.millis(now);
        return new StateRestorer(rows, null, at, at, false).state(rows);
    }

    static RoutingState restoreDormant(StateRows rows, Instant now) {
        long at = Times.millis(now);
        StateRestorer restorer = new StateRestorer(rows, null, at, at, false);
        restorer.isDormant = true;
        return restorer.state(rows);
    }

    static RoutingState restoreWithoutSessions(StateRows rows, Instant now) {
        return new StateRestorer(rows, null, Times.millis(now), Deadline.NEVER, true).state(rows);
    }

    static RoutingState reload(RoutingState previous, StateRows rows, Instant now) {
        if (previous.fields.withoutSessions) {
            // whatever it holds of who is there came from rows
            return restoreWithoutSessions(rows, previous.now());
        }
        StateRestorer restorer =
                new StateRestorer(rows, previous, previous.now, Math.max(previous.now, Times.millis(now)), false);
        restorer.fields.heard = previous.fields.heard;
        return restorer.state(rows);
    }

    private Users users(List<User> rows) {
        Map<UserId, User> byId = new TreeMap<>();
        for (User user : rows) {
            if (byId.putIfAbsent(user.id(), user) != null) {
                problems.add("user `" + user.id() + "`: two rows");
            }
        }
        return Users.of(List.copyOf(byId.values()));
    }

    private RoutingState state(StateRows rows) {
        gatherNodes(
                inOrder(rows.nodes(), Comparator.comparing(row -> row.facts().id())));
        fields.nodes = TreePMap.fromSortedMap(SortedPairs.of(nodes, NodeState::id));
        fields.keys = NodeKeys.of(TreePMap.fromSortedMap(hostKeys()), nodes);
        if (!problems.isEmpty()) {
            throw new ContradictingRowsException(fields.tailnet, problems);
        }
        routes.build();
        fields.deadlines = TreePSet.fromSortedSet(deadlines());
        fields.unfinished = new StateFields.Unfinished(routes.unsettled(), ImmutableSortedSet.copyOf(unsavedNodes));
        if (previous != null) {
            for (NodeState gone : previous.fields.nodes.values()) {
                if (gone.isListening() && !fields.nodes.containsKey(gone.id())) {
                    fields.heard = fields.heard.without(gone.slot());
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

    private void gatherNodes(List<NodeRow> nodeRows) {
        int next = 0;
        NodeId last = null;
        for (NodeRow row : nodeRows) {
            NodeId id = row.facts().id();
            if (id.equals(last)) {
                problems.add("node " + id + ": two rows");
                continue;
            }
            last = id;
            for (; next < routeRows.size() && routeRows.get(next).node().compareTo(id) < 0; next++) {
                refuse(routeRows.get(next), "the tailnet has no such node");
            }
            int from = next;
            while (next < routeRows.size() && routeRows.get(next).node().equals(id)) {
                next++;
            }
            NodeState node = node(row, from, next);
            nodes.add(node);
            for (int place = from; place < next; place++) {
                if (isEffectiveSubnetRoute(routeRows.get(place))) {
                    routes.hold(place, node);
                }
            }
            if (!node.row().equals(row)) {
                unsavedNodes.add(id);
            }
        }
        for (; next < routeRows.size(); next++) {
            refuse(routeRows.get(next), "the tailnet has no such node");
        }
    }

    private static boolean isEffectiveSubnetRoute(RouteRow row) {
        return row.advertised() && !row.prefix().isExitRoute() && row.status() instanceof RouteRow.Approved;
    }

    private void refuse(RouteRow row, String reason) {
        problems.add("route " + row.prefix() + " of node " + row.node() + ": " + reason);
    }

    /** A node with its routes, which are in these places. */
    private NodeState node(NodeRow row, int from, int to) {
        if (row.facts().owner() instanceof Owner.OfUser owner
                && fields.users.find(owner.id()).isEmpty()) {
            problems.add("node " + row.facts().id() + ": the tailnet has no user `" + owner.id() + "`");
        }
        List<Prefix> advertised = new ArrayList<>(to - from);
        List<Instant> advertisedAt = new ArrayList<>(to - from);
        ApprovalsBuilder approvals = Approvals.builder();
        Prefix last = null;
        for (int place = from; place < to; place++) {
            RouteRow route = routeRows.get(place);
            if (last != null && last.equals(route.prefix())) {
                refuse(route, "two rows");
                continue;
            }
            last = route.prefix();
            if (route.advertisedAtOrNull() != null) {
                advertised.add(routes.prefix(place));
                advertisedAt.add(shared(advertisedAt, route.advertisedAtOrNull()));
            }
            gatherRoute(place, route, approvals);
        }
        List<RouteRow> routesOfNode = routeRows.subList(from, to);
        refuseHalfPair(routesOfNode, RouteRow.Denied.class, "denied");
        refuseHalfPair(routesOfNode, RouteRow.Withdrawn.class, "withdrawn");
        NodeFacts facts = NodeFacts.of(row.facts())
                .withRoutes(
                        SortedPairs.of(advertised, advertisedAt),
                        problems.isEmpty() ? approvals.build() : Approvals.none())
                .withDrain(row.drainOrNull());
        return NodeState.of(facts, presence(row)).withKeyAt(now);
    }

    /** The time of the route before, where it is the same: a node mostly advertises all its routes at once. */
    private static Instant shared(List<Instant> times, Instant next) {
        Instant last = times.isEmpty() ? next : times.get(times.size() - 1);
        return last.equals(next) ? last : next;
    }

    private void gatherRoute(int place, RouteRow route, ApprovalsBuilder approvals) {
        Prefix prefix = routes.prefix(place);
        if (route.status() instanceof RouteRow.Approved approved) {
            approvals.approved(prefix, approved.approval());
        } else if (route.status() instanceof RouteRow.Denied denied) {
            approvals.denied(prefix, denied.denial());
        } else if (route.status() instanceof RouteRow.Withdrawn withdrawn) {
            approvals.withdrawn(prefix, withdrawn.approval());
        }
        if (route.primary() && !isEffectiveSubnetRoute(route)) {
            refuse(route, "a primary must be a subnet route that is advertised and approved");
        } else if (route.primary()) {
            NodeId other = routes.primary(place, route.node());
            if (other != null) {
                refuse(route, "node " + other + " is the primary of this prefix too");
            }
        }
    }

    /** The exit routes are denied, and withdrawn, both or neither. */
    private void refuseHalfPair(List<RouteRow> rows, Class<? extends RouteRow.Status> status, String word) {
        RouteRow half = null;
        for (RouteRow row : rows) {
            if (row.prefix().isExitRoute() && status.isInstance(row.status())) {
                half = half == null ? row : null;
            }
        }
        if (half != null) {
            refuse(half, "only one of the two exit routes is " + word);
        }
    }

    private Presence presence(NodeRow row) {
        NodeState known =
                previous == null ? null : previous.fields.nodes.get(row.facts().id());
        if (known != null) {
            return row.absenceOrNull() == null
                    ? known.presence()
                    : known.presence().as(row.absenceOrNull(), absentSince);
        }
        Presence absent = Presence.absent(absentSince);
        if (row.absenceOrNull() != null && !fields.withoutSessions) {
            return Presence.resumed(row.absenceOrNull(), absentSince);
        }
        boolean hasGrace = fields.withoutSessions || restartGraceUntil > absentSince;
        boolean isInGrace =
                row.candidate() || row.absence().flatMap(Absence::graceUntil).isPresent();
        if (isInGrace && hasGrace) {
            absent = absent.restarting(restartGraceUntil);
        } else if (row.absenceOrNull() == null && previous == null && hasGrace && !isDormant) {
            absent = absent.unknown(restartGraceUntil);
        }
        // without sessions, what the process that has them stored stays
        return fields.withoutSessions ? absent.storedAs(row.absenceOrNull()) : absent;
    }

    private ImmutableSortedMap<String, NodeId> hostKeys() {
        Map<String, NodeId> byKey = new HashMap<>(nodes.size() * 2);
        for (NodeState node : nodes) {
            NodeId holder = byKey.putIfAbsent(node.facts().hostKey(), node.id());
            if (holder != null) {
                problems.add("node " + node.id() + ": node " + holder + " has the same host key `"
                        + node.facts().hostKey() + "`");
            }
        }
        return ImmutableSortedMap.copyOf(byKey);
    }

    private ImmutableSortedSet<Deadline> deadlines() {
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
