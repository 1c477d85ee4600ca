package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When a loop has its turn, and on whose thread: one turn at a time, each a task of its own, so that many loops share few
 * threads fairly.
 *
 * <pre>
 *               wake, alarm                  executor
 *      IDLE ─────────────────► HANDED_OVER ───────────► RUNNING ──► more to do: HANDED_OVER
 *        ▲                          ▲                     │ │ └───► closing: the last turn, CLOSED
 *        │                          └── pause is over ── PAUSING
 *        └─────── nothing to do; the alarm rings at the next deadline
 * </pre>
 */
final class Turns {

    private static final Logger LOG = LoggerFactory.getLogger(Turns.class);
    private static final Duration LONGEST_SLEEP = Duration.ofDays(1);

    private final TailnetId tailnet;
    private final Loop loop;
    private final ScheduledExecutorService scheduler;
    private final Executor executor;
    private final InstantSource clock;

    // guarded by this

    private Stage stage = Stage.IDLE;
    private boolean closing;
    private @Nullable Thread runner;
    private @Nullable Future<?> timer;
    private @Nullable Instant rings;

    private enum Stage {
        IDLE,
        HANDED_OVER,
        RUNNING,
        PAUSING,
        CLOSED
    }

    Turns(TailnetId tailnet, Loop loop, ScheduledExecutorService scheduler, Executor executor, InstantSource clock) {
        this.tailnet = tailnet;
        this.loop = loop;
        this.scheduler = scheduler;
        this.executor = executor;
        this.clock = clock;
    }

    /** There may be something to do. */
    void wake() {
        handOver(Stage.IDLE);
    }

    private void handOver(Stage from) {
        synchronized (this) {
            if (stage != from || closing) {
                return;
            }
            stage = Stage.HANDED_OVER;
        }
        execute();
    }

    private void execute() {
        try {
            executor.execute(this::run);
        } catch (RejectedExecutionException e) {
            LOG.error("the executor of tailnet {} takes no more work: its controller closes", tailnet, e);
            close();
        }
    }

    private void run() {
        synchronized (this) {
            if (stage != Stage.HANDED_OVER || closing) {
                return;
            }
            stage = Stage.RUNNING;
            runner = Thread.currentThread();
        }
        finish(loop.turn());
    }

    private void finish(Optional<Duration> pause) {
        boolean again = false;
        synchronized (this) {
            if (!closing) {
                if (pause.isPresent()) {
                    stage = Stage.PAUSING;
                    closing = !schedule(pause.get(), () -> handOver(Stage.PAUSING));
                } else if (loop.hasWork()) {
                    stage = Stage.HANDED_OVER;
                    again = true;
                } else {
                    stage = Stage.IDLE;
                    closing = !setAlarm();
                }
            }
            if (closing) {
                stage = Stage.RUNNING;
            } else {
                runner = null;
            }
        }
        if (again) {
            execute();
        } else if (isMine()) {
            end();
        }
    }

    /** Sets the alarm for the next deadline, unless it rings earlier anyway. False if the scheduler takes no more work. */
    synchronized boolean setAlarm() {
        Optional<Instant> due = loop.current().state().nextDeadline();
        Instant set = rings;
        if (stage != Stage.IDLE || closing || due.isEmpty() || (set != null && !set.isAfter(due.get()))) {
            return true;
        }
        Duration sleep = Duration.between(clock.instant(), due.get());
        boolean taken = schedule(sleep.compareTo(LONGEST_SLEEP) < 0 ? sleep : LONGEST_SLEEP, this::ring);
        rings = due.get();
        return taken;
    }

    private void ring() {
        synchronized (this) {
            rings = null;
        }
        handOver(Stage.IDLE);
    }

    private synchronized boolean schedule(Duration delay, Runnable task) {
        cancelTimer();
        try {
            // a clock that lags behind the scheduler's must not make it ring in circles
            long nanos = Math.max(delay.toNanos(), TimeUnit.MILLISECONDS.toNanos(1));
            timer = scheduler.schedule(task, nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (RejectedExecutionException e) {
            LOG.error("the scheduler of tailnet {} takes no more work: its controller closes", tailnet, e);
            return false;
        }
    }

    private synchronized void cancelTimer() {
        Future<?> set = timer;
        if (set != null) {
            set.cancel(false);
        }
        timer = null;
        rings = null;
    }

    /** Returns when the last turn is over; at once, if it is called from within a turn: the last one follows that. */
    void close() {
        boolean interrupted = false;
        synchronized (this) {
            closing = true;
            cancelTimer();
            if (isMine()) {
                return;
            }
            while (stage == Stage.RUNNING) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (stage != Stage.CLOSED) {
                stage = Stage.RUNNING;
                runner = Thread.currentThread();
            }
        }
        if (isMine()) {
            end();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean isMine() {
        return runner == Thread.currentThread();
    }

    private void end() {
        try {
            loop.last();
        } finally {
            synchronized (this) {
                stage = Stage.CLOSED;
                runner = null;
                notifyAll();
            }
        }
    }
}
