package dev.wayleave.storage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether other processes live, for thousands of tailnets that they own: reads the lease of each process
 * once in a while, and not once for each tailnet.
 *
 * <pre>
 *   UNKNOWN ──► a renewal was seen ──────────────────────────────► ALIVE, for half a lease
 *      └──────► no renewal was seen for the length of the lease, or the process left ──► GONE
 * </pre>
 *
 * <p>The time of a lease counts only while this process can renew its own: see {@link Replica}. Safe for use by several
 * threads.
 */
final class LeaseWatches {

    private static final QuietLog LOG = QuietLog.of(LeaseWatches.class);

    private final RoutingStore store;
    private final Replica replica;
    private final SharedTimer timer;
    private final Consumer<Runnable> executor;
    private final LongSupplier nanos;

    // guarded by this

    private final Map<ReplicaId, Watch> watches = new HashMap<>();

    LeaseWatches(RoutingStore store, Replica replica, SharedTimer timer, Consumer<Runnable> executor) {
        this.store = store;
        this.replica = replica;
        this.timer = timer;
        this.executor = executor;
        this.nanos = timer::now;
    }

    /** The state of another process, as far as it is known. */
    enum Verdict {
        UNKNOWN,
        ALIVE,
        GONE
    }

    /** Is called once something is known, or with the reason why nothing is. */
    @FunctionalInterface
    interface LeaseCallback {
        void known(@Nullable StorageException failure);
    }

    private static final class Watch {
        private final List<LeaseCallback> callbacks = new ArrayList<>();
        private Verdict verdict = Verdict.UNKNOWN;
        private long verdictAt;
        private long askedAt;
        private LeaseWatch lease = new LeaseWatch();
    }

    /** Returns what is known about a process; if nothing is, calls the one that waits once something is. */
    Verdict verdict(ReplicaId other, LeaseCallback callback) {
        synchronized (this) {
            Watch watch = watches.get(other);
            if (watch != null) {
                watch.askedAt = nanos.getAsLong();
                if (watch.verdict == Verdict.UNKNOWN) {
                    watch.callbacks.add(callback);
                }
                return watch.verdict;
            }
            watch = new Watch();
            watch.askedAt = nanos.getAsLong();
            watch.callbacks.add(callback);
            watches.put(other, watch);
        }
        executor.accept(() -> look(other));
        return Verdict.UNKNOWN;
    }

    private void look(ReplicaId other) {
        StorageException failure = null;
        Lease lease = null;
        boolean answers = false;
        long begun = nanos.getAsLong();
        try {
            lease = store.lease(other).orElse(null);
            answers = lease == null
                    || (replica.renew()
                            && nanos.getAsLong() - begun < lease.length().toNanos() / OwnerGuard.LOOKS);
        } catch (StorageException e) {
            failure = e;
        } catch (Throwable e) {
            failure = new StorageException("the store broke while it read the lease of replica `" + other + "`", e);
        }
        looked(other, lease, answers, failure).forEach(Runnable::run);
    }

    /** Notes the lease, and returns the calls of those that need wait no longer. */
    private synchronized List<Runnable> looked(
            ReplicaId other, @Nullable Lease lease, boolean answers, @Nullable StorageException failure) {
        Watch watch = watches.get(other);
        if (watch == null) {
            return List.of();
        }
        if (failure != null) {
            watches.remove(other);
            return calls(watch.callbacks, failure);
        }
        long now = nanos.getAsLong();
        Duration length = lease == null ? LeaseRule.DEFAULT.length() : lease.length();
        if (lease == null) {
            watch.lease = new LeaseWatch();
            watch.verdict = Verdict.GONE;
        } else {
            note(watch, lease, answers, now);
        }
        if (watch.verdict == Verdict.ALIVE && now - watch.verdictAt >= length.toNanos() / 2) {
            watch.verdict = Verdict.UNKNOWN;
        }
        List<Runnable> calls = new ArrayList<>();
        if (watch.verdict != Verdict.UNKNOWN && !watch.callbacks.isEmpty()) {
            calls.addAll(calls(watch.callbacks, null));
            watch.callbacks.clear();
            watch.askedAt = now; // they ask again, now that something is known
        }
        if (watch.callbacks.isEmpty() && now - watch.askedAt >= length.toNanos()) {
            watches.remove(other);
        } else {
            calls.addAll(lookAgain(other, watch, length.dividedBy(OwnerGuard.LOOKS)));
        }
        return calls;
    }

    private static List<Runnable> calls(List<LeaseCallback> callbacks, @Nullable StorageException failure) {
        return callbacks.stream()
                .map(each -> (Runnable) () -> each.known(failure))
                .toList();
    }

    private static void note(Watch watch, Lease lease, boolean answers, long now) {
        if (watch.lease.look(lease, answers, lease.length().toNanos() / 2, now)) {
            watch.verdict = Verdict.ALIVE;
            watch.verdictAt = now;
        } else if (watch.lease.hasRunOut(now)) {
            watch.verdict = Verdict.GONE;
        }
    }

    /** Looks again later. If the scheduler takes no more work, returns the calls that answer the waiting callers. */
    private synchronized List<Runnable> lookAgain(ReplicaId other, Watch watch, Duration pause) {
        try {
            timer.set(pause, () -> executor.accept(() -> look(other)));
            return List.of();
        } catch (Throwable e) {
            watches.remove(other, watch);
            LOG.error("the scheduler takes no more work: replica {} is not watched any more", other, e);
            return calls(
                    watch.callbacks,
                    new StorageException(
                            "the lease of replica `" + other + "` cannot be watched: the scheduler takes no more work",
                            e));
        }
    }
}
