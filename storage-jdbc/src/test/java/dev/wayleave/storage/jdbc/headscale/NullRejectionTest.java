package dev.wayleave.storage.jdbc.headscale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.RowChanges;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.LockedTailnet;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.Tailnets;
import dev.wayleave.storage.jdbc.CommitListener;
import dev.wayleave.storage.jdbc.CommitRefresh;
import dev.wayleave.storage.jdbc.DataSources;
import dev.wayleave.storage.jdbc.JdbcRoutingStore;
import dev.wayleave.storage.jdbc.JdbcSchema;
import dev.wayleave.storage.jdbc.SessionNotifications;
import dev.wayleave.storage.jdbc.TableNames;
import dev.wayleave.testing.NullRejection;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** No public constructor or method of this module accepts null, and each names the parameter that was null. */
class NullRejectionTest {

    @TempDir
    Path folder;

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private NullRejection rejection;

    @AfterEach
    void close() {
        scheduler.shutdownNow();
    }

    @BeforeEach
    void findValues() {
        DataSource database = DataSources.ofUrl("jdbc:h2:mem:nulls;DB_CLOSE_DELAY=-1");
        JdbcSchema.of(database).migrate();
        rejection = NullRejection.of(Path.of(System.getProperty("basedir", "."), "target", "classes"))
                .with(Prefix.class, Prefix.parse("10.0.0.0/8"))
                .with(IpAddress.class, IpAddress.parse("10.0.0.1"))
                .with(DataSource.class, database)
                .with(
                        Commit.class,
                        new Commit(
                                new TailnetId("example.com"),
                                new Revision(1),
                                null,
                                new CommitToken("token"),
                                Instant.EPOCH,
                                RowChanges.none(),
                                List.of()))
                .with(TableNames.class, TableNames.DEFAULT)
                .with(JdbcRoutingStore.class, JdbcRoutingStore.open(database))
                .with(
                        Tailnets.class,
                        Tailnets.builder(JdbcRoutingStore.open(database), scheduler, InstantSource.system())
                                .open())
                .with(
                        HeadscaleImport.class,
                        HeadscaleImport.read(Databases.sqlite(
                                folder.resolve("headscale.sqlite"), Databases.script("approved-routes-0.28.sql"))));
    }

    @TestFactory
    Stream<DynamicTest> nullIsRefusedByName() {
        return rejection.exportedClasses().stream()
                .map(type -> DynamicTest.dynamicTest(
                        type.getName(), () -> assertThat(rejection.faults(type)).isEmpty()));
    }

    /** Work under a lock gets it, and its class is not public. */
    @Test
    void aLockedTailnetRefusesNull() {
        List<String> faults = JdbcRoutingStore.open(DataSources.ofUrl("jdbc:h2:mem:nulls;DB_CLOSE_DELAY=-1"))
                .withLock(new TailnetId("example.com"), locked -> rejection.faults(LockedTailnet.class, locked));

        assertThat(faults).isEmpty();
    }

    /** The listener of a host calls it, and its class is not public. */
    @Test
    void theReceiverOfSessionNotificationsRefusesNull() {
        SessionNotifications sessions = SessionNotifications.of(
                DataSources.ofUrl("jdbc:h2:mem:nulls;DB_CLOSE_DELAY=-1"), TableNames.DEFAULT, Runnable::run);
        CommitListener.Receiver receiver =
                sessions.receiver(CommitRefresh.of(() -> List.<RouteController>of(), cause -> {}));

        assertThat(rejection.faults(CommitListener.Receiver.class, receiver)).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> guavaFindsNothingEither() {
        return rejection.exportedClasses().stream()
                .map(type -> DynamicTest.dynamicTest(type.getName(), () -> rejection.checkWithGuava(type)));
    }
}
