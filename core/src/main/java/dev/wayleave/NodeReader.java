package dev.wayleave;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Sets;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.approval.Approvals;
import dev.wayleave.approval.ApprovalsBuilder;
import dev.wayleave.internal.SortedPairs;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.Absence;
import dev.wayleave.row.ContradictingRowsException;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.RowContradiction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads nodes with their routes from rows, those of a whole tailnet or those that changed, and gathers what contradicts
 * itself; for one thread.
 */
final class NodeReader {

    /** The receiver of the routes that are read. A route is known by the place of its row. */
    interface Routes {

        /** The prefix of a row. */
        Prefix prefix(int place);

        /** Notes the stored primary; the one that was noted before of the same prefix, or null. */
        @Nullable
        NodeId primary(int place, NodeId node);

        /** Makes a node the holder of a subnet route that is effective on it. */
        void hold(int place, NodeState node);
    }

    private final StateFields fields;
    private final @Nullable RoutingState previous;
    private final long now;

    /** From when on nodes that are new here are absent. */
    private final long absentSince;

    private final long restartGraceUntil;

    /** Whether no node has had a session since the rows were written. */
    private final boolean isDormant;

    private final List<RowContradiction> problems;
    private final List<NodeState> nodes = new ArrayList<>();
    private final TreeMap<NodeId, NodeRow> repairs = new TreeMap<>();

    /**
     * Makes a reader.
     *
     * @param fields the users, the settings, and whether another process has the sessions
     * @param previous what was known before, or null
     * @param now the time of the state
     * @param absentSince from when on nodes that are new here are absent
     * @param isDormant whether no node has had a session since the rows were written
     * @param problems where what contradicts itself is added
     */
    NodeReader(
            StateFields fields,
            @Nullable RoutingState previous,
            long now,
            long absentSince,
            boolean isDormant,
            List<RowContradiction> problems) {
        this.fields = fields;
        this.previous = previous;
        this.now = now;
        this.absentSince = absentSince;
        this.restartGraceUntil = Times.plus(absentSince, fields.settings.restartGrace());
        this.isDormant = isDormant;
        this.problems = problems;
    }

    /** {@return what was read, in the order of the numbers} */
    List<NodeState> nodes() {
        return nodes;
    }

    /** {@return the rows that differ from what was made of them} */
    SortedMap<NodeId, NodeRow> repairs() {
        return repairs;
    }

    /** Refuses all rows if some contradict each other. */
    void requireNoProblem() {
        if (!problems.isEmpty()) {
            throw new ContradictingRowsException(fields.sessions.tailnet(), problems);
        }
    }

    /**
     * Reads nodes.
     *
     * @param nodeRows in the order of the nodes
     * @param routeRows all rows of these nodes, in the order of the nodes and prefixes
     * @param routes what becomes of them
     */
    void read(List<NodeRow> nodeRows, List<RouteRow> routeRows, Routes routes) {
        int next = 0;
        NodeId last = null;
        for (NodeRow row : nodeRows) {
            NodeId id = row.facts().id();
            if (id.equals(last)) {
                problems.add(new RowContradiction.DuplicateNode(id));
                continue;
            }
            last = id;
            for (; next < routeRows.size() && routeRows.get(next).node().compareTo(id) < 0; next++) {
                problems.add(
                        new RowContradiction.UnknownNode(routeRows.get(next).key()));
            }
            int from = next;
            while (next < routeRows.size() && routeRows.get(next).node().equals(id)) {
                next++;
            }
            NodeState node = node(row, routeRows.subList(from, next), from, routes);
            nodes.add(node);
            for (int place = from; place < next; place++) {
                if (isEffectiveSubnetRoute(routeRows.get(place))) {
                    routes.hold(place, node);
                }
            }
            if (!node.row().equals(row)) {
                repairs.put(id, row);
            }
        }
        for (; next < routeRows.size(); next++) {
            problems.add(new RowContradiction.UnknownNode(routeRows.get(next).key()));
        }
    }

