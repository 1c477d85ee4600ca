package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.command.Command;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitOutcome;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StorageUnavailableException;
import dev.wayleave.storage.StoredTailnet;
import java.net.URI;
import java.util.EnumSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** The way to PostgreSQL is cut at every point of a commit. */
@DisabledIfSystemProperty(named = "wayleave.postgres", matches = "off", disabledReason = "this run does without")
class BrokenConnectionTest {

    private TcpProxy proxy;
    private RoutingStore direct;
    private String through;
    private RoutingStore store;
    private Host host;

    @BeforeEach
    void connect() {
        String url = PostgresServer.newDatabaseUrl();
        JdbcSchema.of(DataSources.ofUrl(url)).migrate();
        direct = JdbcRoutingStore.open(DataSources.ofUrl(url));
        URI address = URI.create(url.substring("jdbc:".length()));
        proxy = new TcpProxy(address.getPort());
        through = url.replaceFirst("//[^/]*/", "//localhost:" + proxy.port() + "/")
                + "&sslmode=disable&gssEncMode=disable";
        store = JdbcRoutingStore.open(DataSources.ofUrl(through));
        host = Host.ofNew(direct).router(1, "10.20.0.0/16");
    }

    @AfterEach
    void disconnect() {
        proxy.close();
    }

    private Commit next() {
        return Host.restarted(direct, Host.TAILNET)
                .commit(new Command.AdvertiseRoutes(new NodeId(1), Host.prefixes("10.30.0.0/16")));
    }

    @Test
    void aCommitWhoseAnswerIsLostIsUnknownAndItsTokenSaysThatItIsWritten() {
        for (int i = 0; i < Repetitions.COUNT; i++) {
            Commit commit = next();
            proxy.cutOnce("COMMIT", TcpProxy.Cut.AFTER);
            assertThat(store.commit(commit)).isInstanceOf(CommitOutcome.Unknown.class);
            StoredTailnet stored = store.load(Host.TAILNET).orElseThrow();
            assertThat(stored.revision()).isEqualTo(commit.expected().next());
            assertThat(stored.token()).isEqualTo(commit.token());
        }
    }

    @Test
    void aCommitThatNeverArrivedIsUnknownAndANewOneOnTheSameRevisionSettlesIt() {
        for (int i = 0; i < Repetitions.COUNT; i++) {
            Commit commit = next();
            proxy.cutOnce("COMMIT", TcpProxy.Cut.BEFORE);
            assertThat(store.commit(commit)).isInstanceOf(CommitOutcome.Unknown.class);
            assertThat(store.load(Host.TAILNET).orElseThrow().revision()).isEqualTo(commit.expected());
            assertThat(store.commit(next()))
                    .isEqualTo(new CommitOutcome.Committed(commit.expected().next()));
            assertThat(store.load(Host.TAILNET).orElseThrow().token()).isNotEqualTo(commit.token());
        }
    }

    @Test
    void aServerThatFallsSilentIsGivenUpAfterTheSocketTimeoutOfTheUrl() {
        RoutingStore patient = JdbcRoutingStore.open(DataSources.ofUrl(through + "&socketTimeout=3"));
        Commit commit = next();
        proxy.cutOnce("COMMIT", TcpProxy.Cut.NEVER);
        assertThat(patient.commit(commit)).isInstanceOf(CommitOutcome.Unknown.class);
        proxy.cutOnce("wayleave_tailnet", TcpProxy.Cut.NEVER);
        assertThatThrownBy(() -> patient.load(Host.TAILNET)).isInstanceOf(StorageUnavailableException.class);
    }

    @FaultTest
    void aConnectionThatBreaksBeforeTheCommitLeavesNothing() {
        for (String words : new String[] {"wayleave_tailnet", "wayleave_route", "wayleave_event"}) {
            for (TcpProxy.Cut cut : EnumSet.of(TcpProxy.Cut.BEFORE, TcpProxy.Cut.AFTER)) {
                Commit commit = next();
                proxy.cutOnce("into " + words, cut);
                if (words.equals("wayleave_tailnet")) {
                    proxy.cutOnce("update " + words, cut);
                }
                assertThatThrownBy(() -> store.commit(commit))
                        .as("%s %s", words, cut)
                        .isInstanceOf(StorageUnavailableException.class);
                assertThat(store.load(Host.TAILNET).orElseThrow().rows())
                        .isEqualTo(host.state().rows());
            }
        }
    }

    @FaultTest
    void aConnectionThatBreaksInALoadIsUnavailable() {
        proxy.cutOnce("wayleave_route", TcpProxy.Cut.AFTER);
        assertThatThrownBy(() -> store.load(Host.TAILNET)).isInstanceOf(StorageUnavailableException.class);
        assertThat(store.load(Host.TAILNET)).isPresent();
    }
}
