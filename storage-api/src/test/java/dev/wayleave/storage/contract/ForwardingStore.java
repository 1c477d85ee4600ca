package dev.wayleave.storage.contract;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitOutcome;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.LoggedCommit;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StoredEvent;
import dev.wayleave.storage.StoredTailnet;
import java.util.List;
import java.util.Optional;

/** Hands every call on to another store; tests override what they watch or break. */
public class ForwardingStore implements RoutingStore {

    private final RoutingStore store;

    /** Over another store. */
    public ForwardingStore(RoutingStore store) {
        this.store = store;
    }

    @Override
    public Optional<StoredTailnet> load(TailnetId tailnet) {
        return store.load(tailnet);
    }

    @Override
    public CommitOutcome commit(Commit commit) {
        return store.commit(commit);
    }

    @Override
    public List<LoggedCommit> commits(TailnetId tailnet, Revision from, int limit) {
        return store.commits(tailnet, from, limit);
    }

    @Override
    public List<TailnetId> tailnets() {
        return store.tailnets();
    }

    @Override
    public List<StoredEvent> events(TailnetId tailnet, EventPosition since, int limit) {
        return store.events(tailnet, since, limit);
    }

    @Override
    public List<StoredEvent> eventsBefore(TailnetId tailnet, EventPosition before, int limit) {
        return store.eventsBefore(tailnet, before, limit);
    }

    @Override
    public boolean delete(TailnetId tailnet) {
        return store.delete(tailnet);
    }
}
