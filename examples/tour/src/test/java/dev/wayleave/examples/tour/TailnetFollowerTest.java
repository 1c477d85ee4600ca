package dev.wayleave.examples.tour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StoredEvent;
import dev.wayleave.storage.inmemory.InMemoryRoutingStore;
import dev.wayleave.storage.jdbc.JdbcRoutingStore;
import dev.wayleave.storage.jdbc.JdbcSchema;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sqlite.SQLiteDataSource;

/** A program without a controller has the rows of the store, and gets each event once and in order. */
class TailnetFollowerTest {

    private static final TailnetId TAILNET = new TailnetId("example.com");

    @TempDir
    private Path folder;

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final List<StoredEvent> received = new ArrayList<>();

    private enum Kind {
        MEMORY,
        SQLITE
    }

    private RoutingStore store(Kind kind) {
        if (kind == Kind.MEMORY) {
            return new InMemoryRoutingStore();
        }
        SQLiteDataSource dataSource = new SQLiteDataSource();
        dataSource.setUrl("jdbc:sqlite:" + folder.resolve("routes.sqlite"));
        JdbcSchema.of(dataSource).migrate();
        return JdbcRoutingStore.open(dataSource);
    }

    @AfterEach
    void close() {
        scheduler.shutdown();
    }

    /** Another process makes so many commits, each with a node that advertises a prefix. */
    private void commit(RoutingStore store, int from, int to) {
        try (RouteController controller = RouteController.builder(store, TAILNET, scheduler, InstantSource.system())
                .open()) {
            for (int node = from; node < to; node++) {
                NodeId id = new NodeId(node);
                List<Command> commands = new ArrayList<>();
                commands.add(new Command.RegisterNode(Node.builder(id, "node-" + node, Owner.tags("tag:router"))
                        .build()));
                commands.add(new Command.AdvertiseRoutes(id, List.of(Prefix.parse("10." + node + ".0.0/16"))));
                if (node > from) {
                    commands.add(new Command.RemoveNode(new NodeId(node - 1)));
                }
                Submission submission = Submission.of(new Actor("ada"), commands.toArray(Command[]::new));
                controller.submit(submission).toCompletableFuture().join().orElseThrow();
            }
        }
    }

    private TailnetFollower follower(RoutingStore store, EventPosition seen) {
        return new TailnetFollower(store, TAILNET, seen, received::add);
    }

    private void check(RoutingStore store, TailnetFollower follower) {
        follower.read();
        assertThat(follower.known()).isEqualTo(store.load(TAILNET));
        assertThat(received).isEqualTo(store.events(TAILNET, EventPosition.START, Integer.MAX_VALUE));
    }

    @ParameterizedTest
    @EnumSource
    void aFollowerHasTheRowsAndEachEventOnce(Kind kind) {
        RoutingStore store = store(kind);
        TailnetFollower follower = follower(store, EventPosition.START);
        check(store, follower);
        for (int node = 3; node < 12; node += 3) {
            commit(store, node, node + 3);
            check(store, follower);
            check(store, follower);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFollowerThatIsTooFarBehindLoadsTheRowsAndGoesOnWithItsEvents(Kind kind) {
        RoutingStore store = store(kind);
        TailnetFollower follower = follower(withoutChanges(store), EventPosition.START);
        commit(store, 3, 5);
        check(store, follower);
        commit(store, 5, 9);
        check(store, follower);
    }

    /** A store whose log is too short to say what changed. */
    private static RoutingStore withoutChanges(RoutingStore store) {
        return (RoutingStore) Proxy.newProxyInstance(
                RoutingStore.class.getClassLoader(),
                new Class<?>[] {RoutingStore.class},
                (proxy, method, arguments) -> {
                    try {
                        return method.getName().equals("changes") ? Optional.empty() : method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @ParameterizedTest
    @EnumSource
    void aFollowerThatStartsAgainGoesOnAfterTheEventThatItHandledLast(Kind kind) {
        RoutingStore store = store(kind);
        commit(store, 3, 6);
        check(store, follower(store, EventPosition.START));
        commit(store, 6, 8);
        check(store, follower(store, received.get(received.size() - 1).position()));
    }

    @ParameterizedTest
    @EnumSource
    void anEventThatCannotBeHandledComesAgain(Kind kind) {
        RoutingStore store = store(kind);
        commit(store, 3, 6);
        boolean[] fails = {true};
        TailnetFollower follower = new TailnetFollower(store, TAILNET, EventPosition.START, event -> {
            if (received.size() == 3 && fails[0]) {
                fails[0] = false;
                throw new IllegalStateException("test");
            }
            received.add(event);
        });
        assertThatThrownBy(follower::read).hasMessage("test");
        check(store, follower);
    }

    @ParameterizedTest
    @EnumSource
    void theEventsOfATailnetThatWasMadeAgainBeginAnew(Kind kind) {
        RoutingStore store = store(kind);
        TailnetFollower follower = follower(store, EventPosition.START);
        commit(store, 3, 6);
        check(store, follower);
        store.delete(TAILNET);
        received.clear();
        commit(store, 3, 9);
        check(store, follower);
        store.delete(TAILNET);
        received.clear();
        check(store, follower);
        commit(store, 3, 4);
        check(store, follower);
    }

    @Test
    void theDocumentationShowsTheFollower() throws IOException {
        Path module = Path.of(System.getProperty("basedir", "."));
        String source =
                Files.readString(module.resolve("src/main/java/dev/wayleave/examples/tour/TailnetFollower.java"));
        assertThat(Files.readString(module.resolve("../../docs/storage.md")))
                .contains("<!-- source: TailnetFollower -->\n```java\n" + source.substring(source.indexOf("/**"))
                        + "```\n");
    }
}
