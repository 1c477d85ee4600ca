package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a loop takes a turn, and on which thread: one turn at a time, each a task of its own, so that many loops
 * share a few threads fairly.
 *
 * <pre>
 *               wake, alarm                  executor
 *      IDLE ─────────────────► HANDED_OVER ───────────► RUNNING ──► more to do: HANDED_OVER
 *        ▲                        ▲   │ rejected          │ │ └───► closing: the last turn, CLOSED
 *        │                        │   ▼                   ▼ │
 *        │       pause is over ── └─ PAUSING ◄──────────────┼─ the turn has to be repeated
 *        └─────── nothing to do; the alarm rings at the next deadline, or to read the clock or the store
 * </pre>
 *
 * <p>If the executor rejects a run, the scheduler retries it. If the scheduler takes no more work, or the executor is
 * shut down, the controller closes.
 */
final class LoopScheduler {

    private static final QuietLog LOG = QuietLog.of(LoopScheduler.class);

    /** The pause before a rejected run, or a clock that failed, is tried again. */
    static final Duration ASK_AGAIN = Duration.ofMillis(100);

    private final TailnetId tailnet;
    private final CommitLoop loop;
    private final LoopTimer timer;
    private final Executor executor;

    /** Whether the executor takes no more work once the timer does not. */
    private final boolean isExecutorOfTimer;

    /** Runs when the loop is closed, on the thread that closed it. */
    private final Runnable whenClosed;

    // guarded by this

    private Stage stage = Stage.IDLE;
    private boolean closing;
    private boolean rejected;
    private @Nullable Thread runner;
    private LoopTimer.@Nullable Alarm alarm;

    /** The number of alarms that were cancelled: an alarm that rings all the same is not the current one. */
    private long alarms;

    /** Whether the alarm is for the next deadline, and has not rung. */
    private boolean isForDeadline;

    /** The failure of the scheduler or the executor that takes no more work, and its name; null if both work. */
    private @Nullable Throwable hostFailure;

    private String failedHost = "scheduler";

    private enum Stage {
        IDLE,
        HANDED_OVER,
        RUNNING,
        PAUSING,
        CLOSED
    }

    LoopScheduler(
            TailnetId tailnet,
            CommitLoop loop,
            LoopTimer timer,
            Executor executor,
            boolean isExecutorOfTimer,
            Runnable whenClosed) {
        this.tailnet = tailnet;
        this.loop = loop;
        this.timer = timer;
        this.executor = executor;
        this.isExecutorOfTimer = isExecutorOfTimer;
        this.whenClosed = whenClosed;
    }

    /**
     * Wakes the loop for the first time.
     *
     * @throws IllegalStateException if the scheduler takes no work, or scheduler or executor are shut down
     */
    void start() {
        if (timer.isShutdown() || isShutDown(executor)) {
            throw shutDown(timer.isShutdown() ? "scheduler" : "executor", tailnet);
        }
        wake();
        Throwable failure = hostFailure();
        if (failure != null) {
            throw new IllegalStateException(
                    "the " + failedHost + " takes no work for the controller of tailnet `" + tailnet + "`: " + failure
                            + "; give it one that is not shut down",
                    failure);
        }
    }

    /** {@return whether an executor will never run anything again, as far as it reports} */
    static boolean isShutDown(@Nullable Executor executor) {
        return executor instanceof ExecutorService service && service.isShutdown();
    }

    /** {@return whether an executor runs nothing any more that it took, as far as it reports} */
    static boolean isTerminated(@Nullable Executor executor) {
        return executor instanceof ExecutorService service && service.isTerminated();
    }

    static IllegalStateException shutDown(String which, TailnetId tailnet) {
        return new IllegalStateException("the " + which + " for the controller of tailnet `" + tailnet
                + "` is shut down; give it one that is not");
    }

    private synchronized @Nullable Throwable hostFailure() {
        return hostFailure;
    }

    /** Starts a turn if none runs or is planned for now. */
    void wake() {
        if (isLost()) {
            close();
        } else {
            handOver(Stage.IDLE);
        }
    }

