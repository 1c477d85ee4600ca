package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The store of a loop, for its tailnet: as it is, or under the lock of the tailnet. Anything that the store throws in a
 * read is a {@link StorageException}. For one thread at a time.
 */
final class TailnetAccess {

    private static final QuietLog LOG = QuietLog.of(TailnetAccess.class);

    private final RoutingStore store;
    private final TailnetId tailnet;

    /** Null while the tailnet is not locked. */
    private @Nullable LockedTailnet locked;

    TailnetAccess(RoutingStore store, TailnetId tailnet) {
        this.store = store;
        this.tailnet = tailnet;
    }

    /** {@return whether a lock is held, which ends with the first commit: nothing can be read after it} */
    boolean isLocked() {
        return locked != null;
    }

    /** Work that runs once, and what came of it. */
    private static final class SingleRun<T> {
        private final Supplier<T> work;
        private boolean isBegun;
        private @Nullable T result;

        SingleRun(Supplier<T> work) {
            this.work = work;
        }

        T run() {
            isBegun = true;
            T done = work.get();
            result = done;
            return done;
        }
    }

    /**
     * Runs work once: under a lock during which no other writer commits, and which ends with its first commit; or
     * without it, if the store cannot lock the tailnet.
     */
    <T> T withLock(Supplier<T> work) {
        SingleRun<T> once = new SingleRun<>(work);
        try {
            var unused = store.withLock(tailnet, given -> {
                locked = given;
                try {
                    return once.run();
                } finally {
                    locked = null;
                }
            });
        } catch (Throwable e) {
            if (once.isBegun && once.result == null) {
                throw e; // the work failed
            }
            String consequence = once.isBegun ? "its work is done" : "its work runs without it";
            LOG.debug("the lock of tailnet {} failed: {}", tailnet, consequence, e);
        }
        return once.result == null ? once.run() : once.result;
    }

    Optional<StoredTailnet> load() {
        return StoreCall.answer(
                "loaded tailnet `" + tailnet + "`", () -> locked == null ? store.load(tailnet) : locked.load());
    }

    Optional<StoredChanges> changes(Revision since) {
        return StoreCall.answer(
                "read changes of tailnet `" + tailnet + "`",
                () -> locked == null ? store.changes(tailnet, since) : locked.changes(since));
    }

    List<LoggedCommit> commits(Revision from, int limit) {
        return StoreCall.answer(
                "read the log of tailnet `" + tailnet + "`",
                () -> locked == null ? store.commits(tailnet, from, limit) : locked.commits(from, limit));
    }

    List<StoredEvent> events(EventPosition since, int limit) {
        return StoreCall.answer(
                "read events of tailnet `" + tailnet + "`",
                () -> locked == null ? store.events(tailnet, since, limit) : locked.events(since, limit));
    }

    /** What is thrown is not changed: of an exception that the contract does not know, the outcome is unknown. */
    CommitOutcome commit(Commit commit) {
        return Objects.requireNonNull(
                locked == null ? store.commit(commit) : locked.commit(commit), "the store returned null");
    }
}
