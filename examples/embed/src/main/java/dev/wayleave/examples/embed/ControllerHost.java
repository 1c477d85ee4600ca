package dev.wayleave.examples.embed;

import dev.wayleave.examples.embed.Machines.Machine;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.FencedException;
import dev.wayleave.storage.Receipt;
import dev.wayleave.storage.Replica;
import dev.wayleave.storage.ReplicaId;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.Snapshot;
import dev.wayleave.storage.ViewPublisher;
import dev.wayleave.storage.jdbc.JdbcRoutingStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import javax.sql.DataSource;

/**
 * The same with the controller, which loads, decides, commits and retries by itself. Its commits are its own, so the
 * machine is written first: registering again after a crash in between does no harm.
 */
final class ControllerHost implements AutoCloseable {

    private final DataSource dataSource;
    private final Replica replica;
    private final RouteController controller;

    /**
     * Opens the tailnet as its owner. Blocks.
     *
     * @param name the name of this process, which it keeps when it starts again; no other process has it
     * @throws FencedException if another process owns the tailnet, and lives
     */
    ControllerHost(DataSource dataSource, ScheduledExecutorService scheduler, Netmaps netmaps, String name) {
        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource);
        this.dataSource = dataSource;
        this.replica = Replica.join(store, new ReplicaId(name), scheduler, InstantSource.system());
        try {
            this.controller = open(store, scheduler, netmaps);
        } catch (RuntimeException e) {
            replica.close();
            throw e;
        }
    }

    private RouteController open(JdbcRoutingStore store, ScheduledExecutorService scheduler, Netmaps netmaps) {
        return RouteController.builder(store, Machines.TAILNET, scheduler, InstantSource.system())
                .replica(replica)
                .newTailnet(RoutingSettings.DEFAULT)
                .listener(new ViewPublisher(netmaps))
                .open();
    }

    CompletionStage<Receipt> register(Machine machine, List<Prefix> prefixes) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            Machines.insert(connection, machine);
        }
        return controller.submit(Machines.registration(machine, prefixes));
    }

    Snapshot current() {
        return controller.current();
    }

    /** Closes the controller first, so that the next process finds all routers as they are. */
    @Override
    public void close() {
        controller.close();
        replica.close();
    }
}
