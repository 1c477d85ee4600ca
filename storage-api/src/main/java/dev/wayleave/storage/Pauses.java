package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/** Computes how long the loop pauses before it tries again, and reports it to the observer. Has no state of its own. */
final class Pauses {

    private static final QuietLog LOG = QuietLog.of(Pauses.class);

    private final TailnetId tailnet;
    private final RetryRule retry;
    private final DoubleSupplier random;
    private final Listeners listeners;

    Pauses(TailnetId tailnet, RetryRule retry, DoubleSupplier random, Listeners listeners) {
        this.tailnet = tailnet;
        this.retry = retry;
        this.random = random;
        this.listeners = listeners;
    }

    Duration after(int failuresInARow) {
        return observed(retry.pause(failuresInARow, jitter()));
    }

    Duration afterConflict(int conflictsInARow) {
        return observed(retry.pauseAfterConflict(conflictsInARow, jitter()));
    }

    /** {@return a period without a random part of up to a half} */
    Duration jittered(Duration period) {
        return RetryRule.jittered(period, jitter());
    }

    private Duration observed(Duration pause) {
        listeners.observe(observer -> observer.retrying(tailnet, pause));
        return pause;
    }

    private double jitter() {
        try {
            return random.getAsDouble();
        } catch (Throwable e) {
            LOG.error("the random numbers of tailnet {} failed; its pauses are without jitter", tailnet, e);
            return 0;
        }
    }
}
