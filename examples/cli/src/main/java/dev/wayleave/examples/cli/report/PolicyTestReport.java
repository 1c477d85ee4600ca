package dev.wayleave.examples.cli.report;

import dev.wayleave.access.PolicyTestFailure;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.foresight.RouteTestFailure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The report of a policy's own tests: those that fail, and the number of all.
 *
 * @param name what the policy is called, a file or a tailnet
 * @param tests how many tests it has
 * @param failures those that do not hold, with the lines of the file
 * @param routes the route tests that ran beside them
 */
public record PolicyTestReport(String name, int tests, List<PolicyTestFailure> failures, RouteTestsRun routes)
        implements Report {

    public boolean hasFailures() {
        return !failures.isEmpty() || !routes.failures().isEmpty();
    }

    @Override
    public String text(Ink ink) {
        StringBuilder text = new StringBuilder(Printable.line(name)).append(": ");
        if (tests == 0 && routes.tests() == 0) {
            return text.append("the policy has no `tests`\n").toString();
        }
        if (tests > 0) {
            text.append(summary(ink, "test", tests, failures.size()));
        }
        if (routes.tests() > 0) {
            text.append(tests > 0 ? ", " : "")
                    .append(summary(
                            ink, "route test", routes.tests(), routes.failures().size()));
        }
        text.append('\n');
        for (PolicyTestFailure failure : failures) {
            String line =
                    failure.line().isPresent() ? ", line " + failure.line().getAsInt() : "";
            append(
                    text,
                    "tests[" + failure.test() + "]" + line,
                    failure.faults().stream()
                            .map(fault -> fault.text(failure.source()))
                            .toList());
        }
        for (RouteTestFailure failure : routes.failures()) {
            append(
                    text,
                    "routeTests[" + failure.test() + "]",
                    failure.faults().stream()
                            .map(fault -> fault.text(routes.names()))
                            .toList());
        }
        return text.toString();
    }

    /** One fault is printed beside its test, several have a line each. */
    private static void append(StringBuilder text, String test, List<String> faults) {
        text.append("  ").append(test).append(':');
        String before = faults.size() == 1 ? " " : "\n    - ";
        faults.forEach(fault -> text.append(before).append(Printable.line(fault)));
        text.append('\n');
    }

    private static String summary(Ink ink, String word, int all, int failed) {
        String counted = all + " " + word + (all == 1 ? "" : "s");
        return failed > 0
                ? ink.bad(failed + " of " + counted + (failed == 1 ? " fails" : " fail"))
                : ink.good(counted + (all == 1 ? " holds" : " hold"));
    }

    private record Document(
            boolean ok,
            int tests,
            List<PolicyTestEntry> failures,
            int routeTests,
            List<RouteTestEntry> routeFailures) {}

    record RouteTestEntry(int test, List<RouteFault> faults, String text) {}

    record RouteFault(String kind, String text) {}

    record PolicyTestEntry(
            int test, @Nullable Integer line, String source, List<PolicyTestFailure.Fault> faults, String text) {}

    @Override
    public Object document() {
        return new Document(!hasFailures(), tests, failed(failures), routes.tests(), failed(routes));
    }

    static List<PolicyTestEntry> failed(List<PolicyTestFailure> failures) {
        return failures.stream()
                .map(failure -> new PolicyTestEntry(
                        failure.test(),
                        failure.lineOrNull(),
                        failure.source().text(),
                        failure.faults(),
                        failure.text()))
                .toList();
    }

    static List<RouteTestEntry> failed(RouteTestsRun routes) {
        return routes.failures().stream()
                .map(failure -> new RouteTestEntry(
                        failure.test(),
                        failure.faults().stream()
                                .map(fault -> new RouteFault(fault.kind(), fault.text(routes.names())))
                                .toList(),
                        routes.text(failure)))
                .toList();
    }
}
