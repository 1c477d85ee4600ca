package dev.wayleave.storage.jdbc.headscale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.NodeState;
import dev.wayleave.RoutingState;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.StateRows;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.jdbc.DataSources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * However a database is damaged, an import ends in a plan or in {@link UnreadableDatabaseException}; and a plan changes
 * a tailnet as a whole or not at all.
 */
class DamagedDatabasesTest {

    private static final int DATABASES = Boolean.getBoolean("wayleave.slow") ? 10_000 : 100;

    /** Far more than an import of a few rows needs, and far less than a run that does not end. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    private static final Actor ADA = new Actor("ada");
    private static final RoutingState EMPTY = RoutingState.empty(new TailnetId("t"), RoutingSettings.DEFAULT, NOW);
    private static final List<String> SCRIPTS =
            List.of("enabled-routes-0.6.sql", "routes-0.22.sql", "approved-routes-0.28.sql", "policy-0.29.sql");

    /** Values of every kind that a column may hold, and some that none should. */
    private static final List<String> VALUES = """
            NULL
            ''
            'x'
            'null'
            '[]'
            '['
            '{}'
            '{"RoutableIPs":["10.0.0.0/8",7,null,{}]}'
            '{"RoutableIPs":"10.0.0.0/8"}'
            '[[[[[[[[[[[[[[[['
            '["0.0.0.0/0"]'
            '["10.0.0.1/8","10.0.0.0/8",""]'
            '["tag:a","tag:","tag:a"]'
            '0.0.0.0/0'
            '::/129'
            '100.64.0.9'
            '203.0.113.9,2001:db8::9,10.0.0.1'
            'fe80::1%eth0'
            '0001-01-01 00:00:00+00:00'
            '9999-12-31 23:59:59.999999999+00:00'
            '2026-02-30 10:00:00Z'
            'a' || char(0) || 'b'
            char(27) || '[31m'
            char(55357)
            x'00'
            x'ff'
            x'5b5d'
            zeroblob(100000)
            0
            -1
            1.5
            1e300
            9223372036854775807
            -9223372036854775808
            '1e999999999'
            hex(zeroblob(50000))
            '{"acls": [}'
            '{"acls": [], "acls": []}'
            '{"grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}]}'
            '// nothing'
            'true'
            """.lines().toList();

    @TempDir
    Path folder;

    private Path file;
    private final List<byte[]> whole = new ArrayList<>();
    private final TreeMap<String, Integer> ends = new TreeMap<>();

    @BeforeEach
    void makeDatabases() throws IOException {
        for (String script : SCRIPTS) {
            Path made = folder.resolve(script + ".db");
            Databases.sqlite(made, Databases.script(script));
            whole.add(Files.readAllBytes(made));
        }
        file = folder.resolve("damaged.db");
    }

    @Test
    void filesWithDamagedBytesEndInAPlanOrARefusal() throws IOException {
        Random random = new Random(42);
        for (int i = 0; i < DATABASES / 2; i++) {
            Files.write(file, damagedBytes(whole.get(i % whole.size()), random));
            check("bytes " + i);
        }
        // a test that reaches only one of the two proves little
        assertThat(ends.keySet()).contains("plan", "refusal");
    }

    @Test
    void databasesWithDamagedRowsEndInAPlanOrARefusal() throws IOException {
        Random random = new Random(43);
        for (int i = 0; i < DATABASES / 2; i++) {
            Files.write(file, whole.get(i % whole.size()));
            damageRows(random);
            check("rows " + i);
        }
        assertThat(ends.keySet()).contains("plan", "blocked plan");
    }

    private void check(String what) {
        byte[] before = bytes();
        Instant begin = Instant.now();
        String end;
        try {
            HeadscaleImport read = HeadscaleImport.read(DataSources.ofUrl("jdbc:sqlite:" + file));
            end = checkPlans(what, read);
        } catch (UnreadableDatabaseException refused) {
            assertThat(refused.getMessage()).as(what).contains(file.toString());
            end = "refusal";
        } catch (RuntimeException | Error e) {
            throw new AssertionError(what, e);
        }
        ends.merge(end, 1, Integer::sum);
        assertThat(Duration.between(begin, Instant.now())).as(what).isLessThan(LONGEST);
        assertThat(bytes()).as(what).isEqualTo(before);
    }

