package dev.wayleave.storage;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.mesh.TailnetId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * Keeps the durable part of the routes of many tailnets: the port that a storage adapter implements.
 *
 * <p><b>An adapter</b> for another database:
 *
 * <ol>
 *   <li>implements this interface, and {@link LockedTailnet} for {@link #withLock}.
 *       {@code dev.wayleave.json.RoutingJson} writes rows and events as texts, for a store that has no columns for
 *       them. {@code JdbcRoutingStore} of {@code wayleave-storage-jdbc} is the adapter to read. The store of
 *       {@code wayleave-storage-inmemory} is no example: its leases, owners and log of changes are in
 *       {@code storage.internal}, a package that an adapter cannot use;
 *   <li>has a test class that extends {@code dev.wayleave.storage.contract.RoutingStoreContract}, which tests the
 *       promises below. It has no test of durability, of the {@value #LOGGED_COMMITS} commits of the log, of a deadlock
 *       that becomes a {@code Conflict}, of {@link CommitOutcome.Unknown}, {@link StorageUnavailableException} and
 *       {@link StoredRowsException}: the adapter tests these itself. The class is in the jar of this artifact with the
 *       type {@code test-jar}. The test class implements {@code open()}, which opens the store as a further process
 *       would, and overrides {@code mostEvents()} if the adapter deletes old events.
 * </ol>
 *
 * <p>Safe for use by several threads, and by several processes on one database; every call may block on input and
 * output. An adapter neither retries nor decides: it writes the commit, or returns that it did not.
 *
 * <p><b>Atomicity.</b> A commit is written as a whole – rows, revision, token and events – or not at all. No load,
 * in any process, ever sees a part of one.
 *
 * <p><b>Compare and set.</b> A commit is written only on top of the revision that it expects (and of the commit whose
 * token it expects, if it names one), and makes the next one. Of several commits that expect the same revision, exactly
 * one is {@link CommitOutcome.Committed}, if nothing breaks; the rest are {@link CommitOutcome.Conflict}.
 *
 * <p><b>Lock.</b> While {@link #withLock} runs its work, no other writer commits to the tailnet, in any process. A
 * commit on the revision that the work loads meets no conflict, so that writers that decide faster do not overtake this
 * one for ever.
 *
 * <p><b>Durability.</b> When {@code commit} returns {@code Committed}, the commit survives the end of this process and
 * of the store's process. An adapter that keeps its data in memory, or only on one machine, documents it.
 *
 * <p><b>Ordering.</b> The revisions of a tailnet are dense and rise by one for each commit. A load that starts after a
 * commit has returned {@code Committed} sees that commit.
 *
 * <p><b>Isolation.</b> A load sees one revision, never a mixture of two. Commits of different tailnets do not affect
 * each other's outcome.
 *
 * <p><b>Fidelity.</b> Loaded rows equal the written rows, texts letter by letter, times to the nanosecond where a
 * host gives them (registration, key expiry, end of a drain) and to the millisecond elsewhere. No text of a commit has
 * U+0000 or half a surrogate pair ({@link dev.wayleave.mesh.NameRules}). A commit without a row makes a revision like
 * any other; deleting a row that is not there is no error.
 *
 * <p><b>Events.</b> The events of a commit are kept with it, in their order, in the form of {@link StoredEvent#of};
 * nothing changes them afterwards. An adapter may delete events, the oldest first, and documents when it does.
 *
 * <p><b>Log.</b> Each tailnet keeps its last {@value #LOGGED_COMMITS} commits at least: revision, token and time. So a
 * controller detects a store whose history forked from its own, and finds what became of a commit in doubt.
 *
 * <p><b>Changes.</b> Since each revision whose commit is in the log, a store knows which rows were written and deleted.
 * So a process that follows a tailnet reads what changed, and nothing else.
 *
 * <p><b>Owner.</b> A commit that claims an {@link Ownership} is written only if the tailnet has that owner and epoch;
 * otherwise it is {@link CommitOutcome.Fenced}, even if its revision is outdated. A deletion with a claim is refused in
 * the same way. If the first commit of a tailnet has the claim of an owner, it makes that process the owner, in the
 * claimed epoch. {@link #own} and {@link #disown} change the owner, and no revision. A commit of a writer that shares
 * the tailnet is written only while its lease is stored, and the deletion of a lease comes before or after a commit,
 * never in the middle.
 *
 * <p><b>Deletion.</b> A deleted tailnet leaves nothing behind: no rows, no events, no revision. Its name can be used
 * again, from revision 1. A deletion and a commit of one tailnet come one after the other: a commit that was first is
 * deleted with the rest; one that comes after it is a {@code Conflict}, unless it is the first one of a new tailnet.
 *
 * <p><b>Null.</b> Each method refuses null with a {@link NullPointerException} whose message is the name of the
 * parameter, and returns no null.
 *
 * <p><b>Errors.</b> After an exception of {@code commit} nothing was written, and never will be, by this call.
 * Where that is not certain, because the connection broke while the transaction ended, the outcome is
 * {@link CommitOutcome.Unknown}. A store that rejects a commit because another transaction runs at the same time (a
 * serialization failure, a deadlock) returns {@code Conflict}. It also does so if it waited too long for a lock of the
 * tailnet. If it waited too long for a lock of the whole store, which SQLite has, it throws
 * {@link StorageUnavailableException}.
 */
public interface RoutingStore {

    /** The least number of commits of a tailnet that its log keeps: the newest. */
    int LOGGED_COMMITS = 10_000;

    /**
     * Loads a tailnet: all its rows at its newest revision.
     *
     * @param tailnet the host's key of it
     * @return its newest revision, with the rows in the order of their keys; empty if the tailnet is not stored
     * @throws StorageUnavailableException if the store cannot be reached now
     * @throws StoredRowsException if rows are stored that no state can have; none is repaired in silence
     * @throws StorageException if the store cannot be used, for example because its schema is of another version
     */
    Optional<StoredTailnet> load(TailnetId tailnet);

    /**
     * Returns what changed in a tailnet since a revision. A process that follows a tailnet asks again with the newest
     * revision that it has.
     *
     * <p>The cost grows with the changes. All of them are of one moment of the store.
     *
     * @param tailnet the host's key of it
     * @param since the revision that the caller has
     * @return the changed rows with the newest revision; no rows if that is the one that the caller has. Empty if the
     *     log does not have the commit that made the caller's revision, because it is too old, or the tailnet is not
     *     stored or never had it: then load the tailnet
     * @throws StorageUnavailableException if the store cannot be reached now
     * @throws StoredRowsException if a changed row is stored that no state can have; what only several rows show, such
     *     as two primaries of a prefix, is not looked for
     * @throws StorageException if the store cannot be used
     */
    Optional<StoredChanges> changes(TailnetId tailnet, Revision since);

    /**
     * Writes a commit on top of the revision that it expects.
     *
     * @param commit the commit
     * @return whether it is written
     * @throws StorageUnavailableException if the store cannot be reached now; nothing is written
     * @throws StorageException if the store cannot be used; nothing is written
     */
    CommitOutcome commit(Commit commit);

    /**
     * Waits until no other writer commits to a tailnet, keeps them waiting, and runs work: to load the newest rows, to
     * decide, and to commit. The lock ends with the commit, or with the work.
     *
     * <p>The work must be short: it calls no other method of a store, and waits for no other thread. An adapter should
     * free the lock of a process that stops in the middle of it.
     *
     * @param tailnet the host's key of it; a tailnet that is not stored cannot be locked, and the work runs without
     * @param work runs once, on the thread of the caller
     * @param <T> of the result
     * @return what the work returns
     * @throws StorageUnavailableException if the store cannot be reached now, or the wait was too long; the work did
     *     not run
     * @throws StorageException if the store cannot be used; the work did not run
     */
    <T> T withLock(TailnetId tailnet, Function<? super LockedTailnet, T> work);

    /**
     * Returns commits from the log of a tailnet, the oldest first.
     *
     * <p>Costs as much as it returns. All commits are of one moment of the store.
     *
     * @param tailnet the host's key of it
     * @param from the revision to begin with, inclusive
     * @param limit how many commits to return at most, 1 or more
     * @return the logged commits from that revision on, in the order of their revisions; the first one has a later
     *     revision if the log is shorter; none if the tailnet has no such revision, or is not stored
     * @throws IllegalArgumentException if the limit is less than 1
     * @throws StorageUnavailableException if the store cannot be reached now
     * @throws StoredRowsException if a commit is stored that no tailnet can have
     * @throws StorageException if the store cannot be used
     */
    List<LoggedCommit> commits(TailnetId tailnet, Revision from, int limit);

    /**
     * Lists the stored tailnets. Costs {@code O(n)} in their number.
     *
     * @return their keys, in their order; a tailnet is stored from its first commit to its deletion
     * @throws StorageUnavailableException if the store cannot be reached now
     * @throws StoredRowsException if a key is stored that no tailnet can have
     * @throws StorageException if the store cannot be used
     */
    List<TailnetId> tailnets();

    /**
     * Returns the events of a tailnet after a position, the oldest first. A program that follows a tailnet asks again
     * with the position of the last event that it has.
     *
     * <p>Costs as much as it returns. All events are of one moment of the store.
     *
     * @param tailnet the host's key of it
     * @param since the position after which to begin, exclusive: {@link EventPosition#START} for the first event that
     *     is kept; there need not be an event at the position
     * @param limit how many events to return at most, 1 or more
     * @return the events in the order of their positions; none if the tailnet has none there, or is not stored
     * @throws IllegalArgumentException if the limit is less than 1
     * @throws StorageUnavailableException if the store cannot be reached now
     * @throws StoredRowsException if an event is stored that no tailnet can have
     * @throws StorageException if the store cannot be used
     */
    List<StoredEvent> events(TailnetId tailnet, EventPosition since, int limit);

    /**
     * Returns the last events of a tailnet before a position, the oldest of them first. A program that pages back
     * through a tailnet's history asks again with the position of the first event that it has.
     *
     * <p>Costs as much as it returns. All events are of one moment of the store.
     *
     * @param tailnet the host's key of it
     * @param before the position before which to end, exclusive: {@link EventPosition#END} for the newest events; there
     *     need not be an event at the position
     * @param limit how many events to return at most, 1 or more: those nearest to the position
     * @return the events in the order of their positions; none if the tailnet has none there, or is not stored
     * @throws IllegalArgumentException if the limit is less than 1
     * @throws StorageUnavailableException if the store cannot be reached now
     * @throws StoredRowsException if an event is stored that no tailnet can have
     * @throws StorageException if the store cannot be used
     */
    List<StoredEvent> eventsBefore(TailnetId tailnet, EventPosition before, int limit);

    /**
     * Deletes a tailnet for good: its settings, policy, users, nodes, routes, events, and everything else that the
     * store keeps of it. A {@link RouteController} that is open on it detects this at its next commit or refresh, and
     * closes with {@link StoreHistoryException}; so close it first. Costs as much as the tailnet holds.
     *
     * <p>Deletes the tailnet without regard to its owner; for programs of administrators. A process that has sessions
     * of the tailnet gives its {@linkplain #delete(TailnetId, Ownership) claim}.
     *
     * @param tailnet the host's key of it
     * @return whether the tailnet was stored; deleting a tailnet that is not stored does nothing
     * @throws StorageUnavailableException if the store cannot be reached now, or breaks in the middle; whether the
     *     tailnet is deleted is not known then, so delete it again
     * @throws StorageException if the store cannot be used; nothing is deleted
     */
    @CanIgnoreReturnValue
    boolean delete(TailnetId tailnet);

    /**
     * Deletes a tailnet as {@link #delete(TailnetId)} does, if a claim is true: a process that was taken over, and does
     * not know it yet, must not delete the tailnet of the new owner.
     *
     * @param tailnet the host's key of it
     * @param claim as a commit has it
     * @return whether the tailnet was stored; of one that is not stored, no claim is checked
     * @throws FencedException if the claim is not true, as {@link FencedException#notDeleted}; nothing is deleted
     * @throws StorageUnavailableException if the store cannot be reached now, or breaks in the middle; whether the
     *     tailnet is deleted is not known then, so delete it again
     * @throws StorageException if the store cannot be used; nothing is deleted
     */
    @CanIgnoreReturnValue
    boolean delete(TailnetId tailnet, Ownership claim);

    // ---- replicas and owners

    /**
     * Lists the orphaned tailnets. A tailnet is orphaned if no process with a lease owns it, and it has an orphaned
     * node. A node is orphaned if it is a candidate or ephemeral, and no process with a lease has its session or had
     * its last one. {@link Tailnets} that are shared load these tailnets, so that the sessions of the processes that
     * are gone end, and the grace or idle time of the nodes begins. Costs {@code O(n)} in all nodes.
     *
     * @return their keys, in their order
     * @throws StorageUnavailableException if the store cannot be reached now
     * @throws StoredRowsException if a key is stored that no tailnet can have
     * @throws StorageException if the store cannot be used
     */
    List<TailnetId> orphaned();

    /**
     * Writes the lease of a process that starts, in place of an earlier one with the same id.
     *
     * @param replica the process
     * @param incarnation the mark of this start, which no other start has
     * @param length after how long without a renewal another process may take over its tailnets, in whole milliseconds:
     *     longer than zero, and {@link Lease#LONGEST} at most
     * @return the lease, with no renewal and no takeover
     * @throws IllegalArgumentException if the length is out of range; nothing is written
     * @throws StorageUnavailableException if the store cannot be reached now; it may be written or not
     * @throws StorageException if the store cannot be used
     */
    @CanIgnoreReturnValue
    Lease joinReplica(ReplicaId replica, CommitToken incarnation, Duration length);

    /**
     * Renews a lease: counts one more renewal, at the time of the store.
     *
     * @param replica the process
     * @param incarnation the mark of its start
     * @return the lease after the renewal; empty if it is not stored, or another start of the process has it
     * @throws StorageUnavailableException if the store cannot be reached now
     * @throws StorageException if the store cannot be used
     */
    Optional<Lease> renewLease(ReplicaId replica, CommitToken incarnation);

    /**
     * Returns the lease of a process.
     *
     * @param replica the process
     * @return the lease; empty if the process has not joined, or has left
     * @throws StorageUnavailableException if the store cannot be reached now
     * @throws StorageException if the store cannot be used
     */
    Optional<Lease> lease(ReplicaId replica);

    /**
     * Deletes the lease of a process that stops. The tailnets keep their owner, whose place is free then. Does nothing
     * if another start of the process has the lease.
     *
     * @param replica the process
     * @param incarnation the mark of its start
     * @throws StorageUnavailableException if the store cannot be reached now; it may be deleted or not
     * @throws StorageException if the store cannot be used
     */
    void leaveReplica(ReplicaId replica, CommitToken incarnation);

    /**
     * Lists the leases of all processes. Costs {@code O(n)} in their number.
     *
     * @return the leases, in the order of the processes
     * @throws StorageUnavailableException if the store cannot be reached now
     * @throws StoredRowsException if a lease is stored that no process can have
     * @throws StorageException if the store cannot be used
     */
    List<Lease> leases();

    /**
     * Deletes the lease of a process that is gone, so that its sessions of shared tailnets can be ended. The caller
     * decides whether the lease has run out, as {@link Replica} does.
     *
     * @param seen the lease as the caller saw it
     * @return whether it is deleted; it stays if it was renewed since, or another start of the process has it
     * @throws StorageUnavailableException if the store cannot be reached now; it may be deleted or not
     * @throws StorageException if the store cannot be used
     */
    @CanIgnoreReturnValue
    boolean endLease(Lease seen);

    /**
     * Returns the owner of a tailnet.
     *
     * @param tailnet the host's key of it
     * @return the owner, or {@link TailnetOwner#NONE} where there was none ever; empty if the tailnet is not stored
     * @throws StorageUnavailableException if the store cannot be reached now
     * @throws StorageException if the store cannot be used
     */
    Optional<TailnetOwner> owner(TailnetId tailnet);

    /**
     * Lists the tailnets that a process owns, whether it has a lease or not. Costs {@code O(n)} in all tailnets.
     *
     * @param replica the process
     * @return the epoch of each, in the order of the tailnets
     * @throws StorageUnavailableException if the store cannot be reached now
     * @throws StoredRowsException if a key is stored that no tailnet can have
     * @throws StorageException if the store cannot be used
     */
    SortedMap<TailnetId, Long> ownedBy(ReplicaId replica);

    /**
     * Makes a process the owner of a tailnet, in the next epoch. If another process was the owner and has a lease, its
     * lease counts one more takeover. Whether that process lives is not checked.
     *
     * @param tailnet the host's key of it
     * @param epoch the epoch that the caller knows
     * @param replica the new owner
     * @return the owner; empty if the tailnet has another epoch, or is not stored: nothing is changed then
     * @throws StorageUnavailableException if the store cannot be reached now; it may be changed or not
     * @throws StorageException if the store cannot be used
     */
    Optional<TailnetOwner> own(TailnetId tailnet, long epoch, ReplicaId replica);

    /**
     * Gives up the ownership of a tailnet; the epoch stays.
     *
     * @param tailnet the host's key of it
     * @param epoch the epoch of the owner
     * @param replica the owner
     * @return whether it was the owner in that epoch; nothing is changed otherwise
     * @throws StorageUnavailableException if the store cannot be reached now; it may be changed or not
     * @throws StorageException if the store cannot be used
     */
    @CanIgnoreReturnValue
    boolean disown(TailnetId tailnet, long epoch, ReplicaId replica);
}
