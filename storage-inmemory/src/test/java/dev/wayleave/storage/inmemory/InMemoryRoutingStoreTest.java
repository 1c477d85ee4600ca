package dev.wayleave.storage.inmemory;

import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.contract.RoutingStoreContract;

class InMemoryRoutingStoreTest extends RoutingStoreContract {

    private static final InMemoryRoutingStore STORE = new InMemoryRoutingStore();

    @Override
    protected RoutingStore open() {
        return STORE;
    }

    @Override
    protected int mostEvents() {
        return InMemoryRoutingStore.EVENTS;
    }
}
