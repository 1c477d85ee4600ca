package outside;

import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.contract.RoutingStoreContract;
import dev.wayleave.storage.inmemory.InMemoryRoutingStore;

/** An adapter of a host keeps the contract. */
class AdapterTest extends RoutingStoreContract {

    private static final RoutingStore STORE = new InMemoryRoutingStore();

    @Override
    protected RoutingStore open() {
        return STORE;
    }
}
