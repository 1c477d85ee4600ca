package dev.wayleave.storage;

import dev.wayleave.command.Submission;
import dev.wayleave.mesh.TailnetId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reports internal errors to log and observer, and counts the turns in a row that failed by one. */
final class InternalErrors {

    private static final QuietLog LOG = QuietLog.of(InternalErrors.class);

    /** The largest number of submissions of a failed turn that are logged; the observer gets all of them. */
    private static final int LOGGED_SUBMISSIONS = 10;

    private final TailnetId tailnet;
    private final Listeners listeners;

    /** The submissions that the current turn took. */
    private List<Submission> inTurn = List.of();

    private int failedTurns;

    InternalErrors(TailnetId tailnet, Listeners listeners) {
        this.tailnet = tailnet;
        this.listeners = listeners;
    }

    void turnBegins() {
        inTurn = List.of();
    }

    void turnTakes(List<Submission> submissions) {
        inTurn = submissions;
    }

    void turnSucceeded() {
        failedTurns = 0;
    }

    /** {@return how many turns in a row failed, this one included} */
    int turnFailed() {
        failedTurns++;
        return failedTurns;
    }

    /** Reports an internal error to log and observer: in which turn, and what follows from it. */
    void report(Revision published, @Nullable Submission toBlame, String consequence, Throwable cause) {
        List<Submission> submissions = inTurn;
        listeners.quietly(
                "log",
                () -> LOG.error(
                        "internal error in a turn of tailnet {} at revision {}: {}{}; the turn had {} submissions{}",
                        tailnet,
                        published,
                        toBlame == null ? "" : "the turn fails with " + toBlame + ", and ",
                        consequence,
                        submissions.size(),
                        first(submissions),
                        cause));
        listeners.observe(observer -> observer.internalError(tailnet, submissions, toBlame, cause));
    }

    private static String first(List<Submission> submissions) {
        return submissions.isEmpty()
                ? ""
                : ", the first ones: "
                        + submissions.stream().limit(LOGGED_SUBMISSIONS).toList();
    }
}
