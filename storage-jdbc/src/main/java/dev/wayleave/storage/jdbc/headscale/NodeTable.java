package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.mesh.NameRules;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundNode;
import dev.wayleave.storage.jdbc.headscale.RowReason.NoRow;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the nodes from the table {@code nodes}, which was {@code machines} up to 0.22. */
final class NodeTable {

    private static final String ROUTABLE_IPS = "RoutableIPs";
    private static final String REQUEST_TAGS = "RequestTags";

    /** Leaves room for the id that is appended to a key of several nodes. */
    private static final int LONGEST_KEY = NameRules.LONGEST_KEY - 20;

    private static final int MACHINE_KEY_DIGITS = 64;

    /** No release gave a node more than one address of each family. */
    private static final int MOST_ADDRESSES = 10;

    /** The tag of a node without a readable tag: it stays a tagged node, and no present policy names the tag. */
    private static final Tag UNREADABLE = new Tag("tag:headscale-unreadable");

    private final UserTable users;
    private final String ownerColumn;
    private final Set<Long> ephemeralKeys;
    private final TreeMap<NodeId, NodeBuilder> nodes = new TreeMap<>();
    private final Map<String, NodeId> hostKeys = new HashMap<>();

    /** A node whose routes are still being read. */
    static final class NodeBuilder {

        private final LenientRow row;
        private final Node facts;
        private final boolean registered;
        private final TreeSet<Prefix> advertised = new TreeSet<>();
        private final TreeSet<Prefix> approved = new TreeSet<>();

        private NodeBuilder(LenientRow row, Node facts, boolean registered) {
            this.row = row;
            this.facts = facts;
            this.registered = registered;
        }

        LenientRow row() {
            return row;
        }

        NodeId id() {
            return facts.id();
        }

        void advertises(Collection<Prefix> prefixes) {
            advertised.addAll(prefixes);
        }

        void mayCarry(Collection<Prefix> prefixes) {
            approved.addAll(prefixes);
        }

        boolean carries(Prefix prefix) {
            return registered && advertised.contains(prefix) && approved.contains(prefix);
        }

        /** Approves the prefixes of a list in the row of the node. */
        void approveList(String column) {
            mayCarry(row.prefixes(column, row.list(column), this::twice));
        }

        private void twice(String column, Prefix prefix) {
            row.report(new RouteReason.DuplicateFolded(column, id(), prefix));
        }

        FoundNode build() {
            return registered
                    ? new FoundNode(row.table(), row.id(), facts, advertised, approved)
                    : new FoundNode(row.table(), row.id(), facts, new TreeSet<>(), new TreeSet<>());
        }

        Optional<Prefix> halfExitPair() {
            List<Prefix> exits =
                    build().approved().stream().filter(Prefix::isExitRoute).toList();
            return exits.size() == 1 ? Optional.of(exits.get(0)) : Optional.empty();
        }
    }

    private NodeTable(UserTable users, String ownerColumn, Set<Long> ephemeralKeys) {
        this.users = users;
        this.ownerColumn = ownerColumn;
        this.ephemeralKeys = ephemeralKeys;
    }

    static NodeTable read(
            RawTable table, UserTable users, @Nullable RawTable preAuthKeys, List<ImportFinding> findings) {
        String owner = table.has("namespace_id") && !table.has("user_id") ? "namespace_id" : "user_id";
        NodeTable nodes = new NodeTable(users, owner, ephemeralKeys(preAuthKeys, findings));
        LenientRow.all(table, findings).forEach(nodes::add);
        return nodes;
    }

    private static Set<Long> ephemeralKeys(@Nullable RawTable table, List<ImportFinding> findings) {
        Set<Long> keys = new HashSet<>();
        if (table != null) {
            for (LenientRow row : LenientRow.all(table, findings)) {
                if (row.flag("ephemeral", false)) {
                    row.number("id").ifPresent(keys::add);
                }
            }
        }
        return keys;
    }

    Optional<NodeBuilder> find(long id) {
        return id <= 0 ? Optional.empty() : Optional.ofNullable(nodes.get(new NodeId(id)));
    }

    Collection<NodeBuilder> all() {
        return nodes.values();
    }

    private void add(LenientRow row) {
        Optional<Long> number = row.number("id").filter(id -> id > 0);
        Optional<NoRow> none = number.isEmpty() ? Optional.of(NoRow.WITHOUT_ID) : noRow(row, new NodeId(number.get()));
        if (none.isPresent()) {
            row.report(new RowReason.RowLeftOut(none.get()));
            return;
        }
        NodeId id = new NodeId(number.orElseThrow());
        Map<String, List<Optional<String>>> hostInfo = row.lists("host_info", Set.of(ROUTABLE_IPS, REQUEST_TAGS));
        Instant registeredAt = registeredAt(row);
        Node.Builder facts = Node.builder(id, name(row, id), owner(row, hostInfo))
                .registeredAt(registeredAt)
                .keyExpiry(row.instant("expiry").orElse(null))
                .ephemeral(row.number("auth_key_id")
                        .filter(ephemeralKeys::contains)
                        .isPresent());
        facts.hostKey(hostKey(row, id));
        addresses(row, facts);
        // up to 0.14: false before the registration, and again after an expiry
        boolean registered = !row.hasColumn("registered") || row.flag("registered", true);
        if (!registered) {
            facts.keyExpiry(registeredAt);
            row.report(new NodeReason.NotRegistered(id));
        }
        NodeBuilder node = new NodeBuilder(row, facts.build(), registered);
        String column = "host_info." + ROUTABLE_IPS;
        node.advertises(
                row.prefixes(column, row.texts(column, hostInfo.getOrDefault(ROUTABLE_IPS, List.of())), node::twice));
        nodes.put(id, node);
    }

