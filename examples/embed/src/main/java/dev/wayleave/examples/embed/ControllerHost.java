package dev.wayleave.examples.embed;

import dev.wayleave.examples.embed.Machines.Machine;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.Receipt;
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
    private final RouteController controller;

    ControllerHost(DataSource dataSource, ScheduledExecutorService scheduler, Netmaps netmaps) {
        this.dataSource = dataSource;
        this.controller = RouteController.builder(
                        JdbcRoutingStore.open(dataSource), Machines.TAILNET, scheduler, InstantSource.system())
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

    @Override
    public void close() {
        controller.close();
    }
}
