package dev.wayleave.storage.jdbc;

import com.google.common.collect.ImmutableList;
import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approver;
import dev.wayleave.approval.Denial;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyLimits;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.row.Drain;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.StateRows;
import dev.wayleave.row.TailnetRow;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.StoredRowsException;
import dev.wayleave.storage.StoredTailnet;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of one tailnet, all of them or those that changed, and finds the rows that no tailnet can have. What
 * rows that did not change have to do with it is not looked at. For one thread and one load. {@link RowWriter} lists
 * the places of a new column.
 */
final class RowReader {

    private static final int MOST_PROBLEMS = 1_000;

    /** Rows are sorted here, because each database has its own collation. Sorted rows cost one pass. */
    private static final Comparator<User> BY_USER = Comparator.comparing(User::id);

    private static final Comparator<NodeRow> BY_NODE =
            Comparator.comparing(row -> row.facts().id());
    private static final Comparator<RouteRow> BY_NODE_AND_PREFIX =
            Comparator.comparing(RouteRow::node).thenComparing(RouteRow::prefix);

    private final Connection connection;
    private final Dialect dialect;
    private final Tables tables;
    private final TailnetId tailnet;

    /** Only rows that later commits wrote are read; null if all are. */
    private final @Nullable Revision since;

    private final Selects selects;
    private final List<StoredRowsException.Row> problems = new ArrayList<>();
    private final Set<UserId> userIds = new HashSet<>();
    private final Map<NodeId, NodeId> nodeIds = new HashMap<>();
    private final Map<String, NodeId> hostKeys = new HashMap<>();
    private final Map<Prefix, NodeId> primaries = new HashMap<>();
    private final Map<String, Approver> approvers = new HashMap<>();

    /** Exit routes that are denied or withdrawn, and whose pair on the same node is not, as far as read. */
    private final Map<ExitRoute, Prefix> halfPairs = new LinkedHashMap<>();

    private record ExitRoute(NodeId node, String status) {}

    RowReader(Connection connection, Dialect dialect, Tables tables, TailnetId tailnet, @Nullable Revision since) {
        this.connection = connection;
        this.dialect = dialect;
        this.tables = tables;
        this.tailnet = tailnet;
        this.since = since;
        this.selects = new Selects(dialect, tailnet, since, this::refuse);
    }

    /** {@return the whole tailnet} */
    static Optional<StoredTailnet> load(Connection connection, Dialect dialect, Tables tables, TailnetId tailnet)
            throws SQLException {
        return new RowReader(connection, dialect, tables, tailnet, null).read();
    }

    private Optional<StoredTailnet> read() throws SQLException {
        List<Head> heads = heads();
        List<User> users = users();
        List<NodeRow> nodes = nodes();
        List<RouteRow> routes = routes();
        selects.run(connection);
        if (heads.isEmpty() && problems.isEmpty()) {
            return Optional.empty();
        }
        halfPairs.forEach((half, prefix) -> refuse(
                tables.route,
                routeKey(half.node().toString(), prefix.toString()),
                "only one of the two exit routes is " + half.status()));
        requireNoProblem();
        Head head = heads.get(0);
        return Optional.of(new StoredTailnet(
                head.revision(),
                head.token(),
                new StateRows(
                        head.row(),
                        ImmutableList.sortedCopyOf(BY_USER, users),
                        ImmutableList.sortedCopyOf(BY_NODE, nodes),
                        ImmutableList.sortedCopyOf(BY_NODE_AND_PREFIX, routes))));
    }

    /** {@return the rows that changed since the revision, of those tables that have any} */
    RowChanges changes(ChangeReader.ChangedTables changed) throws SQLException {
        List<Head> heads = changed.settings() ? heads() : List.of();
        List<User> users = changed.users() ? users() : List.of();
        List<NodeRow> nodes = changed.nodes() ? nodes() : List.of();
        List<RouteRow> routes = changed.routes() ? routes() : List.of();
        DeletionTable.Deleted deleted = changed.deletions() ? deleted() : new DeletionTable.Deleted();
        if (changed.areFew() && dialect.joinsSelects()) {
            selects.runTogether(connection);
        } else {
            selects.run(connection);
        }
        requireNoProblem();
        users.forEach(user -> deleted.users().remove(user.id()));
        nodes.forEach(row -> deleted.nodes().remove(row.facts().id()));
        routes.forEach(row -> deleted.routes().remove(row.key()));
        return new RowChanges(
                heads.isEmpty() ? null : heads.get(0).row(),
                new RowChanges.Rows<>(ImmutableList.sortedCopyOf(BY_USER, users), List.copyOf(deleted.users())),
                new RowChanges.Rows<>(ImmutableList.sortedCopyOf(BY_NODE, nodes), List.copyOf(deleted.nodes())),
                new RowChanges.Rows<>(
                        ImmutableList.sortedCopyOf(BY_NODE_AND_PREFIX, routes), List.copyOf(deleted.routes())));
    }

