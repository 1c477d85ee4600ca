package dev.wayleave.storage.contract;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitOutcome;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.EventPosition;
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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Hands every call on to another store; tests override what they watch or break. */
public class ForwardingStore implements RoutingStore {

    private final RoutingStore store;

    /** What the thread has, within the work of {@link #withLock}. */
    private final ThreadLocal<@Nullable LockedTailnet> locked = new ThreadLocal<>();

    /** Over another store. */
    public ForwardingStore(RoutingStore store) {
        this.store = store;
    }

    @Override
    public Optional<StoredTailnet> load(TailnetId tailnet) {
        LockedTailnet given = locked.get();
        return given == null ? store.load(tailnet) : given.load();
    }

    @Override
    public Optional<StoredChanges> changes(TailnetId tailnet, Revision since) {
        LockedTailnet given = locked.get();
        return given == null ? store.changes(tailnet, since) : given.changes(since);
    }

    @Override
    public CommitOutcome commit(Commit commit) {
        LockedTailnet given = locked.get();
        return given == null ? store.commit(commit) : given.commit(commit);
    }

    @Override
    public <T> T withLock(TailnetId tailnet, Function<? super LockedTailnet, T> work) {
        return store.withLock(tailnet, given -> {
            locked.set(given);
            try {
                return work.apply(new Locked(tailnet));
            } finally {
                locked.remove();
            }
        });
    }

    /** Calls the methods of the store, so that tests see these calls, too. */
    private final class Locked implements LockedTailnet {

        private final TailnetId tailnet;

        Locked(TailnetId tailnet) {
            this.tailnet = tailnet;
        }

        @Override
        public Optional<StoredTailnet> load() {
            return ForwardingStore.this.load(tailnet);
        }

        @Override
        public Optional<StoredChanges> changes(Revision since) {
            return ForwardingStore.this.changes(tailnet, since);
        }

        @Override
        public List<LoggedCommit> commits(Revision from, int limit) {
            return ForwardingStore.this.commits(tailnet, from, limit);
        }

        @Override
        public List<StoredEvent> events(EventPosition since, int limit) {
            return ForwardingStore.this.events(tailnet, since, limit);
        }

        @Override
        public CommitOutcome commit(Commit commit) {
            return ForwardingStore.this.commit(commit);
        }
    }

    @Override
    public List<LoggedCommit> commits(TailnetId tailnet, Revision from, int limit) {
        LockedTailnet given = locked.get();
        return given == null ? store.commits(tailnet, from, limit) : given.commits(from, limit);
    }

    @Override
    public List<TailnetId> tailnets() {
        return store.tailnets();
    }

    @Override
    public List<StoredEvent> events(TailnetId tailnet, EventPosition since, int limit) {
        LockedTailnet given = locked.get();
        return given == null ? store.events(tailnet, since, limit) : given.events(since, limit);
    }

    @Override
    public List<StoredEvent> eventsBefore(TailnetId tailnet, EventPosition before, int limit) {
        return store.eventsBefore(tailnet, before, limit);
    }

    @Override
    public boolean delete(TailnetId tailnet) {
        return store.delete(tailnet);
    }

    @Override
    public boolean delete(TailnetId tailnet, Ownership claim) {
        return store.delete(tailnet, claim);
    }

    @Override
    public Lease joinReplica(ReplicaId replica, CommitToken incarnation, Duration length) {
        return store.joinReplica(replica, incarnation, length);
    }

    @Override
    public Optional<Lease> renewLease(ReplicaId replica, CommitToken incarnation) {
        return store.renewLease(replica, incarnation);
    }

    @Override
    public Optional<Lease> lease(ReplicaId replica) {
        return store.lease(replica);
    }

    @Override
    public void leaveReplica(ReplicaId replica, CommitToken incarnation) {
        store.leaveReplica(replica, incarnation);
    }

    @Override
    public List<Lease> leases() {
        return store.leases();
    }

    @Override
    public boolean endLease(Lease seen) {
        return store.endLease(seen);
    }

    @Override
    public List<TailnetId> orphaned() {
        return store.orphaned();
    }

    @Override
    public SortedMap<TailnetId, Long> ownedBy(ReplicaId replica) {
        return store.ownedBy(replica);
    }

    @Override
    public Optional<TailnetOwner> owner(TailnetId tailnet) {
        return store.owner(tailnet);
    }

    @Override
    public Optional<TailnetOwner> own(TailnetId tailnet, long epoch, ReplicaId replica) {
        return store.own(tailnet, epoch, replica);
    }

    @Override
    public boolean disown(TailnetId tailnet, long epoch, ReplicaId replica) {
        return store.disown(tailnet, epoch, replica);
    }
}
