package dev.wayleave;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.approval.Approvals;
import dev.wayleave.approval.ApprovalsBuilder;
import dev.wayleave.election.Candidate;
import dev.wayleave.election.PrimaryElection;
import dev.wayleave.internal.SortedPairs;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * Makes states from rows. Nodes are walked in the order of their numbers, so that holders and candidates are born in
 * order; every map is built in one go from sorted pairs; equal prefixes become one object.
 */
final class StateRestorer {

    private final StateFields fields;
    private final @Nullable RoutingState previous;
    private final long now;
    private final Instant nowInstant;

    /** From when on nodes that are new here are absent. */
    private final long absentSince;

    private final long restartGraceUntil;

    /** By prefix, whatever is known of it; also the one object for it. */
    private final Map<Prefix, Gathered> gathered;

    /** The subnet prefixes that are effective on the node at hand. */
    private final List<Gathered> effective = new ArrayList<>();

    private final List<NodeState> nodes = new ArrayList<>();
    private final Set<Prefix> unsettled = new TreeSet<>();
    private final Set<NodeId> unsavedNodes = new TreeSet<>();
    private final List<String> problems = new ArrayList<>();
    private @Nullable Candidate shared;

    private StateRestorer(
            StateRows rows, @Nullable RoutingState previous, long now, long absentSince, boolean withoutSessions) {
        this.fields = new StateFields(rows.tailnet(), users(rows.users()), withoutSessions);
        this.previous = previous;
        this.now = now;
        this.nowInstant = Times.instant(now);
        this.absentSince = absentSince;
        this.restartGraceUntil = Times.plus(absentSince, fields.settings.restartGrace());
        this.gathered = new HashMap<>(Math.max(16, rows.routes().size()));
    }

    private static final class Gathered {

        private final Prefix prefix;
        private final ImmutableList.Builder<NodeId> holders = ImmutableList.builderWithExpectedSize(2);
        private final ImmutableList.Builder<Candidate> candidates = ImmutableList.builderWithExpectedSize(2);
        private boolean held;
        private @Nullable NodeId primary;

        Gathered(Prefix prefix) {
            this.prefix = prefix;
        }
    }

    static RoutingState restore(StateRows rows, Instant now) {
        long at = Times.millis(now);
        return new StateRestorer(rows, null, at, at, false).state(rows);
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
                inOrder(rows.nodes(), Comparator.comparing(row -> row.facts().id())),
                inOrder(rows.routes(), Comparator.comparing(RouteRow::key)));
        fields.nodes = TreePMap.fromSortedMap(SortedPairs.of(nodes, NodeState::id));
        fields.keys = NodeKeys.of(TreePMap.fromSortedMap(hostKeys()), nodes);
        if (!problems.isEmpty()) {
            throw new ContradictingRowsException(fields.tailnet, problems);
        }
        gatherRoutes();
        fields.deadlines = TreePSet.fromSortedSet(deadlines());
        fields.unfinished = new StateFields.Unfinished(
                ImmutableSortedSet.copyOf(unsettled), ImmutableSortedSet.copyOf(unsavedNodes));
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

