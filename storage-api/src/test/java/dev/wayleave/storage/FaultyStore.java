package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.contract.ForwardingStore;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;

/** A store whose calls are points of {@link PlantedFaults}: the calls that a controller or a replica makes again. */
final class FaultyStore extends ForwardingStore {

    private final PlantedFaults faults;

    FaultyStore(RoutingStore store, PlantedFaults faults) {
        super(store);
        this.faults = faults;
    }

    @Override
    public Optional<StoredTailnet> load(TailnetId tailnet) {
        faults.call("store.load");
        return super.load(tailnet);
    }

    @Override
    public Optional<StoredChanges> changes(TailnetId tailnet, Revision since) {
        faults.call("store.changes");
        return super.changes(tailnet, since);
    }

    @Override
    public List<LoggedCommit> commits(TailnetId tailnet, Revision from, int limit) {
        faults.call("store.commits");
        return super.commits(tailnet, from, limit);
    }

    @Override
    public List<StoredEvent> events(TailnetId tailnet, EventPosition since, int limit) {
        faults.call("store.events");
        return super.events(tailnet, since, limit);
    }

    @Override
    public CommitOutcome commit(Commit commit) {
        faults.call("store.commit.before");
        CommitOutcome outcome = super.commit(commit);
        faults.call("store.commit.after");
        return outcome;
    }

    @Override
    public <T> T withLock(TailnetId tailnet, Function<? super LockedTailnet, T> work) {
        faults.call("store.withLock.before");
        T result = super.withLock(tailnet, work);
        faults.call("store.withLock.after");
        return result;
    }

    @Override
    public Optional<Lease> renewLease(ReplicaId replica, CommitToken incarnation) {
        faults.call("store.renewLease");
        return super.renewLease(replica, incarnation);
    }

    @Override
    public Optional<Lease> lease(ReplicaId replica) {
        faults.call("store.lease");
        return super.lease(replica);
    }

    @Override
    public List<Lease> leases() {
        faults.call("store.leases");
        return super.leases();
    }

    @Override
    public boolean endLease(Lease seen) {
        faults.call("store.endLease");
        return super.endLease(seen);
    }

    @Override
    public List<TailnetId> orphaned() {
        faults.call("store.orphaned");
        return super.orphaned();
    }

    @Override
    public SortedMap<TailnetId, Long> ownedBy(ReplicaId replica) {
        faults.call("store.ownedBy");
        return super.ownedBy(replica);
    }

    @Override
    public Optional<TailnetOwner> owner(TailnetId tailnet) {
        faults.call("store.owner");
        return super.owner(tailnet);
    }

    @Override
    public boolean disown(TailnetId tailnet, long epoch, ReplicaId replica) {
        faults.call("store.disown");
        return super.disown(tailnet, epoch, replica);
    }

    @Override
    public void leaveReplica(ReplicaId replica, CommitToken incarnation) {
        faults.call("store.leaveReplica");
        super.leaveReplica(replica, incarnation);
    }
}
