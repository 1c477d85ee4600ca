package dev.wayleave.examples.cli.report;

import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.examples.cli.text.Problem;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.jdbc.headscale.HeadscaleLayout;
import dev.wayleave.storage.jdbc.headscale.ImportFinding;
import dev.wayleave.storage.jdbc.headscale.ImportPlan;
import dev.wayleave.storage.jdbc.headscale.ImportPlan.PolicyDecision;
import dev.wayleave.storage.jdbc.headscale.ImportReport;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundNode;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundUser;
import dev.wayleave.storage.jdbc.headscale.OverlayReason;
import dev.wayleave.storage.jdbc.headscale.PolicyReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The report of an import, for people and for programs.
 *
 * @param plan what follows from it
 * @param tailnet where it goes
 * @param dryRun whether it only would
 * @param revision the revision that holds it; null if nothing was written
 */
public record ImportHeadscaleReport(
        ImportPlan plan,
        TailnetId tailnet,
        boolean dryRun,
        @Nullable Revision revision) implements Report {

    /** What people call the counts whose names in JSON are not words. */
    private static final Map<String, String> COUNTED = Map.of(
            "taggedNodes", "nodes with tags",
            "advertised", "advertised routes",
            "approved", "approved routes",
            "primaries", "primaries kept");

    private ImportReport report() {
        return plan.report();
    }

    @Override
    public String text(Ink ink) {
        TextTable counts =
                new TextTable(ink, List.of("Found in " + report().layout().place(), "Count"));
        counts().forEach((what, count) ->
                counts.add(List.of(List.of(COUNTED.getOrDefault(what, what)), List.of(count.toString()))));
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
                report().layout() == HeadscaleLayout.API
                        ? "the one that Headscale's API returns"
                        : report().policy()
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
        return Optional.ofNullable(revision)
                .map(made -> "written to tailnet `" + tailnet + "` as revision " + made)
                .orElse("nothing to write: tailnet `" + tailnet + "` has it all");
    }

    private long tagged() {
        return report().nodes().stream()
                .filter(node -> node.facts().owner() instanceof Owner.Tagged)
                .count();
    }

    /** What was found, by its name in JSON. */
    private Map<String, Long> counts() {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("users", (long) report().users().size());
        counts.put("nodes", (long) report().nodes().size());
        counts.put("taggedNodes", tagged());
        counts.put("tags", (long) report().tags().size());
        counts.put("advertised", (long) report().advertised());
        counts.put("approved", (long) report().approvals());
        counts.put("primaries", (long) report().incumbents().size());
        counts.put("findings", (long) report().findings().size());
        return counts;
    }

    private record ImportDocument(
            String layout,
            TailnetId tailnet,
            boolean dryRun,
            @Nullable Long revision,
            boolean blocked,
            PolicyDocument policy,
            List<Prefix> overlay,
            Map<String, Long> counts,
            List<UserDocument> users,
            Collection<Tag> tags,
            List<NodeDocument> nodes,
            List<PrimaryDocument> primaries,
            List<FindingDocument> findings) {}

    private record PolicyDocument(
            String source,
            @Nullable String table,
            @Nullable String row,
            @Nullable Instant writtenAt) {}

    private record UserDocument(String table, String row, UserId id, String name, String email) {}

    private record NodeDocument(
            String table,
            String row,
            String id,
            String name,
            String hostKey,
            @Nullable UserId user,
            Collection<Tag> tags,
            Collection<IpAddress> ipAddresses,
            Collection<Prefix> availableRoutes,
            Collection<Prefix> approvedRoutes) {}

    private record PrimaryDocument(String table, String row, Prefix prefix, String node) {}

    private record FindingDocument(
            String table,
            @Nullable String row,
            String degree,
            String reason,
            String message,
            @Nullable List<Problem> problems) {}

    @Override
    public Object document() {
        return new ImportDocument(
                report().layout().place(),
                tailnet,
                dryRun,
                revision == null ? null : revision.value(),
                plan.isBlocked(),
                policyDocument(),
                plan.step().next().settings().overlay().addresses().prefixes(),
                counts(),
                report().users().stream().map(ImportHeadscaleReport::document).toList(),
                report().tags(),
                report().nodes().stream().map(ImportHeadscaleReport::document).toList(),
                report().incumbents().stream()
                        .map(found -> new PrimaryDocument(
                                found.table(),
                                found.row(),
                                found.prefix(),
                                found.node().toString()))
                        .toList(),
                report().findings().stream()
                        .map(ImportHeadscaleReport::document)
                        .toList());
    }

    private PolicyDocument policyDocument() {
        String source = switch (plan.policy()) {
            case FROM_DATABASE -> "database";
            case AS_GIVEN -> "given";
            case NONE -> "none";
            case KEPT -> "tailnet";
            case UNDECIDED -> "undecided";
        };
        return Optional.of(plan.policy())
                .filter(PolicyDecision.FROM_DATABASE::equals)
                .flatMap(decision -> report().policy())
                .map(row -> new PolicyDocument(
                        source, row.table(), row.row(), row.writtenAt().orElse(null)))
                .orElseGet(() -> new PolicyDocument(source, null, null, null));
    }

    private static UserDocument document(FoundUser found) {
        User user = found.user();
        return new UserDocument(
                found.table(), found.row(), user.id(), user.name(), user.email().orElse(""));
    }

    private static NodeDocument document(FoundNode found) {
        Node facts = found.facts();
        return new NodeDocument(
                found.table(),
                found.row(),
                facts.id().toString(),
                facts.name(),
                facts.hostKey(),
                facts.owner() instanceof Owner.OfUser owner ? owner.id() : null,
                RoutesReport.tags(facts),
                facts.addresses(),
                found.advertised(),
                found.approved());
    }

    private static FindingDocument document(ImportFinding finding) {
        List<Problem> problems = null;
        if (finding.reason() instanceof PolicyReason.PolicyUnreadable policy) {
            problems = policy.problems().stream()
                    .map(problem -> Problem.of(problem.code(), problem.message(), problem.line(), problem.column()))
                    .toList();
        }
        return new FindingDocument(
                finding.table(),
                finding.row().orElse(null),
                word(finding.degree()),
                finding.reason().kind(),
                finding.reason().message(),
                problems);
    }
}
