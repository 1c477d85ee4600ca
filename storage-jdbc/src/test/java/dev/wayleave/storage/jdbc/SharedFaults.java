package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.event.RouteEvent;
import dev.wayleave.json.RoutingJson;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.StateRows;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.LoggedCommit;
import dev.wayleave.storage.ReplicaId;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StorageUnavailableException;
import dev.wayleave.storage.StoredEvent;
import dev.wayleave.storage.StoredTailnet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that share a tailnet, each with routers and random commands, while one after the other is killed, frozen
 * and stopped. Node 3n + k is a router of the k-th process, and the three nodes after 3n carry one prefix.
 */
abstract class SharedFaults {

    private static final int PROCESSES = 3;

    @TempDir
    private Path folder;

    private final AtomicBoolean isOver = new AtomicBoolean();
    private final Map<Revision, StateRows> read = new ConcurrentHashMap<>();
    private final List<String> torn = new CopyOnWriteArrayList<>();
    private final List<Child> all = new ArrayList<>();
    private final Child[] running = new Child[PROCESSES];
    private String url;
    private RoutingStore store;
    private Thread reader;
    private int loads;

    /** A database without tables. */
    abstract String newDatabaseUrl();

    /** How many routers each process has. */
    abstract int routers();

    @BeforeEach
    void begin() {
        url = newDatabaseUrl();
        DataSource dataSource = DataSources.ofUrl(url);
        JdbcSchema.of(dataSource).migrate();
        store = JdbcRoutingStore.open(dataSource);
        reader = new Thread(this::read, "reader");
        reader.start();
    }

    /** A load refuses two primaries of one prefix. */
    private void read() {
        while (!isOver.get()) {
            try {
                store.load(Host.TAILNET).ifPresent(this::note);
            } catch (StorageUnavailableException e) {
                // the database is away
            } catch (RuntimeException e) {
                torn.add(String.valueOf(e));
            }
            LockSupport.parkNanos(5_000_000); // not without a break: the processes need the machine
        }
    }

