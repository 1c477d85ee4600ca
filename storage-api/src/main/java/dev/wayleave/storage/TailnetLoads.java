package dev.wayleave.storage;

import dev.wayleave.RoutingState;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.TailnetRow;
import dev.wayleave.settings.RoutingSettings;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Runs the work of a {@link TailnetTable} on the host's executor: loads, a few at once so that the turns of loaded
 * tailnets come between them, and closes.
 */
final class TailnetLoads {

    private static final QuietLog LOG = QuietLog.of(TailnetLoads.class);

    private final TailnetsBuilder settings;
    private final SharedTimer timer;
    private final HostClock clock;
    private final @Nullable LeaseWatches leases;

    // guarded by this

    private final Deque<Runnable> loads = new ArrayDeque<>();
    private int loading;

    /** The threads that start loads: one that runs a load itself goes on with the next one, and starts none in it. */
    private final Set<Thread> pumping = new HashSet<>();

    private final Set<Thread> running = new HashSet<>();

    /** The tasks that have not begun. */
    private final Set<LoadTask> waiting = new LinkedHashSet<>();

    private boolean isClosed;

    TailnetLoads(TailnetsBuilder settings, SharedTimer timer, HostClock clock) {
        this.settings = settings;
        this.timer = timer;
        this.clock = clock;
        this.leases = settings.replica == null
                ? null
                : new LeaseWatches(settings.store, settings.replica, timer, this::execute);
    }

    // ---- tasks

    /**
     * Runs a task on the executor; if the executor rejects it, later; now if the executor rejects it and is shut down,
     * or the scheduler rejects it, too, or these loads are closed.
     */
    void execute(Runnable task) {
        LoadTask once = new LoadTask(task);
        synchronized (this) {
            waiting.add(once);
        }
        execute(once);
    }

    /** An executor may throw and run the task all the same: a second load would leave a controller behind. */
    private final class LoadTask implements Runnable {
        private final Runnable task;
        private final AtomicBoolean hasBegun = new AtomicBoolean();

        LoadTask(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            if (!hasBegun.getAndSet(true)) {
                forget(this);
                TailnetLoads.this.run(task);
            }
        }
    }

    private void execute(LoadTask once) {
        if (once.hasBegun.get()) {
            return;
        }
        try {
            settings.runsOn().execute(once);
        } catch (Throwable e) {
            LOG.debug("the executor of the tailnets rejects a task: it is tried again", e);
            if (!isRetried(once)) {
                once.run();
            }
        }
    }

    private boolean isRetried(LoadTask once) {
        synchronized (this) {
            if (isClosed || once.hasBegun.get() || LoopScheduler.isShutDown(settings.runsOn())) {
                return false;
            }
        }
        try {
            timer.set(LoopScheduler.ASK_AGAIN, () -> execute(once));
            return true;
        } catch (Throwable over) {
            LOG.error("the scheduler of the tailnets takes no more work", over);
            return false;
        }
    }

    private synchronized void forget(LoadTask once) {
        waiting.remove(once);
    }

    /** Runs the tasks that the executor rejected, or took and has not begun: it may have dropped them. */
    void close() {
        synchronized (this) {
            isClosed = true;
        }
        runAllWaiting();
    }

    private void runAllWaiting() {
        List<LoadTask> left;
        synchronized (this) {
            left = List.copyOf(waiting);
        }
        left.forEach(LoadTask::run);
    }

    /** Runs a task on the executor, or not at all. */
    void offer(Runnable task) {
        try {
            settings.runsOn().execute(() -> run(task));
        } catch (Throwable e) {
            LOG.debug("the executor of the tailnets rejects a task that is not needed", e);
        }
    }

    private void run(Runnable task) {
        boolean isOuter;
        synchronized (this) {
            isOuter = running.add(Thread.currentThread());
        }
        try {
            task.run();
        } catch (Throwable e) {
            LOG.error("a task of the tailnets failed", e);
        } finally {
            if (isOuter) {
                synchronized (this) {
                    running.remove(Thread.currentThread());
                    notifyAll();
                }
            }
        }
    }

