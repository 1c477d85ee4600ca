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

    private static List<String> findings(ImportReport report) {
        return report.findings().stream().map(ImportFinding::toString).toList();
    }

    @Test
    void listsOfMachinesAreReadAsUpTo017() {
        ImportReport report = read(
                "enabled-routes-0.6.sql",
                "UPDATE machines SET enabled_routes = CAST(enabled_routes AS BLOB), name = CAST(name AS BLOB) WHERE id = 3");
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
        assertThat(findings(report))
                .containsExactly(
                        "namespaces 3: the row is marked as deleted: left out",
                        "machines 3: only `0.0.0.0/0` of the two exit routes is approved on node `3`: imported as"
                                + " it is; approve it again to approve both",
                        "machines 4: `172.20.0.0/14` is listed twice for node `4` in `host_info.RoutableIPs`: imported once",
                        "machines 4: `172.20.0.0/14` is listed twice for node `4` in `enabled_routes`: imported once",
                        "machines 5: the machine is not registered: node `5` is imported with an expired key and without its"
                                + " routes",
                        "machines 6: the row is marked as deleted: left out",
                        "machines 7: `namespace_id` is `3`, and there is no such user: the node belongs to the new"
                                + " user `3`",
                        "machines 8: `namespace_id` names no user, and there are no tags: the node belongs to the"
                                + " new user `headscale-nobody`");
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
                        "machines 2: the node asks for `tag:wished`, which the policy may have granted: left out;"
                                + " register the node with the tags that it should have",
                        "machines 2: only `::/0` of the two exit routes is approved on node `2`: imported as it"
                                + " is; approve it again to approve both",
                        "machines 3: `machine_key` is also the key of node `1`:"
                                + " `mkey:bb00000000000000000000000000000000000000000000000000000000000001#3`"
                                + " replaces it",
                        "routes 4: `192.168.1.0/24` is listed twice for node `1` in `prefix`: imported once",
                        "routes 5: node `3` is not kept as the primary of `192.168.1.0/24`: a node with a lower id"
                                + " is its primary too",
                        "routes 6: node `2` is not kept as the primary of `::/0`: exit routes have no primary",
                        "routes 7: `machine_id` is `99`, and there is no such node: the route is left out",
                        "routes 8: `machine_id` names no node: the route is left out",
                        "routes 9: the row is marked as deleted: left out",
                        "routes 10: `prefix` holds `10.5.6.7/16`, which has host bits set: imported as `10.5.0.0/16`",
                        "routes 11: `10.5.0.0/16` is listed twice for node `3` in `prefix`: imported once",
                        "routes 12: `prefix` holds `10.0.0.1/0`: it has host bits set, and would be an exit route without"
                                + " them; left out",
                        "routes 13: `prefix` holds `nonsense`: it is not a prefix: it is a name, and names are not"
                                + " looked up; left out",
                        "routes 14: `prefix` holds ``: it is not a prefix: it is empty; left out",
                        "routes 15: node `3` is not kept as the primary of `172.16.0.0/12`: it is not both advertised and"
                                + " approved");
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
        assertThat(findings(report)).containsExactlyElementsOf("""
                users 2: `name` is empty or cannot be a name: `bob@example.com` replaces it
                nodes -1: the row has no positive id: left out
                nodes 3: `host_info` holds `{"RoutableIPs":`: it is not JSON; left out
                nodes 3: `approved_routes` holds `...`: an element of the list is not a text; left out
                nodes 3: `approved_routes` holds `10.7.7.7/24`, which has host bits set: imported as \
                `10.7.7.0/24`
                nodes 3: `approved_routes` holds `x`: it is not a prefix: it is a name, and names are not \
                looked up; left out
                nodes 3: only `::/0` of the two exit routes is approved on node `3`: imported as it is; \
                approve it again to approve both
                nodes 4: `ipv4` holds `100.64.0.400`: it is not an address; left out
                nodes 4: `approved_routes` holds `{"a":1}`: it is not a JSON list; left out
                nodes 5: `tags` holds `router`: it is not a tag; left out
                nodes 5: `tags` holds `tag:`: it is not a tag; left out
                nodes 5: `tags` holds no readable tag: `tag:headscale-unreadable` replaces it
                nodes 6: `created_at` is not a time: `1970-01-01T00:00:00Z` replaces it
                nodes 6: `hostname` is empty or cannot be a name: `node-6` replaces it
                nodes 6: `user_id` is `77`, and there is no such user: the node belongs to the new user `77`
                """.lines().toList());
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
                        "routes: the table with 1 row is left over from an upgrade: not read",
                        "machines: the table with 0 rows is left over from an upgrade: not read");
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
                .hasMessageStartingWith("`" + file + "` cannot be read: ");
    }

    @Test
    void aDatabaseOfSomethingElseIsUnreadable() {
        Path file = folder.resolve("other.db");
        DataSource other = Databases.sqlite(file, "CREATE TABLE hosts (id integer)");
        assertThatThrownBy(() -> HeadscaleImport.read(other))
                .isInstanceOf(UnreadableDatabaseException.class)
                .hasMessage(
                        "`" + file + "` is not a Headscale database: it has neither table `nodes` nor table `machines`;"
                                + " check the address, and on PostgreSQL the schema");
        Databases.execute(other, "CREATE TABLE nodes (id integer, name text)");
        assertThatThrownBy(() -> HeadscaleImport.read(other))
                .isInstanceOf(UnreadableDatabaseException.class)
                .hasMessage(
                        "`" + file + "` is not a Headscale database: table `nodes` has neither `approved_routes` nor"
                                + " `enabled_routes`, and there is no table `routes`; check the address, and on PostgreSQL the"
                                + " schema");
    }

    @Test
    void aTableWithMoreRowsThanTheLimitIsNotRead() {
        Path file = folder.resolve("headscale.db");
        DataSource source = Databases.sqlite(file, Databases.script("routes-0.22.sql"));
        assertThat(DatabaseReader.read(source, 16).table("routes").orElseThrow().rows())
                .hasSize(16);
        assertThatThrownBy(() -> DatabaseReader.read(source, 15))
                .isInstanceOf(UnreadableDatabaseException.class)
                .hasMessage("`" + file + "` cannot be read: table `routes` has more than 15 rows");
    }

    @Test
    void findingsAreSortedByTableAndNumber() {
        ImportReport report = read(
                "approved-routes-0.28.sql",
                "INSERT INTO nodes (id, machine_key, hostname, user_id, created_at, expiry) VALUES (20, 'mkey:20', 'r20', 1,"
                        + " '2025-01-01 10:00:00Z', 'never')",
                "INSERT INTO nodes (id, machine_key, hostname, user_id, created_at, expiry) VALUES (9, 'mkey:09', 'r9', 1,"
                        + " '2025-01-01 10:00:00Z', 'never')");
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
                        "users 1: `name` holds `a\nb`: it has the control character U+000A, which is not allowed; left out",
                        "users 1: `email` holds `a\u0000@example.com`: it has the control character U+0000, which is not"
                                + " allowed; left out",
                        "users 1: `name` is empty or cannot be a name: `Ada` replaces it",
                        "nodes 1: `given_name` holds `r\u0007`: it has the control character U+0007, which is not allowed;"
                                + " left out",
                        "nodes 1: `machine_key` holds `mkey:\u0000`: it has the control character U+0000, which is not"
                                + " allowed; left out",
                        "nodes 2: `given_name` holds `r\u2028`: it has the line separator U+2028, which is not allowed;"
                                + " left out",
                        "nodes 2: `hostname` holds `\u001b[31m`: it has the control character U+001B, which is not allowed;"
                                + " left out",
                        "nodes 2: `hostname` is empty or cannot be a name: `node-2` replaces it");
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
        assertThat(findings(report))
                .containsExactly(
                        "users 3: `email` is empty, and the name is an e-mail address: `cyd@example.com` replaces it");
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
