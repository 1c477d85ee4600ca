package dev.wayleave.examples.cli.report;

import dev.wayleave.RoutingState;
import dev.wayleave.examples.cli.source.PolicyText;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.examples.cli.text.Problem;
import dev.wayleave.policy.AutoApprovers;
import dev.wayleave.policy.RoutingPolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The report of a check of a policy in a tailnet: its problems, its notices, and its content. */
public final class PolicyReport implements Report {

    private final PolicyText text;
    private final List<Problem> problems;
    private final List<Problem> notices;
    private final Optional<RoutingPolicy> policy;

    /**
     * Of a policy.
     *
     * @param tailnet where it holds, or would
     * @param around what is wrong with the file around it
     */
    public PolicyReport(PolicyText text, RoutingState tailnet, List<Problem> around) {
        this.text = text;
        this.problems = new ArrayList<>(text.problems(tailnet.users()));
        this.problems.addAll(around);
        this.notices = text.notices(tailnet);
        this.policy = text.parsed();
    }

    public boolean hasProblems() {
        return !problems.isEmpty();
    }

    public boolean hasNotices() {
        return !notices.isEmpty();
    }

    /** Each problem and notice in the form in which compilers write them. */
    public String lines(Ink ink) {
        StringBuilder lines = new StringBuilder();
        problems.forEach(problem -> lines.append(problem.in(text.source())).append('\n'));
        notices.forEach(notice ->
                lines.append(notice.in(text.source(), ink.waiting("notice: "))).append('\n'));
        return lines.toString();
    }

    @Override
    public String text(Ink ink) {
        return hasProblems() ? lines(ink) : lines(ink) + summary(policy.orElseThrow(), ink);
    }

    private record CheckDocument(
            boolean ok, List<Problem> problems, List<Problem> notices, Collection<String> notRead) {}

    @Override
    public Object document() {
        Collection<String> notRead = hasProblems()
                ? List.of()
                : policy.map(RoutingPolicy::sectionsNotRead).orElseThrow();
        return new CheckDocument(!hasProblems(), problems, notices, notRead);
    }

    private String summary(RoutingPolicy read, Ink ink) {
        AutoApprovers approvers = read.autoApprovers();
        List<String> parts = new ArrayList<>();
        parts.add(count(read.groups().size(), "group"));
        parts.add(count(read.hosts().size(), "host"));
        parts.add(count(read.tagOwners().size(), "tag"));
        parts.add(count(approvers.routes().size(), "auto-approved prefix", "auto-approved prefixes"));
        parts.add(count(approvers.exitNode().size(), "exit node approver"));
        read.acls().ifPresent(acls -> parts.add(count(acls.size(), "access rule")));
        read.grants().ifPresent(grants -> parts.add(count(grants.size(), "grant")));
        StringBuilder summary = new StringBuilder(Printable.line(text.source().name()))
                .append(": ")
                .append(ink.good("no problems"))
                .append("\n  " + String.join(", ", parts) + "\n");
        if (read.acls().isEmpty() && read.grants().isEmpty()) {
            summary.append("  neither `acls` nor `grants`: every node may reach every other\n");
        }
        if (!read.sectionsNotRead().isEmpty()) {
            summary.append("  accepted and not read: " + String.join(", ", read.sectionsNotRead()) + "\n");
        }
        if (!read.tests().isEmpty()) {
            summary.append("  " + count(read.tests().size(), "test") + ": `wayleave policy test` evaluates them\n");
        }
        return summary.toString();
    }

    private static String count(int number, String one) {
        return count(number, one, one + "s");
    }

    private static String count(int number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }
}
