package dev.wayleave.storage;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.command.ClockStepDetector;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs tasks later, on a scheduler of the host. Safe for use by several threads. */
interface LoopTimer {

    /** A wall clock that lags behind the timer must not make an alarm ring in a loop. */
    Duration SHORTEST = Duration.ofMillis(1);

    /** A task that runs later, once, unless it is cancelled before. */
    interface Alarm {

        void cancel();

        /** {@return in how many nanoseconds the task runs; 0 or less if it is due or has run} */
        long remainingNanos();
    }

    /** Sets an alarm. If this throws anything, the scheduler takes no more work. */
    @CanIgnoreReturnValue
    Alarm set(Duration delay, Runnable task);

    /** {@return whether the scheduler takes no more work, and may have dropped alarms} */
    boolean isShutdown();

    /**
     * Sets for how long a loop may sleep.
     *
     * @param untilDue the time until its next deadline on the wall clock; null if it has none
     * @return null to sleep until it is woken
     */
    @Nullable
    Duration sleep(@Nullable Duration untilDue);

    /** {@return a timer whose loops read the clock themselves, to detect its steps} */
    static LoopTimer of(ScheduledExecutorService scheduler) {
        return new LoopTimer() {

            @Override
            public Alarm set(Duration delay, Runnable task) {
                Duration rounded = delay.compareTo(SHORTEST) < 0 ? SHORTEST : delay;
                ScheduledFuture<?> future = scheduler.schedule(task, rounded.toNanos(), TimeUnit.NANOSECONDS);
                return new Alarm() {
                    @Override
                    public void cancel() {
                        future.cancel(false);
                    }

                    @Override
                    public long remainingNanos() {
                        return future.getDelay(TimeUnit.NANOSECONDS);
                    }
                };
            }

            @Override
            public boolean isShutdown() {
                return scheduler.isShutdown();
            }

            @Override
            public Duration sleep(@Nullable Duration untilDue) {
                return untilDue != null && untilDue.compareTo(ClockStepDetector.WINDOW) < 0
                        ? untilDue
                        : ClockStepDetector.WINDOW;
            }
        };
    }
}