    private void gatherNodes(List<NodeRow> nodeRows, List<RouteRow> routeRows) {
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
            effective.clear();
            NodeState node = node(row, routeRows.subList(from, next));
            nodes.add(node);
            effective.forEach(about -> hold(node, about));
            if (node.isCandidate() != row.candidate()) {
                unsavedNodes.add(id);
            }
        }
        for (; next < routeRows.size(); next++) {
            refuse(routeRows.get(next), "the tailnet has no such node");
        }
    }

    private void refuse(RouteRow row, String reason) {
        problems.add("route " + row.prefix() + " of node " + row.node() + ": " + reason);
    }

    private NodeState node(NodeRow row, List<RouteRow> routeRows) {
        if (row.facts().owner() instanceof Owner.OfUser owner
                && fields.users.find(owner.id()).isEmpty()) {
            problems.add("node " + row.facts().id() + ": the tailnet has no user `" + owner.id() + "`");
        }
        ImmutableSortedSet.Builder<Prefix> advertised = ImmutableSortedSet.naturalOrder();
        ApprovalsBuilder approvals = Approvals.builder();
        Prefix last = null;
        for (RouteRow route : routeRows) {
            if (Objects.equals(route.prefix(), last)) {
                refuse(route, "two rows");
                continue;
            }
            last = route.prefix();
            gatherRoute(route, advertised, approvals);
        }
        refuseHalfPair(routeRows, RouteRow.Denied.class, "denied");
        refuseHalfPair(routeRows, RouteRow.Withdrawn.class, "withdrawn");
        NodeFacts facts = NodeFacts.of(row.facts())
                .withRoutes(advertised.build(), problems.isEmpty() ? approvals.build() : Approvals.none())
                .withDrain(row.drainOrNull());
        return NodeState.of(facts, presence(row, !effective.isEmpty())).withKeyAt(now);
    }

    private void gatherRoute(
            RouteRow route, ImmutableSortedSet.Builder<Prefix> advertised, ApprovalsBuilder approvals) {
        Gathered about = gathered.computeIfAbsent(route.prefix(), Gathered::new);
        Prefix prefix = about.prefix;
        if (route.advertised()) {
            advertised.add(prefix);
        }
        if (route.status() instanceof RouteRow.Approved approved) {
            approvals.approved(prefix, approved.approval());
        } else if (route.status() instanceof RouteRow.Denied denied) {
            approvals.denied(prefix, denied.denial());
        } else if (route.status() instanceof RouteRow.Withdrawn withdrawn) {
            approvals.withdrawn(prefix, withdrawn.approval());
        }
        boolean isEffective =
                route.advertised() && !prefix.isExitRoute() && route.status() instanceof RouteRow.Approved;
        if (isEffective) {
            effective.add(about);
        }
        if (route.primary() && !isEffective) {
            refuse(route, "a primary must be a subnet route that is advertised and approved");
        } else if (route.primary() && about.primary != null) {
            refuse(route, "node " + about.primary + " is the primary of this prefix too");
        } else if (route.primary()) {
            about.primary = route.node();
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

    private Presence presence(NodeRow row, boolean router) {
        NodeState known =
                previous == null ? null : previous.fields.nodes.get(row.facts().id());
        if (known != null) {
            return known.presence();
        }
        Presence absent = Presence.absent(absentSince);
        boolean hasGrace = fields.withoutSessions || restartGraceUntil > absentSince;
        if (row.candidate() && hasGrace) {
            return absent.restarting(restartGraceUntil);
        }
        return !router && previous == null && hasGrace ? absent.unknown(restartGraceUntil) : absent;
    }

    private void gatherRoutes() {
        List<Prefix> held = new ArrayList<>(gathered.size());
        for (Gathered about : gathered.values()) {
            if (about.held) {
                held.add(about.prefix);
            }
        }
        // the prefixes and not what was gathered of them: as in PrefixEdits
        held.sort(null);
        List<RouteState> routes = new ArrayList<>(held.size());
        for (Prefix prefix : held) {
            routes.add(route(Objects.requireNonNull(gathered.get(prefix))));
        }
        fields.routes = TreePMap.fromSortedMap(SortedPairs.of(routes, RouteState::prefix));
    }

    private void hold(NodeState node, Gathered about) {
        about.held = true;
        about.holders.add(node.id());
        if (node.isPresent()) {
            RouteState route = previous == null ? null : previous.fields.routes.get(about.prefix);
            Candidate old = route == null ? null : route.candidate(node.id());
            Candidate candidate = StateBuilder.candidate(node, about.prefix, fields.settings, old, nowInstant);
            Candidate last = shared;
            if (last == null || !candidate.equals(last)) {
                last = candidate;
                shared = last;
            }
            about.candidates.add(last);
        }
    }

    private RouteState route(Gathered about) {
        ImmutableList<Candidate> candidates = about.candidates.build();
        NodeId primary = about.primary;
        boolean kept = candidates.isEmpty() && primary != null;
        boolean right = candidates.size() == 1
                ? candidates.get(0).node().equals(primary)
                : PrimaryElection.primary(about.prefix, candidates, primary, fields.settings.election(), nowInstant)
                        .equals(Optional.ofNullable(primary));
        if (!right) {
            unsettled.add(about.prefix);
        }
        long failBackAt = right
                ? PrimaryElections.failBackAt(about.prefix, candidates, primary, fields.settings, nowInstant)
                : Deadline.NEVER;
        if (failBackAt != Deadline.NEVER) {
            fields.failBacks = fields.failBacks.plus(new StateFields.FailBackDeadline(failBackAt, about.prefix));
        }
        return new RouteState(about.prefix, about.holders.build(), candidates, primary, kept, failBackAt);
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
