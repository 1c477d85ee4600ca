package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.row.StateRows;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.LoggedCommit;
import dev.wayleave.storage.Receipt;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StorageException;
import dev.wayleave.storage.StoredEvent;
import dev.wayleave.storage.StoredTailnet;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * A controller under load, while something happens to its database: one writer in a closed loop, each of whose
 * submissions advertises a prefix of its own, and one reader. What was acknowledged must be there in the end.
 */
final class ClusterLoad implements AutoCloseable {

    private static final NodeId NODE = new NodeId(1);

    private final RoutingStore store;
    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(2);
    private final RouteController controller;
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final Map<Revision, StateRows> read = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final AtomicInteger torn = new AtomicInteger();
    private volatile long longestNanos;

    ClusterLoad(String url) {
        DataSource dataSource = DataSources.ofUrl(url);
        JdbcSchema.of(dataSource).migrate();
        store = JdbcRoutingStore.open(dataSource);
        controller = RouteController.builder(store, Host.TAILNET, scheduler, InstantSource.system())
                .newTailnet(RoutingSettings.DEFAULT)
                .open();
        submit(Host.registered(NODE), new Command.ConnectSession(NODE, new SessionId("session")))
                .join();
    }

    RouteController controller() {
        return controller;
    }

    RoutingStore store() {
        return store;
    }

    CompletableFuture<Receipt> submit(Command... commands) {
        return controller
                .submit(new Submission(new Actor("load"), null, List.of(commands)))
                .toCompletableFuture();
    }

    private static String prefix(int i) {
        return "10." + i / 256 + "." + i % 256 + ".0/24";
    }

    CompletableFuture<Receipt> advertise(int i) {
        return submit(new Command.AdvertiseRoutes(NODE, Host.prefixes(prefix(i))));
    }

    ClusterLoad begin() {
        threads.add(new Thread(this::write, "writer"));
        threads.add(new Thread(this::read, "reader"));
        threads.forEach(Thread::start);
        return this;
    }

    private void write() {
        try {
            for (int i = 1; !isOver.get(); i++) {
                long begun = System.nanoTime();
                assertThat(advertise(i).join().result()).isEqualTo(SubmissionResult.accepted());
                longestNanos = Math.max(longestNanos, System.nanoTime() - begun);
                acknowledged.set(i);
            }
        } catch (Throwable e) {
            synchronized (failures) {
                failures.add(e);
            }
        }
    }

    private void read() {
        while (!isOver.get()) {
            try {
                StoredTailnet stored = store.load(Host.TAILNET).orElseThrow();
                StateRows before = read.putIfAbsent(stored.revision(), stored.rows());
                if (before != null && !before.equals(stored.rows())) {
                    torn.incrementAndGet();
                }
            } catch (StorageException e) {
                Thread.onSpinWait(); // the database is away
            }
        }
    }

    /** Waits until so many more submissions are acknowledged. */
    ClusterLoad awaitAcknowledged(int more) {
        int wanted = acknowledged.get() + more;
        PostgresCluster.until(() -> acknowledged.get() >= wanted || !failures.isEmpty());
        return this;
    }

    /** Ends the load, and looks whether all that was acknowledged is there, once, and nothing is torn. */
    String check() throws InterruptedException {
        isOver.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        assertThat(torn).as("torn loads").hasValue(0);
        StoredTailnet stored = store.load(Host.TAILNET).orElseThrow();
        assertThat(stored.revision()).isEqualTo(controller.current().revision());
        assertThat(stored.rows()).isEqualTo(controller.current().state().rows());
        List<LoggedCommit> log = store.commits(Host.TAILNET, Revision.NONE, 1_000_000);
        for (int i = 0; i < log.size(); i++) {
            assertThat(log.get(i).revision().value()).as("revisions are dense").isEqualTo(i + 1);
        }
        assertThat(log.get(log.size() - 1).revision()).isEqualTo(stored.revision());
        Map<String, Integer> advertised = new ConcurrentHashMap<>();
        for (StoredEvent event : store.events(Host.TAILNET, EventPosition.START, 1_000_000)) {
            if (event.kind().equals("route-advertised")) {
                advertised.merge(event.prefix().orElseThrow().toString(), 1, Integer::sum);
            }
        }
        for (int i = 1; i <= acknowledged.get(); i++) {
            assertThat(advertised.get(prefix(i)))
                    .as("events of submission %s", i)
                    .isEqualTo(1);
        }
        return acknowledged.get() + " acknowledged, " + stored.revision() + " revisions, " + read.size()
                + " revisions read, longest wait " + longestNanos / 1_000_000 + " ms";
    }

    @Override
    public void close() {
        isOver.set(true);
        controller.close();
        scheduler.shutdownNow();
    }
}
