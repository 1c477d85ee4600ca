package dev.wayleave.storage;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.command.ClockStepDetector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Many alarms on one timer of the host: only the first of them is known to its scheduler.
 *
 * <pre>
 *   alarms of thousands of loops ──► in the order of their times ──► the first one ──► one timer of the scheduler
 * </pre>
 *
 * <p>Another task reads the clock for all loops, and wakes them when it was stepped: a loop without a deadline sets no
 * alarm. A task must return quickly; it runs on a thread of the scheduler, and under no lock.
 */
final class SharedTimer implements LoopTimer {

    private static final QuietLog LOG = QuietLog.of(SharedTimer.class);

    /** A sleep that is longer is cut, and asked for again. */
    private static final Duration LONGEST = Duration.ofDays(1);

    /** Clocks that are slewed run apart by less than one part of so many. */
    private static final int DRIFT = 1_000;

    private final ScheduledExecutorService scheduler;
    private final LongSupplier steadyNanos;
    private final long origin;

    /** The last count; while the host's count fails, the time of the last ring. */
    private volatile long last;

    private volatile boolean fails;

    /** Whether alarms are kept for which the host has no timer. */
    private volatile boolean isUnplanned;

    // guarded by this

    private final TreeSet<SharedAlarm> alarms = new TreeSet<>(
            Comparator.comparingLong((SharedAlarm alarm) -> alarm.at).thenComparing(alarm -> alarm.place));
    private long places;
    private @Nullable ScheduledFuture<?> timer;

    /** When the timer of the host rings. */
    private long timerAt;

    /** The number of that timer: an earlier one that could not be cancelled rings, and finds nothing to do. */
    private long timers;

    SharedTimer(ScheduledExecutorService scheduler, LongSupplier steadyNanos) {
        this.scheduler = scheduler;
        this.steadyNanos = steadyNanos;
        this.origin = steadyNanos.getAsLong();
    }

    private final class SharedAlarm implements Alarm {
        private final long at;
        private final long place;
        private final Runnable task;
        private final boolean isKept;

        SharedAlarm(long at, long place, Runnable task, boolean isKept) {
            this.at = at;
            this.place = place;
            this.task = task;
            this.isKept = isKept;
        }

        @Override
        public void cancel() {
            remove(this);
        }

        @Override
        public long remainingNanos() {
            return at - now();
        }
    }

    /**
     * {@return the steady nanoseconds since this timer was made; those of the last call or ring if the host's count
     * fails} Each tailnet asks while it is loaded, used and unloaded: an error in the middle of that would lock it.
     */
    long now() {
        try {
            long now = steadyNanos.getAsLong() - origin;
            last = now;
            fails = false;
            return now;
        } catch (Throwable e) {
            if (!fails) {
                LOG.error("the steady count of nanoseconds failed: time passes by the timers until it works", e);
            }
            fails = true;
            return last;
        }
    }

    @Override
    @CanIgnoreReturnValue
    public synchronized Alarm set(Duration delay, Runnable task) {
        if (scheduler.isShutdown()) {
            throw new RejectedExecutionException("the scheduler is shut down");
        }
        SharedAlarm alarm = add(delay, task, false);
        try {
            plan(Duration.ZERO);
        } catch (Throwable e) {
            alarms.remove(alarm);
            throw e;
        }
        return alarm;
    }

    /**
     * Sets an alarm that is kept if the scheduler takes no work, and planned again when the next alarm is set, and by
     * {@link #planAgain}. For a task that has no caller to whom a failure could be reported.
     */
    @CanIgnoreReturnValue
    synchronized Alarm keep(Duration delay, Runnable task) {
        SharedAlarm alarm = add(delay, task, true);
        planKept();
        return alarm;
    }

    /** Asks the scheduler once more if it took no work for the alarms that are kept. */
    void planAgain() {
        if (isUnplanned) {
            planKept();
        }
    }

    private synchronized void planKept() {
        try {
            plan(Duration.ZERO);
        } catch (Throwable e) {
            LOG.debug("the scheduler takes no work: an alarm waits until it does", e);
        }
        isUnplanned = timer == null && !alarms.isEmpty();
    }

    private synchronized SharedAlarm add(Duration delay, Runnable task, boolean isKept) {
        Duration rounded = delay.compareTo(SHORTEST) < 0 ? SHORTEST : delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
        SharedAlarm alarm = new SharedAlarm(now() + rounded.toNanos(), places++, task, isKept);
        alarms.add(alarm);
        return alarm;
    }

    private synchronized void remove(SharedAlarm alarm) {
        alarms.remove(alarm);
    }

    /**
     * Sets the timer of the host to the first alarm, unless it rings earlier already. If the scheduler takes no work,
     * the earlier timer stays.
     *
     * @param shortest after how long the timer rings at the earliest
     */
    private synchronized void plan(Duration shortest) {
        if (alarms.isEmpty()) {
            return;
        }
        long first = alarms.first().at;
        ScheduledFuture<?> before = timer;
        if (before != null && timerAt <= first) {
            return;
        }
        long number = timers + 1;
        long delay = Math.max(first - now(), shortest.toNanos());
        timer = scheduler.schedule(() -> ring(number), delay, TimeUnit.NANOSECONDS);
        timerAt = first;
        timers = number;
        cancel(before);
    }

    /** Cancels a timer of the host. If that fails, the timer rings, and has to find nothing to do. */
    static void cancel(@Nullable ScheduledFuture<?> unneeded) {
        try {
            if (unneeded != null) {
                unneeded.cancel(false);
            }
        } catch (Throwable e) {
            LOG.debug("the scheduler does not cancel a timer", e);
        }
    }

    private void ring(long number) {
        for (Runnable task : due(number)) {
            try {
                task.run();
            } catch (Throwable e) {
                LOG.error("an alarm failed; all other alarms ring", e);
            }
        }
    }

    private synchronized List<Runnable> due(long number) {
        if (number != timers || timer == null) {
            return List.of();
        }
        timer = null;
        long now = now();
        if (fails) {
            // or no alarm would ring any more: the timer of the host at least signals that this time has come
            now = Math.max(now, timerAt);
            last = now;
        }
        List<Runnable> due = new ArrayList<>();
        while (!alarms.isEmpty() && alarms.first().at <= now) {
            due.add(alarms.pollFirst().task);
        }
        try {
            // alarms that are close together ring each at its time; one that rang too early does not ring in a loop
            plan(due.isEmpty() ? SHORTEST : Duration.ZERO);
        } catch (Throwable e) {
            LOG.error("the scheduler takes no work: all alarms ring now, so that no loop waits for ever", e);
            for (SharedAlarm alarm : List.copyOf(alarms)) {
                if (!alarm.isKept) {
                    alarms.remove(alarm);
                    due.add(alarm.task);
                }
            }
            isUnplanned = !alarms.isEmpty();
        }
        return due;
    }

    /** {@return how many alarms are set} */
    synchronized int size() {
        return alarms.size();
    }

    @Override
    public boolean isShutdown() {
        return scheduler.isShutdown();
    }

    /** A long sleep ends a little early, because the wall clock may run faster than the timer. */
    @Override
    public @Nullable Duration sleep(@Nullable Duration untilDue) {
        if (untilDue == null || untilDue.compareTo(ClockStepDetector.WINDOW) <= 0) {
            return untilDue;
        }
        return untilDue.compareTo(LONGEST) > 0 ? LONGEST : untilDue.minus(untilDue.dividedBy(DRIFT));
    }
}
