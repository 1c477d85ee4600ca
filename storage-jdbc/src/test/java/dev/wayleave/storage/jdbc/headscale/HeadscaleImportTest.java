package dev.wayleave.storage.jdbc.headscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.jdbc.DataSources;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read of our own small databases, one for each layout; they hold every trap that is known. */
class HeadscaleImportTest {

    @TempDir
    Path folder;

    private ImportReport read(String script, String... more) {
        DataSource source = Databases.sqlite(folder.resolve("headscale.db"), Databases.script(script));
        for (String sql : more) {
            Databases.execute(source, sql);
        }
        return HeadscaleImport.read(source).report();
    }

    private static Node node(ImportReport report, long id) {
        return found(report, id).facts();
    }

    private static FoundNode found(ImportReport report, long id) {
        return report.nodes().stream()
                .filter(node -> node.facts().id().equals(new NodeId(id)))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> texts(Iterable<Prefix> prefixes) {
        List<String> texts = new ArrayList<>();
        prefixes.forEach(prefix -> texts.add(prefix.toString()));
        return texts;
    }

    /** The findings with their values; why a value cannot be used is prose, and is left out. */
    private static List<ImportFinding> findings(ImportReport report) {
        return report.findings().stream()
                .map(finding -> new ImportFinding(finding.table(), finding.rowOrNull(), withoutCause(finding.reason())))
                .toList();
    }

    private static ImportFinding.Reason withoutCause(ImportFinding.Reason reason) {
        if (reason instanceof RowReason.Unreadable unreadable) {
            return unreadable(unreadable.column(), unreadable.text());
        }
        return reason instanceof RowReason.Replaced replaced ? replaced(replaced.column(), replaced.by()) : reason;
    }

    private static ImportFinding at(String table, long row, ImportFinding.Reason reason) {
        return new ImportFinding(table, String.valueOf(row), reason);
    }

    private static ImportFinding.Reason unreadable(String column, String text) {
        return new RowReason.Unreadable(column, text, "");
    }

    private static ImportFinding.Reason replaced(String column, String by) {
        return new RowReason.Replaced(column, "", by);
    }

    private static ImportFinding.Reason twice(String column, long node, String prefix) {
        return new RouteReason.DuplicateFolded(column, new NodeId(node), Prefix.parse(prefix));
    }

    private static ImportFinding.Reason halfExitPair(long node, String approved) {
        return new RouteReason.HalfExitPair(new NodeId(node), Prefix.parse(approved));
    }

    private static ImportFinding.Reason notKept(long node, String prefix, RouteReason.NoIncumbent reason) {
        return new RouteReason.PrimaryNotKept(new NodeId(node), Prefix.parse(prefix), reason);
    }

    private static ImportFinding.Reason hostBits(String column, String text, String prefix) {
        return new RowReason.HostBits(column, text, Prefix.parse(prefix));
    }

    @Test
    void listsOfMachinesAreReadAsUpTo017() {
        ImportReport report = read(
                "enabled-routes-0.6.sql",
                "UPDATE machines SET enabled_routes = CAST(enabled_routes AS BLOB), name = CAST(name AS BLOB) WHERE "
                        + "id = 3");
        assertThat(report.layout()).isEqualTo(HeadscaleLayout.ENABLED_ROUTES);
        assertThat(report.nodes()).extracting(FoundNode::row).containsExactly("1", "2", "3", "4", "5", "7", "8");
        assertThat(texts(found(report, 1).advertised())).containsExactly("10.1.0.0/16", "192.168.7.0/24");
        assertThat(texts(found(report, 1).approved())).containsExactly("10.1.0.0/16");
        assertThat(found(report, 2).approved()).isEmpty();
        assertThat(texts(found(report, 3).approved())).containsExactly("0.0.0.0/0");
        assertThat(texts(found(report, 4).approved())).containsExactly("172.20.0.0/14");
        assertThat(found(report, 5).approved()).isEmpty();
        assertThat(found(report, 5).advertised()).isEmpty();
        assertThat(node(report, 5).keyExpiry()).contains(node(report, 5).registeredAt());
        assertThat(report.incumbents()).isEmpty();
        UserId added = new UserId("headscale-nobody");
        assertThat(findings(report))
                .containsExactly(
                        at("namespaces", 3, new RowReason.RowLeftOut(RowReason.NoRow.DELETED)),
                        at("machines", 3, halfExitPair(3, "0.0.0.0/0")),
                        at("machines", 4, twice("host_info.RoutableIPs", 4, "172.20.0.0/14")),
                        at("machines", 4, twice("enabled_routes", 4, "172.20.0.0/14")),
                        at("machines", 5, new NodeReason.NotRegistered(new NodeId(5))),
                        at("machines", 6, new RowReason.RowLeftOut(RowReason.NoRow.DELETED)),
                        at("machines", 7, new NodeReason.OwnerMissing("namespace_id", "3", new UserId("3"))),
                        at("machines", 8, new NodeReason.OwnerMissing("namespace_id", null, added)));
    }

    @Test
    void factsOfAMachineComeOver() {
        ImportReport report = read("enabled-routes-0.6.sql");
        assertThat(report.users())
                .extracting(found -> found.user().toString())
                .containsExactly("ops (1)", "büro (2)", "headscale-user-3 (3)", "headscale-nobody (headscale-nobody)");
        Node router = node(report, 1);
        assertThat(router.name()).isEqualTo("routeur-é");
        assertThat(router.owner()).isEqualTo(Owner.user(new UserId("1")));
        assertThat(router.hostKey()).isEqualTo("mkey:aa00000000000000000000000000000000000000000000000000000000000001");
        assertThat(router.addresses()).extracting(Object::toString).containsExactly("100.64.0.1");
        assertThat(router.registeredAt()).isEqualTo(Instant.parse("2022-03-04T07:27:19.123Z"));
        assertThat(router.isEphemeral()).isFalse();
        assertThat(node(report, 2).isEphemeral()).isTrue();
        assertThat(node(report, 2).keyExpiry()).isEmpty();
        assertThat(node(report, 3).keyExpiry()).contains(Instant.parse("2022-12-24T18:00:00Z"));
    }

    @Test
    void rowsOfRoutesAreReadAsFrom018To025() {
        ImportReport report = read("routes-0.22.sql");
        assertThat(report.layout()).isEqualTo(HeadscaleLayout.ROUTES);
        assertThat(texts(found(report, 1).approved())).containsExactly("10.0.0.0/8", "192.168.1.0/24");
        assertThat(texts(found(report, 2).approved())).containsExactly("10.0.0.0/8", "::/0");
        assertThat(texts(found(report, 2).advertised())).containsExactly("10.0.0.0/8", "::/0", "fd00::/8");
        assertThat(texts(found(report, 3).approved()))
                .containsExactly("10.5.0.0/16", "172.16.0.0/12", "192.168.1.0/24");
        assertThat(texts(found(report, 3).advertised())).containsExactly("10.5.0.0/16", "192.168.1.0/24");
        assertThat(findings(report))
                .containsExactly(
                        at("machines", 2, new NodeReason.TagsOnlyRequested(new TreeSet<>(Set.of("tag:wished")))),
                        at("machines", 2, halfExitPair(2, "::/0")),
                        at(
                                "machines",
                                3,
                                replaced("machine_key", node(report, 3).hostKey())),
                        at("routes", 4, twice("prefix", 1, "192.168.1.0/24")),
                        at("routes", 5, notKept(3, "192.168.1.0/24", RouteReason.NoIncumbent.SECOND)),
                        at("routes", 6, notKept(2, "::/0", RouteReason.NoIncumbent.EXIT_ROUTE)),
                        at("routes", 7, new RouteReason.Orphan("machine_id", "99")),
                        at("routes", 8, new RouteReason.Orphan("machine_id", null)),
                        at("routes", 9, new RowReason.RowLeftOut(RowReason.NoRow.DELETED)),
                        at("routes", 10, hostBits("prefix", "10.5.6.7/16", "10.5.0.0/16")),
                        at("routes", 11, twice("prefix", 3, "10.5.0.0/16")),
                        at("routes", 12, unreadable("prefix", "10.0.0.1/0")),
                        at("routes", 13, unreadable("prefix", "nonsense")),
                        at("routes", 14, unreadable("prefix", "")),
                        at("routes", 15, notKept(3, "172.16.0.0/12", RouteReason.NoIncumbent.NOT_EFFECTIVE)));
        assertThat(node(report, 3).hostKey()).startsWith("mkey:bb00").endsWith("01#3");
    }

    @Test
    void primariesOfTheRowsAreIncumbents() {
        assertThat(read("routes-0.22.sql").incumbents())
                .extracting(Object::toString)
                .containsExactly(
                        "FoundPrimary[table=routes, row=2, prefix=10.0.0.0/8, node=2]",
                        "FoundPrimary[table=routes, row=4, prefix=192.168.1.0/24, node=1]");
    }

    @Test
    void tagsTakeTheNodeFromItsUser() {
        ImportReport report = read("routes-0.22.sql");
        assertThat(node(report, 2).owner()).isEqualTo(Owner.tags("tag:berlin", "tag:router"));
        assertThat(node(report, 3).owner()).isEqualTo(Owner.user(new UserId("2")));
        assertThat(report.tags()).extracting(Object::toString).containsExactly("tag:berlin", "tag:router");
        assertThat(node(report, 2).addresses())
                .extracting(Object::toString)
                .containsExactly("100.64.0.2", "fd7a:115c:a1e0::2");
        assertThat(node(report, 3).name()).isEqualTo("router-1-of-bob");
    }

    @Test
    void listsOfNodesAreReadAsFrom026() {
        ImportReport report = read("approved-routes-0.28.sql");
        assertThat(report.layout()).isEqualTo(HeadscaleLayout.APPROVED_ROUTES);
        assertThat(report.users())
                .extracting(found -> found.user().toString())
                .containsExactly(
                        "ada <ada@example.com> (1)",
                        "bob@example.com <bob@example.com> (2)",
                        "李雷 (3)",
                        "headscale-user-77 (77)");
        assertThat(texts(found(report, 1).approved())).containsExactly("10.0.0.0/8", "192.168.0.0/16");
        assertThat(texts(found(report, 2).approved())).containsExactly("0.0.0.0/0", "10.0.0.0/8", "::/0");
        assertThat(texts(found(report, 3).approved())).containsExactly("10.7.7.0/24", "::/0");
        assertThat(node(report, 3).name()).isEqualTo("r3");
        assertThat(node(report, 5).owner()).isEqualTo(Owner.tags("tag:headscale-unreadable"));
        assertThat(node(report, 6).name()).isEqualTo("node-6");
        assertThat(node(report, 6).hostKey()).isEqualTo("6");
        assertThat(findings(report))
                .containsExactly(
                        at("users", 2, replaced("name", "bob@example.com")),
                        at("nodes", -1, new RowReason.RowLeftOut(RowReason.NoRow.WITHOUT_ID)),
                        at("nodes", 3, unreadable("host_info", "{\"RoutableIPs\":")),
                        at("nodes", 3, unreadable("approved_routes", "...")),
                        at("nodes", 3, hostBits("approved_routes", "10.7.7.7/24", "10.7.7.0/24")),
                        at("nodes", 3, unreadable("approved_routes", "x")),
                        at("nodes", 3, halfExitPair(3, "::/0")),
                        at("nodes", 4, unreadable("ipv4", "100.64.0.400")),
                        at("nodes", 4, unreadable("approved_routes", "{\"a\":1}")),
                        at("nodes", 5, unreadable("tags", "router")),
                        at("nodes", 5, unreadable("tags", "tag:")),
                        at("nodes", 5, replaced("tags", "tag:headscale-unreadable")),
                        at("nodes", 6, replaced("created_at", "1970-01-01T00:00:00Z")),
                        at("nodes", 6, replaced("hostname", "node-6")),
                        at("nodes", 6, new NodeReason.OwnerMissing("user_id", "77", new UserId("77"))));
    }

    @Test
    void aNewListThatNoNodeHasYieldsToTheOldTable() {
        ImportReport report = read(
                "routes-0.22.sql",
                "ALTER TABLE machines RENAME TO nodes",
                "ALTER TABLE routes RENAME COLUMN machine_id TO node_id",
                "ALTER TABLE nodes ADD COLUMN approved_routes text",
                "UPDATE nodes SET approved_routes = 'null' WHERE id = 1",
                "UPDATE nodes SET approved_routes = '' WHERE id = 2");
        assertThat(report.layout()).isEqualTo(HeadscaleLayout.ROUTES);
        assertThat(texts(found(report, 1).approved())).containsExactly("10.0.0.0/8", "192.168.1.0/24");
    }

    @Test
    void anOldTableThatWasLeftBehindIsNotRead() {
        ImportReport report = read(
                "approved-routes-0.28.sql",
                "CREATE TABLE routes (id integer, node_id integer, prefix text, enabled numeric)",
                "INSERT INTO routes VALUES (1, 4, '10.66.0.0/16', 1)",
                "CREATE TABLE machines (id integer, enabled_routes text)");
        assertThat(report.layout()).isEqualTo(HeadscaleLayout.APPROVED_ROUTES);
        assertThat(found(report, 4).approved()).isEmpty();
        assertThat(findings(report))
                .contains(
                        new ImportFinding("routes", null, new DatabaseReason.LeftOver(1)),
                        new ImportFinding("machines", null, new DatabaseReason.LeftOver(0)));
    }

    @Test
    void anUpgradeToRowsThatStoppedHalfWayLosesNoApproval() {
        ImportReport report = read(
                "routes-0.22.sql",
                "ALTER TABLE machines ADD COLUMN enabled_routes text",
                """
                        UPDATE machines SET enabled_routes = '["10.0.0.0/8","10.200.0.0/16","192.168.1.0/24"]' \
                        WHERE id = 1""",
                "UPDATE routes SET enabled = 0 WHERE prefix = '192.168.1.0/24' AND machine_id = 1");
        assertThat(report.layout()).isEqualTo(HeadscaleLayout.ROUTES);
        // a row, even a disabled one, outweighs the old list
        assertThat(texts(found(report, 1).approved())).containsExactly("10.0.0.0/8", "10.200.0.0/16");
    }

    @Test
    void namesOfColumnsMayBeInCapitals() {
        ImportReport report =
                read("approved-routes-0.28.sql", "ALTER TABLE nodes RENAME COLUMN approved_routes TO Approved_Routes");
        assertThat(texts(found(report, 1).approved())).containsExactly("10.0.0.0/8", "192.168.0.0/16");
    }

    @Test
    void readingWritesNothingAndGivesTheConnectionBackAsItCame() throws SQLException, IOException {
        Path file = folder.resolve("headscale.db");
        DataSource source = Databases.sqlite(file, Databases.script("routes-0.22.sql"));
        byte[] before = Files.readAllBytes(file);
        try (Connection connection = source.getConnection()) {
            DataSource one = DataSources.over(connection);
            assertThat(HeadscaleImport.read(one).report().nodes()).hasSize(3);
            assertThat(connection.getAutoCommit()).isTrue();
            assertThat(Files.readAllBytes(file)).isEqualTo(before);
            try (Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO users (id, name) VALUES (9, 'writes again')");
            }
        }
    }

    @Test
    void aFileThatIsNoDatabaseIsUnreadable() throws IOException {
        Path file = Files.writeString(folder.resolve("notes.txt"), "not a database at all, but long enough".repeat(50));
        assertThatThrownBy(() -> HeadscaleImport.read(DataSources.ofUrl("jdbc:sqlite:" + file)))
                .isInstanceOf(UnreadableDatabaseException.class)
                .hasMessageContaining("`" + file + "`");
    }

    @Test
    void aDatabaseOfSomethingElseIsUnreadable() {
        Path file = folder.resolve("other.db");
        DataSource other = Databases.sqlite(file, "CREATE TABLE hosts (id integer)");
        assertThatThrownBy(() -> HeadscaleImport.read(other))
                .isInstanceOf(UnreadableDatabaseException.class)
                .hasMessageContainingAll("`" + file + "`", "`nodes`", "`machines`");
        Databases.execute(other, "CREATE TABLE nodes (id integer, name text)");
        assertThatThrownBy(() -> HeadscaleImport.read(other))
                .isInstanceOf(UnreadableDatabaseException.class)
                .hasMessageContainingAll("`" + file + "`", "`approved_routes`", "`enabled_routes`", "`routes`");
    }

    @Test
    void aTableWithMoreRowsThanTheLimitIsNotRead() {
        Path file = folder.resolve("headscale.db");
        DataSource source = Databases.sqlite(file, Databases.script("routes-0.22.sql"));
        assertThat(DatabaseReader.read(source, 16).table("routes").orElseThrow().rows())
                .hasSize(16);
        assertThatThrownBy(() -> DatabaseReader.read(source, 15))
                .isInstanceOf(UnreadableDatabaseException.class)
                .hasMessageContainingAll("`" + file + "`", "`routes`", "15");
    }

    @Test
    void findingsAreSortedByTableAndNumber() {
        ImportReport report = read(
                "approved-routes-0.28.sql",
                "INSERT INTO nodes (id, machine_key, hostname, user_id, created_at, expiry) VALUES (20, 'mkey:20', "
                        + "'r20', 1, '2025-01-01 10:00:00Z', 'never')",
                "INSERT INTO nodes (id, machine_key, hostname, user_id, created_at, expiry) VALUES (9, 'mkey:09', "
                        + "'r9', 1, '2025-01-01 10:00:00Z', 'never')");
        assertThat(report.findings())
                .extracting(finding -> finding.table() + " " + finding.row().orElseThrow())
                .startsWith("users 2", "nodes -1", "nodes 3")
                .endsWith("nodes 6", "nodes 9", "nodes 20");
    }

    @Test
    void aCharacterThatNoNameMayHaveIsAFindingWithItsColumn() {
        ImportReport report = read(
                "approved-routes-0.28.sql",
                "DELETE FROM nodes WHERE id <> 1 AND id <> 2",
                "DELETE FROM users WHERE id = 2",
                "UPDATE users SET name = 'a' || char(10) || 'b', email = 'a' || char(0) || '@example.com' WHERE id = 1",
                "UPDATE nodes SET given_name = 'r' || char(7), machine_key = 'mkey:' || char(0) WHERE id = 1",
                "UPDATE nodes SET given_name = 'r' || char(8232), hostname = char(27) || '[31m' WHERE id = 2");
        assertThat(findings(report))
                .containsExactly(
                        at("users", 1, unreadable("name", "a\nb")),
                        at("users", 1, unreadable("email", "a\u0000@example.com")),
                        at("users", 1, replaced("name", "Ada")),
                        at("nodes", 1, unreadable("given_name", "r\u0007")),
                        at("nodes", 1, unreadable("machine_key", "mkey:\u0000")),
                        at("nodes", 2, unreadable("given_name", "r\u2028")),
                        at("nodes", 2, unreadable("hostname", "\u001b[31m")),
                        at("nodes", 2, replaced("hostname", "node-2")));
        assertThat(node(report, 1).name()).isEqualTo("r1");
        assertThat(node(report, 1).hostKey()).isEqualTo("1");
        assertThat(node(report, 2).name()).isEqualTo("node-2");
    }

    @Test
    void aNameThatIsAnEMailIsTheEMailWhereThereIsNoOther() {
        ImportReport report = read(
                "approved-routes-0.28.sql",
                "DELETE FROM nodes",
                "UPDATE users SET name = 'cyd@example.com', email = '' WHERE id = 3",
                "UPDATE users SET name = 'ada@old.example.com' WHERE id = 1",
                "UPDATE users SET name = 'bob@', email = NULL WHERE id = 2");
        assertThat(report.users())
                .extracting(found -> found.user().toString())
                .containsExactly(
                        "ada@old.example.com <ada@example.com> (1)",
                        "bob@ (2)",
                        "cyd@example.com <cyd@example.com> (3)");
        assertThat(findings(report)).containsExactly(at("users", 3, replaced("email", "cyd@example.com")));
    }

    @Test
    void aServerThatCannotBeReachedIsUnreadable() {
        DataSource nowhere =
                DataSources.ofUrl("jdbc:postgresql://127.0.0.1:1/headscale?user=ada&password=secret&connectTimeout=5");
        assertThatThrownBy(() -> HeadscaleImport.read(nowhere))
                .isInstanceOf(UnreadableDatabaseException.class)
                .hasMessageContaining("127.0.0.1:1")
                .hasMessageNotContaining("secret");
    }
}
