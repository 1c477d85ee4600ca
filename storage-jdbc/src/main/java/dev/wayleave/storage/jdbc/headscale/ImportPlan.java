package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.Step;
import dev.wayleave.command.Submission;
import dev.wayleave.internal.Copies;
import java.util.List;
import java.util.Objects;

/**
 * What an import does to one tailnet.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param step the state afterwards, the answers to the submissions, and the rows and events to commit on top of the
 *     revision that the state came from; incumbents among them
 * @param submissions what was submitted, for hosts that hand it to a running controller instead: all but the incumbents
 *     comes over that way. The first one has users, policy and overlay; if it is refused, submit no other
 * @param policy what became of the policy
 * @param report what was found in the database, with the incumbents that the tailnet took and what it did not take
 */
public record ImportPlan(Step step, List<Submission> submissions, PolicyDecision policy, ImportReport report) {

    /** What an import makes of the policy. */
    public enum PolicyDecision {
        /** The tailnet gets the policy of the database. */
        FROM_DATABASE,
        /** The tailnet gets the policy that the caller gave. */
        AS_GIVEN,
        /** The tailnet gets none, as the caller decided. */
        NONE,
        /** The tailnet keeps the policy that it has. */
        KEPT,
        /** There is none to take: the plan is blocked. */
        UNDECIDED
    }

    public ImportPlan {
        Objects.requireNonNull(step, "step");
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(report, "report");
        submissions = Copies.list(submissions, "submissions");
    }

    /**
     * Tells whether something has to be decided first. Such a plan has no submissions and changes nothing.
     *
     * @return true if the report has a finding of the degree {@link ImportFinding.Degree#BLOCKING}
     */
    public boolean isBlocked() {
        return report.isBlocked();
    }
}
