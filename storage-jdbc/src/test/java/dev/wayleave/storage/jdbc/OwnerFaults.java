package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.StateRows;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.LoggedCommit;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StoredEvent;
import dev.wayleave.storage.StoredTailnet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Owners of a tailnet as processes of their own, which are killed, suspended and stopped under load. */
abstract class OwnerFaults {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    private Path folder;

    private final List<Child> children = new ArrayList<>();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final Map<Revision, StateRows> read = new ConcurrentHashMap<>();
    private final List<String> torn = new CopyOnWriteArrayList<>();
    private String url;
    private RoutingStore store;
    private Thread reader;

    private Child child(String id, int firstPrefix) throws IOException {
        Child child = Child.start(
                folder.resolve(children.size() + ".err"), OwnerProcess.class, url, id, Integer.toString(firstPrefix));
        children.add(child);
        return child;
    }

    /** A database without tables. */
    abstract String newDatabaseUrl();

    @BeforeEach
    void begin() {
        url = newDatabaseUrl();
        DataSource dataSource = DataSources.ofUrl(url);
        JdbcSchema.of(dataSource).migrate();
        store = JdbcRoutingStore.open(dataSource);
        reader = new Thread(this::read, "reader");
        reader.start();
    }

    private void read() {
        while (!isOver.get()) {
            StoredTailnet stored = store.load(Host.TAILNET).orElse(null);
            if (stored != null) {
                StateRows before = read.putIfAbsent(stored.revision(), stored.rows());
                if (before != null && !before.equals(stored.rows())) {
                    torn.add(stored.revision().toString());
                }
            }
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        isOver.set(true);
        reader.join();
        for (Child child : children) {
            child.kill();
        }
    }

    private List<StoredEvent> events() {
        return store.events(Host.TAILNET, EventPosition.START, 1_000_000);
    }

    private Instant happened(Class<? extends RouteEvent> kind, NodeId node) {
        return events().stream()
                .filter(event -> kind.isInstance(event.event())
                        && event.event().subjectNode().equals(java.util.Optional.of(node)))
                .map(StoredEvent::at)
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    private List<NodeId> primaries() {
        return store.load(Host.TAILNET).orElseThrow().rows().routes().stream()
                .filter(RouteRow::primary)
                .map(RouteRow::node)
                .toList();
    }

    /** What was acknowledged is in the events once; revisions are dense; loads are whole; rows are those published. */
    private void check(Child last) throws Exception {
        last.asks("close");
        isOver.set(true);
        reader.join();
        assertThat(torn).isEmpty();
        StoredTailnet stored = store.load(Host.TAILNET).orElseThrow();
        assertThat(last.said())
                .contains("published " + stored.revision().value() + " " + OwnerProcess.text(stored.rows()));
        List<LoggedCommit> log = store.commits(Host.TAILNET, Revision.NONE, 1_000_000);
        for (int i = 0; i < log.size(); i++) {
            assertThat(log.get(i).revision().value()).as("revisions are dense").isEqualTo(i + 1);
        }
        Map<String, Integer> advertised = new HashMap<>();
        for (StoredEvent event : events()) {
            if (event.kind().equals("route-advertised")) {
                advertised.merge(event.prefix().orElseThrow().toString(), 1, Integer::sum);
            }
        }
        int all = 0;
        for (Child child : children) {
            for (String line : child.said()) {
                if (line.startsWith("acknowledged")) {
                    String prefix = OwnerProcess.prefix(Integer.parseInt(line.split(" ", -1)[1]))
                            .toString();
                    assertThat(advertised.get(prefix))
                            .as("%s is there once", prefix)
                            .isEqualTo(1);
                    all++;
                }
            }
        }
        System.out.println(all + " acknowledged, " + stored.revision() + " revisions, " + read.size() + " read");
    }

    @Test
    void anOwnerThatIsKilledInAFailoverLeavesWhatIsLeftOfTheGrace() throws Exception {
        Child first =
                child("control", 1).await("open").asks("routers").asks("load").awaitMore(50);
        first.asks("disconnect 1");
        first.awaitMore(5).kill();
        assertThat(primaries()).containsExactly(new NodeId(1));

        Child second = child("control", 30_000).await("open").asks("connect 2");
        Instant restarted = Instant.now(); // a process that has just started is slow at first
        second.asks("load");
        second.until(() -> primaries().equals(List.of(new NodeId(2))), "a failover");

        Instant left = happened(RouteEvent.NodeInGrace.class, new NodeId(1));
        Instant due = left.plus(OwnerProcess.GRACE);
        Instant moved = events().stream()
                .filter(event -> event.event() instanceof RouteEvent.PrimaryMoved)
                .map(StoredEvent::at)
                .findFirst()
                .orElseThrow();
        assertThat(moved).isBetween(due, (restarted.isAfter(due) ? restarted : due).plusSeconds(5));
        System.out.println("moved " + Duration.between(left, moved).toMillis() + " ms after the router left");
        check(second.awaitMore(50));
    }

    @Test
    void anOwnerThatIsSuspendedBeyondItsLeaseDoesNotActOnWhatItBelieves() throws Exception {
        Child first = child("one", 1).await("open").asks("routers").asks("load").awaitMore(50);
        first.signal("STOP");
        Child second = child("two", 30_000).await("open").asks("load").awaitMore(50);
        int before = first.acknowledged();

        first.signal("CONT");
        first.await("ended FencedException");

        assertThat(first.acknowledged()).isLessThanOrEqualTo(before + 1); // one may have been written just before
        second.asks("connect 1").asks("connect 2").awaitMore(50);
        assertThat(primaries()).containsExactly(new NodeId(1));
        check(second);
    }

    @Test
    void aCleanRestartUnderLoadMovesNothing() throws Exception {
        Child first =
                child("control", 1).await("open").asks("routers").asks("load").awaitMore(100);
        first.asks("close");
        Child second = child("control", 30_000).await("open").asks("load").awaitMore(50);
        second.asks("connect 2").awaitMore(50).asks("connect 1").awaitMore(50);

        assertThat(primaries()).containsExactly(new NodeId(1));
        assertThat(events()).noneMatch(event -> event.event() instanceof RouteEvent.PrimaryMoved);
        assertThat(events().stream()
                        .filter(event -> event.event() instanceof RouteEvent.PrefixUnserved)
                        .filter(event -> event.prefix().equals(java.util.Optional.of(OwnerProcess.LAN))))
                .isEmpty();
        check(second);
    }
}
