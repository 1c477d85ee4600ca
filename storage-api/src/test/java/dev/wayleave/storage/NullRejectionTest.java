package dev.wayleave.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.RoutingState;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.testing.NullRejection;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** No public constructor or method of this module accepts null, and each names the parameter that was null. */
class NullRejectionTest {

    private final NullRejection rejection = NullRejection.of(
                    Path.of(System.getProperty("basedir", "."), "target", "classes"))
            .with(Prefix.class, Prefix.parse("10.0.0.0/8"))
            .with(IpAddress.class, IpAddress.parse("10.0.0.1"))
            .with(WayleaveException.class, new StorageException("the store is away"))
            .with(MeterRegistry.class, new SimpleMeterRegistry())
            .withAll(new ControllerFixture().open().controller)
            .withAll(TailnetsTest.oneOpen());

    @TestFactory
    Stream<DynamicTest> nullIsRefusedByName() {
        return rejection.exportedClasses().stream()
                .map(type -> DynamicTest.dynamicTest(
                        type.getName(), () -> assertThat(rejection.faults(type)).isEmpty()));
    }

    /** The channel of a host gets it, and its class is not public. */
    @Test
    void theMemberOfASessionChannelRefusesNull() {
        SessionReports member = new SessionReports(
                ControllerFixture.TAILNET,
                new SessionHolder("self"),
                () -> RoutingState.empty(ControllerFixture.TAILNET, RoutingSettings.DEFAULT, Instant.EPOCH),
                submission -> new CompletableFuture<>());

        assertThat(rejection.faults(SessionChannel.Member.class, member)).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> guavaFindsNothingEither() {
        return rejection.exportedClasses().stream()
                .map(type -> DynamicTest.dynamicTest(type.getName(), () -> rejection.checkWithGuava(type)));
    }
}
