package dev.wayleave.examples.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.RoutingState;
import dev.wayleave.examples.cli.Facts;
import dev.wayleave.examples.cli.Run;
import dev.wayleave.examples.cli.source.Databases;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.row.StateRows;
import dev.wayleave.storage.StoredTailnet;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportHeadscaleCommandTest {

    private static final String WRITTEN = "written … tailnet `default` … revision 1";
    private static final String NOTHING = "nothing … tailnet `default` …";

    @TempDir
    Path folder;

    private Path headscale;

    @BeforeEach
    void makeDatabase() throws SQLException {
        // a name that a careless address would cut
        headscale = folder.resolve("head scale?ü.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + headscale.toUri());
                Statement statement = connection.createStatement()) {
            for (String sql : new String[] {
                "CREATE TABLE users (id integer, deleted_at datetime, name text)",
                "CREATE TABLE nodes (id integer, machine_key text, hostname text, user_id integer, forced_tags text,"
                        + " host_info text, ipv4 text, created_at datetime, deleted_at datetime)",
                "CREATE TABLE routes (id integer, deleted_at datetime, node_id integer, prefix text, advertised "
                        + "numeric, enabled numeric, is_primary numeric)",
                "INSERT INTO users VALUES (1, NULL, 'ada')",
                "INSERT INTO nodes VALUES (3, 'mkey:03', 'router-a', 1, '[]', '{}', '100.64.0.3', '2024-05-05 "
                        + "10:00:00Z', NULL)",
                """
                        INSERT INTO nodes VALUES (4, 'mkey:04', 'router-b', 1, '["tag:router"]', '{}', \
                        '100.64.0.4', \
                        '2024-05-06 10:00:00Z', NULL)""",
                "INSERT INTO routes VALUES (1, NULL, 3, '10.0.0.0/8', 1, 1, 0)",
                "INSERT INTO routes VALUES (2, NULL, 4, '10.0.0.0/8', 1, 1, 1)",
                "INSERT INTO routes VALUES (3, NULL, 9, '10.9.0.0/16', 1, 1, 0)",
                "INSERT INTO routes VALUES (4, NULL, 3, '192.168.1.7/24', 1, 0, 0)",
                "CREATE TABLE policies (id integer, updated_at datetime, deleted_at datetime, data text)",
                """
                        INSERT INTO policies VALUES (5, '2024-06-01 10:00:00Z', NULL, '{"acls": []}')"""
            }) {
                statement.execute(sql);
            }
        }
    }

    private Run imported(String... more) {
        String[] args = new String[more.length + 3];
        args[0] = "import-headscale";
        args[1] = "--from";
        args[2] = headscale.toString();
        System.arraycopy(more, 0, args, 3, more.length);
        return Run.of(args);
    }

    private static void assertEnds(Run run, String facts) {
        Facts.assertLines(run.out().lines().reduce("", (first, last) -> last), facts);
    }

    @Test
    void aDryRunShowsCountsAndEveryFindingWithItsRow() throws IOException {
        byte[] before = Files.readAllBytes(headscale);
        Run run = imported("--dry-run");
        assertThat(run).returns(0, Run::code).returns("", Run::err);
        Facts.assertLines(run.out(), """
                Found in routes | Count
                users | 1
                nodes | 2
                nodes with tags | 1
                tags | 1
                advertised routes | 3
                approved routes | 2
                primaries kept | 1
                findings | 2
                policy: … 5 … `policies` … 2024-06-01T10:00:00Z
                overlay: … default …
                Degree | Table | Row | Finding
                change | routes | 3 | `node_id` … `9` … node …
                change | routes | 4 | `prefix` … `192.168.1.7/24` … `192.168.1.0/24`
                dry run: …
                """);
        assertThat(Files.readAllBytes(headscale)).isEqualTo(before);
    }

    @Test
    void jsonHoldsEverythingWithItsRow() {
        Run run = imported("--dry-run", "--output", "json", "--tailnet", "home");
        assertThat(run.code()).isZero();
        String message = "\"message\": \"";
        assertThat(run.out().split(message))
                .satisfiesExactly(
                        before -> {},
                        orphan -> assertThat(orphan).startsWith("`node_id`").contains("`9`"),
                        bits -> assertThat(bits).containsSubsequence("`192.168.1.7/24`", "`192.168.1.0/24`"));
        assertThat(run.out().replaceAll(message + "[^\"]+", message)).isEqualTo("""
                {
                  "layout": "routes",
                  "tailnet": "home",
                  "dryRun": true,
                  "blocked": false,
                  "policy": {
                    "source": "database",
                    "table": "policies",
                    "row": "5",
                    "writtenAt": "2024-06-01T10:00:00Z"
                  },
                  "overlay": [
                    "100.64.0.0/11",
                    "100.96.0.0/12",
                    "100.112.0.0/15",
                    "100.114.0.0/16",
                    "100.115.0.0/18",
                    "100.115.64.0/20",
                    "100.115.80.0/21",
                    "100.115.88.0/22",
                    "100.115.94.0/23",
                    "100.115.96.0/19",
                    "100.115.128.0/17",
                    "100.116.0.0/14",
                    "100.120.0.0/13",
                    "fd7a:115c:a1e0::/48"
                  ],
                  "counts": {
                    "users": 1,
                    "nodes": 2,
                    "taggedNodes": 1,
                    "tags": 1,
                    "advertised": 3,
                    "approved": 2,
                    "primaries": 1,
                    "findings": 2
                  },
                  "users": [
                    {
                      "table": "users",
                      "row": "1",
                      "id": "1",
                      "name": "ada",
                      "email": ""
                    }
                  ],
                  "tags": [
                    "tag:router"
                  ],
                  "nodes": [
                    {
                      "table": "nodes",
                      "row": "3",
                      "id": "3",
                      "name": "router-a",
                      "hostKey": "mkey:03",
                      "user": "1",
                      "tags": [],
                      "ipAddresses": [
                        "100.64.0.3"
                      ],
                      "availableRoutes": [
                        "10.0.0.0/8",
                        "192.168.1.0/24"
                      ],
                      "approvedRoutes": [
                        "10.0.0.0/8"
                      ]
                    },
                    {
                      "table": "nodes",
                      "row": "4",
                      "id": "4",
                      "name": "router-b",
                      "hostKey": "mkey:04",
                      "tags": [
                        "tag:router"
                      ],
                      "ipAddresses": [
                        "100.64.0.4"
                      ],
                      "availableRoutes": [
                        "10.0.0.0/8"
                      ],
                      "approvedRoutes": [
                        "10.0.0.0/8"
                      ]
                    }
                  ],
                  "primaries": [
                    {
                      "table": "routes",
                      "row": "2",
                      "prefix": "10.0.0.0/8",
                      "node": "4"
                    }
                  ],
                  "findings": [
                    {
                      "table": "routes",
                      "row": "3",
                      "degree": "change",
                      "reason": "orphan",
                      "message": ""
                    },
                    {
                      "table": "routes",
                      "row": "4",
                      "degree": "change",
                      "reason": "host-bits",
                      "message": ""
                    }
                  ]
                }
                """);
    }

    @Test
    void anAddressOfJdbcIsReadTheSame() {
        assertThat(Run.of("import-headscale", "--from", "jdbc:sqlite:" + headscale.toUri(), "--dry-run"))
                .isEqualTo(imported("--dry-run"));
    }

    @Test
    void writingNeedsATarget() {
        imported().assertRefused("`--to` … `--dry-run`");
    }

    @Test
    void aMissingFileIsNotMade() {
        String missing = folder.resolve("missing.db").toString();
        Run.of("import-headscale", "--from", missing, "--dry-run").assertRefused("no file `" + missing + "`");
        assertThat(Path.of(missing)).doesNotExist();
    }

    @Test
    void aFileThatIsNotOfSqliteIsRefusedInOneLineThatNamesIt() throws IOException {
        String notes = Run.file(folder, "notes.txt", "nothing that SQLite wrote ".repeat(100));
        String empty = Run.file(folder, "empty.db", "");
        for (String scheme : List.of("", "jdbc:sqlite:")) {
            Run.of("import-headscale", "--from", scheme + notes, "--dry-run").assertRefused("`" + notes + "` … SQLite");
            Run.of("import-headscale", "--from", scheme + empty, "--dry-run").assertRefused("`" + empty + "` … empty");
            Run.of("import-headscale", "--from", scheme + folder, "--dry-run")
                    .assertRefused("`" + folder + "` … folder");
        }
    }

    @Test
    void aDamagedFileIsReportedInOneLineThatNamesIt() throws IOException {
        try (FileChannel content = FileChannel.open(headscale, StandardOpenOption.WRITE)) {
            content.truncate(content.size() / 2);
        }
        Run run = imported("--dry-run");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("wayleave: `" + headscale + "` cannot be read: ")
                .hasLineCount(1);
    }

    @Test
    void aFileInWalModeWithoutItsLogIsReadAndNoFileIsMadeBesideIt() throws SQLException {
        execute("PRAGMA journal_mode = wal");
        Facts.assertSomeLines(
                imported("--dry-run").out(), "warning | database | | … no file `" + headscale + "-wal` …");
        assertThat(Path.of(headscale + "-wal")).doesNotExist();
        assertThat(Path.of(headscale + "-shm")).doesNotExist();
        assertThat(imported("--dry-run")).isEqualTo(imported("--dry-run"));
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + headscale.toUri());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void withoutAPolicyNothingIsWrittenUntilTheUserSaysWhichToTake() throws SQLException {
        execute("DROP TABLE policies");
        Run run = imported("--to", target());
        assertThat(run.code()).isEqualTo(1);
        Facts.assertSomeLines(run.out(), """
                policy: not decided
                blocking | policies | | … no policy …
                """);
        assertEnds(run, "nothing is written: … `--policy FILE` … `--without-policy`");
        assertThat(folder.resolve("wayleave.db")).doesNotExist();
        Run dry = imported("--to", target(), "--dry-run");
        assertThat(dry.code()).isEqualTo(1);
        assertEnds(dry, "dry run: … `--policy FILE` … `--without-policy`");

        Run without = imported("--to", target(), "--without-policy");
        assertThat(without.code()).isZero();
        Facts.assertSomeLines(without.out(), "policy: none: …");
        assertEnds(without, WRITTEN);
        assertThat(restored(target()).policy())
                .isEqualTo(RoutingPolicy.builder().build());
    }

    @Test
    void aFileGivesThePolicyInPlaceOfTheRow() {
        String file = Run.file(folder, "policy.hujson", """
                {"grants": [], // no one
                }""");
        Run run = imported("--to", target(), "--policy", file);
        assertThat(run.code()).isZero();
        Facts.assertSomeLines(run.out(), """
                policy: … file …
                change | policies | 5 | … policy … row … not imported …
                """);
        assertThat(restored(target()).policy().grants()).hasValue(List.of());

        Run again = imported("--to", target());
        Facts.assertSomeLines(again.out(), """
                policy: … tailnet's …
                change | policies | 5 | … tailnet … policy of its own …
                """);
        assertEnds(again, NOTHING);
    }

    @Test
    void aPolicyWithProblemsIsReportedWithEachOfTheirPlaces() throws SQLException {
        String broken = """
                {"acls": [
                 {"action": "deny", "src": ["*"], "dst": ["*:*"]}],
                 "groups": 7}""";
        String file = Run.file(folder, "policy.hujson", broken);
        Run named = imported("--to", target(), "--policy", file);
        assertThat(named.code()).isEqualTo(2);
        assertThat(named.err()).contains(file + ":2:13: ", file + ":3:12: ").hasLineCount(1);

        execute("UPDATE policies SET data = '" + broken + "'");
        Run run = imported("--to", target());
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).contains("`data`", "|   2:13: ", "|   3:12: ");
        assertThat(imported("--dry-run", "-o", "json").out()).contains("\"line\": 2,\n", "\"column\": 13\n");
    }

    @Test
    void aPolicyAndNoneAtOnceIsRefused() {
        String file = Run.file(folder, "policy.hujson", "{}");
        Run run = imported("--dry-run", "--policy", file, "--without-policy");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("--policy", "--without-policy").contains("mutually exclusive");
    }

    @Test
    void theOverlayIsAskedForWhereTheAddressesMakeNone() throws SQLException {
        execute("UPDATE nodes SET ipv4 = '10.9.0.4' WHERE id = 4");
        Run run = imported("--to", target());
        assertThat(run.code()).isEqualTo(1);
        Facts.assertSomeLines(run.out(), """
                overlay: not decided
                blocking | database | | … `0.0.0.0/1` … IPv4 …
                """);
        assertEnds(run, "nothing is written: … `--overlay PREFIX,PREFIX`");

        Run given = imported("--to", target(), "--overlay", "10.9.0.0/16,100.64.0.0/10");
        assertThat(given.code()).isZero();
        assertThat(given.out()).contains("\noverlay: 10.9.0.0/16, 100.64.0.0/10\n");
        assertThat(restored(target()).settings().overlay().addresses().prefixes())
                .containsExactly(Prefix.parse("10.9.0.0/16"), Prefix.parse("100.64.0.0/10"));

        assertThat(imported("--dry-run", "--overlay", "10.9.0.1/16").err())
                .startsWith("wayleave: ")
                .contains("10.9.0.0/16")
                .hasLineCount(1);
    }

    @Test
    void anAddressOfAnotherKindIsRefusedWithoutRepeatingItsPassword() {
        Run run = Run.of("import-headscale", "--from", "jdbc:mysql://h/db?password=secret", "--dry-run");
        run.assertRefused("`jdbc:sqlite:` … `jdbc:postgresql:`");
        assertThat(run.err()).doesNotContain("secret");
    }

    private String target() {
        return "jdbc:sqlite:" + folder.resolve("wayleave.db");
    }

    private static RoutingState restored(String url) {
        StoredTailnet stored = Databases.storeToRead(url)
                .orElseThrow()
                .load(new TailnetId("default"))
                .orElseThrow();
        return RoutingState.restore(stored.rows(), Instant.parse("2026-11-25T12:00:00Z"));
    }

    @Test
    void aTailnetOfSqliteTakesEverythingAndKeepsTheIncumbent() {
        Run run = imported("--to", target());
        assertThat(run.code()).isZero();
        assertEnds(run, WRITTEN);
        RoutingState state = restored(target());
        assertThat(state.nodes().keySet()).extracting(Object::toString).containsExactly("3", "4");
        assertThat(state.primary(Prefix.parse("10.0.0.0/8"))).contains(new NodeId(4));
        assertThat(state.node(new NodeId(3))
                        .orElseThrow()
                        .approvals()
                        .approved()
                        .keySet())
                .containsExactly(Prefix.parse("10.0.0.0/8"));
    }

    @Test
    void importingTwiceChangesNoRow() {
        assertThat(imported("--to", target()).code()).isZero();
        StateRows before = restored(target()).rows();
        Run again = imported("--to", target());
        assertEnds(again, NOTHING);
        assertThat(restored(target()).rows()).isEqualTo(before);
        assertEnds(imported("--to", target(), "--dry-run"), "dry run: …");
    }

    @Test
    void aDryRunMakesNoTarget() {
        assertThat(imported("--to", target(), "--dry-run")).isEqualTo(imported("--dry-run"));
        assertThat(folder.resolve("wayleave.db")).doesNotExist();
    }

    @Test
    void twoTailnetsShareADatabase() {
        assertThat(imported("--to", target()).code()).isZero();
        assertEnds(imported("--to", target(), "--tailnet", "home"), WRITTEN.replace("default", "home"));
    }
}
