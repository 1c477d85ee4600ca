package dev.wayleave.storage;

import com.google.common.collect.ImmutableList;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.SessionHolder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The submissions that one step takes in.
 *
 * @param all in the order of their arrival
 * @param submissions the same, as they were when the batch was taken; for a step of the clock a submission of the
 *     controller, for whose answer no caller waits
 * @param ordinary how many of them are not single keep-alives
 * @param isProbe whether it is taken to find the submission that the store refuses: it has no single keep-alive, and no
 *     timer may fall due in its step
 * @param until the latest time of its step: just before a submission arrived that it leaves out; {@link Instant#MAX} if
 *     it leaves out none. Without meaning for a probe
 */
record Batch(List<PendingSubmission> all, List<Submission> submissions, int ordinary, boolean isProbe, Instant until) {

    /** Nothing, at the time of the state: its commit settles whether commits in doubt are written. */
    static final Batch NONE = new Batch(List.of(), List.of(), 0, false, Instant.MIN);

    private static final Actor CLOCK = new Actor("clock");
    private static final Actor REPLICA = new Actor("replica");

    Batch {
        all = ImmutableList.copyOf(all);
        submissions = ImmutableList.copyOf(submissions);
    }

    /** The host's clock was stepped. */
    static Batch ofClockStep(Duration by) {
        return ofOwn(Submission.of(CLOCK, new Command.StepClock(by)));
    }

    /** A process that shares the tailnet is gone. */
    static Batch ofEndedSessions(SessionHolder holder) {
        return ofOwn(Submission.of(REPLICA, new Command.EndSessions(holder)));
    }

    private static Batch ofOwn(Submission submission) {
        return new Batch(List.of(), List.of(submission), 0, false, Instant.MAX);
    }

    /**
     * The time of its step. A batch that leaves out submissions is decided as of a moment before they arrived. A probe
     * is decided as of a moment before anything falls due.
     *
     * @param due when the next timer of the state is due; null if there is none
     */
    Instant time(Instant now, @Nullable Instant due) {
        if (!isProbe) {
            return now.isAfter(until) ? until : now;
        }
        return due == null || due.isAfter(now) ? now : due.minusMillis(1);
    }

    /** {@return the first submissions of the batch, this many} */
    Batch first(int size) {
        return new Batch(all.subList(0, size), submissions.subList(0, size), ordinary, isProbe, until);
    }

    /**
     * {@return whether the batch has only the controller's own work: submissions that are not stored may still wait}
     */
    boolean isOwn() {
        return all.isEmpty() && !submissions.isEmpty();
    }

    boolean isEmpty() {
        return all.isEmpty();
    }
}
