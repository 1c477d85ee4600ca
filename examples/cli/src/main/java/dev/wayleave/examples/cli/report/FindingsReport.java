package dev.wayleave.examples.cli.report;

import dev.wayleave.examples.cli.text.Documents;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.foresight.LintFinding;
import dev.wayleave.foresight.LintSeverity;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Findings about a tailnet. Each message is followed by its code and its subject.
 *
 * @param name what the tailnet or its policy is called
 * @param findings the gravest first
 * @param showAccepted whether accepted findings are printed, too
 */
public record FindingsReport(String name, List<Finding> findings, boolean showAccepted) implements Report {

    /**
     * A finding.
     *
     * @param code the stable name of its kind
     * @param severity how grave it is, in a word
     * @param about its subject
     * @param entry the entry of the policy that it is about; null for none
     * @param line the line of that entry; null for none
     * @param advice what to do
     * @param accepted why it is accepted; null if it is not
     */
    public record Finding(
            String code,
            String severity,
            String about,
            Collection<NodeId> nodes,
            Collection<Prefix> prefixes,
            @Nullable String entry,
            @Nullable Integer line,
            String message,
            String advice,
            @Nullable String accepted) {

        static Finding of(LintFinding finding) {
            return of(finding, finding.code().advice());
        }

        static Finding of(LintFinding finding, String advice) {
            return new Finding(
                    finding.code().code(),
                    finding.severity().word(),
                    finding.subject(),
                    finding.nodes(),
                    finding.prefixes(),
                    finding.entryOrNull(),
                    finding.lineOrNull(),
                    finding.message(),
                    advice,
                    finding.acceptedOrNull());
        }

        LintSeverity gravity() {
            return LintSeverity.valueOf(severity.toUpperCase(Locale.ROOT));
        }
    }

    /** Only the findings of lint. */
    public static FindingsReport of(String name, List<LintFinding> findings, boolean showAccepted) {
        return new FindingsReport(name, findings.stream().map(Finding::of).toList(), showAccepted);
    }

    /** The findings of lint in the form that code hosts show at the lines of the policy. */
    public static String sarif(String name, List<LintFinding> findings) {
        return Documents.indented(SarifDocument.of(name, findings));
    }

    /** The gravest severity of what is not accepted. */
    public Optional<LintSeverity> worst() {
        return findings.stream()
                .filter(finding -> finding.accepted() == null)
                .map(Finding::gravity)
                .max(Comparator.naturalOrder());
    }

    @Override
    public String text(Ink ink) {
        StringBuilder text = new StringBuilder();
        for (Finding finding : findings) {
            if (finding.accepted() == null || showAccepted) {
                text.append(text(finding, ink));
            }
        }
        return text.append(summary(ink)).toString();
    }

    private String text(Finding finding, Ink ink) {
        String place = name + (finding.line() == null ? "" : ":" + finding.line());
        String advice = finding.accepted() == null ? finding.advice() : "reason: " + finding.accepted();
        return Printable.line(place) + ": " + word(finding, ink) + ": " + Printable.line(finding.message()) + " "
                + ink.faint("[" + finding.code() + ": " + Printable.line(finding.about()) + "]") + "\n    "
                + Printable.line(advice) + "\n";
    }

    private static String word(Finding finding, Ink ink) {
        if (finding.accepted() != null) {
            return ink.faint("accepted");
        }
        return switch (finding.gravity()) {
            case ERROR -> ink.bad(finding.severity());
            case WARNING -> ink.waiting(finding.severity());
            case INFO -> ink.strong(finding.severity());
        };
    }

    private String summary(Ink ink) {
        long errors = count(LintSeverity.ERROR);
        long warnings = count(LintSeverity.WARNING);
        long infos = count(LintSeverity.INFO);
        long accepted =
                findings.stream().filter(finding -> finding.accepted() != null).count();
        String counts = number(errors, "error") + ", " + number(warnings, "warning") + ", " + number(infos, "info")
                + (accepted == 0 ? "" : ", " + accepted + " accepted");
        String line = Printable.line(name) + ": ";
        return line + (errors > 0 ? ink.bad(counts) : warnings > 0 ? ink.waiting(counts) : ink.good(counts)) + "\n";
    }

    private long count(LintSeverity severity) {
        return findings.stream()
                .filter(finding -> finding.accepted() == null && finding.gravity() == severity)
                .count();
    }

    private static String number(long count, String word) {
        return count + " " + word + (count == 1 ? "" : "s");
    }

    private record Document(List<Finding> findings) {}

    @Override
    public Object document() {
        return new Document(findings);
    }
}
