package dev.wayleave.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.storage.ControllerClosedException;
import dev.wayleave.storage.RouteController;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** The host is stopped and started again. */
class HostLifeCycleTest {

    @TempDir
    private Path directory;

    @Test
    void theControllerClosesBeforeWhatItNeedsAndTheNextStartHasEverything() throws Exception {
        RouteController controller;
        try (RunningHost host = new RunningHost(directory)) {
            ConfigurableListableBeanFactory beans = host.context.getBeanFactory();
            assertThat(beans.getDependenciesForBean("routeController"))
                    .contains("routingStore", "routingScheduler", "routingObserver");
            assertThat(beans.getDependenciesForBean("routingStore")).contains("dataSource", "flywayInitializer");
            controller = beans.getBean(RouteController.class);
            host.router(1, "10.20.0.0/16");
            host.register(2, "tag:client");
        }
        assertThat(controller.refresh().toCompletableFuture())
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(ControllerClosedException.class);

        try (RunningHost host = new RunningHost(directory)) {
            assertThat(host.view(2)).contains("""
                    {"node":1,"name":"node-1","routes":["10.20.0.0/16"]}""");
        }
    }
}
