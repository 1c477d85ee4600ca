package dev.wayleave.storage.inmemory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.RowChanges;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.LockedTailnet;
import dev.wayleave.storage.Revision;
import dev.wayleave.testing.NullRejection;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** No public constructor or method of this module accepts null, and each names the parameter that was null. */
class NullRejectionTest {

    private final NullRejection rejection = NullRejection.of(
                    Path.of(System.getProperty("basedir", "."), "target", "classes"))
            .with(Prefix.class, Prefix.parse("10.0.0.0/8"))
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
            .with(IpAddress.class, IpAddress.parse("10.0.0.1"));

    @TestFactory
    Stream<DynamicTest> nullIsRefusedByName() {
        return rejection.exportedClasses().stream()
                .map(type -> DynamicTest.dynamicTest(
                        type.getName(), () -> assertThat(rejection.faults(type)).isEmpty()));
    }

    /** Work under a lock gets it, and its class is not public. */
    @Test
    void aLockedTailnetRefusesNull() {
        List<String> faults = new InMemoryRoutingStore()
                .withLock(new TailnetId("example.com"), locked -> rejection.faults(LockedTailnet.class, locked));

        assertThat(faults).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> guavaFindsNothingEither() {
        return rejection.exportedClasses().stream()
                .map(type -> DynamicTest.dynamicTest(type.getName(), () -> rejection.checkWithGuava(type)));
    }
}
