package dev.wayleave.storage;

import com.google.common.collect.ImmutableList;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import java.time.Duration;
import java.util.List;

/**
 * The submissions that one step takes in.
 *
 * @param all in the order of their arrival
 * @param submissions the same, as they were when the batch was taken; for a step of the clock a submission of the
 *     controller, for whose answer no caller waits
 * @param ordinary how many of them are not single keep-alives
 * @param part whether the batch leaves out submissions that wait
 */
record Batch(List<PendingSubmission> all, List<Submission> submissions, int ordinary, boolean part) {

    private static final Actor CLOCK = new Actor("clock");

    Batch {
        all = ImmutableList.copyOf(all);
        submissions = ImmutableList.copyOf(submissions);
    }

    /** The host's clock was stepped. */
    static Batch ofClockStep(Duration by) {
        return new Batch(List.of(), List.of(Submission.of(CLOCK, new Command.StepClock(by))), 0, false);
    }

    /** {@return the first submissions of the batch, this many} */
    Batch first(int size) {
        return new Batch(all.subList(0, size), submissions.subList(0, size), ordinary, true);
    }

    /** {@return whether the batch is a step of the clock alone: submissions that are not stored may still wait} */
    boolean isClockStep() {
        return all.isEmpty() && !submissions.isEmpty();
    }

    boolean isEmpty() {
        return all.isEmpty();
    }
}
