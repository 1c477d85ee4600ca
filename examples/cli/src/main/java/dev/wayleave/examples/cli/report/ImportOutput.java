package dev.wayleave.examples.cli.report;

import dev.wayleave.examples.cli.source.Tailnet;
import dev.wayleave.examples.cli.text.JsonOutput;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyProblem;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.jdbc.headscale.ImportFinding;
import dev.wayleave.storage.jdbc.headscale.ImportPlan;
import dev.wayleave.storage.jdbc.headscale.ImportPlan.PolicyDecision;
import dev.wayleave.storage.jdbc.headscale.ImportReport;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundNode;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundPolicy;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundPrimary;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundUser;
import dev.wayleave.storage.jdbc.headscale.OverlayReason;
import dev.wayleave.storage.jdbc.headscale.PolicyReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;

/**
 * The report of an import, for people and for programs.
 *
 * @param plan what follows from it
 * @param tailnet where it goes
 * @param dryRun whether it only would
 * @param revision the revision that holds it, if something was written
 */
public record ImportOutput(ImportPlan plan, TailnetId tailnet, boolean dryRun, Optional<Revision> revision) {

    private ImportReport report() {
        return plan.report();
    }

    public String table(Ink ink) {
        TextTable counts =
                new TextTable(ink, List.of("Found in " + report().layout().place(), "Count"));
        count(counts, "users", report().users().size());
        count(counts, "nodes", report().nodes().size());
        count(counts, "nodes with tags", tagged());
        count(counts, "tags", report().tags().size());
        count(counts, "advertised routes", report().advertised());
        count(counts, "approved routes", report().approvals());
        count(counts, "primaries kept", report().incumbents().size());
        count(counts, "findings", report().findings().size());
        StringBuilder text = new StringBuilder(counts.text());
        text.append("\npolicy:  ").append(Printable.line(policy())).append('\n');
        text.append("overlay: ").append(overlay()).append('\n');
        if (!report().findings().isEmpty()) {
            TextTable findings = new TextTable(ink, List.of("Degree", "Table", "Row", "Finding"));
            for (ImportFinding finding : report().findings()) {
                findings.add(List.of(
                        List.of(word(finding.degree())),
                        List.of(finding.table()),
                        List.of(finding.row().orElse("")),
                        lines(finding.reason())));
            }
            text.append('\n').append(findings.text());
        }
        return text.append('\n')
                .append(Printable.line(conclusion()))
                .append('\n')
                .toString();
    }

    private static String word(ImportFinding.Degree degree) {
        return degree.name().toLowerCase(Locale.ROOT);
    }

    /** A policy may have many problems: each has a line of its own. */
    private static List<String> lines(ImportFinding.Reason reason) {
        if (reason instanceof PolicyReason.PolicyUnreadable policy) {
            List<String> lines = new ArrayList<>();
            lines.add("`" + policy.column() + "` holds a policy that cannot be read:");
            policy.problems().forEach(problem -> lines.add("  " + problem));
            return lines;
        }
        return List.of(reason.message());
    }

    private String policy() {
        return switch (plan.policy()) {
            case FROM_DATABASE ->
                report().policy()
                        .map(found -> "row " + found.row() + " of table `" + found.table() + "`"
                                + found.writtenAt()
                                        .map(time -> ", written at " + time)
                                        .orElse(""))
                        .orElseThrow();
            case AS_GIVEN -> "the file that you named";
            case NONE -> "none: every node reaches every other one";
            case KEPT -> "the tailnet's own";
            case UNDECIDED -> "not decided";
        };
    }

    private String overlay() {
        OverlayRanges ranges = plan.step().next().settings().overlay();
        if (isUndecided(OverlayReason.OverlayTooWide.class)) {
            return "not decided";
        }
        return ranges.equals(OverlayRanges.DEFAULT)
                ? "the default ranges"
                : texts(ranges.addresses().prefixes());
    }

    private static String texts(List<Prefix> prefixes) {
        return prefixes.stream().map(Prefix::toString).collect(Collectors.joining(", "));
    }

    private boolean isUndecided(Class<? extends ImportFinding.Reason> reason) {
        return report().findings().stream().anyMatch(finding -> reason.isInstance(finding.reason()));
    }

