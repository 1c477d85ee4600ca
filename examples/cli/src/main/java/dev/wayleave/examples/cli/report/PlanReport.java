package dev.wayleave.examples.cli.report;

import dev.wayleave.access.PolicyTestFailure;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.foresight.RoutePlan;
import dev.wayleave.foresight.TrafficImpact;
import dev.wayleave.foresight.ViewerImpact;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
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

    /** A line of the plan: what is lost begins with a minus, what is gained with a plus, what moves with a tilde. */
    private record Line(char sign, String text) {}

    private record Section(String title, List<Line> lines) {}

    public boolean hasFailures() {
        return !failures.isEmpty() || !routes.failures().isEmpty();
    }

    // Text

    @Override
    public String text(Ink ink) {
        StringBuilder text = new StringBuilder();
        for (Section section : sections()) {
            text.append(ink.strong(Printable.line(section.title()))).append('\n');
            for (Line line : section.lines()) {
                String printed = line.sign() + " " + Printable.line(line.text());
                text.append("  ").append(coloured(line.sign(), printed, ink)).append('\n');
            }
        }
        String verdict = verdict();
        boolean bad = hasFailures() || plan.verdict() == RoutePlan.Verdict.LOSS;
        return text.append(bad ? ink.bad(verdict) : ink.good(verdict))
                .append('\n')
                .toString();
    }

    private static String coloured(char sign, String text, Ink ink) {
        return switch (sign) {
            case '-', '!' -> ink.bad(text);
            case '+' -> ink.good(text);
            default -> ink.waiting(text);
        };
    }

    /** Markdown for a pull request: the verdict, and the plan as a difference that code hosts colour. */
    public String markdown() {
        StringBuilder text = new StringBuilder("### Routes: ").append(verdict()).append("\n");
        for (Section section : sections()) {
            text.append("\n**")
                    .append(Printable.line(section.title()).replaceAll("([\\\\`*_<\\[|~])", "\\\\$1"))
                    .append("**\n\n````diff\n");
            for (Line line : section.lines()) {
                char sign = line.sign() == '~' ? '!' : line.sign();
                text.append(sign)
                        .append(' ')
                        .append(Printable.line(line.text()))
                        .append('\n');
            }
            text.append("````\n");
        }
        return text.toString();
    }

    private String verdict() {
        if (hasFailures()) {
            int count = failures.size() + routes.failures().size();
            return count + (count == 1 ? " test fails" : " tests fail") + "; " + losses();
        }
        return losses();
    }

    private String losses() {
        long routes = viewersThatLose(impact -> !impact.routesLost().isEmpty());
        long peers = viewersThatLose(impact -> impact.routesLost().isEmpty() && impact.isLoss());
        long closing = plan.traffic().stream()
                .filter(impact -> !impact.lost().isEmpty())
                .mapToLong(impact -> impact.nodes().size())
                .sum();
        List<String> parts = new ArrayList<>();
        if (routes > 0) {
            parts.add(count(routes, "viewer") + (routes == 1 ? " loses" : " lose") + " routes");
        }
        if (peers > 0) {
            parts.add(count(peers, "viewer") + (peers == 1 ? " loses" : " lose") + " peers alone");
        }
        if (closing > 0) {
            parts.add(count(closing, "node") + (closing == 1 ? " lets" : " let") + " in less");
        }
        return switch (plan.verdict()) {
            case NOTHING_CHANGES -> "nothing changes";
            case NO_LOSS -> "something changes, and no viewer loses anything";
            case LOSS -> String.join(", ", parts);
        };
    }

    private long viewersThatLose(Predicate<ViewerImpact> kind) {
        return plan.viewers().stream()
                .filter(kind)
                .mapToLong(impact -> impact.viewers().size())
                .sum();
    }

    private static String count(long number, String word) {
        return number + " " + word + (number == 1 ? "" : "s");
    }

    // Sections

    private List<Section> sections() {
        List<Section> sections = new ArrayList<>();
        add(sections, "Tests that fail", tests());
        add(
                sections,
                "Nodes",
                plan.removedNodes().stream()
                        .map(node -> new Line('-', after.node(node) + " is removed"))
                        .toList());
        add(
                sections,
                "Approvals",
                plan.approvals().stream()
                        .map(event ->
                                new Line(event instanceof RouteEvent.RouteApproved ? '+' : '-', event.text(after)))
                        .toList());
        add(
                sections,
                "Primaries",
                plan.primaries().stream()
                        .map(event -> new Line(sign(event), event.text(after)))
                        .toList());
        plan.viewers().forEach(impact -> add(sections, viewers(impact.viewers()), lines(impact)));
        TrafficLines traffic = new TrafficLines(plan, before, after);
        plan.traffic().forEach(impact -> add(sections, nodes(impact.nodes()), lines(impact, traffic)));
        return sections;
    }

    private static void add(List<Section> sections, String title, List<Line> lines) {
        if (!lines.isEmpty()) {
            sections.add(new Section(title, lines));
        }
    }

    private List<Line> tests() {
        return Stream.concat(
                        failures.stream().map(PolicyTestFailure::text),
                        routes.failures().stream().map(failure -> failure.text(after)))
                .map(text -> new Line('!', text))
                .toList();
    }

    private static char sign(RouteEvent.OfElection event) {
        return event instanceof RouteEvent.PrefixUnserved ? '-' : event instanceof RouteEvent.PrimaryMoved ? '~' : '+';
    }

    private String viewers(Collection<NodeId> viewers) {
        return count(viewers.size(), "viewer") + ": " + names(viewers);
    }

    private String nodes(Collection<NodeId> nodes) {
        return "What " + names(nodes) + (nodes.size() == 1 ? " lets in" : " let in");
    }

    private String names(Collection<NodeId> nodes) {
        return PlanText.names(nodes, after);
    }

    private List<Line> lines(ViewerImpact impact) {
        List<Line> lines = new ArrayList<>();
        PlanText.lost(impact, before, after).forEach(text -> lines.add(new Line('-', text)));
        PlanText.moved(impact, before, after).forEach(text -> lines.add(new Line('~', text)));
        PlanText.gained(impact, after).forEach(text -> lines.add(new Line('+', text)));
        return lines;
    }

    private static List<Line> lines(TrafficImpact impact, TrafficLines traffic) {
        List<Line> lines = new ArrayList<>();
        impact.lost().forEach(opening -> lines.add(new Line('-', traffic.lost(opening))));
        impact.gained().forEach(opening -> lines.add(new Line('+', traffic.gained(opening))));
        return lines;
    }

    // Document

    private record Document(
            RoutePlan.Verdict verdict,
            List<String> failures,
            List<NodeId> removedNodes,
            List<RouteEvent.OfRoute> approvals,
            List<RouteEvent.OfElection> primaries,
            List<Viewers> viewers,
            List<Traffic> traffic) {}

    private record Viewers(int count, List<String> names, List<String> lost, List<String> moved, List<String> gained) {}

    private record Traffic(int count, List<String> names, List<String> lost, List<String> gained) {}

    @Override
    public Object document() {
        TrafficLines traffic = new TrafficLines(plan, before, after);
        return new Document(
                plan.verdict(),
                tests().stream().map(Line::text).toList(),
                plan.removedNodes(),
                plan.approvals(),
                plan.primaries(),
                plan.viewers().stream()
                        .map(impact -> new Viewers(
                                impact.viewers().size(),
                                PlanText.some(impact.viewers(), after),
                                PlanText.lost(impact, before, after),
                                PlanText.moved(impact, before, after),
                                PlanText.gained(impact, after)))
                        .toList(),
                plan.traffic().stream()
                        .map(impact -> new Traffic(
                                impact.nodes().size(),
                                PlanText.some(impact.nodes(), after),
                                impact.lost().stream().map(traffic::lost).toList(),
                                impact.gained().stream().map(traffic::gained).toList()))
                        .toList());
    }
}
