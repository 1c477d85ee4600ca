package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.row.StateRows;
import dev.wayleave.storage.internal.LoggedChanges;
import dev.wayleave.storage.internal.Owners;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A store that keeps the contract, and breaks where the test orders it: each {@link Fault} is for one call of
 * {@link #commit}, in their order. It fails for good if its caller breaks the contract of {@link #withLock}. Safe for
 * use by several threads.
 */
final class ScriptedStore implements RoutingStore {

    /** What happens to one commit. */
    enum Fault {
        NONE,
        /** Another process is writing; nothing was written. */
        CONFLICT,
        UNAVAILABLE,
        /** A fact about the commit: it would fail every time. */
        REFUSED,
        /** It is written, and the caller does not learn of it. */
        UNKNOWN_LANDED,
        UNKNOWN_LOST,
        /** It is on its way, and lands just before the next commit. */
        UNKNOWN_LATE,
        /** It is on its way, and lands when the test releases it. */
        UNKNOWN_HELD,
        /** An exception that the contract does not know. */
        BROKEN_LANDED,
        ERROR_LOST
    }

    private final Map<TailnetId, StoredTailnet> tailnets = new HashMap<>();
    private final Map<TailnetId, List<LoggedChanges>> logs = new HashMap<>();
    private final Map<TailnetId, List<StoredEvent>> events = new HashMap<>();
    private final Owners owners;
    private final Queue<Fault> faults = new ArrayDeque<>();
    private final List<Commit> written = new ArrayList<>();
    private final List<Commit> late = new ArrayList<>();
    private final List<Commit> held = new ArrayList<>();
    private Random random = new Random(0);
    private int percent;
    private boolean down;
    private boolean readOnly;
    private int commits;
    private int loads;
    private int changesRead;
    private int eventsRead;
    private boolean damagedEvents;
    private Runnable afterChanges = () -> {};
    private int locks;
    private int ownersRead;
    private int orphansRead;
    private boolean isLocked;
    private boolean isLockable = true;
    private int leasesRead;
    private int renewals;
    private int leasesEnded;
    private Runnable beforeEndLease = () -> {};

    /** The thread that has a tailnet locked and calls no method of {@link LockedTailnet} now; null if there is none. */
    private Thread withLock;

    /** Why all calls fail from now on; null while the contract is kept. */
    private AssertionError broken;

    private Runnable beforeCommit = () -> {};
    private Runnable afterFenced = () -> {};
    private Consumer<Commit> beforeEach = commit -> {};

    ScriptedStore() {
        this(() -> ManualHost.START);
    }

    /** With a clock of its own. */
    ScriptedStore(InstantSource clock) {
        owners = new Owners(clock);
    }

    synchronized void next(Fault... coming) {
        faults.addAll(List.of(coming));
    }

    /** From now on so many of a hundred commits meet some fault. */
    synchronized void breakAtRandom(Random chances, int ofAHundred) {
        random = chances;
        percent = ofAHundred;
    }

    synchronized void down(boolean isDown) {
        down = isDown;
    }

    /** Something to do outside of the store's lock before each commit. */
    synchronized void beforeCommit(Runnable call) {
        beforeCommit = call;
    }

    /** Something to do after each commit that was fenced. */
    synchronized void afterFenced(Runnable call) {
        afterFenced = call;
    }

    /** Looks at each commit, and may throw. */
    synchronized void beforeEach(Consumer<Commit> call) {
        beforeEach = call;
    }

    /** All that was written, in its order. */
    synchronized List<Commit> written() {
        checkContract();
        return List.copyOf(written);
    }

    synchronized int commits() {
        return commits;
    }

    /** How often all rows were read. */
    synchronized int loads() {
        return loads;
    }

    /** How often it was asked what changed. */
    synchronized int changesRead() {
        return changesRead;
    }

    /** What was held arrives. */
    synchronized void landHeld() {
        held.forEach(this::write);
        held.clear();
    }

    /** What was on its way arrives. */
    synchronized void landLate() {
        List<Commit> arriving = List.copyOf(late);
        late.clear();
        arriving.forEach(this::write);
    }

    @Override
    public synchronized Optional<StoredTailnet> load(TailnetId tailnet) {
        loads++;
        checkUp();
        return Optional.ofNullable(tailnets.get(tailnet));
    }

    @Override
    public CommitOutcome commit(Commit commit) {
        Runnable before;
        synchronized (this) {
            before = beforeCommit;
        }
        before.run();
        CommitOutcome outcome = commitNow(commit);
        if (outcome instanceof CommitOutcome.Fenced) {
            afterFenced.run();
        }
        return outcome;
    }

    /** Does not lock: what else is written in the tests comes at moments that they choose. */
    @Override
    public <T> T withLock(TailnetId tailnet, Function<? super LockedTailnet, T> work) {
        lock();
        ScriptedStore store = this;
        try {
            return work.apply(new LockedTailnet() {
                @Override
                public Optional<StoredTailnet> load() {
                    return permitted(() -> store.load(tailnet));
                }

                @Override
                public Optional<StoredChanges> changes(Revision since) {
                    return permitted(() -> store.changes(tailnet, since));
                }

                @Override
                public List<LoggedCommit> commits(Revision from, int limit) {
                    return permitted(() -> store.commits(tailnet, from, limit));
                }

                @Override
                public List<StoredEvent> events(EventPosition since, int limit) {
                    return permitted(() -> store.events(tailnet, since, limit));
                }

                @Override
                public CommitOutcome commit(Commit commit) {
                    return permitted(() -> store.commit(commit));
                }
            });
        } finally {
            unlock();
        }
    }

    /** Runs a call of {@link LockedTailnet}; a test may call the store in it. */
    private <T> T permitted(Supplier<T> call) {
        synchronized (this) {
            withLock = null;
        }
        try {
            return call.get();
        } finally {
            synchronized (this) {
                withLock = Thread.currentThread();
            }
        }
    }

    /** Under a lock no other method is called. Then all later calls fail: what this one throws may be caught. */
    private synchronized void checkContract() {
        if (withLock == Thread.currentThread()) {
            broken = new AssertionError("the work under the lock of a tailnet calls the store");
        }
        if (broken != null) {
            throw new AssertionError(broken.getMessage(), broken);
        }
    }

    private synchronized void lock() {
        checkUp();
        if (!isLockable) {
            throw new StorageUnavailableException("locked", new IllegalStateException("test"));
        }
        locks++;
        isLocked = true;
        withLock = Thread.currentThread();
    }

    private synchronized void unlock() {
        isLocked = false;
        withLock = null;
    }

    synchronized boolean isLocked() {
        return isLocked;
    }

    /** Whether the wait for a lock ends well. */
    synchronized void lockable(boolean can) {
        isLockable = can;
    }

    /** How often a tailnet was locked. */
    synchronized int locks() {
        return locks;
    }

    private synchronized CommitOutcome commitNow(Commit commit) {
        commits++;
        checkUp();
        beforeEach.accept(commit);
        Fault fault = faults.isEmpty() ? atRandom() : faults.remove();
        landLate();
        Exception cause = new IllegalStateException("test");
        switch (fault) {
            case CONFLICT:
                return new CommitOutcome.Conflict();
            case UNAVAILABLE:
                throw new StorageUnavailableException("unavailable", cause);
            case REFUSED:
                throw new StorageException("refused", cause);
            case UNKNOWN_LANDED:
                write(commit);
                return new CommitOutcome.Unknown(cause);
            case UNKNOWN_LOST:
                return new CommitOutcome.Unknown(cause);
            case UNKNOWN_LATE:
                late.add(commit);
                return new CommitOutcome.Unknown(cause);
            case UNKNOWN_HELD:
                held.add(commit);
                return new CommitOutcome.Unknown(cause);
            case BROKEN_LANDED:
                write(commit);
                throw new IllegalStateException("test");
            case ERROR_LOST:
                throw new StackOverflowError("test");
            default:
                return write(commit);
        }
    }

    @Override
    public synchronized List<TailnetId> tailnets() {
        return tailnets.keySet().stream().sorted().toList();
    }

    @Override
    public synchronized List<StoredEvent> events(TailnetId tailnet, EventPosition since, int limit) {
        eventsRead++;
        checkUp();
        if (damagedEvents) {
            throw new StoredRowsException(List.of(new StoredRowsException.Row("event", "a key", "damaged")));
        }
        return events.getOrDefault(tailnet, List.of()).stream()
                .filter(event -> event.position().compareTo(since) > 0)
                .limit(limit)
                .toList();
    }

    /** How often events were read. */
    synchronized int eventsRead() {
        return eventsRead;
    }

    /** Whether an event is stored that no tailnet can have. */
    synchronized void damagedEvents(boolean areDamaged) {
        damagedEvents = areDamaged;
    }

    /** Forgets the events before a position. */
    synchronized void forgetEvents(TailnetId tailnet, EventPosition before) {
        events.get(tailnet).removeIf(event -> event.position().compareTo(before) < 0);
    }

    @Override
    public List<StoredEvent> eventsBefore(TailnetId tailnet, EventPosition before, int limit) {
        throw new UnsupportedOperationException("is not read backwards");
    }

    @Override
    public synchronized boolean delete(TailnetId tailnet) {
        logs.remove(tailnet);
        events.remove(tailnet);
        owners.forget(tailnet);
        return tailnets.remove(tailnet) != null;
    }

    @Override
    public synchronized boolean delete(TailnetId tailnet, Ownership claim) {
        if (tailnets.containsKey(tailnet) && !owners.isTrue(claim, tailnet)) {
            throw FencedException.notDeleted(tailnet, owners.of(tailnet));
        }
        return delete(tailnet);
    }

    /** What a standby has of a tailnet. */
    record Standby(TailnetId tailnet, StoredTailnet stored, List<LoggedChanges> log, List<StoredEvent> events) {}

    /** A standby that is as far as the store is now, and no further. */
    synchronized Standby standby(TailnetId tailnet) {
        return new Standby(
                tailnet, tailnets.get(tailnet), List.copyOf(logs.get(tailnet)), List.copyOf(events.get(tailnet)));
    }

    /** The server dies, and the standby takes its place. */
    synchronized void promote(Standby standby) {
        tailnets.put(standby.tailnet(), standby.stored());
        logs.put(standby.tailnet(), new ArrayList<>(standby.log()));
        events.put(standby.tailnet(), new ArrayList<>(standby.events()));
    }

    /** The log keeps this many commits. */
    synchronized void shortenLog(TailnetId tailnet, int commits) {
        List<LoggedChanges> log = logs.get(tailnet);
        log.subList(0, log.size() - commits).clear();
    }

    @Override
    public synchronized List<LoggedCommit> commits(TailnetId tailnet, Revision from, int limit) {
        checkUp();
        return logs.getOrDefault(tailnet, List.of()).stream()
                .map(LoggedChanges::commit)
                .filter(commit -> commit.revision().compareTo(from) >= 0)
                .limit(limit)
                .toList();
    }

    @Override
    public Optional<StoredChanges> changes(TailnetId tailnet, Revision since) {
        Optional<StoredChanges> changes = changesNow(tailnet, since);
        Runnable after;
        synchronized (this) {
            after = afterChanges;
        }
        after.run();
        return changes;
    }

    /** Something to do outside of the store's lock after each read of changes. */
    synchronized void afterChanges(Runnable call) {
        afterChanges = call;
    }

    private synchronized Optional<StoredChanges> changesNow(TailnetId tailnet, Revision since) {
        changesRead++;
        checkUp();
        return Optional.ofNullable(tailnets.get(tailnet))
                .flatMap(now -> LoggedChanges.since(logs.getOrDefault(tailnet, List.of()), now, since));
    }

    private synchronized Fault atRandom() {
        List<Fault> breaking = List.of(
                Fault.CONFLICT,
                Fault.UNAVAILABLE,
                Fault.UNKNOWN_LANDED,
                Fault.UNKNOWN_LOST,
                Fault.UNKNOWN_LATE,
                Fault.BROKEN_LANDED,
                Fault.ERROR_LOST);
        return random.nextInt(100) < percent ? breaking.get(random.nextInt(breaking.size())) : Fault.NONE;
    }

    private synchronized CommitOutcome write(Commit commit) {
        Optional<StoredTailnet> stored = Optional.ofNullable(tailnets.get(commit.tailnet()));
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
        tailnets.put(
                commit.tailnet(),
                new StoredTailnet(
                        revision.next(), commit.token(), commit.rowChanges().applyTo(before)));
        logs.computeIfAbsent(commit.tailnet(), tailnet -> new ArrayList<>())
                .add(LoggedChanges.of(
                        new LoggedCommit(revision.next(), commit.token(), commit.at()), commit.rowChanges()));
        List<StoredEvent> kept = events.computeIfAbsent(commit.tailnet(), tailnet -> new ArrayList<>());
        for (int ordinal = 0; ordinal < commit.events().size(); ordinal++) {
            EventPosition position = new EventPosition(revision.next(), ordinal);
            kept.add(StoredEvent.of(position, commit.at(), commit.events().get(ordinal)));
        }
        if (stored.isEmpty()) {
            claim.ifPresent(made -> owners.begin(commit.tailnet(), made));
        }
        written.add(commit);
        return new CommitOutcome.Committed(revision.next());
    }

    private synchronized void checkUp() {
        checkContract();
        if (down) {
            throw new StorageUnavailableException("down", new IllegalStateException("test"));
        }
    }

    // ---- replicas and owners

    @Override
    public synchronized Lease joinReplica(ReplicaId replica, CommitToken incarnation, Duration length) {
        checkUp();
        return owners.join(replica, incarnation, length);
    }

    /** Whether leases can be read and not renewed, as on a primary that waits for its standby. */
    synchronized void readOnly(boolean isReadOnly) {
        readOnly = isReadOnly;
    }

    @Override
    public synchronized Optional<Lease> renewLease(ReplicaId replica, CommitToken incarnation) {
        checkUp();
        renewals++;
        if (readOnly) {
            throw new StorageUnavailableException("no standby", new IllegalStateException("test"));
        }
        return owners.renew(replica, incarnation);
    }

    @Override
    public synchronized Optional<Lease> lease(ReplicaId replica) {
        checkUp();
        return owners.lease(replica);
    }

    @Override
    public synchronized void leaveReplica(ReplicaId replica, CommitToken incarnation) {
        checkUp();
        owners.leave(replica, incarnation);
    }

    @Override
    public synchronized List<Lease> leases() {
        checkUp();
        leasesRead++;
        return owners.leases();
    }

    /** How often the leases were read. */
    synchronized int leasesRead() {
        return leasesRead;
    }

    /** How often a lease was renewed. */
    synchronized int renewals() {
        return renewals;
    }

    /** How often the end of a lease was asked for. */
    synchronized int leasesEnded() {
        return leasesEnded;
    }

    /** Something to do outside of the store's lock before the next lease is ended. */
    synchronized void beforeEndLease(Runnable call) {
        beforeEndLease = call;
    }

    @Override
    public boolean endLease(Lease seen) {
        Runnable before;
        synchronized (this) {
            checkUp();
            before = beforeEndLease;
            beforeEndLease = () -> {};
        }
        before.run();
        synchronized (this) {
            leasesEnded++;
            return owners.end(seen);
        }
    }

    @Override
    public synchronized List<TailnetId> orphaned() {
        checkUp();
        orphansRead++;
        return tailnets.keySet().stream()
                .filter(tailnet ->
                        owners.isOrphaned(tailnet, tailnets.get(tailnet).rows()))
                .sorted()
                .toList();
    }

    /** How often the orphaned tailnets were listed. */
    synchronized int orphansRead() {
        return orphansRead;
    }

    @Override
    public synchronized SortedMap<TailnetId, Long> ownedBy(ReplicaId replica) {
        checkUp();
        return owners.ownedBy(replica);
    }

    /** How often the owner of one tailnet was read. */
    synchronized int ownersRead() {
        return ownersRead;
    }

    @Override
    public synchronized Optional<TailnetOwner> owner(TailnetId tailnet) {
        checkUp();
        ownersRead++;
        return tailnets.containsKey(tailnet) ? Optional.of(owners.of(tailnet)) : Optional.empty();
    }

    @Override
    public synchronized Optional<TailnetOwner> own(TailnetId tailnet, long epoch, ReplicaId replica) {
        checkUp();
        return tailnets.containsKey(tailnet) ? owners.own(tailnet, epoch, replica) : Optional.empty();
    }

    @Override
    public synchronized boolean disown(TailnetId tailnet, long epoch, ReplicaId replica) {
        checkUp();
        return tailnets.containsKey(tailnet) && owners.disown(tailnet, epoch, replica);
    }
}
