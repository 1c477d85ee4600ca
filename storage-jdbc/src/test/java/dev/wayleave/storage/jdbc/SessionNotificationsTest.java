package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.LeaseRule;
import dev.wayleave.storage.Publication;
import dev.wayleave.storage.Replica;
import dev.wayleave.storage.ReplicaId;
import dev.wayleave.storage.RouteController;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Processes that share a tailnet send each other sessions that are not stored, by notifications of PostgreSQL. */
@DisabledIfSystemProperty(named = "wayleave.postgres", matches = "off", disabledReason = "this run does without")
class SessionNotificationsTest {

    private static final TailnetId TAILNET = new TailnetId("example.com");
    private static final NodeId LAPTOP = new NodeId(1);
    private static final NodeId PHONE = new NodeId(2);
    private static final SessionId SESSION = new SessionId("session of a laptop – été");

    private final TableNames names =
            new TableNames(null, "s" + UUID.randomUUID().toString().substring(0, 8) + "_");
    private final DataSource dataSource = PostgresServer.newDatabase();
    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(2);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<AutoCloseable> opened = new ArrayList<>();

    /** One of several processes. */
    private final class Process {

        final BlockingQueue<Publication> published = new LinkedBlockingQueue<>();
        final RouteController controller;

        Process(String id) {
            JdbcRoutingStore store = JdbcRoutingStore.open(dataSource, names).withNotifications();
            Replica replica =
                    Replica.join(store, new ReplicaId(id), scheduler, InstantSource.system(), LeaseRule.DEFAULT);
            opened.add(replica);
            SessionNotifications sessions = SessionNotifications.of(dataSource, names, threads);
            controller = RouteController.builder(store, TAILNET, scheduler, InstantSource.system())
                    .replica(replica)
                    .shared()
                    .sessionChannel(sessions)
                    .listener(published::add)
                    .open();
            opened.add(controller);
            opened.add(CommitListener.start(
                    dataSource,
                    names,
                    threads,
                    sessions.receiver(CommitRefresh.of(() -> List.of(controller), cause -> {}))));
        }

        void submit(Command... commands) {
            controller
                    .submit(Submission.of(new Actor("ada"), commands))
                    .toCompletableFuture()
                    .join();
        }

        void waitUntil(NodeId node, Liveness wanted) throws InterruptedException {
            while (controller
                    .current()
                    .state()
                    .node(node)
                    .filter(found -> found.liveness() == wanted)
                    .isEmpty()) {
                assertThat(published.poll(30, TimeUnit.SECONDS))
                        .as("%s becomes %s", node, wanted)
                        .isNotNull();
            }
        }
    }

    @BeforeEach
    void migrate() {
        JdbcSchema.of(dataSource, names).migrate();
    }

    @AfterEach
    void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
        scheduler.shutdown();
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    private static Command registered(NodeId node) {
        return new Command.RegisterNode(
                Node.builder(node, "node-" + node, Owner.tags("tag:laptop")).build());
    }

    @Test
    void aSessionIsKnownToAllProcessesAlsoToOneThatJoinsLater() throws Exception {
        Process one = new Process("one");
        Process two = new Process("two");

        one.submit(registered(LAPTOP), new Command.ConnectSession(LAPTOP, SESSION));
        two.waitUntil(LAPTOP, Liveness.ONLINE);
        two.submit(registered(PHONE), new Command.ConnectSession(PHONE, SESSION));
        Process three = new Process("three");
        three.waitUntil(LAPTOP, Liveness.ONLINE);
        three.waitUntil(PHONE, Liveness.ONLINE);
        assertThat(three.controller.current().state().node(LAPTOP).orElseThrow().session())
                .contains(SESSION);

        one.submit(new Command.DisconnectSession(LAPTOP, SESSION));
        three.waitUntil(LAPTOP, Liveness.GRACE);
        two.waitUntil(LAPTOP, Liveness.GRACE);
    }
}
