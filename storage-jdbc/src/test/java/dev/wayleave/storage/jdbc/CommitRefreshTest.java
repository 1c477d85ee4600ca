package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.Publication;
import dev.wayleave.storage.PublishedEvent;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.RouteControllerBuilder;
import dev.wayleave.storage.RoutingObserver;
import dev.wayleave.storage.StoreHistoryException;
import dev.wayleave.storage.StoredEvent;
import dev.wayleave.storage.Tailnets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What one process commits is published by another process: at once where the database notifies, else after a period.
 */
class CommitRefreshTest {

    private static final TailnetId TAILNET = new TailnetId("example.com");
    private static final NodeId BERLIN = new NodeId(1);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(2);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BlockingQueue<Publication> published = new LinkedBlockingQueue<>();
    private final CountDownLatch listens = new CountDownLatch(1);

    @AfterEach
    void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
        scheduler.shutdown();
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    private <T extends AutoCloseable> T open(T closeable) {
        opened.add(closeable);
        return closeable;
    }

    private RouteControllerBuilder controller(JdbcRoutingStore store) {
        return RouteController.builder(store, TAILNET, scheduler, InstantSource.system())
                .withoutSessions();
    }

    private void commit(RouteController controller, int third) {
        Command registered = new Command.RegisterNode(
                Node.builder(BERLIN, "berlin", Owner.tags("tag:router")).build());
        Command advertised = new Command.AdvertiseRoutes(BERLIN, List.of(Prefix.parse("10.20." + third + ".0/24")));
        controller
                .submit(Submission.of(new Actor("ada"), registered, advertised))
                .toCompletableFuture()
                .join();
    }

    /** The events of the next publications, up to that of a revision. */
    private List<EventPosition> publishedTo(long revision) throws InterruptedException {
        List<EventPosition> positions = new ArrayList<>();
        Publication next;
        do {
            next = published.poll(30, TimeUnit.SECONDS);
            assertThat(next).as("a publication up to revision %s", revision).isNotNull();
            next.events().stream().map(PublishedEvent::position).forEach(each -> positions.add(each.orElseThrow()));
        } while (next.after().revision().compareTo(new Revision(revision)) < 0);
        return positions;
    }

    private static List<EventPosition> stored(JdbcRoutingStore store) {
        return store.events(TAILNET, EventPosition.START, 1_000).stream()
                .map(StoredEvent::position)
                .toList();
    }

    /** Says when the connection listens: commits before that are read then. */
    private CommitListener.Receiver watched(CommitRefresh refresh) {
        return new CommitListener.Receiver() {
            @Override
            public void listening() {
                refresh.listening();
                listens.countDown();
            }

            @Override
            public void committed(TailnetId tailnet, Revision revision) {
                refresh.committed(tailnet, revision);
            }

            @Override
            public void lost(SQLException cause) {
                refresh.lost(cause);
            }
        };
    }

    private void listen(DataSource dataSource, TableNames names, CommitRefresh refresh) throws InterruptedException {
        open(CommitListener.start(dataSource, names, threads, watched(refresh)));
        assertThat(listens.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @DisabledIfSystemProperty(named = "wayleave.postgres", matches = "off", disabledReason = "this run does without")
    void aCommitOfOneProcessIsPublishedByAnotherOneWhenItIsNotified() throws Exception {
        TableNames names =
                new TableNames(null, "r" + UUID.randomUUID().toString().substring(0, 8) + "_");
        DataSource dataSource = PostgresServer.newDatabase();
        JdbcSchema.of(dataSource, names).migrate();
        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource, names).withNotifications();
        BlockingQueue<WayleaveException> failed = new LinkedBlockingQueue<>();
        RouteController writer = open(controller(store).open());
        commit(writer, 0);
        RouteController follower = open(controller(store)
                .listener(published::add)
                .observer(new RoutingObserver() {
                    @Override
                    public void failed(TailnetId tailnet, WayleaveException cause) {
                        failed.add(cause);
                    }
                })
                .open());
        commit(writer, 1); // before the connection listens
        listen(dataSource, names, CommitRefresh.of(() -> List.of(follower), cause -> {}));
        for (int third = 2; third < 6; third++) {
            commit(writer, third);
        }

        List<EventPosition> stored = stored(store);
        assertThat(publishedTo(6))
                .isEqualTo(stored.stream()
                        .filter(position -> position.revision().value() > 1)
                        .toList());

        store.delete(TAILNET);
        assertThat(failed.poll(30, TimeUnit.SECONDS)).isInstanceOf(StoreHistoryException.class);
    }

    @Test
    @DisabledIfSystemProperty(named = "wayleave.postgres", matches = "off", disabledReason = "this run does without")
    void loadedTailnetsAreRefreshedAndNoOtherOneIsLoaded() throws Exception {
        TableNames names =
                new TableNames(null, "r" + UUID.randomUUID().toString().substring(0, 8) + "_");
        DataSource dataSource = PostgresServer.newDatabase();
        JdbcSchema.of(dataSource, names).migrate();
        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource, names).withNotifications();
        RouteController writer = open(controller(store).open());
        commit(writer, 0);
        Tailnets tailnets = open(Tailnets.builder(store, scheduler, InstantSource.system())
                .listener(tailnet -> published::add)
                .open());
        tailnets.current(TAILNET).toCompletableFuture().join();
        listen(dataSource, names, CommitRefresh.of(tailnets, cause -> {}));

        TailnetId other = new TailnetId("other.example");
        tailnets.create(other, RoutingSettings.DEFAULT).toCompletableFuture().join();
        commit(writer, 1);

        assertThat(publishedTo(2))
                .isEqualTo(stored(store).stream()
                        .filter(position -> position.revision().value() > 1)
                        .toList());
        assertThat(tailnets.loaded()).containsExactly(TAILNET);
    }

    @ParameterizedTest
    @EnumSource(names = {"SQLITE", "H2"})
    void withoutNotificationsACommitIsPublishedAfterAPeriod(Database database, @TempDir Path folder) throws Exception {
        JdbcRoutingStore store = JdbcRoutingStore.open(database.migrated(folder));
        RouteController writer = open(controller(store).open());
        open(controller(store)
                .listener(published::add)
                .following(Duration.ofMillis(20))
                .open());
        for (int third = 0; third < 5; third++) {
            commit(writer, third);
        }
        assertThat(publishedTo(5)).isEqualTo(stored(store));
    }
}