    private static boolean isEffectiveSubnetRoute(RouteRow row) {
        return row.advertised() && !row.prefix().isExitRoute() && row.status() instanceof RouteRow.Approved;
    }

    /** A node with its routes, the first of which is in this place. */
    private NodeState node(NodeRow row, List<RouteRow> rows, int from, Routes routes) {
        if (row.facts().owner() instanceof Owner.OfUser owner
                && fields.users.find(owner.id()).isEmpty()) {
            problems.add(new RowContradiction.UnknownOwner(row.facts().id(), owner.id()));
        }
        List<Prefix> advertised = new ArrayList<>(rows.size());
        List<Instant> advertisedAt = new ArrayList<>(rows.size());
        ApprovalsBuilder approvals = Approvals.builder();
        Prefix last = null;
        for (int i = 0; i < rows.size(); i++) {
            RouteRow route = rows.get(i);
            if (last != null && last.equals(route.prefix())) {
                problems.add(new RowContradiction.DuplicateRoute(route.key()));
                continue;
            }
            last = route.prefix();
            Prefix prefix = routes.prefix(from + i);
            if (route.advertisedAtOrNull() != null) {
                advertised.add(prefix);
                advertisedAt.add(shared(advertisedAt, route.advertisedAtOrNull()));
            }
            addApproval(prefix, route.status(), approvals);
            if (route.primary()) {
                readPrimary(from + i, route, routes);
            }
        }
        refuseHalfPair(rows, RouteRow.Denied.class, RowContradiction.HalfDenied::new);
        refuseHalfPair(rows, RouteRow.Withdrawn.class, RowContradiction.HalfWithdrawn::new);
        NodeFacts facts = NodeFacts.of(row.facts())
                .withRoutes(
                        SortedPairs.of(advertised, advertisedAt),
                        problems.isEmpty() ? approvals.build() : Approvals.none())
                .withDrain(row.drainOrNull());
        return withoutStaleReports(present(facts, row, unhealthy(rows)));
    }

    /** The prefixes for which the rows mark the node as unhealthy: none unless several processes share the tailnet. */
    private static ImmutableSortedSet<Prefix> unhealthy(List<RouteRow> rows) {
        ImmutableSortedSet.Builder<Prefix> unhealthy = null;
        for (RouteRow row : rows) {
            if (row.unhealthy()) {
                unhealthy = unhealthy == null ? ImmutableSortedSet.naturalOrder() : unhealthy;
                unhealthy.add(row.prefix());
            }
        }
        return unhealthy == null ? ImmutableSortedSet.of() : unhealthy.build();
    }

    /** The time of the route before, where it is the same: a node mostly advertises all its routes at once. */
    private static Instant shared(List<Instant> times, Instant next) {
        Instant last = times.isEmpty() ? next : times.get(times.size() - 1);
        return last.equals(next) ? last : next;
    }

    private static void addApproval(Prefix prefix, RouteRow.Status status, ApprovalsBuilder approvals) {
        if (status instanceof RouteRow.Approved approved) {
            approvals.approved(prefix, approved.approval());
        } else if (status instanceof RouteRow.Denied denied) {
            approvals.denied(prefix, denied.denial());
        } else if (status instanceof RouteRow.Withdrawn withdrawn) {
            approvals.withdrawn(prefix, withdrawn.approval());
        }
    }

    private void readPrimary(int place, RouteRow route, Routes routes) {
        if (!isEffectiveSubnetRoute(route)) {
            problems.add(new RowContradiction.ImpossiblePrimary(route.key()));
            return;
        }
        NodeId other = routes.primary(place, route.node());
        if (other != null) {
            problems.add(new RowContradiction.SecondPrimary(route.key(), other));
        }
    }