    /**
     * Returns whether the scheduler is shut down and may have dropped the next turn, or the executor has dropped it.
     * Then the last turn has to run now.
     */
    private synchronized boolean isLost() {
        boolean isHandedOver = stage == Stage.HANDED_OVER;
        String lost = null;
        if ((stage == Stage.PAUSING || (isHandedOver && isExecutorOfTimer)) && timer.isShutdown()) {
            lost = "scheduler";
        } else if (isHandedOver && isTerminated(executor)) {
            lost = "executor";
        }
        if (lost == null || closing) {
            return false;
        }
        fail(lost, new IllegalStateException("the " + lost + " is shut down"));
        return true;
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
        } catch (Throwable e) {
            rejected(e);
        }
    }

    private void rejected(Throwable cause) {
        boolean over;
        synchronized (this) {
            if (stage != Stage.HANDED_OVER || closing) {
                return; // it ran the turn, and threw all the same
            }
            if (!rejected) {
                LOG.warn("the executor of tailnet {} rejects a turn: it is retried", tailnet, cause);
            }
            rejected = true;
            stage = Stage.PAUSING;
            over = isShutDown(executor);
            if (over) {
                fail("executor", cause);
            } else {
                over = !schedule(ASK_AGAIN, () -> handOver(Stage.PAUSING));
            }
        }
        if (over) {
            close();
        }
    }

    private void run() {
        synchronized (this) {
            // an executor may throw, and run the turn all the same
            boolean isExpected = stage == Stage.HANDED_OVER || (stage == Stage.PAUSING && rejected);
            if (!isExpected || closing) {
                return;
            }
            if (stage == Stage.PAUSING) {
                cancelAlarm();
            }
            stage = Stage.RUNNING;
            rejected = false;
            runner = Thread.currentThread();
        }
        Duration pause = ASK_AGAIN;
        try {
            pause = loop.turn().orElse(null);
        } finally {
            finish(pause);
        }
    }

    private void finish(@Nullable Duration pause) {
        boolean again = false;
        synchronized (this) {
            closing = closing || loop.isOver();
            if (!closing) {
                try {
                    again = goOn(pause);
                } catch (Throwable e) {
                    LOG.error("the next turn of tailnet {} could not be planned: it is retried soon", tailnet, e);
                    again = goOn(ASK_AGAIN);
                }
            }
            if (closing) {
                cancelAlarm();
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

    /** Plans the next turn. Returns whether it starts now. */
    private synchronized boolean goOn(@Nullable Duration pause) {
        if (pause != null) {
            stage = Stage.PAUSING;
            closing = !schedule(pause, () -> handOver(Stage.PAUSING));
        } else if (loop.hasWork()) {
            stage = Stage.HANDED_OVER;
            return true;
        } else {
            stage = Stage.IDLE;
            closing = !setAlarm();
        }
        return false;
    }

    /**
     * Sets the alarm for the next deadline, unless it rings earlier already. False if the scheduler takes no more work.
     */
    private synchronized boolean setAlarm() {
        if (stage != Stage.IDLE || closing) {
            return true;
        }
        Duration sleep = sleep();
        if (sleep == null || (isForDeadline && alarm != null && alarm.remainingNanos() <= sleep.toNanos())) {
            return true;
        }
        boolean taken = schedule(sleep, this::deadline);
        isForDeadline = taken;
        return taken;
    }

    private @Nullable Duration sleep() {
        try {
            return timer.sleep(loop.untilDue().orElse(null));
        } catch (Throwable e) {
            LOG.error("the clock of tailnet {} failed: it is read again soon", tailnet, e);
            return ASK_AGAIN;
        }
    }

    private void deadline() {
        synchronized (this) {
            isForDeadline = false;
        }
        handOver(Stage.IDLE);
    }

    private synchronized boolean schedule(Duration delay, Runnable task) {
        cancelAlarm();
        long number = alarms;
        try {
            alarm = timer.set(delay, () -> ring(number, task));
            return true;
        } catch (Throwable e) {
            fail("scheduler", e);
            return false;
        }
    }

    private void ring(long number, Runnable task) {
        synchronized (this) {
            if (number != alarms) {
                return; // it was cancelled, and rings all the same
            }
        }
        task.run();
    }

    /** Notes why the controller has to close. */
    private synchronized void fail(String which, Throwable cause) {
        if (hostFailure == null) {
            LOG.error("the {} of tailnet {} takes no more work: its controller closes", which, tailnet, cause);
            failedHost = which;
            hostFailure = cause;
        }
    }

    private synchronized void cancelAlarm() {
        LoopTimer.Alarm set = alarm;
        alarm = null;
        alarms++;
        isForDeadline = false;
        if (set == null) {
            return;
        }
        try {
            set.cancel();
        } catch (Throwable e) {
            // then the alarm rings, and finds nothing to do
            LOG.error("the scheduler of tailnet {} does not cancel its timer", tailnet, e);
        }
    }

    /** {@return whether no turn runs or is planned for now, and nothing is left to do} */
    synchronized boolean isIdle() {
        return stage == Stage.IDLE && !closing && !loop.hasWork();
    }

    synchronized boolean isClosed() {
        return stage == Stage.CLOSED;
    }

    /** Returns when the last turn is over; within a turn at once, and the last turn follows it. */
    void close() {
        boolean interrupted = false;
        synchronized (this) {
            closing = true;
            cancelAlarm();
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

    /**
     * Runs the last turns. The store would refuse them on an interrupted thread, so the interrupt waits until after.
     */
    private void end() {
        boolean interrupted = Thread.interrupted();
        try {
            loop.last();
            Throwable failure = hostFailure();
            if (failure != null) {
                loop.closedBy(failure);
            }
        } finally {
            synchronized (this) {
                stage = Stage.CLOSED;
                runner = null;
                notifyAll();
            }
            whenClosed.run();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
