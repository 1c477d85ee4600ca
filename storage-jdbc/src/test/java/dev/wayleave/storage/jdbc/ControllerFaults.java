package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitOutcome;
import dev.wayleave.storage.Receipt;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.Snapshot;
import dev.wayleave.storage.StorageUnavailableException;
import dev.wayleave.storage.StoredTailnet;
import dev.wayleave.storage.contract.ForwardingStore;
import java.net.URI;
import java.sql.DriverManager;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What a controller does when the way to PostgreSQL is cut. */
abstract class ControllerFaults {

    private static final NodeId NODE = new NodeId(1);

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private int serverPort;
    private volatile TcpProxy proxy;
    private RoutingStore direct;
    private WatchedStore store;
    private RouteController controller;

    /** A database without tables. */
    abstract String newDatabaseUrl();

    @BeforeEach
    void open() {
        String url = newDatabaseUrl();
        JdbcSchema.of(DataSources.ofUrl(url)).migrate();
        direct = JdbcRoutingStore.open(DataSources.ofUrl(url));
        serverPort = URI.create(url.substring("jdbc:".length())).getPort();
        proxy = new TcpProxy(serverPort);
        store = new WatchedStore(JdbcRoutingStore.open(DataSources.of(
                () -> DriverManager.getConnection(url.replaceFirst("//[^/]*/", "//localhost:" + proxy.port() + "/")
                        + "&sslmode=disable&gssEncMode=disable"))));
        controller = RouteController.builder(store, Host.TAILNET, scheduler, InstantSource.system())
                .newTailnet(RoutingSettings.DEFAULT)
                .open();
        submit(Host.registered(NODE), new Command.ConnectSession(NODE, new SessionId("session-1")))
                .join();
        submit(
                        new Command.AdvertiseRoutes(NODE, Host.prefixes("10.20.0.0/16")),
                        new Command.SetApprovedRoutes(NODE, Host.prefixes("10.20.0.0/16")))
                .join();
    }

    @AfterEach
    void close() {
        controller.close();
        scheduler.shutdown();
        proxy.close();
    }

    private CompletableFuture<Receipt> submit(Command... commands) {
        return controller
                .submit(new Submission(new Actor("alice"), null, List.of(commands)))
                .toCompletableFuture();
    }

    private CompletableFuture<Receipt> submitNext() {
        return submit(new Command.AdvertiseRoutes(NODE, Host.prefixes("10.20.0.0/16", "10.30.0.0/16")));
    }

    private void assertStoredOnce(Snapshot before, Receipt receipt) {
        assertThat(receipt.result()).isEqualTo(SubmissionResult.accepted());
        assertThat(receipt.revision()).isEqualTo(before.revision().next());
        StoredTailnet stored = direct.load(Host.TAILNET).orElseThrow();
        assertThat(stored.revision()).isEqualTo(controller.current().revision());
        assertThat(stored.rows()).isEqualTo(controller.current().state().rows());
        assertThat(stored.rows()).isNotEqualTo(before.state().rows());
    }

    @FaultTest
    void aCommitWhoseAnswerIsLostIsFoundWrittenAndAnswered() {
        Snapshot before = controller.current();
        proxy.cutOnce("COMMIT", TcpProxy.Cut.AFTER);
        Receipt receipt = submitNext().join();
        assertThat(store.outcomes).hasAtLeastOneElementOfType(CommitOutcome.Unknown.class);
        assertStoredOnce(before, receipt);
    }

    @FaultTest
    void aCommitThatTheServerNeverHeardIsMadeAgain() {
        Snapshot before = controller.current();
        proxy.cutOnce("COMMIT", TcpProxy.Cut.BEFORE);
        Receipt receipt = submitNext().join();
        assertThat(store.outcomes).hasAtLeastOneElementOfType(CommitOutcome.Unknown.class);
        assertStoredOnce(before, receipt);
    }

    @FaultTest
    void whileTheServerCannotBeReachedWhatIsPublishedStaysAndWhatWaitsIsStoredAfterwards() throws Exception {
        Snapshot before = controller.current();
        proxy.close();
        CompletableFuture<Receipt> receipt = submitNext();
        store.failures.await();
        assertThat(receipt).isNotDone();
        assertThat(controller.current().revision()).isEqualTo(before.revision());
        assertThat(controller.current().state().rows()).isEqualTo(before.state().rows());

        proxy = new TcpProxy(serverPort);
        assertStoredOnce(before, receipt.join());
    }

    /** Remembers what the store answered. */
    private static final class WatchedStore extends ForwardingStore {

        private final List<CommitOutcome> outcomes = new CopyOnWriteArrayList<>();
        private final CountDownLatch failures = new CountDownLatch(2);

        WatchedStore(RoutingStore store) {
            super(store);
        }

        @Override
        public CommitOutcome commit(Commit commit) {
            try {
                CommitOutcome outcome = super.commit(commit);
                outcomes.add(outcome);
                return outcome;
            } catch (StorageUnavailableException e) {
                failures.countDown();
                throw e;
            }
        }
    }
}
