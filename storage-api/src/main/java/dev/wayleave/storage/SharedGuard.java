package dev.wayleave.storage;

import dev.wayleave.RoutingState;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Guards the sessions of one process among several that share a tailnet: they end with the lease of the process.
 * {@code docs/replicas.md} has the rules.
 */
final class SharedGuard implements SessionGuard {

    private static final QuietLog LOG = QuietLog.of(SharedGuard.class);

    private final TailnetId tailnet;
    private final Replica replica;
    private final SharedLeases leases;
    private final Ownership claim;
    private final Runnable look = this::look;

    private volatile boolean mustLook = true;
    private volatile boolean isFenced;
    private volatile boolean isClosing;
    private Runnable wake = () -> {};

    private SharedGuard(TailnetId tailnet, Replica replica, Ownership claim) {
        this.tailnet = tailnet;
        this.replica = replica;
        this.leases = replica.sharedLeases();
        this.claim = claim;
    }

    /** Waits until no other process is the only owner of the tailnet. */
    static SharedGuard of(
            RoutingStore store, TailnetId tailnet, Replica replica, boolean takeOver, LongConsumer pause) {
        while (true) {
            TailnetOwner owner = store.owner(tailnet).orElse(TailnetOwner.NONE);
            if (owner.replica().isEmpty()) {
                return of(tailnet, replica, owner);
            }
            Ownership own = OwnerGuard.acquireOrFree(store, tailnet, replica, takeOver, pause);
            if (own.owner().isPresent()) {
                var unused = store.disown(tailnet, own.epoch(), replica.id());
            }
        }
    }

    /** Where no process is the only owner of the tailnet. */
    static SharedGuard of(TailnetId tailnet, Replica replica, TailnetOwner none) {
        return new SharedGuard(tailnet, replica, Ownership.shared(replica.id(), replica.incarnation(), none.epoch()));
    }

    @Override
    public Ownership claim() {
        return claim;
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public void watch(Runnable wakeUp) {
        wake = wakeUp;
        leases.add(look);
    }

    private void look() {
        mustLook = true;
        wake.run();
    }

    @Override
    public boolean isStale() {
        return isFenced || replica.isStale();
    }

    @Override
    public boolean hasLostLease() {
        return replica.hasLostLease();
    }

    @Override
    public boolean hasWork() {
        return mustLook && !isFenced;
    }

    @Override
    public @Nullable Supplier<WayleaveException> check() {
        if (replica.isStale()) {
            replica.renewIfDue();
        }
        if (!replica.hasLostLease()) {
            return null;
        }
        isFenced = true;
        return () -> FencedException.lostLease(tailnet, replica.id());
    }

    /** A process whose lease may have ended does not act: its sessions may be over. */
    @Override
    public Optional<Duration> pause() {
        return replica.isStale() ? Optional.of(replica.pauseAfterFailure()) : Optional.empty();
    }

    /**
     * A process that closes ends its own sessions, and leaves those of a process that is gone to the processes that
     * stay.
     *
     * <p>The rows were read before the leases: a process joins before it writes rows, and an incarnation that has ended
     * is never used again.
     */
    @Override
    public Optional<SessionHolder> gone(RoutingState state, boolean isLocked) {
        SessionHolder self = replica.holder();
        if (isClosing) {
            return state.sessionHolders().contains(self) ? Optional.of(self) : Optional.empty();
        }
        mustLook = false;
        List<SessionHolder> unknown = state.sessionHolders().stream()
                .filter(holder -> !holder.equals(self) && !leases.isKnown(holder))
                .toList();
        if (unknown.isEmpty()) {
            return Optional.empty();
        }
        if (!isLocked && unknown.stream().noneMatch(leases::hasEnded)) {
            try {
                leases.read(unknown);
            } catch (StorageException e) {
                LOG.debug("the leases cannot be read now: the next look of the replica wakes the controller", e);
                return Optional.empty();
            }
        }
        Optional<SessionHolder> ended =
                unknown.stream().filter(leases::hasEnded).findFirst();
        if (isLocked || ended.isPresent()) {
            mustLook = true; // under the lock the leases are not read; and more may have ended
        }
        return ended;
    }

    @Override
    public void closing() {
        isClosing = true;
    }

    @Override
    public Supplier<WayleaveException> fenced(TailnetOwner owner) {
        isFenced = true;
        return owner.isStill(claim)
                ? () -> FencedException.lostLease(tailnet, replica.id())
                : () -> FencedException.lost(tailnet, owner);
    }

    @Override
    public void release() {
        leases.remove(look);
    }
}
