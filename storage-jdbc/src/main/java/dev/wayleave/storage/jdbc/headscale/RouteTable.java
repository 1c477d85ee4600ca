package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundPrimary;
import dev.wayleave.storage.jdbc.headscale.RouteReason.NoIncumbent;
import dev.wayleave.storage.jdbc.headscale.RowReason.NoRow;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads the table {@code routes} of the releases 0.18 to 0.25: advertised and approved prefixes go to the nodes,
 * primaries stay here.
 *
 * <p>A node and prefix may have several rows; the prefix is approved if any of them enables it.
 */
final class RouteTable {

    private final NodeTable nodes;
    private final String nodeColumn;
    private final Set<Key> known = new HashSet<>();

    /** By prefix and node, so that of two primaries the lower node comes first. */
    private final TreeMap<Prefix, TreeMap<NodeId, LenientRow>> claims = new TreeMap<>();

    private record Key(NodeId node, Prefix prefix) {}

    private RouteTable(NodeTable nodes, String nodeColumn) {
        this.nodes = nodes;
        this.nodeColumn = nodeColumn;
    }

    static RouteTable read(RawTable table, NodeTable nodes, List<ImportFinding> findings) {
        RouteTable routes = new RouteTable(nodes, table.has("node_id") ? "node_id" : "machine_id");
        LenientRow.all(table, findings).forEach(routes::add);
        return routes;
    }

    private void add(LenientRow row) {
        if (!row.isNull("deleted_at")) {
            row.report(new RowReason.RowLeftOut(NoRow.DELETED));
            return;
        }
        Optional<Long> number = row.number(nodeColumn);
        Optional<NodeTable.NodeBuilder> node = number.flatMap(nodes::find);
        if (node.isEmpty()) {
            row.report(new RouteReason.Orphan(
                    nodeColumn, number.map(Object::toString).orElse(null)));
            return;
        }
        Optional<String> text = row.text("prefix");
        if (text.isEmpty()) {
            row.unreadable("prefix", "", "it is not a prefix: it is empty");
            return;
        }
        row.prefix("prefix", text.get()).ifPresent(prefix -> add(row, node.get(), prefix));
    }

    private void add(LenientRow row, NodeTable.NodeBuilder node, Prefix prefix) {
        if (!known.add(new Key(node.id(), prefix))) {
            row.report(new RouteReason.DuplicateFolded("prefix", node.id(), prefix));
        }
        if (row.flag("advertised", false)) {
            node.advertises(List.of(prefix));
        }
        if (row.flag("enabled", false)) {
            node.mayCarry(List.of(prefix));
        }
        if (row.flag("is_primary", false)) {
            claims.computeIfAbsent(prefix, any -> new TreeMap<>()).putIfAbsent(node.id(), row);
        }
    }

    /**
     * Approves the prefixes that a list of a node enables and that have no row, because the upgrade to this table
     * stopped half-way.
     */
    void approveWhereNoRowIs(NodeTable.NodeBuilder node, String column) {
        for (Prefix prefix : node.row().prefixes(column, node.row().list(column), (place, twice) -> {})) {
            if (!known.contains(new Key(node.id(), prefix))) {
                node.mayCarry(List.of(prefix));
            }
        }
    }

    /** {@return the primaries that are effective; called after all rows are read} */
    List<FoundPrimary> primaries() {
        TreeMap<Prefix, FoundPrimary> primaries = new TreeMap<>();
        claims.forEach((prefix, byNode) -> byNode.forEach((id, row) -> {
            Optional<NoIncumbent> none = noIncumbent(prefix, id, primaries.containsKey(prefix));
            if (none.isEmpty()) {
                primaries.put(prefix, new FoundPrimary(row.table(), row.id(), prefix, id));
            } else {
                row.report(new RouteReason.PrimaryNotKept(id, prefix, none.get()));
            }
        }));
        return List.copyOf(primaries.values());
    }

    private Optional<NoIncumbent> noIncumbent(Prefix prefix, NodeId node, boolean taken) {
        if (prefix.isExitRoute()) {
            return Optional.of(NoIncumbent.EXIT_ROUTE);
        }
        if (!nodes.find(node.value()).orElseThrow().carries(prefix)) {
            return Optional.of(NoIncumbent.NOT_EFFECTIVE);
        }
        return taken ? Optional.of(NoIncumbent.SECOND) : Optional.empty();
    }
}
