package dev.wayleave.examples.cli;

import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.jdbc.headscale.ImportFinding;
import dev.wayleave.storage.jdbc.headscale.ImportReport;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundNode;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundPrimary;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundUser;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/**
 * The report of an import, for people and for programs.
 *
 * @param report what was found
 * @param tailnet where it goes
 * @param dryRun whether it only would
 * @param revision the revision that holds it, if something was written
 */
record ImportOutput(ImportReport report, TailnetId tailnet, boolean dryRun, Optional<Revision> revision) {

    String table(Ink ink) {
        TextTable counts =
                new TextTable(ink, List.of("Found in " + report.layout().place(), "Count"));
        count(counts, "users", report.users().size());
        count(counts, "nodes", report.nodes().size());
        count(counts, "nodes with tags", tagged());
        count(counts, "tags", report.tags().size());
        count(counts, "advertised routes", report.advertised());
        count(counts, "approved routes", report.approvals());
        count(counts, "primaries kept", report.incumbents().size());
        count(counts, "findings", report.findings().size());
        StringBuilder text = new StringBuilder(counts.text());
        if (!report.findings().isEmpty()) {
            TextTable findings = new TextTable(ink, List.of("Table", "Row", "Finding"));
            for (ImportFinding finding : report.findings()) {
                findings.add(List.of(
                        List.of(finding.table()),
                        List.of(finding.row().orElse("")),
                        List.of(finding.reason().message())));
            }
            text.append('\n').append(findings.text());
        }
        return text.append('\n')
                .append(Printable.line(conclusion()))
                .append('\n')
                .toString();
    }

    private String conclusion() {
        if (dryRun) {
            return "dry run: nothing is written";
        }
        return revision.map(made -> "written to tailnet `" + tailnet + "` as revision " + made)
                .orElse("nothing to write: tailnet `" + tailnet + "` has it all");
    }

    private long tagged() {
        return report.nodes().stream()
                .filter(node -> node.facts().owner() instanceof Owner.Tagged)
                .count();
    }

    private static void count(TextTable table, String what, long count) {
        table.add(List.of(List.of(what), List.of(Long.toString(count))));
    }

    String json() {
        return JsonOutput.write(json -> {
            json.writeStartObject();
            json.writeStringProperty("layout", report.layout().place());
            json.writeStringProperty("tailnet", tailnet.value());
            json.writeBooleanProperty("dryRun", dryRun);
            if (revision.isPresent()) {
                json.writeNumberProperty("revision", revision.get().value());
            }
            writeCounts(json);
            json.writeArrayPropertyStart("users");
            report.users().forEach(user -> write(json, user));
            json.writeEndArray();
            JsonOutput.texts(json, "tags", report.tags());
            json.writeArrayPropertyStart("nodes");
            report.nodes().forEach(node -> write(json, node));
            json.writeEndArray();
            json.writeArrayPropertyStart("primaries");
            report.incumbents().forEach(primary -> write(json, primary));
            json.writeEndArray();
            json.writeArrayPropertyStart("findings");
            report.findings().forEach(finding -> write(json, finding));
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private void writeCounts(JsonGenerator json) {
        json.writeObjectPropertyStart("counts");
        json.writeNumberProperty("users", report.users().size());
        json.writeNumberProperty("nodes", report.nodes().size());
        json.writeNumberProperty("taggedNodes", tagged());
        json.writeNumberProperty("tags", report.tags().size());
        json.writeNumberProperty("advertised", report.advertised());
        json.writeNumberProperty("approved", report.approvals());
        json.writeNumberProperty("primaries", report.incumbents().size());
        json.writeNumberProperty("findings", report.findings().size());
        json.writeEndObject();
    }

    private static void place(JsonGenerator json, String table, Optional<String> row) {
        json.writeStartObject();
        json.writeStringProperty("table", table);
        row.ifPresent(id -> json.writeStringProperty("row", id));
    }

    private static void write(JsonGenerator json, FoundUser found) {
        place(json, found.table(), Optional.of(found.row()));
        json.writeStringProperty("id", found.user().id().value());
        json.writeStringProperty("name", found.user().name());
        json.writeStringProperty("email", found.user().email().orElse(""));
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, FoundNode found) {
        place(json, found.table(), Optional.of(found.row()));
        json.writeStringProperty("id", found.facts().id().toString());
        json.writeStringProperty("name", found.facts().name());
        json.writeStringProperty("hostKey", found.facts().hostKey());
        if (found.facts().owner() instanceof Owner.OfUser owner) {
            json.writeStringProperty("user", owner.id().value());
        }
        JsonOutput.texts(json, "tags", Tailnet.tags(found.facts()));
        JsonOutput.texts(json, "ipAddresses", found.facts().addresses());
        JsonOutput.texts(json, "availableRoutes", found.advertised());
        JsonOutput.texts(json, "approvedRoutes", found.approved());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, FoundPrimary found) {
        place(json, found.table(), Optional.of(found.row()));
        json.writeStringProperty("prefix", found.prefix().toString());
        json.writeStringProperty("node", found.node().toString());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, ImportFinding finding) {
        place(json, finding.table(), finding.row());
        json.writeStringProperty("reason", code(finding.reason()));
        json.writeStringProperty("message", finding.reason().message());
        json.writeEndObject();
    }

    /** For example {@code half-exit-pair}. */
    private static String code(ImportFinding.Reason reason) {
        return reason.getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                .toLowerCase(Locale.ROOT);
    }
}
