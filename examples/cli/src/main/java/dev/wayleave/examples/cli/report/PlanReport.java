package dev.wayleave.examples.cli.report;

import dev.wayleave.access.PolicyTestFailure;
import dev.wayleave.command.Problem;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.foresight.PlanLine;
import dev.wayleave.foresight.PlanSection;
import dev.wayleave.foresight.PlanText;
import dev.wayleave.foresight.RoutePlan;
import dev.wayleave.mesh.Names;
import java.util.List;
import java.util.stream.Stream;

/**
 * The report of a plan: what a change would do.
 *
 * @param plan what would follow
 * @param before how texts call nodes, and entries of the policy as it is
 * @param after how texts call nodes, and entries of the policy as it would be
 * @param refused drains that would be refused; the plan shows what they would do if they were forced
 * @param failures the tests of the policy that would fail
 * @param routes the route tests, as they would come out
 */
public record PlanReport(
        RoutePlan plan,
        Names before,
        Names after,
        List<Problem.DrainLeavesPrefixes> refused,
        List<PolicyTestFailure> failures,
        RouteTestsRun routes)
        implements Report {

    public boolean hasFailures() {
        return !failures.isEmpty() || !routes.failures().isEmpty();
    }

    private PlanText words() {
        return new PlanText(plan, before, after);
    }

    /** The tests that would fail, one a line. */
    private List<String> failed() {
        return Stream.concat(
                        failures.stream().map(PolicyTestFailure::text),
                        routes.failures().stream().map(failure -> failure.text(after)))
                .toList();
    }

    /** The drains that would be refused, one a line. */
    private List<String> refusals() {
        return refused.stream().map(this::text).toList();
    }

    /** The refusal with the name of the node and the option of this tool. */
    String text(Problem.DrainLeavesPrefixes refusal) {
        return refusal.text(before) + " (--force)";
    }

    private String verdict() {
        int count = failed().size();
        String tests = count == 0 ? "" : count + (count == 1 ? " test fails; " : " tests fail; ");
        String refusal = refused.isEmpty() ? "" : "refused without --force; with it: ";
        return refusal + tests + words().summary();
    }

    @Override
    public String text(Ink ink) {
        StringBuilder text = new StringBuilder();
        append(text, "Refused", refusals(), ink);
        append(text, "Tests that fail", failed(), ink);
        for (PlanSection section : words().sections()) {
            text.append(ink.strong(Printable.line(section.title()))).append('\n');
            for (PlanLine line : section.lines()) {
                text.append("  ").append(coloured(line, ink)).append('\n');
            }
        }
        boolean bad = !refused.isEmpty() || hasFailures() || plan.verdict() == RoutePlan.Verdict.LOSS;
        return text.append(bad ? ink.bad(verdict()) : ink.good(verdict()))
                .append('\n')
                .toString();
    }

    private static void append(StringBuilder text, String title, List<String> lines, Ink ink) {
        if (!lines.isEmpty()) {
            text.append(ink.strong(title)).append('\n');
            lines.forEach(line -> text.append("  ")
                    .append(ink.bad("! " + Printable.line(line)))
                    .append('\n'));
        }
    }

    /** The line with its sign, in the colour of its kind. */
    static String coloured(PlanLine line, Ink ink) {
        String text = Printable.line(line.text());
        return switch (line.kind()) {
            case LOST -> ink.bad("- " + text);
            case MOVED, CHANGED -> ink.waiting("~ " + text);
            case GAINED -> ink.good("+ " + text);
        };
    }

    /** Markdown for a pull request: the verdict, and the plan as a difference that code hosts colour. */
    public String markdown() {
        StringBuilder text = new StringBuilder("### Routes: ").append(verdict()).append("\n");
        appendMarkdown(text, "Refused", lost(refusals()));
        appendMarkdown(text, "Tests that fail", lost(failed()));
        words().sections().forEach(section -> appendMarkdown(text, section.title(), section.lines()));
        return text.toString();
    }

    private static List<PlanLine> lost(List<String> lines) {
        return lines.stream()
                .map(line -> new PlanLine(PlanLine.Kind.LOST, line))
                .toList();
    }

    private static void appendMarkdown(StringBuilder text, String title, List<PlanLine> lines) {
        if (lines.isEmpty()) {
            return;
        }
        text.append("\n**")
                .append(Printable.line(title).replaceAll("([\\\\`*_<\\[|~])", "\\\\$1"))
                .append("**\n\n````diff\n");
        for (PlanLine line : lines) {
            text.append(sign(line))
                    .append(' ')
                    .append(Printable.line(line.text()))
                    .append('\n');
        }
        text.append("````\n");
    }

    /** As code hosts colour differences: they know no sign for what moves. */
    private static char sign(PlanLine line) {
        return switch (line.kind()) {
            case LOST -> '-';
            case MOVED, CHANGED -> '!';
            case GAINED -> '+';
        };
    }

    @Override
    public Object document() {
        return new PlanDocument(plan, before, after).document(this);
    }
}