    private byte[] bytes() {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String checkPlans(String what, HeadscaleImport read) {
        OverlayRanges wide = OverlayRanges.of(AddressSet.of(Prefix.parse("10.0.0.0/8")));
        checkWhole(what, read, read.into(EMPTY, ImportChoices.withoutPolicy().withOverlay(wide), ADA, NOW));
        ImportPlan plan = read.into(EMPTY, ImportChoices.policyOfDatabase(), ADA, NOW);
        for (ImportFinding finding : plan.report().findings()) {
            assertThat(finding.toString()).as(what).isNotBlank().hasSizeLessThan(100_000);
        }
        assertThat(plan.report().findings()).as(what).isSortedAccordingTo(ImportFinding.ORDER);
        if (plan.isBlocked()) {
            assertThat(plan.step().rowChanges().isEmpty()).as(what).isTrue();
            assertThat(plan.step().next()).as(what).isSameAs(EMPTY);
            assertThat(plan.submissions()).as(what).isEmpty();
            return "blocked plan";
        }
        checkWhole(what, read, plan);
        return "plan";
    }

    /** The change is the whole step, it can be stored and restored, every text in it is one, and twice is once. */
    private static void checkWhole(String what, HeadscaleImport read, ImportPlan plan) {
        assertThat(plan.isBlocked()).as(what).isFalse();
        StateRows rows = plan.step().next().rows();
        assertThat(plan.step().rowChanges().applyTo(EMPTY.rows())).as(what).isEqualTo(rows);
        assertThat(RoutingState.restore(rows, NOW).rows()).as(what).isEqualTo(rows);
        String text = rows.toString();
        assertThat(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .as(what)
                .isEqualTo(text)
                .doesNotContain("\u0000");
        assertThat(rows.nodes()).as(what).hasSameSizeAs(read.report().nodes());
        ImportPlan again = read.into(plan.step().next(), ImportChoices.policyOfDatabase(), ADA, NOW.plusSeconds(1));
        if (!again.isBlocked()) {
            // the policy, if only this import brings it over, may make routers, whose rows say since when they are
            // absent
            assertThat(again.step().next().nodes().values())
                    .extracting(NodeState::facts)
                    .as(what)
                    .isEqualTo(rows.nodes().stream().map(NodeRow::facts).toList());
        }
    }

    // ---- damage

    private static byte[] damagedBytes(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        switch (random.nextInt(6)) {
            case 0:
                return Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1:
                return Arrays.copyOf(bytes, bytes.length + random.nextInt(10_000));
            case 2:
                flip(bytes, random, 100, 1 + random.nextInt(4));
                break;
            case 3:
                swapPages(bytes, random);
                break;
            default:
                flip(bytes, random, bytes.length, 1 + random.nextInt(60));
        }
        return bytes;
    }

    private static void flip(byte[] bytes, Random random, int within, int times) {
        for (int i = 0; i < times; i++) {
            int at = random.nextInt(within);
            bytes[at] =
                    random.nextBoolean() ? (byte) random.nextInt(256) : (byte) (bytes[at] ^ (1 << random.nextInt(8)));
        }
    }

    private static void swapPages(byte[] bytes, Random random) {
        int page = 4096;
        int from = page * random.nextInt(bytes.length / page);
        int to = page * random.nextInt(bytes.length / page);
        byte[] other = Arrays.copyOfRange(bytes, from, from + page);
        System.arraycopy(bytes, to, bytes, from, page);
        System.arraycopy(other, 0, bytes, to, page);
    }

    private void damageRows(Random random) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int i = random.nextInt(6); i >= 0; i--) {
                List<String> tables = texts(statement, "SELECT name FROM sqlite_master WHERE type = 'table'", 1);
                if (!tables.isEmpty()) {
                    damageRow(statement, tables.get(random.nextInt(tables.size())), random);
                }
            }
            connection.commit();
        } catch (SQLException e) {
            // what SQLite refuses to damage stays whole
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private static void damageRow(Statement statement, String table, Random random) throws SQLException {
        List<String> columns = texts(statement, "PRAGMA table_info(" + table + ")", 2);
        String column = columns.get(random.nextInt(columns.size()));
        String value = VALUES.get(random.nextInt(VALUES.size()));
        switch (random.nextInt(14)) {
            case 0 -> statement.execute("ALTER TABLE " + table + " DROP COLUMN " + column);
            case 1 -> statement.execute("ALTER TABLE " + table + " RENAME COLUMN " + column + " TO other_" + column);
            case 2 -> statement.execute("DROP TABLE " + table);
            case 3 -> {
                // without a key, so that ids may come twice and be of any kind
                statement.execute("CREATE TABLE copy AS SELECT * FROM " + table);
                statement.execute("DROP TABLE " + table);
                statement.execute("ALTER TABLE copy RENAME TO " + table);
                statement.execute("INSERT INTO " + table + " SELECT * FROM " + table);
            }
            case 4 -> statement.execute("DELETE FROM " + table);
            default -> {
                String rows = random.nextBoolean() ? "" : " WHERE rowid % 3 = " + random.nextInt(3);
                statement.execute("UPDATE OR IGNORE " + table + " SET " + column + " = " + value + rows);
            }
        }
    }

    private static List<String> texts(Statement statement, String sql, int column) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                texts.add(rows.getString(column));
            }
        }
        return texts;
    }
}
