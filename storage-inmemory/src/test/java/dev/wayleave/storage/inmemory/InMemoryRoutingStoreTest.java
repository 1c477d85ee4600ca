package dev.wayleave.storage.inmemory;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.contract.KeptEvent;
import dev.wayleave.storage.contract.RoutingStoreContract;
import java.util.List;

class InMemoryRoutingStoreTest extends RoutingStoreContract {

    private static final InMemoryRoutingStore STORE = new InMemoryRoutingStore();

    @Override
    protected RoutingStore open() {
        return STORE;
    }

    @Override
    protected List<KeptEvent> events(TailnetId tailnet) {
        return STORE.events(tailnet).stream().map(KeptEvent::of).toList();
    }

    @Override
    protected int mostEvents() {
        return InMemoryRoutingStore.EVENTS;
    }
}
