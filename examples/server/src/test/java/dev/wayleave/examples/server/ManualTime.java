package dev.wayleave.examples.server;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A clock and a scheduler whose time passes when a test moves it. What is due runs on one thread, in its order. */
public final class ManualTime extends AbstractExecutorService implements ScheduledExecutorService, InstantSource {

    private static final Instant START = Instant.parse("2026-11-25T19:00:00Z");

    private final ThreadPoolExecutor thread =
            new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                Thread made = new Thread(task, "manual-time");
                made.setDaemon(true);
                return made;
            });

    private final PriorityQueue<Task> tasks = new PriorityQueue<>(Comparator.comparing((Task task) -> task.due));
    private Instant now = START;
    private Duration stepped = Duration.ZERO;

    @Override
    public synchronized Instant instant() {
        return now.plus(stepped);
    }

    /** The steady nanoseconds, which {@link #stepClock} does not change. */
    synchronized long steadyNanos() {
        return Duration.between(START, now).toNanos();
    }

    /** Sets the clock to another time. */
    public synchronized void stepClock(Duration by) {
        stepped = stepped.plus(by);
    }

    /** Lets time pass; returns when everything that was due in it, and what followed from it, is done. */
    public void advance(Duration duration) {
        settle();
        Instant end = end(duration);
        for (Optional<Task> next = next(end); next.isPresent(); next = next(end)) {
            await(next.get());
            settle();
        }
        synchronized (this) {
            now = end;
        }
        settle();
    }

    private synchronized Instant end(Duration duration) {
        return now.plus(duration);
    }

    private synchronized Optional<Task> next(Instant end) {
        tasks.removeIf(Task::isCancelled);
        Task task = tasks.peek();
        if (task == null || task.due.isAfter(end)) {
            return Optional.empty();
        }
        tasks.remove(task);
        now = task.due.isAfter(now) ? task.due : now;
        thread.execute(task);
        return Optional.of(task);
    }

    /** Returns when everything that is at work, and what follows from it, is done: also what comes after a receipt. */
    public void settle() {
        do {
            await(new FutureTask<>(() -> null) {
                {
                    thread.execute(this);
                }
            });
        } while (!thread.getQueue().isEmpty());
    }

    private synchronized long steadyNanosUntil(Instant due) {
        return Duration.between(now, due).toNanos();
    }

    private static void await(FutureTask<?> task) {
        try {
            task.get(2, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private final class Task extends FutureTask<Void> implements ScheduledFuture<Void> {

        private final Instant due;

        Task(Runnable work, Instant due) {
            super(work, null);
            this.due = due;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(steadyNanosUntil(due), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            throw new UnsupportedOperationException();
        }
    }

    @Override
    public synchronized ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        Task task = new Task(command, now.plusNanos(unit.toNanos(delay)));
        tasks.add(task);
        return task;
    }

    @Override
    public void execute(Runnable command) {
        thread.execute(command);
    }

    @Override
    public void shutdown() {
        thread.shutdown();
    }

    @Override
    public List<Runnable> shutdownNow() {
        return thread.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
        return thread.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return thread.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return thread.awaitTermination(timeout, unit);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }
}