    private String blocked() {
        List<String> wanted = new ArrayList<>();
        if (isUndecided(PolicyReason.PolicyUndecided.class)) {
            wanted.add("name the policy with `--policy FILE`, or do without one with `--without-policy`");
        }
        if (isUndecided(OverlayReason.OverlayTooWide.class)) {
            wanted.add("name the ranges of the addresses with `--overlay PREFIX,PREFIX`");
        }
        if (wanted.isEmpty()) {
            wanted.add("see the findings marked `blocking`");
        }
        return (dryRun ? "dry run: nothing would be written: " : "nothing is written: ") + String.join("; ", wanted);
    }

    private String conclusion() {
        if (plan.isBlocked()) {
            return blocked();
        }
        if (dryRun) {
            return "dry run: nothing is written";
        }
        return revision.map(made -> "written to tailnet `" + tailnet + "` as revision " + made)
                .orElse("nothing to write: tailnet `" + tailnet + "` has it all");
    }

    private long tagged() {
        return report().nodes().stream()
                .filter(node -> node.facts().owner() instanceof Owner.Tagged)
                .count();
    }

    private static void count(TextTable table, String what, long count) {
        table.add(List.of(List.of(what), List.of(Long.toString(count))));
    }

    public String json() {
        return JsonOutput.write(json -> {
            json.writeStartObject();
            json.writeStringProperty("layout", report().layout().place());
            json.writeStringProperty("tailnet", tailnet.value());
            json.writeBooleanProperty("dryRun", dryRun);
            if (revision.isPresent()) {
                json.writeNumberProperty("revision", revision.get().value());
            }
            json.writeBooleanProperty("blocked", plan.isBlocked());
            writePolicy(json);
            JsonOutput.texts(
                    json,
                    "overlay",
                    plan.step().next().settings().overlay().addresses().prefixes());
            writeCounts(json);
            json.writeArrayPropertyStart("users");
            report().users().forEach(user -> write(json, user));
            json.writeEndArray();
            JsonOutput.texts(json, "tags", report().tags());
            json.writeArrayPropertyStart("nodes");
            report().nodes().forEach(node -> write(json, node));
            json.writeEndArray();
            json.writeArrayPropertyStart("primaries");
            report().incumbents().forEach(primary -> write(json, primary));
            json.writeEndArray();
            json.writeArrayPropertyStart("findings");
            report().findings().forEach(finding -> write(json, finding));
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private void writePolicy(JsonGenerator json) {
        json.writeObjectPropertyStart("policy");
        json.writeStringProperty("source", source());
        Optional<FoundPolicy> row =
                plan.policy() == PolicyDecision.FROM_DATABASE ? report().policy() : Optional.empty();
        if (row.isPresent()) {
            json.writeStringProperty("table", row.get().table());
            json.writeStringProperty("row", row.get().row());
            row.get().writtenAt().ifPresent(time -> json.writeStringProperty("writtenAt", time.toString()));
        }
        json.writeEndObject();
    }

    private String source() {
        return switch (plan.policy()) {
            case FROM_DATABASE -> "database";
            case AS_GIVEN -> "given";
            case NONE -> "none";
            case KEPT -> "tailnet";
            case UNDECIDED -> "undecided";
        };
    }

    private void writeCounts(JsonGenerator json) {
        json.writeObjectPropertyStart("counts");
        json.writeNumberProperty("users", report().users().size());
        json.writeNumberProperty("nodes", report().nodes().size());
        json.writeNumberProperty("taggedNodes", tagged());
        json.writeNumberProperty("tags", report().tags().size());
        json.writeNumberProperty("advertised", report().advertised());
        json.writeNumberProperty("approved", report().approvals());
        json.writeNumberProperty("primaries", report().incumbents().size());
        json.writeNumberProperty("findings", report().findings().size());
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
        json.writeStringProperty("degree", word(finding.degree()));
        json.writeStringProperty("reason", finding.reason().kind());
        json.writeStringProperty("message", finding.reason().message());
        if (finding.reason() instanceof PolicyReason.PolicyUnreadable policy) {
            json.writeArrayPropertyStart("problems");
            for (PolicyProblem problem : policy.problems()) {
                json.writeStartObject();
                json.writeStringProperty("code", problem.code().name());
                json.writeNumberProperty("line", problem.line());
                json.writeNumberProperty("column", problem.column());
                json.writeStringProperty("message", problem.message());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }
}
