package dev.wayleave.storage;

import java.util.List;
import java.util.Optional;

/**
 * A tailnet to which no other writer commits: what {@link RoutingStore#withLock} gives to its work.
 *
 * <p>For the thread of the work, and until it returns. Each method does the same as the method of {@link RoutingStore}
 * with that name, in the transaction of the lock.
 */
public interface LockedTailnet {

    /**
     * Loads the tailnet.
     *
     * @return its newest revision, which no other writer changes while the lock lasts; empty if it is not stored
     * @throws StorageException as {@link RoutingStore#load} does
     */
    Optional<StoredTailnet> load();

    /**
     * Returns what changed in the tailnet since a revision.
     *
     * @param since the revision that the caller has
     * @return the changed rows with the newest revision; empty if the log does not have the commit that made the
     *     caller's revision
     * @throws StorageException as {@link RoutingStore#changes} does
     */
    Optional<StoredChanges> changes(Revision since);

    /**
     * Returns commits from the log of the tailnet, the oldest first.
     *
     * @param from the revision to begin with, inclusive
     * @param limit how many commits to return at most, 1 or more
     * @return the logged commits from that revision on
     * @throws StorageException as {@link RoutingStore#commits} does
     */
    List<LoggedCommit> commits(Revision from, int limit);

    /**
     * Returns the events of the tailnet after a position, the oldest first.
     *
     * @param since the position after which to begin, exclusive
     * @param limit how many events to return at most, 1 or more
     * @return the events in the order of their positions
     * @throws StorageException as {@link RoutingStore#events} does
     */
    List<StoredEvent> events(EventPosition since, int limit);

    /**
     * Writes a commit of the tailnet, and ends the lock: the next writer may go on. It is the last call of the work.
     *
     * @param commit the commit
     * @return whether it is written. On the loaded revision there is no conflict, unless the tailnet is not stored yet
     * @throws StorageException as {@link RoutingStore#commit} does
     */
    CommitOutcome commit(Commit commit);
}
