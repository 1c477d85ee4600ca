package dev.wayleave.storage;

import com.google.common.collect.ImmutableList;
import dev.wayleave.Submission;
import java.util.List;

/**
 * What one step takes in.
 *
 * @param all in the order of their arrival
 * @param submissions theirs, as they were when the batch was taken
 * @param ordinary how many of them are no keep-alives
 * @param part whether something that waits was left out
 */
record Batch(List<Unanswered> all, List<Submission> submissions, int ordinary, boolean part) {

    Batch {
        all = ImmutableList.copyOf(all);
        submissions = ImmutableList.copyOf(submissions);
    }

    /** The first so many of all; used to look for the one that a step fails with. */
    Batch first(int size) {
        return new Batch(all.subList(0, size), submissions.subList(0, size), ordinary, true);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }
}
