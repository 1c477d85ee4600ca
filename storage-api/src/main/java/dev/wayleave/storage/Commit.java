package dev.wayleave.storage;

import com.google.common.collect.ImmutableList;
import dev.wayleave.RouteEvent;
import dev.wayleave.StateChange;
import dev.wayleave.mesh.TailnetId;
import java.time.Instant;
import java.util.List;

/**
 * What shall be written at once: the rows that a step changed, and the events that say why.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param tailnet whose rows they are
 * @param expected the revision that the step was decided on; {@link Revision#NONE} for a new tailnet
 * @param token the mark that the commit leaves beside its revision
 * @param at the time of the step, for the columns that say when
 * @param change the rows to write; with the row of the tailnet if the tailnet is new
 * @param events what happened, for the history
 */
public record Commit(
        TailnetId tailnet,
        Revision expected,
        CommitToken token,
        Instant at,
        StateChange change,
        List<RouteEvent> events) {

    /**
     * Copies the events.
     *
     * @param tailnet whose rows they are
     * @param expected the revision that the step was decided on; {@link Revision#NONE} for a new tailnet
     * @param token the mark that the commit leaves beside its revision
     * @param at the time of the step, for the columns that say when
     * @param change the rows to write; with the row of the tailnet if the tailnet is new
     * @param events what happened, for the history
     * @throws IllegalArgumentException if the tailnet is new and its row is missing, or the row is another tailnet's
     */
    public Commit {
        events = ImmutableList.copyOf(events);
        if (expected.equals(Revision.NONE) && change.tailnet().isEmpty()) {
            throw new IllegalArgumentException("tailnet `" + tailnet + "` is new: its first commit needs its row");
        }
        change.tailnet().ifPresent(row -> {
            if (!row.tailnet().equals(tailnet)) {
                throw new IllegalArgumentException(
                        "a commit of tailnet `" + tailnet + "` has the row of tailnet `" + row.tailnet() + "`");
            }
        });
    }
}