    /** The exit routes are denied, and withdrawn, both or neither. */
    private void refuseHalfPair(
            List<RouteRow> rows,
            Class<? extends RouteRow.Status> status,
            Function<RouteKey, RowContradiction> problem) {
        RouteRow half = null;
        for (RouteRow row : rows) {
            if (row.prefix().isExitRoute() && status.isInstance(row.status())) {
                half = half == null ? row : null;
            }
        }
        if (half != null) {
            problems.add(problem.apply(half.key()));
        }
    }

    /** A node, and whether it is there. */
    private NodeState present(NodeFacts facts, NodeRow row, ImmutableSortedSet<Prefix> unhealthy) {
        NodeState known =
                previous == null ? null : previous.fields.nodes.get(row.facts().id());
        SessionHolder self = fields.sessions.self();
        if (self != null) {
            NodeRow stored = previous == null
                    ? null
                    : previous.fields.repairs.nodes().get(facts.node().id());
            return new SharedPresence(self, fields.settings, absentSince)
                    .of(facts, row, unhealthy, known, stored)
                    .withKeyAt(now);
        }
        if (fields.sessions.withoutSessions()) {
            if (known != null && known.presence().unhealthy().equals(unhealthy)) {
                NodeState same = NodeState.of(facts, known.presence()).withKeyAt(now);
                if (same.row().equals(row)) {
                    return same;
                }
            }
            return NodeState.of(facts, stored(row, unhealthy)).withKeyAt(now);
        }
        return NodeState.of(facts, known == null ? restarted(row) : followed(known.presence(), row))
                .withKeyAt(now);
    }

    /** A node without reports about the health of routes that it no longer advertises. */
    static NodeState withoutStaleReports(NodeState node) {
        ImmutableSortedSet<Prefix> unhealthy = node.presence().unhealthy();
        if (node.advertised().containsAll(unhealthy)) {
            return node;
        }
        return node.with(node.presence()
                .withUnhealthy(ImmutableSortedSet.copyOf(Sets.intersection(unhealthy, node.advertised()))));
    }

    private Presence followed(Presence known, NodeRow row) {
        return row.absenceOrNull() == null ? known : known.as(row.absenceOrNull(), absentSince);
    }

    /** Of a node that this process had no session of. */
    private Presence restarted(NodeRow row) {
        if (row.absenceOrNull() != null) {
            return StoredAbsence.resumed(row.absenceOrNull(), absentSince);
        }
        Presence absent = Presence.absent(absentSince);
        if (restartGraceUntil <= absentSince) {
            return absent;
        }
        if (row.candidate()) {
            return absent.restarting(restartGraceUntil);
        }
        return previous == null && !isDormant ? absent.unknown(restartGraceUntil) : absent;
    }

    /** Of a node whose sessions another process has: what that process stored stays, and no time ends it. */
    private static Presence stored(NodeRow row, ImmutableSortedSet<Prefix> unhealthy) {
        if (row.sessionOrNull() != null || !unhealthy.isEmpty()) {
            return Presence.shared(row.sessionOrNull(), row.absenceOrNull(), unhealthy, null)
                    .withoutTimers();
        }
        Presence absent = Presence.absent(Deadline.NEVER);
        if (row.candidate() || row.absence().flatMap(Absence::graceUntil).isPresent()) {
            absent = absent.restarting(Deadline.NEVER);
        } else if (row.absenceOrNull() == null) {
            absent = absent.unknown(Deadline.NEVER);
        }
        return absent.storedAs(row.absenceOrNull());
    }

    /**
     * The host keys of nodes; refuses one that an earlier node has.
     *
     * @param of in the order of the numbers
     */
    @CanIgnoreReturnValue
    ImmutableSortedMap<String, NodeId> hostKeys(List<NodeState> of) {
        Map<String, NodeId> byKey = new HashMap<>(of.size() * 2);
        for (NodeState node : of) {
            NodeId holder = byKey.putIfAbsent(node.facts().hostKey(), node.id());
            if (holder != null) {
                problems.add(new RowContradiction.DuplicateHostKey(
                        node.id(), holder, node.facts().hostKey()));
            }
        }
        return ImmutableSortedMap.copyOf(byKey);
    }
}
