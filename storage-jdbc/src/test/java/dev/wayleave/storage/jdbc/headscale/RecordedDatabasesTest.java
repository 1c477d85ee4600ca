package dev.wayleave.storage.jdbc.headscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.wayleave.RoutingState;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every dump imports to its expected answer. */
class RecordedDatabasesTest {

    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final Actor ADA = new Actor("ada");
    private static final ImportChoices OPEN = ImportChoices.withoutPolicy();
    private static final RoutingState EMPTY = RoutingState.empty(new TailnetId("t"), RoutingSettings.DEFAULT, NOW);

    @TempDir
    static Path folder;

    @TestFactory
    Stream<DynamicTest> everyRecordedDatabaseIsImportedAsExpected() {
        if (RecordedDatabases.names().isEmpty()) {
            String reason = "no dumps in " + RecordedDatabases.FOLDER;
            return Stream.of(dynamicTest("skipped", () -> Assumptions.abort(reason)));
        }
        return RecordedDatabases.names().stream().map(name -> dynamicTest(name, () -> check(name)));
    }

    private static void check(String name) {
        DataSource sqlite = Databases.sqlite(folder.resolve(name + ".db"), RecordedDatabases.script(name));
        HeadscaleImport read = HeadscaleImport.read(sqlite);
        RecordedDatabases.Expected expected = RecordedDatabases.expected(name);
        ImportReport report = read.report();
        assertThat(report.layout().place()).isEqualTo(expected.layout());
        assertThat(report.nodes()).hasSize(expected.nodes());
        assertThat(approved(report)).isEqualTo(expected.approved());
        assertThat(orphans(report)).isEqualTo(expected.dropped());
        assertThat(report.policy().map(ImportReport.FoundPolicy::text))
                .isEqualTo(Optional.ofNullable(expected.policyOrNull()));
        checkPlan(read, sqlite);
    }

    private static void checkPlan(HeadscaleImport read, DataSource source) {
        ImportPlan first = read.into(EMPTY, OPEN, ADA, NOW);
        assertThat(first.step().rowChanges().applyTo(EMPTY.rows()))
                .isEqualTo(first.step().next().rows());
        assertThat(first.step().next().nodes().keySet())
                .extracting(id -> id.value())
                .isEqualTo(read.report().nodes().stream()
                        .map(node -> node.facts().id().value())
                        .toList());
        if (read.report().layout() == HeadscaleLayout.ROUTES) {
            Map<String, Long> primaries = new TreeMap<>();
            first.step()
                    .next()
                    .routes()
                    .forEach((prefix, route) ->
                            route.primary().ifPresent(node -> primaries.put(prefix.toString(), node.value())));
            assertThat(primaries).isEqualTo(storedPrimaries(source)).isNotEmpty();
        }
        ImportPlan second = read.into(first.step().next(), OPEN, ADA, NOW.plusSeconds(5));
        assertThat(second.submissions()).isEmpty();
        assertThat(second.step().rowChanges().isEmpty()).isTrue();
    }

    /** As SQL has them. */
    private static Map<String, Long> storedPrimaries(DataSource source) {
        boolean machines = Databases.query(source, "SELECT name FROM sqlite_master WHERE type = 'table'").stream()
                .anyMatch(table -> table.get(0).equals("machines"));
        Map<String, Long> primaries = new TreeMap<>();
        Databases.query(
                        source,
                        "SELECT prefix, MIN(" + (machines ? "machine_id" : "node_id") + ") FROM routes"
                                + " WHERE is_primary = 1 AND enabled = 1 AND advertised = 1 AND deleted_at IS NULL"
                                + " GROUP BY prefix")
                .forEach(row -> primaries.put((String) row.get(0), ((Number) row.get(1)).longValue()));
        return primaries;
    }

    private static Map<Long, List<String>> approved(ImportReport report) {
        Map<Long, List<String>> approved = new TreeMap<>();
        for (FoundNode node : report.nodes()) {
            if (!node.approved().isEmpty()) {
                approved.put(
                        node.facts().id().value(),
                        node.approved().stream().map(Prefix::toString).toList());
            }
        }
        return approved;
    }

    private static List<String> orphans(ImportReport report) {
        return report.findings().stream()
                .filter(finding -> finding.reason() instanceof RouteReason.Orphan)
                .map(finding -> finding.row().orElseThrow())
                .toList();
    }
}
