package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundPrimary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the report from the raw tables: finds out the layout of the approvals, and reads it. */
final class ReportReader {

    private final RawDatabase database;
    private final List<ImportFinding> findings = new ArrayList<>();

    private ReportReader(RawDatabase database) {
        this.database = database;
    }

    static ImportReport report(RawDatabase database) {
        return new ReportReader(database).report();
    }

    private ImportReport report() {
        database.damage().ifPresent(found -> report(new DatabaseReason.FileDamaged(LenientRow.quotable(found))));
        database.file()
                .filter(SqliteFile::logMissing)
                .ifPresent(file -> report(
                        new DatabaseReason.LatestChangesMissing(file.log().toString())));
        RawTable nodeTable = nodeTable();
        HeadscaleLayout layout = layout(nodeTable);
        UserTable users = new UserTable();
        userTable(nodeTable).ifPresent(table -> users.read(table, findings));
        NodeTable nodes =
                NodeTable.read(nodeTable, users, database.table("pre_auth_keys").orElse(null), findings);
        List<FoundPrimary> primaries = List.of();
        switch (layout) {
            case APPROVED_ROUTES -> {
                nodes.all().forEach(node -> node.approveList("approved_routes"));
                routeTable().ifPresent(this::leftOver);
            }
            case ENABLED_ROUTES -> nodes.all().forEach(node -> node.approveList("enabled_routes"));
            case API -> throw new IllegalStateException("a database is none of the API");
            case ROUTES -> {
                RouteTable routes = RouteTable.read(routeTable().orElseThrow(), nodes, findings);
                if (nodeTable.has("enabled_routes")) {
                    nodes.all().forEach(node -> routes.approveWhereNoRowIs(node, "enabled_routes"));
                }
                primaries = routes.primaries();
            }
        }
        for (NodeTable.NodeBuilder node : nodes.all()) {
            node.halfExitPair().ifPresent(half -> node.row().report(new RouteReason.HalfExitPair(node.id(), half)));
        }
        return new ImportReport(
                layout,
                users.all(),
                nodes.all().stream().map(NodeTable.NodeBuilder::build).toList(),
                primaries,
                database.table("policies")
                        .flatMap(table -> PolicyTable.read(table, findings))
                        .orElse(null),
                findings);
    }

    private void report(ImportFinding.Reason reason) {
        findings.add(new ImportFinding(ImportFinding.DATABASE, null, reason));
    }

    /** {@code machines} became {@code nodes}; an upgrade that stopped half-way leaves an empty new table. */
    private RawTable nodeTable() {
        Optional<RawTable> nodes = withId("nodes");
        Optional<RawTable> machines = withId("machines");
        if (nodes.isPresent() && (machines.isEmpty() || !nodes.get().rows().isEmpty())) {
            machines.ifPresent(this::leftOver);
            return nodes.get();
        }
        return machines.orElseThrow(() -> notHeadscale("it has neither table `nodes` nor table `machines`"));
    }

    private UnreadableDatabaseException notHeadscale(String reason) {
        String what = database.name() + " is not a Headscale database: " + reason;
        Optional<SqliteFile> withoutLog = database.file().filter(SqliteFile::logMissing);
        if (withoutLog.isEmpty()) {
            return new UnreadableDatabaseException(what + "; check the address, and on PostgreSQL the schema");
        }
        SqliteFile file = withoutLog.get();
        return new UnreadableDatabaseException(what + "; its latest changes, perhaps all of them, are in `" + file.log()
                + "`, which is missing: stop Headscale and copy both files, or let `sqlite3` copy them with `.backup`");
    }

    private Optional<RawTable> withId(String name) {
        return database.table(name).filter(table -> table.has("id"));
    }

    private Optional<RawTable> userTable(RawTable nodes) {
        boolean named = nodes.has("namespace_id") && !nodes.has("user_id");
        Optional<RawTable> first = database.table(named ? "namespaces" : "users");
        Optional<RawTable> other = database.table(named ? "users" : "namespaces");
        if (first.isEmpty()) {
            return other;
        }
        other.ifPresent(this::leftOver);
        return first;
    }

    private Optional<RawTable> routeTable() {
        return database.table("routes")
                .filter(table -> table.has("prefix") && (table.has("node_id") || table.has("machine_id")));
    }

    /**
     * Decides by the columns. A database may have an old and a new place: the new lists count if any node has one,
     * because an upgrade that stopped half-way has written none.
     */
    private HeadscaleLayout layout(RawTable nodes) {
        boolean routes = routeTable().isPresent();
        if (nodes.has("approved_routes") && (!routes || hasList(nodes, "approved_routes"))) {
            return HeadscaleLayout.APPROVED_ROUTES;
        }
        if (routes) {
            return HeadscaleLayout.ROUTES;
        }
        if (nodes.has("enabled_routes")) {
            return HeadscaleLayout.ENABLED_ROUTES;
        }
        throw notHeadscale("table `" + nodes.name()
                + "` has neither `approved_routes` nor `enabled_routes`, and there is no table `routes`");
    }

    private static boolean hasList(RawTable nodes, String column) {
        // findings are dropped: the later reading of the same values reports them
        return LenientRow.all(nodes, new ArrayList<>()).stream().anyMatch(row -> row.hasList(column));
    }

    private void leftOver(RawTable table) {
        findings.add(new ImportFinding(
                table.name(), null, new DatabaseReason.LeftOver(table.rows().size())));
    }
}