    private void note(StoredTailnet stored) {
        StateRows before = read.putIfAbsent(stored.revision(), stored.rows());
        if (before != null && !before.equals(stored.rows())) {
            torn.add(stored.revision().toString());
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        isOver.set(true);
        reader.join();
        for (Child child : all) {
            child.kill();
        }
    }

    // ---- processes

    Child process(int index) {
        return running[index];
    }

    void start(int index) throws IOException {
        start(index, Duration.ZERO);
    }

    void start(int index, Duration wrongClock) throws IOException {
        running[index] = Child.start(
                folder.resolve(all.size() + ".err"),
                SharedProcess.class,
                url,
                "control-" + (index + 1),
                wrongClock.toString());
        all.add(running[index]);
        running[index].await("open");
    }

    /** Connects the routers of a process, and begins its load. */
    void work(int index) throws IOException {
        String nodes = LongStream.range(0, routers())
                .map(n -> 3 * n + index + 1)
                .mapToObj(Long::toString)
                .reduce("connect", (one, other) -> one + " " + other);
        running[index].asks(nodes).asks("load " + ++loads * 8_000);
    }

    void startAll() throws IOException {
        for (int i = 0; i < PROCESSES; i++) {
            start(i);
        }
        running[0].asks("nodes " + 3 * routers());
        for (int i = 0; i < PROCESSES; i++) {
            work(i);
        }
        awaitPrimaries();
    }

    /** Waits until another process has ended the lease of this one, and its routers carry nothing. */
    void awaitFailover(int index) {
        ReplicaId gone = new ReplicaId("control-" + (index + 1));
        running[index == 0 ? 1 : 0].until(() -> store.lease(gone).isEmpty(), "the end of the lease of " + gone);
        awaitNoPrimaryOf(index);
    }

    /** Waits until each prefix has a primary. */
    void awaitPrimaries() {
        awaitNoPrimaryOf(-1);
    }

    /** Waits until each prefix has a primary, which is no router of this process. */
    private void awaitNoPrimaryOf(int index) {
        running[index == 0 ? 1 : 0].until(
                () -> {
                    List<NodeId> primaries = primaries();
                    return primaries.size() == routers()
                            && primaries.stream().noneMatch(node -> (node.value() - 1) % 3 == index);
                },
                "primaries of other processes than " + index);
    }

    private List<NodeId> primaries() {
        try {
            return store.load(Host.TAILNET).orElseThrow().rows().routes().stream()
                    .filter(RouteRow::primary)
                    .map(RouteRow::node)
                    .toList();
        } catch (StorageUnavailableException e) {
            return List.of();
        }
    }

    /** One process is killed and started again; another one is frozen for longer than its lease, and comes back. */
    void killOneAndFreezeAnother() throws Exception {
        startAll();

        process(0).kill();
        int from = process(1).said().size();
        awaitFailover(0);
        start(0);
        work(0);

        process(1).signal("STOP");
        awaitFailover(1);
        process(1).signal("CONT");
        process(1).awaitNext("back", from);
        check();
    }

    // ---- what must be true afterwards

    /** All processes agree with the rows; what was acknowledged is in the events once; the history is linearizable. */
    void check() throws Exception {
        for (Child child : running) {
            child.asks("stop");
        }
        awaitSameState();
        isOver.set(true);
        reader.join();
        assertThat(torn).isEmpty();
        List<LoggedCommit> log = store.commits(Host.TAILNET, Revision.NONE, 1_000_000);
        for (int i = 0; i < log.size(); i++) {
            assertThat(log.get(i).revision().value()).as("revisions are dense").isEqualTo(i + 1);
        }
        List<StoredEvent> events = store.events(Host.TAILNET, EventPosition.START, 1_000_000);
        List<History.Operation> operations = operations(events);
        assertThat(History.contradictions(operations)).isEmpty();
        System.out.println(operations.size() + " operations, " + log.size() + " revisions, " + read.size() + " read, "
                + events.stream()
                        .filter(event -> event.event() instanceof RouteEvent.PrimaryMoved)
                        .count()
                + " primaries moved");
    }

    private void awaitSameState() throws IOException {
        for (int tries = 0; ; tries++) {
            StoredTailnet stored = store.load(Host.TAILNET).orElseThrow();
            String expected = "state " + stored.revision() + " " + RoutingJson.write(stored.rows());
            boolean isSame = true;
            for (Child child : running) {
                int from = child.said().size();
                child.asks("state");
                isSame &= child.said().stream().skip(from).anyMatch(expected::equals);
            }
            if (isSame) {
                return;
            }
            assertThat(tries)
                    .as("tries until all processes agree with the rows")
                    .isLessThan(50);
        }
    }

    private List<History.Operation> operations(List<StoredEvent> events) {
        Map<String, List<Long>> advertised = new HashMap<>();
        for (StoredEvent event : events) {
            if (event.kind().equals("route-advertised")) {
                advertised
                        .computeIfAbsent(event.prefix().orElseThrow().toString(), prefix -> new ArrayList<>())
                        .add(event.position().revision().value());
            }
        }
        List<History.Operation> operations = new ArrayList<>();
        for (Child child : all) {
            for (String line : child.said()) {
                String[] words = line.split(" ", -1);
                if (!words[0].equals("write") && !words[0].equals("read")) {
                    continue;
                }
                boolean isWrite = words[0].equals("write");
                long revision = Long.parseLong(words[4]);
                if (isWrite) {
                    assertThat(advertised.get(SharedProcess.advertised(Integer.parseInt(words[1]))
                                    .toString()))
                            .as("%s is in the events once", line)
                            .containsExactly(revision);
                }
                operations.add(new History.Operation(
                        "process " + all.indexOf(child),
                        isWrite,
                        Long.parseLong(words[2]),
                        Long.parseLong(words[3]),
                        revision));
            }
        }
        return operations;
    }
}
