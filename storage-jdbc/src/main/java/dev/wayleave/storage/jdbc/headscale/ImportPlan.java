package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.Step;
import dev.wayleave.command.Submission;
import dev.wayleave.internal.Copies;
import java.util.List;
import java.util.Objects;

/**
 * The changes that an import makes to one tailnet.
 *
 * @param step the state afterwards, the answers to the submissions, and the rows and events to commit on top of the
 *     revision that the state came from; incumbents among them
 * @param submissions the same as submissions, for hosts that submit them to a running controller instead: this imports
 *     all but the incumbents. The first submission has users, policy and overlay; if it is refused, submit no other
 * @param policy the decision about the policy
 * @param report the report of the database, with the incumbents that the tailnet keeps, and findings of the tailnet
 */
public record ImportPlan(Step step, List<Submission> submissions, PolicyDecision policy, ImportReport report) {

    /** The decision about the policy that the tailnet has after an import. */
    public enum PolicyDecision {
        /** The tailnet gets the policy of the database. */
        FROM_DATABASE,
        /** The tailnet gets the policy that the caller gave. */
        AS_GIVEN,
        /** The tailnet gets no policy, as the caller decided. */
        NONE,
        /** The tailnet keeps the policy that it has. */
        KEPT,
        /** There is no policy to import: the plan is blocked. */
        UNDECIDED
    }

    /** Copies the list. */
    public ImportPlan {
        Objects.requireNonNull(step, "step");
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(report, "report");
        submissions = Copies.list(submissions, "submissions");
    }

    /**
     * {@return whether the report has a finding of the degree {@link ImportFinding.Degree#BLOCKING}} Such a plan has no
     * submissions and changes nothing.
     */
    public boolean isBlocked() {
        return report.isBlocked();
    }
}
