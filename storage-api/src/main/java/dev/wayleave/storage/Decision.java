package dev.wayleave.storage;

import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.SubmissionResult;

/**
 * A step on the published state, and the commit that stores it.
 *
 * @param commit the commit that is sent to the store, with a token of its own
 * @param batch the submissions that the step took in
 * @param step the step
 */
record Decision(Commit commit, Batch batch, Step step) {

    /** {@return whether it is only about sessions, and ignores none: then its answers are this process's own} */
    boolean isLocal() {
        return step.results().stream().allMatch(SubmissionResult.accepted()::equals)
                && batch.submissions().stream()
                        .flatMap(submission -> submission.commands().stream())
                        .allMatch(command ->
                                command instanceof Command.OfSession || command instanceof Command.ReportSession);
    }
}
