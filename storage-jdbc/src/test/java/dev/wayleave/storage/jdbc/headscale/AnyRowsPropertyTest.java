package dev.wayleave.storage.jdbc.headscale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.RoutingState;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** With any values in the columns, the import comes to its end, keeps its promises, and is the same twice. */
class AnyRowsPropertyTest {

    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final Actor ADA = new Actor("ada");
    private static final ImportChoices OPEN = ImportChoices.withoutPolicy();
    private static final RoutingState EMPTY = RoutingState.empty(new TailnetId("t"), RoutingSettings.DEFAULT, NOW);

    private static final List<String> NODE_COLUMNS = List.of(
            "id",
            "deleted_at",
            "registered",
            "machine_key",
            "hostname",
            "given_name",
            "user_id",
            "auth_key_id",
            "tags",
            "forced_tags",
            "ip_addresses",
            "ipv4",
            "ipv6",
            "expiry",
            "created_at",
            "host_info",
            "enabled_routes",
            "approved_routes");

    private static final List<String> ROUTE_COLUMNS =
            List.of("id", "deleted_at", "node_id", "prefix", "advertised", "enabled", "is_primary");

    private static final List<String> USER_COLUMNS = List.of("id", "deleted_at", "name", "email");

    private static final List<String> TEXTS = Stream.concat(
                    """
                            null
                            []
                            {}
                            ["10.0.0.0/8"]
                            ["10.0.0.0/8","10.0.0.0/8","0.0.0.0/0"]
                            ["10.1.2.3/8","0.0.0.1/0","x",1,null,[2],{"a":3}]
                            ["tag:a","tag:b"]
                            ["tag:"]
                            {"RoutableIPs":["10.0.0.0/8","::/0"],"RequestTags":["tag:c"]}
                            {"RoutableIPs":7}
                            {"RoutableIPs":
                            10.0.0.0/8
                            192.168.1.0/24
                            ::/0
                            0.0.0.0/0
                            ::ffff:10.0.0.0/104
                            100.64.0.1
                            100.64.0.1,fd7a:115c:a1e0::1
                            2022-02-26 18:11:55+01:00
                            0001-01-01 00:00:00+00:00
                            true
                            1
                            2
                            """.lines(), Stream.of("", "名前\u0000\n", "\ud800", "x".repeat(300)))
            .toList();

    private static Object value(Random random) {
        switch (random.nextInt(12)) {
            case 0:
                return random.nextInt(5) - 1;
            case 1:
                return random.nextLong();
            case 2:
                return random.nextBoolean();
            case 3:
                return TEXTS.get(random.nextInt(TEXTS.size())).getBytes(StandardCharsets.UTF_8);
            case 4:
                return new byte[] {(byte) 0xff, 0};
            case 5:
                return Timestamp.from(NOW);
            case 6:
                return BigDecimal.valueOf(random.nextInt(3), random.nextInt(2));
            case 7:
                return random.nextDouble();
            case 8:
                return null;
            default:
                return TEXTS.get(random.nextInt(TEXTS.size()));
        }
    }

    /** Columns of their own kind more often than not, so that rows meet. */
    private static Object value(Random random, String column) {
        if (random.nextInt(4) == 0) {
            return value(random);
        }
        switch (column) {
            case "id", "node_id", "user_id":
                return (long) random.nextInt(6);
            case "deleted_at":
                return null;
            case "advertised", "enabled", "is_primary", "registered":
                return random.nextInt(4) > 0;
            case "prefix":
                return List.of("10.0.0.0/8", "10.1.0.0/8", "192.168.1.0/24", "::/0")
                        .get(random.nextInt(4));
            default:
                return value(random);
        }
    }

    private static RawTable table(Random random, String name, List<String> all, int most) {
        List<String> columns = new ArrayList<>(all);
        columns.removeIf(column -> !column.equals("id") && random.nextInt(12) == 0);
        List<Object[]> rows = new ArrayList<>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            rows.add(columns.stream().map(column -> value(random, column)).toArray());
        }
        return new RawTable(name, columns, rows);
    }

    private static RawDatabase database(long seed) {
        Random random = new Random(seed);
        Map<String, RawTable> tables = new HashMap<>();
        RawTable nodes = table(random, random.nextBoolean() ? "nodes" : "machines", NODE_COLUMNS, 6);
        tables.put(nodes.name(), nodes);
        if (random.nextInt(4) > 0) {
            tables.put("routes", table(random, "routes", ROUTE_COLUMNS, 12));
        }
        if (random.nextInt(4) > 0) {
            tables.put("users", table(random, "users", USER_COLUMNS, 4));
        }
        if (random.nextBoolean()) {
            tables.put("pre_auth_keys", table(random, "pre_auth_keys", List.of("id", "ephemeral"), 3));
        }
        return new RawDatabase("the database", null, null, tables);
    }

    @Property(tries = 500)
    void nothingIsFatalAndTwiceIsOnce(@ForAll long seed) {
        ImportReport report;
        try {
            report = ReportReader.report(database(seed));
        } catch (UnreadableDatabaseException noHeadscale) {
            return;
        }
        ImportPlan first = ImportPlanner.plan(report, EMPTY, OPEN, ADA, NOW);
        RoutingState next = first.step().next();
        assertThat(first.step().rowChanges().applyTo(EMPTY.rows())).isEqualTo(next.rows());
        assertThat(next.nodes()).hasSameSizeAs(report.nodes());
        first.report()
                .incumbents()
                .forEach(found -> assertThat(next.primary(found.prefix())).contains(found.node()));
        report.nodes()
                .forEach(found -> assertThat(next.node(found.facts().id())
                                .orElseThrow()
                                .approvals()
                                .approved()
                                .keySet())
                        .isEqualTo(found.approved()));
        report.findings().forEach(finding -> assertThat(finding.toString()).isNotBlank());
        ImportPlan second = ImportPlanner.plan(report, next, OPEN, ADA, NOW.plusSeconds(1));
        assertThat(second.submissions()).isEmpty();
        assertThat(second.step().rowChanges().isEmpty()).isTrue();
    }

    @Property(tries = 200)
    void noExitRouteIsApprovedThatWasNotWrittenAsOne(@ForAll long seed) {
        RawDatabase database = database(seed);
        ImportReport report;
        try {
            report = ReportReader.report(database);
        } catch (UnreadableDatabaseException noHeadscale) {
            return;
        }
        boolean written = database.tables().values().stream()
                .flatMap(table -> table.rows().stream())
                .flatMap(row -> Arrays.stream(row))
                .map(value -> value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : "" + value)
                .anyMatch(text -> text.contains("0.0.0.0/0") || text.contains("::/0"));
        if (!written) {
            assertThat(report.nodes()).allMatch(node -> node.approved().stream().noneMatch(Prefix::isExitRoute));
        }
    }
}
