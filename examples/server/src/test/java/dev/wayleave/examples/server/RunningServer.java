package dev.wayleave.examples.server;

import com.zaxxer.hikari.HikariDataSource;
import dev.wayleave.command.Command;
import dev.wayleave.examples.server.plane.ControlPlane;
import dev.wayleave.examples.server.web.Gate.Scope;
import dev.wayleave.examples.server.web.Limits;
import dev.wayleave.examples.server.web.WebAddress;
import dev.wayleave.mesh.Actor;
import dev.wayleave.storage.inmemory.InMemoryRoutingStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * A server with the sample that uses the clock of the machine. Its times are shorter than those of the demonstration,
 * so that tests are fast.
 */
final class RunningServer implements AutoCloseable {

    static final Actor TEST = new Actor("test");

    final InstantSource clock = InstantSource.system();
    final DemoServer demo;
    final ControlPlane plane;
    final String operator;

    private final HikariDataSource database = Main.pool("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();

    RunningServer(Duration silenceLimit, Duration grace) throws IOException {
        demo = new DemoServer(new DemoServer.Parts(
                new InMemoryRoutingStore(),
                database,
                scheduler,
                clock,
                System::nanoTime,
                new WebAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Set.of()),
                ControlPlane.SETTINGS,
                Limits.DEFAULT,
                Membership.ALONE));
        plane = demo.plane();
        var ignored = plane.submit(
                TEST,
                new Command.SetSettings(ControlPlane.SETTINGS.toBuilder()
                        .silenceLimit(silenceLimit)
                        .grace(grace)
                        .build()));
        operator = demo.keys().create(Scope.OPERATE, "operator").key();
    }

    String url() {
        return "http://127.0.0.1:" + demo.web().address().getPort();
    }

    @Override
    public void close() {
        demo.close();
        scheduler.shutdownNow();
        database.close();
    }
}
