package dev.wayleave.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.wayleave.examples.server.plane.ControlPlane;
import dev.wayleave.examples.server.web.Limits;
import dev.wayleave.examples.server.web.WebAddress;
import dev.wayleave.storage.inmemory.InMemoryRoutingStore;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoServerTest {

    @TempDir
    private Path folder;

    @Test
    void aServerThatCannotListenLeavesNoControllerBehind() throws Exception {
        ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
        scheduler.setRemoveOnCancelPolicy(true);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HikariDataSource database = new HikariDataSource()) {
            database.setJdbcUrl("jdbc:sqlite:" + folder.resolve("server.db"));
            DemoServer.Parts parts = new DemoServer.Parts(
                    new InMemoryRoutingStore(),
                    database,
                    scheduler,
                    InstantSource.system(),
                    System::nanoTime,
                    new WebAddress(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), taken.getLocalPort()), Set.of()),
                    ControlPlane.SETTINGS,
                    Limits.DEFAULT,
                    Membership.ALONE);

            assertThatThrownBy(() -> new DemoServer(parts)).isInstanceOf(java.io.IOException.class);

            // what the closed controller hands in runs at once; a timer would stay in the queue
            scheduler.submit(() -> {}).get();
            assertThat(scheduler.getQueue()).isEmpty();
        } finally {
            scheduler.shutdownNow();
        }
    }
}
