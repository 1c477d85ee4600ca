package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.Step;
import dev.wayleave.Submission;
import java.util.List;

/**
 * What an import does to one tailnet.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param step the state afterwards, the answers to the submissions, and the rows and events to commit on top of the
 *     revision that the state came from; incumbents among them
 * @param submissions what was submitted, for hosts that hand it to a running controller instead: all but the incumbents
 *     comes over that way
 * @param report what was found in the database, with the incumbents that the tailnet took and what it did not take
 */
public record ImportPlan(Step step, List<Submission> submissions, ImportReport report) {

    /**
     * Copies the list.
     *
     * @param step the state afterwards, the answers to the submissions, and the rows and events to commit on top of the
     *     revision that the state came from; incumbents among them
     * @param submissions what was submitted, for hosts that hand it to a running controller instead: all but the incumbents
     *     comes over that way
     * @param report what was found in the database, with the incumbents that the tailnet took and what it did not take
     */
    public ImportPlan {
        submissions = List.copyOf(submissions);
    }
}
