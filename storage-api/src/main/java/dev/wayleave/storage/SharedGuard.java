package dev.wayleave.storage;

import dev.wayleave.RoutingState;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
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

    /** Waits until no other process owns the tailnet alone. */
    static SharedGuard of(
            RoutingStore store, TailnetId tailnet, Replica replica, boolean takeOver, LongConsumer pause) {
        while (true) {
            TailnetOwner owner = store.owner(tailnet).orElse(TailnetOwner.NONE);
            if (owner.replica().isEmpty()) {
                return new SharedGuard(
                        tailnet, replica, Ownership.shared(replica.id(), replica.incarnation(), owner.epoch()));
            }
            Ownership own = OwnerGuard.acquire(store, tailnet, replica, takeOver, pause);
            var unused = store.disown(tailnet, own.epoch(), replica.id());
        }
    }

    @Override
    public Ownership claim() {
        return claim;
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
    public boolean hasWork() {
        return mustLook && !isFenced;
    }

    @Override
    public @Nullable Supplier<WayleaveException> check() {
        if (replica.isStale()) {
            var unused = replica.renew();
        }
        if (!replica.hasLostLease()) {
            return null;
        }
        isFenced = true;
        return () -> FencedException.lostLease(tailnet, replica.id());
    }

    /** A process whose lease may have ended says nothing: its sessions may be over. */
    @Override
    public boolean mayAct() {
        return !replica.isStale();
    }

    /** Rows were read before: a process joins before it writes rows, and a start that has ended never comes back. */
    @Override
    public Optional<SessionHolder> gone(RoutingState state) {
        SessionHolder self = replica.holder();
        if (isClosing && state.sessionHolders().contains(self)) {
            return Optional.of(self);
        }
        for (SessionHolder holder : state.sessionHolders()) {
            if (!holder.equals(self) && !leases.isKnown(holder)) {
                try {
                    leases.read();
                } catch (StorageException e) {
                    LOG.debug("the leases cannot be read now", e);
                    return Optional.empty(); // the next look comes soon
                }
                if (!leases.isKnown(holder)) {
                    return Optional.of(holder);
                }
            }
        }
        mustLook = false;
        return Optional.empty();
    }

    @Override
    public void closing() {
        isClosing = true;
        mustLook = true;
    }

    @Override
    public Supplier<WayleaveException> fenced(TailnetOwner owner) {
        isFenced = true;
        return owner.replica().isPresent()
                ? () -> FencedException.lost(tailnet, owner)
                : () -> FencedException.lostLease(tailnet, replica.id());
    }

    @Override
    public void release() {
        leases.remove(look);
    }
}
