package dev.wayleave.storage;

import dev.wayleave.event.RouteEvent;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.row.RowChanges;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows and events that a store writes as a whole: the rows that a step changed, and the events with the reasons.
 *
 * @param tailnet the tailnet of the rows
 * @param expected the revision that the step was decided on; {@link Revision#NONE} for a new tailnet
 * @param expectedTokenOrNull the token of the commit that made that revision, so that a tailnet that was deleted and
 *     made again is not mistaken for the tailnet that the step was decided on; null for a new tailnet, and where it is
 *     not known: then only the revision is compared
 * @param token the mark that the commit leaves beside its revision
 * @param at the time of the step, for the columns with dates
 * @param rowChanges the rows to write; with the row of the tailnet if the tailnet is new
 * @param events what happened, for the history
 * @param ownershipOrNull the claim of a writer with sessions; null for a writer without, which may commit beside the
 *     owner
 */
public record Commit(
        TailnetId tailnet,
        Revision expected,
        @Nullable CommitToken expectedTokenOrNull,
        CommitToken token,
        Instant at,
        RowChanges rowChanges,
        List<RouteEvent> events,
        @Nullable Ownership ownershipOrNull) {

    /**
     * A commit of a writer without sessions.
     *
     * @param tailnet the tailnet of the rows
     * @param expected the revision that the step was decided on; {@link Revision#NONE} for a new tailnet
     * @param expectedTokenOrNull the token of the commit that made that revision; null if it is not compared
     * @param token the mark that the commit leaves beside its revision
     * @param at the time of the step
     * @param rowChanges the rows to write; with the row of the tailnet if the tailnet is new
     * @param events what happened
     */
    public Commit(
            TailnetId tailnet,
            Revision expected,
            @Nullable CommitToken expectedTokenOrNull,
            CommitToken token,
            Instant at,
            RowChanges rowChanges,
            List<RouteEvent> events) {
        this(tailnet, expected, expectedTokenOrNull, token, at, rowChanges, events, null);
    }

    /**
     * Copies the events.
     *
     * @throws IllegalArgumentException if the tailnet is new and its row is missing or a token is expected, or the row
     *     is another tailnet's
     */
    public Commit {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(expected, "expected");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(rowChanges, "rowChanges");
        events = Copies.list(events, "events");
        if (expected.equals(Revision.NONE) && rowChanges.tailnet().isEmpty()) {
            throw new IllegalArgumentException("tailnet `" + tailnet + "` is new: its first commit needs its row");
        }
        if (expected.equals(Revision.NONE) && expectedTokenOrNull != null) {
            throw new IllegalArgumentException("tailnet `" + tailnet + "` is new: no commit with token `"
                    + expectedTokenOrNull + "` is before it");
        }
        rowChanges.tailnet().ifPresent(row -> {
            if (!row.tailnet().equals(tailnet)) {
                throw new IllegalArgumentException(
                        "a commit of tailnet `" + tailnet + "` has the row of tailnet `" + row.tailnet() + "`");
            }
        });
    }

    /** {@return the claim of a writer with sessions; empty for a writer without} */
    public Optional<Ownership> ownership() {
        return Optional.ofNullable(ownershipOrNull);
    }

    /** {@return the token of the commit that made the expected revision; empty if only the revision is compared} */
    public Optional<CommitToken> expectedToken() {
        return Optional.ofNullable(expectedTokenOrNull);
    }
}
