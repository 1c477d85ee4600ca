package dev.wayleave.examples.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.examples.embed.Machines.Machine;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.RouteRow;
import dev.wayleave.storage.PublishedViews;
import dev.wayleave.storage.Receipt;
import dev.wayleave.storage.StoredTailnet;
import dev.wayleave.storage.jdbc.JdbcRoutingStore;
import dev.wayleave.storage.jdbc.JdbcSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

class EmbedTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final List<Prefix> LAN = List.of(Prefix.parse("10.20.0.0/16"));

    @TempDir
    private Path folder;

    private final List<String> sent = new CopyOnWriteArrayList<>();
    private final Netmaps netmaps = new Netmaps(
            Map.of(new NodeId(1), "A-1", new NodeId(2), "A-2"),
            (machine, netmap) -> sent.add("to " + machine + ": " + netmap));

    private final SQLiteDataSource dataSource = new SQLiteDataSource();

    @BeforeEach
    void create() throws SQLException {
        dataSource.setUrl("jdbc:sqlite:" + folder.resolve("host.sqlite"));
        JdbcSchema.of(dataSource).migrate();
        try (Connection connection = dataSource.getConnection()) {
            Machines.createTable(connection);
        }
    }

    private long machines() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("select count(*) from machine")) {
            return count.getLong(1);
        }
    }

    private List<String> routes() {
        return JdbcRoutingStore.open(dataSource).load(Machines.TAILNET).map(StoredTailnet::rows).stream()
                .flatMap(rows -> rows.routes().stream())
                .map(RouteRow::key)
                .map(key -> key.prefix() + " on " + key.node())
                .toList();
    }

    @Test
    void aMachineAndItsRoutesAreStoredInOneTransaction() throws SQLException {
        PureHost host = new PureHost(dataSource);
        assertThat(host.register(new Machine(1, "berlin", "A-1"), LAN, NOW)).isTrue();
        assertThat(host.register(new Machine(2, "backup", "A-2"), LAN, NOW)).isTrue();
        assertThat(machines()).isEqualTo(2);
        assertThat(routes()).containsExactly("10.20.0.0/16 on 1", "10.20.0.0/16 on 2");
    }

    @Test
    void aFailedWriteOfTheHostsRowKeepsTheRoutesOut() throws SQLException {
        PureHost host = new PureHost(dataSource);
        assertThat(host.register(new Machine(1, "berlin", "A-1"), LAN, NOW)).isTrue();
        assertThatThrownBy(() -> host.register(new Machine(2, "a twin", "A-1"), LAN, NOW))
                .isInstanceOf(SQLException.class);
        assertThat(machines()).isEqualTo(1);
        assertThat(routes()).containsExactly("10.20.0.0/16 on 1");
    }

    @Test
    void theControllerDoesTheSame() throws Exception {
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        try (ControllerHost host = new ControllerHost(dataSource, scheduler, netmaps, "host-1")) {
            Receipt receipt = host.register(new Machine(1, "berlin", "A-1"), LAN)
                    .toCompletableFuture()
                    .get();
            assertThat(receipt.result()).isInstanceOf(SubmissionResult.Accepted.class);
            assertThat(host.current().revision()).isEqualTo(receipt.revision());
        } finally {
            scheduler.shutdown();
        }
        assertThat(machines()).isEqualTo(1);
        assertThat(routes()).containsExactly("10.20.0.0/16 on 1");
    }

    @Test
    void eachMachineIsSentItsNetmapAndThenItsChanges() throws Exception {
        netmaps.connected(new NodeId(1));
        registerTwo();
        netmaps.connected(new NodeId(2));
        assertThat(sent)
                .anyMatch(netmap -> netmap.startsWith("""
                        to 1: {"Node":{"ID":1,"""))
                .anyMatch(netmap -> netmap.startsWith("""
                        to 1: {"PeersChanged":[{"ID":2,""") && netmap.contains("\"HostSerial\":\"A-2\""))
                .last()
                .asString()
                .startsWith("""
                        to 2: {"Node":{"ID":2,""")
                .contains("""
                        "Peers":[{"ID":1,""");
    }

    @Test
    void aMachineThatIsNotConnectedIsSentNothing() throws Exception {
        netmaps.connected(new NodeId(1));
        netmaps.disconnected(new NodeId(1));
        registerTwo();
        assertThat(sent).isEmpty();
    }

    @Test
    void aMachineThatIsConnectedIsSentItsWholeNetmapAgainAfterAFailure() throws Exception {
        registerTwo();
        netmaps.connected(new NodeId(1));
        StoredTailnet stored =
                JdbcRoutingStore.open(dataSource).load(Machines.TAILNET).orElseThrow();
        netmaps.started(
                new PublishedViews(stored.revision(), RoutingViews.of(RoutingState.restore(stored.rows(), NOW))));
        assertThat(sent).hasSize(2).allMatch(netmap -> netmap.startsWith("""
                to 1: {"Node":{"ID":1,"""));
    }

    private void registerTwo() throws Exception {
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        try (ControllerHost host = new ControllerHost(dataSource, scheduler, netmaps, "host-1")) {
            host.register(new Machine(1, "berlin", "A-1"), LAN)
                    .toCompletableFuture()
                    .get();
            host.register(new Machine(2, "backup", "A-2"), LAN)
                    .toCompletableFuture()
                    .get();
        } finally {
            scheduler.shutdown();
        }
    }

    @Test
    void aMachineWhoseRoutesWereLostInACrashIsRegisteredAgain() throws Exception {
        Machine machine = new Machine(1, "berlin", "A-1");
        try (Connection connection = dataSource.getConnection()) {
            Machines.insert(connection, machine); // and then the host dies
        }
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        try (ControllerHost host = new ControllerHost(dataSource, scheduler, netmaps, "host-1")) {
            host.register(machine, LAN).toCompletableFuture().get();
        } finally {
            scheduler.shutdown();
        }
        assertThat(machines()).isEqualTo(1);
        assertThat(routes()).containsExactly("10.20.0.0/16 on 1");
    }

    @Test
    void theDocumentationShowsHowNetmapsAreSent() throws IOException {
        Path module = Path.of(System.getProperty("basedir", "."));
        String source = Files.readString(module.resolve("src/main/java/dev/wayleave/examples/embed/Netmaps.java"));
        String page = Files.readString(module.resolve("../../docs/views.md"));
        assertThat(page)
                .contains("<!-- source: Netmaps -->\n```java\n" + source.substring(source.indexOf("/** Sends"))
                        + "```\n");
    }

    @Test
    void theProgramHasFewLines() throws IOException {
        Path sources = Path.of(System.getProperty("basedir", "."), "src/main/java/dev/wayleave/examples/embed");
        long lines = 0;
        try (Stream<Path> files = Files.list(sources)) {
            for (Path file : files.toList()) {
                lines += Files.readAllLines(file).stream()
                        .filter(line -> !line.isBlank() && !line.startsWith("import ") && !line.startsWith("package "))
                        .count();
            }
        }
        assertThat(lines).isLessThanOrEqualTo(230);
    }
}
