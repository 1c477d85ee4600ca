package dev.wayleave.storage;

import java.util.Objects;

/**
 * The outcome of a commit: written, not written (a conflict, or fenced), or unknown.
 *
 * <p>An exception from {@link RoutingStore#commit} means that nothing was written, and that the reason is not another
 * writer.
 */
public sealed interface CommitOutcome {

    /**
     * All of the commit is written, and survives the end of this process and of the store's process.
     *
     * @param revision the revision that the commit made
     */
    record Committed(Revision revision) implements CommitOutcome {

        public Committed {
            Objects.requireNonNull(revision, "revision");
        }
    }

    /**
     * Nothing is written: another process has written since, or is writing now. Load, and decide again on top of the
     * loaded rows; the old decision must not be sent again.
     */
    record Conflict() implements CommitOutcome {}

    /**
     * Nothing is written: the commit claims an ownership, and the tailnet has another owner. The writer must no longer
     * act on its state.
     *
     * @param owner the owner that the tailnet has
     */
    record Fenced(TailnetOwner owner) implements CommitOutcome {

        public Fenced {
            Objects.requireNonNull(owner, "owner");
        }
    }

    /**
     * It is not known whether the commit is written, or written where it can still be lost: a primary that did not
     * wait for its standbys. Load and compare:
     *
     * <pre>
     *   the stored revision is    then the commit
     *   the expected one          is not written yet: a new commit on the same revision settles it, because only one
     *                             of the two can succeed
     *   a later one               is written if {@link RoutingStore#commits} has its token for the next revision, and
     *                             durable once one more commit has succeeded; is not written, and never will be, if
     *                             that revision has another token; stays unknown if the log is shorter
     * </pre>
     *
     * @param cause the error in the middle of the commit
     */
    record Unknown(Exception cause) implements CommitOutcome {

        public Unknown {
            Objects.requireNonNull(cause, "cause");
        }
    }
}
