package dev.wayleave.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.wayleave.examples.server.plane.ControlPlane;
import dev.wayleave.storage.LeaseRule;
import dev.wayleave.storage.ReplicaId;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.RouteControllerBuilder;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StorageUnavailableException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A replica whose store fails while it joins. */
class SharedMembershipTest {

    private final HikariDataSource pool = Main.pool("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final RoutingStore store = Main.store(pool);

    /** Whether the next lease that is made cannot be read at first. */
    private boolean fails;

    private boolean failsNow;

    @AfterEach
    void stop() {
        scheduler.shutdownNow();
        pool.close();
    }

    private RoutingStore failing() {
        return (RoutingStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {RoutingStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("joinReplica")) {
                        failsNow = fails;
                        fails = false;
                    } else if (method.getName().equals("lease") && failsNow) {
                        failsNow = false;
                        throw new StorageUnavailableException("the store is away", new SQLException("away"));
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private SharedMembership membership() {
        return new SharedMembership(new SharedMembership.Parts(
                failing(), new ReplicaId("one"), scheduler, InstantSource.system(), LeaseRule.DEFAULT, null, false));
    }

    private RouteControllerBuilder builder() {
        return RouteController.builder(store, ControlPlane.TAILNET, scheduler, InstantSource.system());
    }

    @Test
    void aReplicaThatJoinedButCouldNotReadItsLeaseJoinsAgain() {
        try (SharedMembership membership = membership()) {
            membership.join(builder());
            fails = true;
            assertThatThrownBy(() -> membership.join(builder())).isInstanceOf(StorageUnavailableException.class);

            membership.join(builder());

            assertThat(store.leases()).hasSize(1);
        }
        assertThat(store.leases()).isEmpty();
    }

    @Test
    void aReplicaThatCannotReadItsFirstLeaseLeaves() {
        fails = true;

        assertThatThrownBy(this::membership).isInstanceOf(StorageUnavailableException.class);

        assertThat(store.leases()).isEmpty();
    }

    @Test
    void aReplicaDoesNotTakeTheNameOfAProcessThatWasStartedInItsPlace() {
        try (SharedMembership first = membership()) {
            first.join(builder());
            try (SharedMembership second = membership()) {
                second.join(builder());

                assertThatThrownBy(() -> first.join(builder()))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContainingAll("another process", "`one`");
            }
        }
    }
}
