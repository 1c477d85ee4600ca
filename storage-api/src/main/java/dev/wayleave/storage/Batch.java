package dev.wayleave.storage;

import com.google.common.collect.ImmutableList;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import java.time.Duration;
import java.util.List;

/**
 * What one step takes in.
 *
 * @param all in the order of their arrival
 * @param submissions theirs, as they were when the batch was taken; of a step of the clock the controller's own, for
 *     which nobody waits
 * @param ordinary how many of them are no keep-alives
 * @param part whether something that waits was left out
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

    /** The first so many of all; used to look for the one that a step fails with. */
    Batch first(int size) {
        return new Batch(all.subList(0, size), submissions.subList(0, size), ordinary, true);
    }

    /** Whether it says nothing about the store that it was published: something else may wait that is not stored. */
    boolean isClockStep() {
        return all.isEmpty() && !submissions.isEmpty();
    }

    boolean isEmpty() {
        return all.isEmpty();
    }
}
