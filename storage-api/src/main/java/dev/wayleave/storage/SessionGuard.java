package dev.wayleave.storage;

import dev.wayleave.RoutingState;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.net.WayleaveException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a controller may have sessions of its tailnet: as the owner ({@link OwnerGuard}), or as one of
 * several processes that share it ({@link SharedGuard}).
 */
interface SessionGuard {

    /**
     * {@return what the commits claim, and when the controller is closed, a deletion; null for a controller without
     * sessions, which claims nothing}
     */
    @Nullable
    Ownership claim();

    /** {@return whether other processes have sessions of the tailnet, too, and decide its submissions} */
    default boolean isShared() {
        return false;
    }

    /** From now on the controller is woken when it has to look. */
    void watch(Runnable wakeUp);

    /** {@return whether another process may have taken the sessions over without this one knowing} */
    boolean isStale();

    /** {@return whether the lease of this process is over, regardless of what is stored about the tailnet} */
    boolean hasLostLease();

    /** {@return whether there is a reason to look} */
    boolean hasWork();

    /**
     * Looks if there is a reason to: before the controller acts on what it believes.
     *
     * @return why the controller must stop for good; null if it may go on
     */
    @Nullable
    Supplier<WayleaveException> check();

    /** {@return after which pause the controller may decide, publish and answer; empty if it may now} */
    default Optional<Duration> pause() {
        return Optional.empty();
    }

    /**
     * Finds a process that is gone, and that the state still names.
     *
     * @param isLocked whether the controller has the tailnet locked, so that the store must not be asked: then the next
     *     turn looks again
     * @return the process; empty if there is none, or none is known
     */
    default Optional<SessionHolder> gone(RoutingState state, boolean isLocked) {
        return Optional.empty();
    }

    /** The controller closes: its sessions end, and from now on {@link #gone} finds only this process. */
    default void closing() {}

    /** The claim is no longer true in the store. */
    Supplier<WayleaveException> fenced(TailnetOwner owner);

    /** The controller is closed. */
    void release();
}
