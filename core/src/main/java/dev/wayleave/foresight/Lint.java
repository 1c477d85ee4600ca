package dev.wayleave.foresight;

import dev.wayleave.RoutingState;
import dev.wayleave.access.engine.RuleEntry;
import dev.wayleave.foresight.LintOptions.Acceptance;
import dev.wayleave.internal.Copies;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Finds what is odd about a tailnet: about its policy, its nodes and its routes.
 *
 * <p>Nothing depends on which nodes are online.
 */
public final class Lint {

    private Lint() {}

    /**
     * Finds what is odd about a tailnet, with the default options.
     *
     * @param state the tailnet
     * @param now the time, for keys that expire and approvals that are old
     * @return the findings, the gravest first
     */
    public static List<LintFinding> of(RoutingState state, Instant now) {
        return of(state, now, LintOptions.DEFAULT);
    }

    /**
     * Finds what is odd about a tailnet. {@code O(n log n)} in nodes, routes and rules; what a rule names is looked up
     * once for each selector.
     *
     * @param state the tailnet
     * @param now the time, for keys that expire and approvals that are old
     * @param options severities, and what is accepted
     * @return the findings, the gravest first; those that are accepted are among them, each with the reason
     */
    public static List<LintFinding> of(RoutingState state, Instant now, LintOptions options) {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(now, "now");
        Objects.requireNonNull(options, "options");
        FindingSink sink = new FindingSink(state);
        List<RuleEntry> rules = RuleEntry.of(state.policy());
        ViaChecks via = new ViaChecks(state, sink, rules);
        new RouteChecks(state, sink, via).run();
        new NodeChecks(state, sink, now, options).run();
        new PolicyChecks(state, sink, rules, via).run();
        return judged(sink.findings(), options);
    }

    private static List<LintFinding> judged(List<LintFinding> found, LintOptions options) {
        List<LintFinding> findings = new ArrayList<>();
        boolean[] used = new boolean[options.acceptances().size()];
        for (LintFinding finding : found) {
            if (options.isOn(finding.code())) {
                findings.add(accepted(finding.withSeverity(options.severity(finding.code())), options, used));
            }
        }
        if (options.isOn(LintCode.UNUSED_ACCEPTANCE)) {
            for (int i = 0; i < used.length; i++) {
                // what is switched off is not looked for
                if (!used[i] && options.isOn(options.acceptances().get(i).code())) {
                    findings.add(unused(options.acceptances().get(i), options));
                }
            }
        }
        findings.sort(LintFinding.ORDER);
        return List.copyOf(findings);
    }

    private static LintFinding accepted(LintFinding finding, LintOptions options, boolean[] used) {
        LintFinding result = finding;
        for (int i = 0; i < used.length; i++) {
            Acceptance acceptance = options.acceptances().get(i);
            if (acceptance.covers(finding)) {
                used[i] = true;
                result = result.accepted().isPresent() ? result : result.acceptedFor(acceptance.reason());
            }
        }
        return result;
    }

    private static LintFinding unused(Acceptance acceptance, LintOptions options) {
        String about = acceptance.about().isEmpty() ? "" : " about `" + acceptance.about() + "`";
        return FindingSink.finding(
                        LintCode.UNUSED_ACCEPTANCE,
                        new EntryPlace(acceptance.code().code() + " " + acceptance.about(), null, null),
                        List.of(),
                        List.of(),
                        "`" + acceptance.code().code() + "`" + about + " is accepted, and is not found")
                .withSeverity(options.severity(LintCode.UNUSED_ACCEPTANCE));
    }

    /**
     * Returns the gravest severity of the findings that are not accepted.
     *
     * @param findings what was found
     * @return empty if there is nothing to do
     */
    public static Optional<LintSeverity> worst(List<LintFinding> findings) {
        Copies.refuseNull(findings, "findings");
        return findings.stream()
                .filter(finding -> finding.accepted().isEmpty())
                .map(LintFinding::severity)
                .max(LintSeverity::compareTo);
    }
}