    private Optional<NoRow> noRow(LenientRow row, NodeId id) {
        if (!row.isNull("deleted_at")) {
            return Optional.of(NoRow.DELETED);
        }
        return nodes.containsKey(id) ? Optional.of(NoRow.SAME_ID) : Optional.empty();
    }

    /** {@code nickname} became {@code given_name} in 0.16, and {@code name} became {@code hostname}. */
    private static String name(LenientRow row, NodeId id) {
        for (String column : List.of("given_name", "nickname", "hostname", "name")) {
            Optional<String> name = row.name(column, NameRules.LONGEST_NAME);
            if (name.isPresent()) {
                return name.get();
            }
        }
        String standIn = "node-" + id;
        row.report(new RowReason.Replaced(
                row.hasColumn("hostname") ? "hostname" : "name", "is empty or cannot be a name", standIn));
        return standIn;
    }

    private static Instant registeredAt(LenientRow row) {
        Optional<Instant> created = row.instant("created_at");
        if (created.isEmpty()) {
            row.report(new RowReason.Replaced("created_at", "is not a time", Node.REGISTRATION_UNKNOWN.toString()));
        }
        return created.orElse(Node.REGISTRATION_UNKNOWN);
    }

    /**
     * A node with tags has no user, even if its row names one: {@code tags} from 0.28 on, {@code forced_tags} before.
     */
    private Owner owner(LenientRow row, Map<String, List<Optional<String>>> hostInfo) {
        String column = row.hasList("tags") || !row.hasColumn("forced_tags") ? "tags" : "forced_tags";
        List<String> texts = row.list(column);
        SortedSet<Tag> tags = new TreeSet<>();
        for (String text : texts) {
            Tag.tryParse(text).ifPresentOrElse(tags::add, () -> row.unreadable(column, text, "it is not a tag"));
        }
        if (!row.hasColumn("tags")) {
            reportRequested(row, hostInfo.getOrDefault(REQUEST_TAGS, List.of()), texts);
        }
        if (!tags.isEmpty()) {
            return Owner.tags(tags);
        }
        if (!texts.isEmpty()) {
            row.report(new RowReason.Replaced(column, "holds no readable tag", UNREADABLE.value()));
            return Owner.tags(List.of(UNREADABLE));
        }
        return Owner.user(users.owner(row, ownerColumn));
    }

    private static void reportRequested(LenientRow row, List<Optional<String>> requested, List<String> tags) {
        TreeSet<String> missing = new TreeSet<>();
        requested.stream().flatMap(Optional::stream).map(LenientRow::quotable).forEach(missing::add);
        tags.forEach(missing::remove);
        if (!missing.isEmpty()) {
            row.report(new NodeReason.TagsOnlyRequested(missing));
        }
    }

    /**
     * The host key is the key of the machine, or the id of the node if there is none. A machine that several users
     * registered is several nodes with one key: all but the first get their id appended.
     */
    private String hostKey(LenientRow row, NodeId id) {
        Optional<String> text = row.name("machine_key", LONGEST_KEY);
        String key = text.map(NodeTable::withKind).orElse(id.toString());
        NodeId first = hostKeys.putIfAbsent(key, id);
        if (first == null) {
            return key;
        }
        String own = key + "#" + id;
        for (int i = 2; hostKeys.putIfAbsent(own, id) != null; i++) {
            own = key + "#" + id + "#" + i;
        }
        row.report(new RowReason.Replaced("machine_key", "is also the key of node `" + first + "`", own));
        return own;
    }

    /** Before 0.23 the keys of machines had no prefix. */
    private static String withKind(String key) {
        return key.length() == MACHINE_KEY_DIGITS && key.indexOf(':') < 0 ? "mkey:" + key : key;
    }

    private static void addresses(LenientRow row, Node.Builder facts) {
        Set<Boolean> families = new HashSet<>();
        for (String column : List.of("ipv4", "ipv6", "ip_addresses", "ip_address")) {
            Optional<String> list = row.text(column);
            for (String text :
                    list.map(all -> all.split(",", MOST_ADDRESSES + 1)).orElse(new String[0])) {
                Optional<IpAddress> address = IpAddress.tryParse(text.strip());
                if (address.isEmpty()) {
                    row.unreadable(column, text, "it is not an address");
                } else if (!families.add(address.get().isIpv4())) {
                    row.unreadable(column, text, "the node has another address of that family");
                } else {
                    facts.address(address.get());
                }
            }
        }
    }
}
