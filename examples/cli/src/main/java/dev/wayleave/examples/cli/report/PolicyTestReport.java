package dev.wayleave.examples.cli.report;

import dev.wayleave.access.PolicyTestFailure;
import dev.wayleave.examples.cli.text.Printable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of a policy's own tests hold.
 *
 * @param name what the policy is called, a file or a tailnet
 * @param tests how many tests it has
 * @param failures those that do not hold, with the lines of the file
 */
public record PolicyTestReport(String name, int tests, List<PolicyTestFailure> failures) implements Report {

    public boolean hasFailures() {
        return !failures.isEmpty();
    }

    @Override
    public String text(Ink ink) {
        StringBuilder text = new StringBuilder(Printable.line(name)).append(": ");
        if (tests == 0) {
            return text.append("the policy has no `tests`\n").toString();
        }
        int held = tests - failures.size();
        String all = tests == 1 ? "1 test" : tests + " tests";
        text.append(
                        hasFailures()
                                ? ink.bad(failures.size() + " of " + all + (failures.size() == 1 ? " fails" : " fail"))
                                : ink.good(all + (held == 1 ? " holds" : " hold")))
                .append('\n');
        failures.forEach(failure ->
                text.append("  ").append(Printable.line(failure.text())).append('\n'));
        return text.toString();
    }

    private record Document(boolean ok, int tests, List<Failed> failures) {}

    private record Failed(
            int test, @Nullable Integer line, String source, List<PolicyTestFailure.Fault> faults, String text) {}

    @Override
    public Object document() {
        return new Document(
                !hasFailures(),
                tests,
                failures.stream()
                        .map(failure -> new Failed(
                                failure.test(),
                                failure.lineOrNull(),
                                failure.source().text(),
                                failure.faults(),
                                failure.text()))
                        .toList());
    }
}
