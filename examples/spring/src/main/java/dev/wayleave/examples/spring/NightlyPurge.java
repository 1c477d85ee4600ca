package dev.wayleave.examples.spring;

import dev.wayleave.storage.jdbc.JdbcRoutingStore;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Deletes what the store keeps of deleted routes for a month, and of events for a year, on a thread of Spring's. */
@Component
class NightlyPurge {

    private final JdbcRoutingStore store;
    private final InstantSource clock = InstantSource.system();

    NightlyPurge(JdbcRoutingStore store) {
        this.store = store;
    }

    @Scheduled(cron = "0 0 3 * * *")
    void purge() {
        store.purge(clock.instant().minus(Duration.ofDays(30)), clock.instant().minus(Duration.ofDays(365)));
    }
}
