package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Knows whether the store works, and since when it does not; logs and observes outages. */
final class StoreHealth {

    private static final QuietLog LOG = QuietLog.of(StoreHealth.class);

    private final TailnetId tailnet;
    private final HostClock clock;
    private final Listeners audience;

    private int failures;
    private @Nullable Instant since;

    StoreHealth(TailnetId tailnet, HostClock clock, Listeners audience) {
        this.tailnet = tailnet;
        this.clock = clock;
        this.audience = audience;
    }

    /** {@return whether the last call did not fail} */
    boolean works() {
        return failures == 0;
    }

    /** The store failed. Returns how many times in a row. */
    int failed(Exception cause) {
        failures++;
        if (failures == 1) {
            since = time();
            LOG.warn(
                    "the store of tailnet {} does not work; the published snapshot stays until it does",
                    tailnet,
                    cause);
            audience.observe(observer -> observer.outageBegan(tailnet, cause));
        } else {
            LOG.debug("the store of tailnet {} still does not work", tailnet, cause);
        }
        return failures;
    }

    /** The store works, or no submission waits for it any more. */
    void over() {
        if (failures == 0) {
            return;
        }
        failures = 0;
        Instant until = time();
        Duration lasted = since == null || until == null ? Duration.ZERO : Duration.between(since, until);
        LOG.info("the store of tailnet {} works again after {}", tailnet, lasted);
        audience.observe(observer -> observer.outageEnded(tailnet, lasted));
    }

    /**
     * Returns the time without the steps of the clock; null if the clock fails. This must not stop the loop, which may
     * handle a failure of that clock.
     */
    private @Nullable Instant time() {
        try {
            return clock.read().now();
        } catch (Throwable e) {
            LOG.debug("the clock of tailnet {} failed", tailnet, e);
            return null;
        }
    }
}
