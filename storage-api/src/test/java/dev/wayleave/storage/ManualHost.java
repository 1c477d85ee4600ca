package dev.wayleave.storage;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A wall clock that may be stepped, steady nanoseconds, and an executor that goes by them and runs in the test's own
 * thread when the test calls it.
 */
final class ManualHost extends AbstractExecutorService implements ScheduledExecutorService, InstantSource {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** How many tasks run in one call: ten in a second, for hours. */
    private static final int MOST_TASKS = 100_000;

    private final PriorityQueue<Task<?>> tasks = new PriorityQueue<>();
    private Instant now = START;
    private Duration stepped = Duration.ZERO;
    private long places;
    private boolean shutDown;

    @Override
    public synchronized Instant instant() {
        return now.plus(stepped);
    }

    /** Overflows after a minute. */
    synchronized long steadyNanos() {
        return Long.MAX_VALUE
                - Duration.ofMinutes(1).toNanos()
                + Duration.between(START, now).toNanos();
    }

    /** The wall clock is set to another time. */
    synchronized void stepClock(Duration by) {
        stepped = stepped.plus(by);
    }

    /** The machine sleeps: its steady nanoseconds stop, and its wall clock is right when it resumes. */
    void suspend(Duration time) {
        stepClock(time);
    }

    /** Runs what is due, and what follows from that, until nothing is due. */
    void run() {
        Limit limit = new Limit();
        for (Task<?> task = next(now); task != null; task = next(now)) {
            limit.next();
            task.run();
        }
    }

    /** Runs one task. */
    void runOne() {
        next(now).run();
    }

    /** Runs one task if one is due. */
    void runOneIfDue() {
        Task<?> task = next(now);
        if (task != null) {
            task.run();
        }
    }

    /** Lets time pass, stopping at everything that falls due. */
    void pass(Duration time) {
        Instant until = now.plus(time);
        Limit limit = new Limit();
        for (Task<?> task = next(until); task != null; task = next(until)) {
            limit.next();
            now = task.due.isAfter(now) ? task.due : now;
            task.run();
        }
        now = until;
    }

    /** Time passes, and the host is too late for all of it. */
    void oversleep(Duration time) {
        now = now.plus(time);
    }

    /** When the timers ring, by a clock that is never stepped. */
    synchronized List<Instant> due() {
        return tasks.stream()
                .filter(task -> !task.isCancelled())
                .map(task -> task.due)
                .sorted()
                .toList();
    }

    /** Finds tasks that follow each other for ever, or so fast that they do nothing else. */
    private static final class Limit {
        private int tasks;

        void next() {
            tasks++;
            if (tasks > MOST_TASKS) {
                throw new AssertionError("tasks follow each other without an end");
            }
        }
    }

    private synchronized Task<?> next(Instant until) {
        while (!tasks.isEmpty() && tasks.peek().isCancelled()) {
            tasks.remove();
        }
        return tasks.isEmpty() || tasks.peek().due.isAfter(until) ? null : tasks.remove();
    }

    private synchronized <V> Task<V> add(Callable<V> call, Duration delay) {
        if (shutDown) {
            throw new RejectedExecutionException("shut down");
        }
        Task<V> task = new Task<>(call, now.plus(delay), places++);
        tasks.add(task);
        return task;
    }

    private final class Task<V> extends FutureTask<V> implements ScheduledFuture<V> {
        private final Instant due;
        private final long place;

        Task(Callable<V> call, Instant due, long place) {
            super(call);
            this.due = due;
            this.place = place;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(Duration.between(now, due));
        }

        @Override
        public int compareTo(Delayed other) {
            Task<?> that = (Task<?>) other;
            int byTime = due.compareTo(that.due);
            return byTime != 0 ? byTime : Long.compare(place, that.place);
        }

        @Override
        protected void setException(Throwable failure) {
            throw new AssertionError("a task failed", failure);
        }
    }

    @Override
    public void execute(Runnable command) {
        add(Executors.call(command), Duration.ZERO);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return add(Executors.call(command), Duration.ofNanos(unit.toNanos(delay)));
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        return add(callable, Duration.ofNanos(unit.toNanos(delay)));
    }

    /** Runnables as callables. */
    private static final class Executors {
        static Callable<Void> call(Runnable command) {
            return () -> {
                command.run();
                return null;
            };
        }
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long first, long period, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long first, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public synchronized void shutdown() {
        shutDown = true;
    }

    @Override
    public synchronized List<Runnable> shutdownNow() {
        shutDown = true;
        List<Runnable> left = new ArrayList<>(tasks);
        tasks.clear();
        return Collections.unmodifiableList(left);
    }

    @Override
    public synchronized boolean isShutdown() {
        return shutDown;
    }

    @Override
    public synchronized boolean isTerminated() {
        return shutDown && tasks.isEmpty();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return isShutdown();
    }
}
