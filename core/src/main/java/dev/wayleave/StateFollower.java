package dev.wayleave;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.approval.AutoApproval;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.StateRows;
import dev.wayleave.row.TailnetRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Brings a state up to rows that another process changed. It reads those nodes again whose own row, or a row of whose
 * routes, changed, each with all its routes. The rest is shared with the previous state:
 *
 * <pre>
 *   changed rows ──► nodes to read again ──► their rows: the changed ones, and those of the state before
 *                                                 │
 *                         NodeReader, StateBuilder ▼
 *   changed primaries ──► prefixes that changed ──► the next state
 * </pre>
 *
 * <p>The result is that of {@link StateRestorer#reload} with all rows. For one thread.
 */
final class StateFollower implements NodeReader.Routes {

    private static final SortedMap<Prefix, Optional<RouteRow>> NO_ROUTES = ImmutableSortedMap.of();

    private final RoutingState before;
    private final RowChanges changes;
    private final long absentSince;
    private final StateBuilder builder;

    /** What the rows of routes are now; empty for a row that was deleted. */
    private final TreeMap<NodeId, SortedMap<Prefix, Optional<RouteRow>>> changedRoutes = new TreeMap<>();

    /** Likewise for the rows of nodes. */
    private final TreeMap<NodeId, Optional<NodeRow>> changedNodes = new TreeMap<>();

    /** The nodes to read again, and nodes that are gone or never were. */
    private final TreeSet<NodeId> nodes = new TreeSet<>();

    /** The prefixes for which a changed row marks its node as the primary. */
    private final TreeSet<Prefix> claimed = new TreeSet<>();

    /** The rows of these nodes. */
    private final List<RouteRow> routeRows = new ArrayList<>();

    /** The stored primaries of the prefixes that are claimed. */
    private final TreeMap<Prefix, NodeId> primaries = new TreeMap<>();

    private StateFollower(RoutingState before, RowChanges changes, long absentSince) {
        this.before = before;
        this.changes = changes;
        this.absentSince = absentSince;
        this.builder = new StateBuilder(before, before.now, false);
    }

    static FollowedState follow(RoutingState before, RowChanges changes, Instant now) {
        TailnetRow tailnet = changes.tailnetOrNull();
        if (tailnet != null && !tailnet.tailnet().equals(before.tailnet())) {
            throw new IllegalArgumentException("the rows are of tailnet `" + tailnet.tailnet()
                    + "` and the state is of `" + before.tailnet() + "`: follow changes of the same tailnet");
        }
        if (tailnet != null && !tailnet.settings().equals(before.settings())) {
            RoutingState next = StateRestorer.reload(before, changes.applyTo(storedRows(before)), now);
            return new FollowedState(next, RowDiff.touched(before, next));
        }
        return new StateFollower(before, changes, StateRestorer.absentSince(before, now)).follow();
    }

    /** The rows that the state was made of. */
    private static StateRows storedRows(RoutingState state) {
        StateRows own = state.rows();
        SortedMap<NodeId, NodeRow> repairs = state.fields.repairs.nodes();
        return new StateRows(
                own.tailnet(),
                own.users(),
                own.nodes().stream()
                        .map(row -> repairs.getOrDefault(row.facts().id(), row))
                        .toList(),
                own.routes());
    }

    private FollowedState follow() {
        changeTailnet();
        gatherChanges();
        NodeReader reader = new NodeReader(builder.fields, before, before.now, absentSince, false, new ArrayList<>());
        reader.read(rows(), routeRows, this);
        reader.hostKeys(withHostKeyHolders(reader.nodes()));
        reader.requireNoProblem();
        for (NodeId id : nodes) {
            NodeState known = before.fields.nodes.get(id);
            if (known != null && isDeleted(id)) {
                builder.remove(known);
            }
        }
        reader.nodes().forEach(this::put);
        routeRows.forEach(this::takeSteadySince);
        changedRoutes.values().forEach(rows -> rows.keySet().forEach(this::electAgain));
        builder.acceptDirectChanges();
        StoredPrimaries stored = new StoredPrimaries(builder.fields.settings, builder.nowInstant);
        Set<Prefix> own = builder.fields.sessions.self() == null
                ? Set.of()
                : prefixesOf(reader.repairs().keySet());
        List<ElectedPrefix> routes = new ArrayList<>();
        for (PrefixEdits.Edit edit : builder.edits.toElect(List.of())) {
            routes.add(new ElectedPrefix(edit.prefix, edit.before, withStoredPrimary(edit, stored, own)));
        }
        RoutingState next = builder.finish(routes, repairs(routes, stored, reader));
        return new FollowedState(next, new RowDiff(before, next, builder.log(), routes).touched());
    }

    /** Policy and users; the settings are the same. */
    private void changeTailnet() {
        StateFields fields = builder.fields;
        TailnetRow row = changes.tailnetOrNull();
        if (row != null) {
            fields.hasRow = true;
            fields.policy = row.policy();
        }
        if (!changes.users().isEmpty()) {
            StateRows users =
                    new StateRows(RowDiff.tailnetRow(before), before.users().all(), List.of(), List.of());
            fields.users = Users.of(changes.applyTo(users).users());
        }
        if (row != null || !changes.users().isEmpty()) {
            fields.autoApproval = AutoApproval.compile(fields.policy, fields.users);
        }
    }

    private void gatherChanges() {
        changes.nodes().deletes().forEach(id -> changedNodes.put(id, Optional.empty()));
        changes.nodes().upserts().forEach(row -> changedNodes.put(row.facts().id(), Optional.of(row)));
        changes.routes().deletes().forEach(key -> change(key, null));
        changes.routes().upserts().forEach(row -> change(row.key(), row));
        nodes.addAll(changedNodes.keySet());
        nodes.addAll(changedRoutes.keySet());
        if (!before.fields.sessions.withoutSessions()) {
            // since when they are absent may follow from the time of this call
            nodes.addAll(before.fields.repairs.nodes().keySet());
        }
        if (!changes.users().deletes().isEmpty()) {
            addNodesWithoutOwner();
        }
        addClaims();
        nodes.forEach(this::addRoutes);
    }

    private SortedMap<Prefix, Optional<RouteRow>> changesOf(NodeId node) {
        return changedRoutes.getOrDefault(node, NO_ROUTES);
    }

    private void change(RouteKey key, @Nullable RouteRow row) {
        changedRoutes.computeIfAbsent(key.node(), id -> new TreeMap<>()).put(key.prefix(), Optional.ofNullable(row));
    }

    /** Adds the nodes whose user is gone, so that reading them refuses the rows. */
    private void addNodesWithoutOwner() {
        for (NodeState node : before.fields.nodes.values()) {
            if (node.facts().owner() instanceof Owner.OfUser owner
                    && builder.fields.users.find(owner.id()).isEmpty()) {
                nodes.add(node.id());
            }
        }
    }

    private void addClaims() {
        for (SortedMap<Prefix, Optional<RouteRow>> rows : changedRoutes.values()) {
            rows.forEach((prefix, row) -> {
                if (row.isPresent() && row.get().primary()) {
                    claimed.add(prefix);
                }
            });
        }
        for (Prefix prefix : claimed) {
            // a primary that the changes do not end is refused
            NodeId last = unchangedPrimary(prefix);
            if (last != null) {
                nodes.add(last);
            }
        }
    }

    /** The primary before, if its row did not change. */
    private @Nullable NodeId unchangedPrimary(Prefix prefix) {
        RouteState route = before.fields.routes.get(prefix);
        NodeId primary = route == null ? null : route.primaryOrNull();
        return primary != null && !changesOf(primary).containsKey(prefix) ? primary : null;
    }

    /** All rows of the routes of a node, as they are now. */
    private void addRoutes(NodeId id) {
        TreeMap<Prefix, RouteRow> rows = new TreeMap<>();
        NodeState known = before.fields.nodes.get(id);
        if (known != null) {
            for (Prefix prefix : RowDiff.prefixesWithRow(known)) {
                boolean primary = claimed.contains(prefix) && id.equals(unchangedPrimary(prefix));
                RouteRow row = known.routeRow(prefix, primary, before.fields.routes.get(prefix));
                if (row != null) {
                    rows.put(prefix, row);
                }
            }
        }
        changesOf(id).forEach((prefix, row) -> {
            rows.remove(prefix);
            row.ifPresent(changed -> rows.put(prefix, changed));
        });
        routeRows.addAll(rows.values());
    }

    private boolean isDeleted(NodeId id) {
        Optional<NodeRow> changed = changedNodes.get(id);
        return changed != null && changed.isEmpty();
    }

    /** The rows of the nodes to read again. */
    private List<NodeRow> rows() {
        List<NodeRow> rows = new ArrayList<>(nodes.size());
        for (NodeId id : nodes) {
            NodeState known = before.fields.nodes.get(id);
            Optional<NodeRow> changed = changedNodes.get(id);
            if (changed != null) {
                changed.ifPresent(rows::add);
            } else if (known != null) {
                NodeRow stored = before.fields.repairs.nodes().get(id);
                rows.add(stored != null ? stored : known.row());
            }
        }
        return rows;
    }

    /** With the nodes that had their host keys, and stay as they are. */
    private List<NodeState> withHostKeyHolders(List<NodeState> read) {
        TreeMap<NodeId, NodeState> all = new TreeMap<>();
        for (NodeState node : read) {
            all.put(node.id(), node);
            NodeId holder = before.fields.keys.withHostKey(node.facts().hostKey());
            NodeState known = holder == null ? null : before.fields.nodes.get(holder);
            if (known != null && !nodes.contains(known.id())) {
                all.put(known.id(), known);
            }
        }
        return List.copyOf(all.values());
    }

    private void electAgain(Prefix prefix) {
        if (!prefix.isExitRoute()) {
            builder.requestElection(prefix);
        }
    }

    private void put(NodeState read) {
        NodeState known = before.fields.nodes.get(read.id());
        if (known != null && known.isListening() && !read.isListening()) {
            builder.fields.heard = builder.fields.heard.without(known.slot());
        }
        builder.putStored(read);
    }

    private void takeSteadySince(RouteRow row) {
        NodeState node = builder.fields.nodes.get(row.node());
        Instant stored = node == null ? null : node.storedSteadySince(row);
        if (node != null && stored != null && isElected(node, row.prefix())) {
            builder.takeSteadySince(node, row.prefix(), stored);
        }
    }

    private static boolean isElected(NodeState node, Prefix prefix) {
        return !prefix.isExitRoute() && node.effectiveSet().contains(prefix);
    }

    /** The prefixes of nodes of which this process knows more than the one that wrote their rows. */
    private Set<Prefix> prefixesOf(Set<NodeId> ids) {
        Set<Prefix> prefixes = new HashSet<>();
        for (NodeId id : ids) {
            NodeState node = builder.fields.nodes.get(id);
            if (node != null) {
                prefixes.addAll(node.effectiveSet());
            }
        }
        return prefixes;
    }

    private @Nullable RouteState withStoredPrimary(PrefixEdits.Edit edit, StoredPrimaries stored, Set<Prefix> own) {
        RouteState route = edit.now();
        if (route == null) {
            return null;
        }
        NodeId primary = primaries.getOrDefault(edit.prefix, unchangedPrimary(edit.prefix));
        boolean isElected = builder.fields.sessions.self() != null && !own.contains(edit.prefix);
        return stored.route(route, primary, isElected);
    }

    private StateFields.Repairs repairs(List<ElectedPrefix> routes, StoredPrimaries stored, NodeReader reader) {
        StateFields.Repairs last = before.fields.repairs;
        TreeSet<Prefix> prefixes = new TreeSet<>(last.prefixes());
        routes.forEach(route -> prefixes.remove(route.prefix()));
        prefixes.addAll(stored.repairs());
        TreeMap<NodeId, NodeRow> repairs = new TreeMap<>(last.nodes());
        nodes.forEach(repairs::remove);
        repairs.putAll(reader.repairs());
        return new StateFields.Repairs(
                ImmutableSortedSet.copyOfSorted(prefixes), ImmutableSortedMap.copyOfSorted(repairs));
    }

    @Override
    public Prefix prefix(int place) {
        return routeRows.get(place).prefix();
    }

    @Override
    public @Nullable NodeId primary(int place, NodeId node) {
        return primaries.putIfAbsent(prefix(place), node);
    }

    /** The builder keeps holders in step with their nodes. */
    @Override
    public void hold(int place, NodeState node) {}
}