    /** Waits until no other thread runs a task. */
    synchronized void awaitTasks() {
        boolean interrupted = false;
        while (running.size() > (running.contains(Thread.currentThread()) ? 1 : 0)) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- loads

    /** Runs a load when its turn comes. */
    void add(Runnable load) {
        synchronized (this) {
            loads.add(load);
        }
        pump();
        if (LoopScheduler.isTerminated(settings.runsOn())) {
            runAllWaiting();
        }
    }

    private void pump() {
        synchronized (this) {
            if (!pumping.add(Thread.currentThread())) {
                return;
            }
        }
        try {
            for (Runnable next = next(); next != null; next = next()) {
                Runnable load = next;
                execute(() -> {
                    try {
                        load.run();
                    } finally {
                        over();
                    }
                });
            }
        } finally {
            synchronized (this) {
                pumping.remove(Thread.currentThread());
            }
        }
    }

    private synchronized @Nullable Runnable next() {
        if (loading >= settings.loadsAtOnce || loads.isEmpty()) {
            return null;
        }
        loading++;
        return loads.poll();
    }

    private void over() {
        synchronized (this) {
            loading--;
        }
        pump();
    }

    /**
     * Opens a controller. Blocks while the store loads, and no longer.
     *
     * @param dormantAt the revision at which this process left the tailnet dormant; null if it is not known to be so
     * @param again loads again, or is refused: called later if it is not known yet whether the tailnet's owner lives
     * @return empty if that call comes later
     */
    Optional<RouteController> open(
            TailnetId tailnet,
            boolean takesOver,
            @Nullable Revision dormantAt,
            Hooks hooks,
            LeaseWatches.LeaseCallback again) {
        Optional<SessionGuard> owner = own(tailnet, takesOver, again);
        if (owner.isEmpty()) {
            return Optional.empty();
        }
        RouteControllerBuilder builder;
        try {
            builder = builder(tailnet, dormantAt, hooks);
        } catch (Throwable e) {
            owner.get().release();
            throw e;
        }
        return Optional.of(builder.openAs(owner.get()));
    }

    private RouteControllerBuilder builder(TailnetId tailnet, @Nullable Revision dormantAt, Hooks hooks) {
        RouteControllerBuilder builder = settings.controller(tailnet);
        builder.timer = timer;
        builder.hostClock = clock;
        builder.dormantAt = dormantAt;
        builder.whenClosed = hooks::closed;
        builder.observers.add(hooks);
        if (settings.listeners != null) {
            builder.listener(settings.listeners.apply(tailnet));
        }
        return builder;
    }

    /**
     * Receives the reports of a controller for the table. It is no listener, because a controller with listeners reads
     * the events of other processes.
     */
    interface Hooks extends RoutingObserver {
        void closed(RouteController controller);
    }

    private Optional<SessionGuard> own(TailnetId tailnet, boolean takesOver, LeaseWatches.LeaseCallback again) {
        RoutingStore store = settings.store;
        Replica replica = settings.replica;
        if (replica == null || leases == null) {
            return Optional.of(OwnerGuard.withoutReplica(store, tailnet));
        }
        if (settings.isShared && replica.hasLostLease()) {
            throw FencedException.lostLease(tailnet, replica.id());
        }
        while (true) {
            TailnetOwner owner = store.owner(tailnet).orElse(null);
            if (settings.isShared && (owner == null || owner.replica().isEmpty())) {
                return Optional.of(SharedGuard.of(tailnet, replica, owner == null ? TailnetOwner.NONE : owner));
            }
            if (owner == null) {
                return Optional.of(OwnerGuard.of(store, tailnet, replica, new Ownership(replica.id(), 1)));
            }
            ReplicaId other =
                    owner.replica().filter(id -> !id.equals(replica.id())).orElse(null);
            LeaseWatches.Verdict verdict =
                    other == null || takesOver ? LeaseWatches.Verdict.GONE : leases.verdict(other, again);
            if (verdict == LeaseWatches.Verdict.UNKNOWN) {
                return Optional.empty();
            }
            if (verdict == LeaseWatches.Verdict.ALIVE) {
                throw FencedException.refused(tailnet, owner, "send its nodes there, or take it over");
            }
            Optional<TailnetOwner> mine = store.own(tailnet, owner.epoch(), replica.id());
            if (mine.isPresent() && settings.isShared) {
                var unused = store.disown(tailnet, mine.get().epoch(), replica.id());
            } else if (mine.isPresent()) {
                return Optional.of(OwnerGuard.of(
                        store,
                        tailnet,
                        replica,
                        new Ownership(replica.id(), mine.get().epoch())));
            }
        }
    }

    // ---- creation and deletion

    /** Writes the row of a tailnet. Returns false if it is stored already. */
    boolean create(TailnetId tailnet, RoutingSettings first) {
        HostClock.Reading reading = clock.read();
        Instant now = reading.on(reading.steps());
        TailnetRow row = RoutingState.empty(tailnet, first, now).rows().tailnet();
        Commit commit = new Commit(
                tailnet,
                Revision.NONE,
                null,
                CommitToken.random(),
                now,
                new RowChanges(row, RowChanges.Rows.none(), RowChanges.Rows.none(), RowChanges.Rows.none()),
                List.of());
        CommitOutcome outcome = settings.store.commit(commit);
        if (outcome instanceof CommitOutcome.Unknown unknown) {
            throw new StorageUnavailableException(
                    "it is not known whether tailnet `" + tailnet + "` was created: create it again", unknown.cause());
        }
        return outcome instanceof CommitOutcome.Committed;
    }

    /** Deletes a tailnet whose controller is closed. */
    boolean delete(TailnetId tailnet, @Nullable Ownership claim) {
        if (claim == null) {
            return settings.store.delete(tailnet);
        }
        try {
            return settings.store.delete(tailnet, claim);
        } catch (FencedException e) {
            if (claim.owner().isEmpty()) {
                throw e;
            }
            // the ownership may have been given up by a call whose answer was lost: no process has taken it since
            return settings.store.delete(tailnet, new Ownership(null, claim.epoch()));
        }
    }

    static WayleaveException refusal(TailnetId tailnet, Throwable cause) {
        if (cause instanceof WayleaveException known) {
            return known;
        }
        LOG.error("tailnet {} could not be loaded", tailnet, cause);
        return InternalErrorException.unloaded(tailnet, cause);
    }
}
