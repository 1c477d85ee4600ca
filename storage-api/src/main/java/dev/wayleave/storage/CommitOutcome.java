package dev.wayleave.storage;

import java.util.Objects;

/**
 * What became of a commit.
 *
 * <p>Immutable and safe for use by several threads. An exception from {@link RoutingStore#commit} says that nothing was
 * written, for a reason that has nothing to do with other writers.
 */
public sealed interface CommitOutcome {

    /**
     * Everything is written, and stays written whatever happens to this process or the store's.
     *
     * @param revision the revision that the commit made
     */
    record Committed(Revision revision) implements CommitOutcome {

        /**
         * Refuses null.
         *
         * @param revision the revision that the commit made
         */
        public Committed {
            Objects.requireNonNull(revision, "revision");
        }
    }

    /**
     * Nothing is written: somebody else has written since, or is writing now. Load, and decide again on what is there;
     * the old decision must not be sent again.
     */
    record Conflict() implements CommitOutcome {}

    /**
     * Nobody knows whether it is written: all of it is, or nothing, or it still will be. Load and compare:
     *
     * <pre>
     *   the stored revision is          so the commit
     *   the one that was expected       is not written yet: a new one on the same revision settles it,
     *                                   for only one of the two can succeed
     *   the next one, with its token    is written
     *   the next one, another token     is not written, and never will be
     *   a later one                     may be what made the next revision: that cannot be told any more
     * </pre>
     *
     * @param cause what broke in the middle
     */
    record Unknown(Exception cause) implements CommitOutcome {

        /**
         * Refuses null.
         *
         * @param cause what broke in the middle
         */
        public Unknown {
            Objects.requireNonNull(cause, "cause");
        }
    }
}