    private void requireNoProblem() {
        if (!problems.isEmpty()) {
            throw new StoredRowsException(problems);
        }
    }

    private List<Head> heads() {
        return selects.add(tables.selectTailnet, tables.tailnet, row -> tailnet.value(), this::head);
    }

    private List<User> users() {
        return selects.add(tables.selectUsers, tables.users, row -> row.getString(1), this::user);
    }

    private List<NodeRow> nodes() {
        return selects.add(tables.selectNodes, tables.node, row -> row.getString(1), this::node);
    }

    private List<RouteRow> routes() {
        return selects.add(
                tables.selectRoutes, tables.route, row -> routeKey(row.getString(1), row.getString(2)), this::route);
    }

    private DeletionTable.Deleted deleted() {
        DeletionTable.Deleted deleted = new DeletionTable.Deleted();
        var unused = selects.add(
                DeletionTable.select(tables),
                tables.deletion,
                row -> row.getString(1) + " " + row.getString(2),
                row -> {
                    DeletionTable.Deletion deletion = new DeletionTable.Deletion(row.getString(1), row.getString(2));
                    deleted.add(deletion);
                    return deletion;
                });
        return deleted;
    }

    private void refuse(String table, String key, String reason) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(new StoredRowsException.Row(table, tailnet + ", " + key, reason));
        }
    }

    private static String routeKey(String node, String prefix) {
        return "node " + node + ", " + prefix;
    }

    private record Head(Revision revision, CommitToken token, TailnetRow row) {}

    private Head head(ResultSet row) throws SQLException {
        RoutingSettings settings = RoutingSettings.parse(row.getString(3));
        RoutingPolicy policy = PolicyReader.read(row.getString(4), PolicyLimits.NONE);
        long revision = row.getLong(1);
        if (revision < 1) {
            throw new IllegalArgumentException("revision `" + revision + "` is less than 1");
        }
        return new Head(
                new Revision(revision), new CommitToken(row.getString(2)), new TailnetRow(tailnet, settings, policy));
    }

    private User user(ResultSet row) throws SQLException {
        UserId id = new UserId(row.getString(1));
        userIds.add(id); // also of a refused user, so that its nodes are not refused too
        User.Builder user = User.builder(id, row.getString(2));
        String email = row.getString(3);
        if (email != null) {
            user.email(email);
        }
        return user.role(constant("role", Role.class, row.getString(4)))
                .sharedIn(row.getBoolean(5))
                .build();
    }

    private static <E extends Enum<E>> E constant(String what, Class<E> type, String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(what + " `" + text + "` is unknown"));
    }

    private NodeRow node(ResultSet row) throws SQLException {
        NodeId id = new NodeId(row.getLong(1));
        nodeIds.put(id, id); // also of a refused node, so that its routes are not refused too
        Owner owner = owner(row.getString(4), row.getString(5));
        if (since == null && owner instanceof Owner.OfUser user && !userIds.contains(user.id())) {
            throw new IllegalArgumentException("its owner `" + user.id() + "` is not in table `" + tables.users + "`");
        }
        Node.Builder node = Node.builder(id, row.getString(3), owner)
                .hostKey(row.getString(2))
                .registeredAt(Instant.parse(row.getString(8)))
                .keyExpiry(optional(row.getString(9), Instant::parse).orElse(null))
                .ephemeral(row.getBoolean(10));
        NodeId other = hostKeys.putIfAbsent(row.getString(2), id);
        if (other != null) {
            throw new IllegalArgumentException("node " + other + " has the same host_key");
        }
        address(node, "ipv4", row.getString(6), true);
        address(node, "ipv6", row.getString(7), false);
        Optional<Instant> since = optional(row.getString(11), Instant::parse);
        Optional<Instant> until = optional(row.getString(12), Instant::parse);
        Optional<Actor> by = optional(row.getString(13), Actor::new);
        if (since.isPresent() != by.isPresent() || (until.isPresent() && since.isEmpty())) {
            throw new IllegalArgumentException("drain_since and drain_by go together, and drain_until needs both");
        }
        Optional<Drain> drain = since.map(instant -> new Drain(instant, until.orElse(null), by.orElseThrow()));
        SessionColumns session = new SessionColumns(row, dialect);
        return new NodeRow(node.build(), drain.orElse(null), row.getBoolean(14), session.absence(), session.session());
    }

    private static Owner owner(@Nullable String user, @Nullable String tags) {
        if ((user == null) == (tags == null)) {
            throw new IllegalArgumentException("owner_user or tags must be set, and not both");
        }
        return user != null ? Owner.user(new UserId(user)) : Owner.tags(tags.split(",", -1));
    }

    private static void address(Node.Builder node, String column, @Nullable String text, boolean ipv4) {
        if (text != null) {
            IpAddress address = IpAddress.parse(text);
            if (address.isIpv4() != ipv4) {
                throw new IllegalArgumentException(column + " `" + text + "` is of the other family");
            }
            node.address(address);
        }
    }

    private static <T> Optional<T> optional(@Nullable String text, Function<String, T> reading) {
        return Optional.ofNullable(text).map(reading);
    }

    private RouteRow route(ResultSet row) throws SQLException {
        Prefix prefix = prefix(row.getString(2));
        NodeId id = new NodeId(row.getLong(1));
        NodeId node = nodeIds.getOrDefault(id, id);
        if (since == null && !nodeIds.containsKey(id)) {
            throw new IllegalArgumentException("its node is not in table `" + tables.node + "`");
        }
        boolean advertised = row.getBoolean(3);
        Instant advertisedAt = TimeText.read(row, 13, dialect);
        RouteRow.Status status = status(row);
        boolean primary = row.getBoolean(11);
        if (row.getBoolean(12)) {
            throw new IllegalArgumentException(
                    "it is deleted, and still advertised, approved, denied, withdrawn or a primary");
        }
        if (!advertised && status instanceof RouteRow.Undecided) {
            throw new IllegalArgumentException(
                    "it is neither advertised nor approved, denied or withdrawn, and not deleted either");
        }
        if (primary) {
            checkPrimary(node, prefix, advertised, status);
        }
        if (advertised != (advertisedAt != null)) {
            throw new IllegalArgumentException("advertised_at goes with advertised");
        }
        if (prefix.isExitRoute()) {
            noteExitRoute(node, prefix, status);
        }
        Health health = row.getBoolean(14) ? Health.UNHEALTHY : null;
        return new RouteRow(node, prefix, advertisedAt, status, primary, health, TimeText.read(row, 15, dialect));
    }

    private void noteExitRoute(NodeId node, Prefix prefix, RouteRow.Status status) {
        String word = status instanceof RouteRow.Denied ? "denied" : "withdrawn";
        if (status instanceof RouteRow.Denied || status instanceof RouteRow.Withdrawn) {
            ExitRoute half = new ExitRoute(node, word);
            if (halfPairs.remove(half) == null) {
                halfPairs.put(half, prefix);
            }
        }
    }

    private Prefix prefix(String text) {
        Prefix prefix = Prefix.parse(text);
        if (!dialect.hasPrefixes() && !prefix.toString().equals(text)) {
            throw new IllegalArgumentException("prefix `" + text + "` is not in its usual spelling, `" + prefix + "`");
        }
        return prefix;
    }

    private void checkPrimary(NodeId node, Prefix prefix, boolean advertised, RouteRow.Status status) {
        if (prefix.isExitRoute()) {
            throw new IllegalArgumentException("it is a primary, and exit routes have none");
        }
        if (!advertised || !(status instanceof RouteRow.Approved)) {
            throw new IllegalArgumentException(
                    "it is a primary that is not " + (advertised ? "approved" : "advertised"));
        }
        NodeId other = primaries.putIfAbsent(prefix, node);
        if (other != null) {
            throw new IllegalArgumentException("it is a primary, and so is the prefix on node " + other);
        }
    }

    private RouteRow.Status status(ResultSet row) throws SQLException {
        boolean approved = row.getBoolean(4);
        boolean denied = row.getBoolean(7);
        boolean withdrawn = row.getBoolean(10);
        String approvedBy = row.getString(5);
        Instant approvedAt = TimeText.read(row, 6, dialect);
        String deniedBy = row.getString(8);
        Instant deniedAt = TimeText.read(row, 9, dialect);
        boolean hasApproval = approved || withdrawn;
        if ((approved && withdrawn) || (denied && hasApproval)) {
            throw new IllegalArgumentException("it is more than one of approved, denied and withdrawn");
        }
        if (hasApproval != (approvedBy != null) || hasApproval != (approvedAt != null)) {
            throw new IllegalArgumentException("approved_by and approved_at go with approved or withdrawn");
        }
        if (denied != (deniedBy != null) || denied != (deniedAt != null)) {
            throw new IllegalArgumentException("denied_by and denied_at go with denied");
        }
        if (approvedBy != null && approvedAt != null) {
            Approval approval = new Approval(approvers.computeIfAbsent(approvedBy, Approver::parse), approvedAt);
            return approved ? new RouteRow.Approved(approval) : new RouteRow.Withdrawn(approval);
        }
        return deniedBy != null && deniedAt != null
                ? new RouteRow.Denied(new Denial(new Actor(deniedBy), deniedAt))
                : new RouteRow.Undecided();
    }
}
