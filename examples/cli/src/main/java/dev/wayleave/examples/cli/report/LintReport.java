package dev.wayleave.examples.cli.report;

import dev.wayleave.examples.cli.text.Documents;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.foresight.Lint;
import dev.wayleave.foresight.LintFinding;
import dev.wayleave.foresight.LintSeverity;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The findings of lint about a tailnet. Behind each message stand its code and its subject, by which a file accepts it.
 *
 * @param name what the policy is called, a file or a tailnet
 * @param findings the gravest first
 * @param showAccepted whether accepted findings are printed, too
 */
public record LintReport(String name, List<LintFinding> findings, boolean showAccepted) implements Report {

    /** The gravest severity of what is not accepted. */
    public Optional<LintSeverity> worst() {
        return Lint.worst(findings);
    }

    @Override
    public String text(Ink ink) {
        StringBuilder text = new StringBuilder();
        for (LintFinding finding : findings) {
            if (finding.accepted().isEmpty() || showAccepted) {
                text.append(finding(finding, ink));
            }
        }
        return text.append(summary(ink)).toString();
    }

    private String finding(LintFinding finding, Ink ink) {
        String place = name + (finding.line().isPresent() ? ":" + finding.line().getAsInt() : "");
        String word =
                finding.accepted().isPresent() ? "accepted" : finding.severity().word();
        String advice = finding.accepted()
                .map(reason -> "because: " + reason)
                .orElse(finding.code().advice());
        return Printable.line(place) + ": " + colour(finding, ink, word) + ": " + Printable.line(finding.message())
                + " " + ink.faint("[" + finding.code().code() + ": " + Printable.line(finding.subject()) + "]")
                + "\n    " + Printable.line(advice) + "\n";
    }

    private static String colour(LintFinding finding, Ink ink, String word) {
        if (finding.accepted().isPresent()) {
            return ink.faint(word);
        }
        return switch (finding.severity()) {
            case ERROR -> ink.bad(word);
            case WARNING -> ink.waiting(word);
            case INFO -> ink.strong(word);
        };
    }

    private String summary(Ink ink) {
        long errors = count(LintSeverity.ERROR);
        long warnings = count(LintSeverity.WARNING);
        long infos = count(LintSeverity.INFO);
        long accepted = findings.stream()
                .filter(finding -> finding.accepted().isPresent())
                .count();
        String counts = number(errors, "error") + ", " + number(warnings, "warning") + ", " + number(infos, "info")
                + (accepted == 0 ? "" : ", " + accepted + " accepted");
        String line = Printable.line(name) + ": ";
        return line + (errors > 0 ? ink.bad(counts) : warnings > 0 ? ink.waiting(counts) : ink.good(counts)) + "\n";
    }

    private long count(LintSeverity severity) {
        return findings.stream()
                .filter(finding -> finding.accepted().isEmpty() && finding.severity() == severity)
                .count();
    }

    private static String number(long count, String word) {
        return count + " " + word + (count == 1 ? "" : "s");
    }

    /** In the form that code hosts show at the lines of the policy. */
    public String sarif() {
        return Documents.indented(SarifDocument.of(name, findings));
    }

    private record Document(List<Entry> findings) {}

    private record Entry(
            String code,
            String severity,
            String about,
            Collection<NodeId> nodes,
            Collection<Prefix> prefixes,
            @Nullable String entry,
            @Nullable Integer line,
            String message,
            String advice,
            @Nullable String accepted) {}

    @Override
    public Object document() {
        return new Document(findings.stream()
                .map(finding -> new Entry(
                        finding.code().code(),
                        finding.severity().word(),
                        finding.subject(),
                        finding.nodes(),
                        finding.prefixes(),
                        finding.entryOrNull(),
                        finding.lineOrNull(),
                        finding.message(),
                        finding.code().advice(),
                        finding.acceptedOrNull()))
                .toList());
    }
}
