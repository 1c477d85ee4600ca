package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The store of a loop, for its tailnet: as it is, or under the lock of the tailnet. For one thread at a time. */
final class TailnetAccess {

    private final RoutingStore store;
    private final TailnetId tailnet;

    /** Null while the tailnet is not locked. */
    private @Nullable LockedTailnet locked;

    TailnetAccess(RoutingStore store, TailnetId tailnet) {
        this.store = store;
        this.tailnet = tailnet;
    }

    /** Runs work during which no other writer commits; it ends with its first commit. */
    <T> T withLock(Supplier<T> work) {
        return store.withLock(tailnet, given -> {
            locked = given;
            try {
                return work.get();
            } finally {
                locked = null;
            }
        });
    }

    Optional<StoredTailnet> load() {
        return answered(locked == null ? store.load(tailnet) : locked.load());
    }

    Optional<StoredChanges> changes(Revision since) {
        return answered(locked == null ? store.changes(tailnet, since) : locked.changes(since));
    }

    List<LoggedCommit> commits(Revision from, int limit) {
        return answered(locked == null ? store.commits(tailnet, from, limit) : locked.commits(from, limit));
    }

    List<StoredEvent> events(EventPosition since, int limit) {
        return answered(locked == null ? store.events(tailnet, since, limit) : locked.events(since, limit));
    }

    CommitOutcome commit(Commit commit) {
        return answered(locked == null ? store.commit(commit) : locked.commit(commit));
    }

    private static <T> T answered(T answer) {
        return Objects.requireNonNull(answer, "the store returned null");
    }
}
