package dev.wayleave.examples.cli.report;

import dev.wayleave.access.PolicyTestFailure;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.foresight.PlanLine;
import dev.wayleave.foresight.PlanSection;
import dev.wayleave.foresight.PlanText;
import dev.wayleave.foresight.RoutePlan;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a change would do.
 *
 * @param plan what would follow
 * @param before how texts call nodes, and entries of the policy as it is
 * @param after how texts call nodes, and entries of the policy as it would be
 * @param failures the tests of the policy that would fail
 * @param routes the route tests, as they would come out
 */
public record PlanReport(
        RoutePlan plan, Names before, Names after, List<PolicyTestFailure> failures, RouteTestsRun routes)
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

    private String verdict() {
        int count = failed().size();
        String tests = count == 0 ? "" : count + (count == 1 ? " test fails; " : " tests fail; ");
        return tests + words().summary();
    }

    @Override
    public String text(Ink ink) {
        StringBuilder text = new StringBuilder();
        if (hasFailures()) {
            text.append(ink.strong("Tests that fail")).append('\n');
            failed().forEach(line -> text.append("  ")
                    .append(ink.bad("! " + Printable.line(line)))
                    .append('\n'));
        }
        for (PlanSection section : words().sections()) {
            text.append(ink.strong(Printable.line(section.title()))).append('\n');
            for (PlanLine line : section.lines()) {
                text.append("  ").append(coloured(line, ink)).append('\n');
            }
        }
        boolean bad = hasFailures() || plan.verdict() == RoutePlan.Verdict.LOSS;
        return text.append(bad ? ink.bad(verdict()) : ink.good(verdict()))
                .append('\n')
                .toString();
    }

    private static String coloured(PlanLine line, Ink ink) {
        String text = Printable.line(line.text());
        return switch (line.kind()) {
            case LOST -> ink.bad("- " + text);
            case MOVED -> ink.waiting("~ " + text);
            case GAINED -> ink.good("+ " + text);
        };
    }

    /** Markdown for a pull request: the verdict, and the plan as a difference that code hosts colour. */
    public String markdown() {
        StringBuilder text = new StringBuilder("### Routes: ").append(verdict()).append("\n");
        if (hasFailures()) {
            text.append("\n**Tests that fail**\n\n````diff\n");
            failed().forEach(line ->
                    text.append("- ").append(Printable.line(line)).append('\n'));
            text.append("````\n");
        }
        for (PlanSection section : words().sections()) {
            text.append("\n**")
                    .append(Printable.line(section.title()).replaceAll("([\\\\`*_<\\[|~])", "\\\\$1"))
                    .append("**\n\n````diff\n");
            for (PlanLine line : section.lines()) {
                text.append(sign(line))
                        .append(' ')
                        .append(Printable.line(line.text()))
                        .append('\n');
            }
            text.append("````\n");
        }
        return text.toString();
    }

    /** As code hosts colour differences: they know no sign for what moves. */
    private static char sign(PlanLine line) {
        return switch (line.kind()) {
            case LOST -> '-';
            case MOVED -> '!';
            case GAINED -> '+';
        };
    }

    private record Document(
            RoutePlan.Verdict verdict,
            String summary,
            List<String> failures,
            List<NodeId> removedNodes,
            List<RouteEvent.OfRoute> approvals,
            List<RouteEvent.OfElection> primaries,
            List<Impact> viewers,
            List<Impact> traffic) {}

    private record Impact(int count, List<String> names, List<PlanLine> lines) {}

    @Override
    public Object document() {
        PlanText words = words();
        return new Document(
                plan.verdict(),
                words.summary(),
                failed(),
                plan.removedNodes(),
                plan.approvals(),
                plan.primaries(),
                plan.viewers().stream()
                        .map(impact -> new Impact(
                                impact.viewers().size(),
                                PlanText.someNames(impact.viewers(), after),
                                words.lines(impact)))
                        .toList(),
                plan.traffic().stream()
                        .map(impact -> new Impact(
                                impact.nodes().size(), PlanText.someNames(impact.nodes(), after), words.lines(impact)))
                        .toList());
    }
}
