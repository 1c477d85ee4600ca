package dev.wayleave.storage.inmemory;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.row.StateRows;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitOutcome;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.FencedException;
import dev.wayleave.storage.Lease;
import dev.wayleave.storage.LockedTailnet;
import dev.wayleave.storage.LoggedCommit;
import dev.wayleave.storage.Ownership;
import dev.wayleave.storage.ReplicaId;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StoredChanges;
import dev.wayleave.storage.StoredEvent;
import dev.wayleave.storage.StoredTailnet;
import dev.wayleave.storage.TailnetOwner;
import dev.wayleave.storage.internal.LoggedChanges;
import dev.wayleave.storage.internal.Owners;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * Keeps tailnets in memory, until the process ends: for tests and demonstrations.
 *
 * <p>Safe for use by several threads: one monitor guards all fields, and is held for a short time, or for the work of
 * {@link #withLock}. A commit costs {@code O(n log n)} in the rows of its tailnet, a read of changes {@code O(n)} in
 * them; a read of events costs {@code O(n)} in the events that are kept. A commit is never {@code Unknown}, and the
 * store is never unavailable.
 */
public final class InMemoryRoutingStore implements RoutingStore {

    /** The number of events of a tailnet that are kept by default: the newest. */
    public static final int EVENTS = 10_000;

    private final int mostEvents;

    @GuardedBy("this")
    private final Map<TailnetId, StoredTailnet> tailnets = new HashMap<>();

    @GuardedBy("this")
    private final Map<TailnetId, Deque<StoredEvent>> events = new HashMap<>();

    @GuardedBy("this")
    private final Map<TailnetId, Deque<LoggedChanges>> logs = new HashMap<>();

    @GuardedBy("this")
    private final Owners owners;

    /** Creates a store without tailnets that keeps the newest {@value #EVENTS} events of each. */
    public InMemoryRoutingStore() {
        this(EVENTS);
    }

    /**
     * Creates a store without tailnets.
     *
     * @param mostEvents how many events of a tailnet are kept: the newest; 0 or more
     * @throws IllegalArgumentException if it is negative
     */
    public InMemoryRoutingStore(int mostEvents) {
        if (mostEvents < 0) {
            throw new IllegalArgumentException("`" + mostEvents + "` events cannot be kept: 0 or more can");
        }
        this.mostEvents = mostEvents;
        this.owners = new Owners(InstantSource.system());
    }

    @Override
    public synchronized Optional<StoredTailnet> load(TailnetId tailnet) {
        Objects.requireNonNull(tailnet, "tailnet");
        return Optional.ofNullable(tailnets.get(tailnet));
    }

    @Override
    public synchronized CommitOutcome commit(Commit commit) {
        Objects.requireNonNull(commit, "commit");
        Optional<StoredTailnet> stored = load(commit.tailnet());
        Revision revision = stored.map(StoredTailnet::revision).orElse(Revision.NONE);
        Optional<Ownership> claim = commit.ownership();
        boolean isTrue = claim.isEmpty()
                || (stored.isPresent() ? owners.isTrue(claim.get(), commit.tailnet()) : owners.hasLease(claim.get()));
        if (!isTrue) {
            return new CommitOutcome.Fenced(owners.of(commit.tailnet()));
        }
        boolean isExpected = revision.equals(commit.expected())
                && (commit.expectedToken().isEmpty()
                        || commit.expectedToken().equals(stored.map(StoredTailnet::token)));
        if (!isExpected) {
            return new CommitOutcome.Conflict();
        }
        StateRows before = stored.map(StoredTailnet::rows)
                .orElseGet(() ->
                        new StateRows(commit.rowChanges().tailnet().orElseThrow(), List.of(), List.of(), List.of()));
        StateRows rows = commit.rowChanges().applyTo(before);
        tailnets.put(commit.tailnet(), new StoredTailnet(revision.next(), commit.token(), rows));
        if (stored.isEmpty()) {
            claim.ifPresent(made -> owners.begin(commit.tailnet(), made));
        }
        keepEvents(commit, revision.next());
        log(commit, revision.next());
        return new CommitOutcome.Committed(revision.next());
    }

    private synchronized void keepEvents(Commit commit, Revision revision) {
        Deque<StoredEvent> kept = events.computeIfAbsent(commit.tailnet(), tailnet -> new ArrayDeque<>());
        int ordinal = 0;
        for (RouteEvent event : commit.events()) {
            kept.addLast(StoredEvent.of(new EventPosition(revision, ordinal++), commit.at(), event));
        }
        while (kept.size() > mostEvents) {
            kept.removeFirst();
        }
    }

    private synchronized void log(Commit commit, Revision revision) {
        Deque<LoggedChanges> log = logs.computeIfAbsent(commit.tailnet(), tailnet -> new ArrayDeque<>());
        log.addLast(LoggedChanges.of(
                new LoggedCommit(revision, commit.token(), commit.at().truncatedTo(ChronoUnit.MILLIS)),
                commit.rowChanges()));
        if (log.size() > LOGGED_COMMITS) {
            log.removeFirst();
        }
    }

    /** Holds the monitor: the store waits for the work. */
    @Override
    public synchronized <T> T withLock(TailnetId tailnet, Function<? super LockedTailnet, T> work) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(work, "work");
        InMemoryRoutingStore store = this;
        return work.apply(new LockedTailnet() {
            @Override
            public Optional<StoredTailnet> load() {
                return store.load(tailnet);
            }

            @Override
            public Optional<StoredChanges> changes(Revision since) {
                return store.changes(tailnet, since);
            }

            @Override
            public List<LoggedCommit> commits(Revision from, int limit) {
                return store.commits(tailnet, from, limit);
            }

            @Override
            public List<StoredEvent> events(EventPosition since, int limit) {
                return store.events(tailnet, since, limit);
            }

            @Override
            public CommitOutcome commit(Commit commit) {
                return store.commit(commit);
            }
        });
    }

    @Override
    public synchronized List<LoggedCommit> commits(TailnetId tailnet, Revision from, int limit) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(from, "from");
        if (limit < 1) {
            throw new IllegalArgumentException("`" + limit + "` commits cannot be read: give a limit of 1 or more");
        }
        return log(tailnet).stream()
                .map(LoggedChanges::commit)
                .filter(commit -> commit.revision().compareTo(from) >= 0)
                .limit(limit)
                .toList();
    }

    private synchronized Deque<LoggedChanges> log(TailnetId tailnet) {
        return logs.getOrDefault(tailnet, new ArrayDeque<>());
    }

    @Override
    public synchronized Optional<StoredChanges> changes(TailnetId tailnet, Revision since) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(since, "since");
        return load(tailnet).flatMap(now -> LoggedChanges.since(log(tailnet), now, since));
    }

    @Override
    public synchronized List<TailnetId> tailnets() {
        return tailnets.keySet().stream().sorted().toList();
    }

    @Override
    public synchronized boolean delete(TailnetId tailnet) {
        Objects.requireNonNull(tailnet, "tailnet");
        events.remove(tailnet);
        logs.remove(tailnet);
        owners.forget(tailnet);
        return tailnets.remove(tailnet) != null;
    }

    @Override
    public synchronized boolean delete(TailnetId tailnet, Ownership claim) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(claim, "claim");
        if (tailnets.containsKey(tailnet) && !owners.isTrue(claim, tailnet)) {
            throw FencedException.notDeleted(tailnet, owners.of(tailnet));
        }
        return delete(tailnet);
    }

    @Override
    public synchronized List<StoredEvent> events(TailnetId tailnet, EventPosition since, int limit) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(since, "since");
        return kept(tailnet, limit).stream()
                .filter(event -> event.position().compareTo(since) > 0)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized List<StoredEvent> eventsBefore(TailnetId tailnet, EventPosition before, int limit) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(before, "before");
        List<StoredEvent> earlier = kept(tailnet, limit).stream()
                .filter(event -> event.position().compareTo(before) < 0)
                .toList();
        return List.copyOf(earlier.subList(Math.max(0, earlier.size() - limit), earlier.size()));
    }

    private synchronized Collection<StoredEvent> kept(TailnetId tailnet, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("`" + limit + "` events cannot be read: give a limit of 1 or more");
        }
        return events.getOrDefault(tailnet, new ArrayDeque<>());
    }

    // ---- replicas and owners

    @Override
    public synchronized List<TailnetId> orphaned() {
        List<TailnetId> orphaned = new ArrayList<>();
        for (TailnetId tailnet : tailnets()) {
            if (owners.isOrphaned(tailnet, load(tailnet).orElseThrow().rows())) {
                orphaned.add(tailnet);
            }
        }
        return List.copyOf(orphaned);
    }

    @Override
    public synchronized Lease joinReplica(ReplicaId replica, CommitToken incarnation, Duration length) {
        Objects.requireNonNull(replica, "replica");
        Objects.requireNonNull(incarnation, "incarnation");
        Lease.checkLength(length);
        return owners.join(replica, incarnation, length);
    }

    @Override
    public synchronized Optional<Lease> renewLease(ReplicaId replica, CommitToken incarnation) {
        Objects.requireNonNull(replica, "replica");
        Objects.requireNonNull(incarnation, "incarnation");
        return owners.renew(replica, incarnation);
    }

    @Override
    public synchronized Optional<Lease> lease(ReplicaId replica) {
        Objects.requireNonNull(replica, "replica");
        return owners.lease(replica);
    }

    @Override
    public synchronized void leaveReplica(ReplicaId replica, CommitToken incarnation) {
        Objects.requireNonNull(replica, "replica");
        Objects.requireNonNull(incarnation, "incarnation");
        owners.leave(replica, incarnation);
    }

    @Override
    public synchronized List<Lease> leases() {
        return owners.leases();
    }

    @Override
    public synchronized boolean endLease(Lease seen) {
        return owners.end(Objects.requireNonNull(seen, "seen"));
    }

    @Override
    public synchronized SortedMap<TailnetId, Long> ownedBy(ReplicaId replica) {
        Objects.requireNonNull(replica, "replica");
        return owners.ownedBy(replica);
    }

    @Override
    public synchronized Optional<TailnetOwner> owner(TailnetId tailnet) {
        Objects.requireNonNull(tailnet, "tailnet");
        return tailnets.containsKey(tailnet) ? Optional.of(owners.of(tailnet)) : Optional.empty();
    }

    @Override
    public synchronized Optional<TailnetOwner> own(TailnetId tailnet, long epoch, ReplicaId replica) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(replica, "replica");
        return tailnets.containsKey(tailnet) ? owners.own(tailnet, epoch, replica) : Optional.empty();
    }

    @Override
    public synchronized boolean disown(TailnetId tailnet, long epoch, ReplicaId replica) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(replica, "replica");
        return tailnets.containsKey(tailnet) && owners.disown(tailnet, epoch, replica);
    }
}
