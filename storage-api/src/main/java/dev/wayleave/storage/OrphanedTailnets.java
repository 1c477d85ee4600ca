package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.function.DoubleSupplier;

/**
 * Loads the orphaned tailnets of processes that share theirs ({@link RoutingStore#orphaned}), so that sessions of
 * processes that are gone end although no caller needs the tailnet.
 *
 * <pre>
 *   the leases changed, or the beginning ──► list them ──► load some, one after the other ──► list them again
 *                                              │ none          │ one was refused ──► after a pause
 *                                              ▼
 *                                            done, until the leases change
 * </pre>
 *
 * <p>The list is read again after some loads, because all remaining processes load these tailnets, each in an order of
 * its own. A loaded tailnet is not listed here: its controller ends the sessions of processes that are gone. It stays
 * loaded until nothing is left to count.
 *
 * <p>Safe for use by several threads.
 */
final class OrphanedTailnets {

    private static final QuietLog LOG = QuietLog.of(OrphanedTailnets.class);

    /** The number of tailnets that are loaded before the list is read again. */
    private static final int SOME = 100;

    private final RoutingStore store;
    private final Replica replica;
    private final TailnetTable table;
    private final SharedTimer timer;
    private final DoubleSupplier random;
    private final Runnable look = this::look;

    // guarded by this

    private boolean isWanted;
    private boolean isSearching;

    OrphanedTailnets(
            RoutingStore store, Replica replica, TailnetTable table, SharedTimer timer, DoubleSupplier random) {
        this.store = store;
        this.replica = replica;
        this.table = table;
        this.timer = timer;
        this.random = random;
    }

    void start() {
        replica.sharedLeases().add(look);
        look();
    }

    void close() {
        replica.sharedLeases().remove(look);
    }

    /** The leases changed. Does not block. */
    private void look() {
        synchronized (this) {
            isWanted = true;
            if (isSearching) {
                return;
            }
            isSearching = true;
        }
        table.loads().execute(this::list);
    }

    private void list() {
        synchronized (this) {
            isWanted = false;
        }
        List<TailnetId> listed;
        try {
            listed = isOver() ? List.of() : unloaded();
        } catch (Throwable e) {
            LOG.debug("the orphaned tailnets cannot be listed now", e);
            listAgain();
            return;
        }
        if (listed.isEmpty()) {
            end();
        } else {
            loadNext(new ArrayDeque<>(listed.subList(0, Math.min(SOME, listed.size()))), false);
        }
    }

    private boolean isOver() {
        return table.slots().isClosed() || replica.hasLostLease();
    }

    private List<TailnetId> unloaded() {
        List<TailnetId> listed = new ArrayList<>(store.orphaned());
        listed.removeIf(tailnet -> table.slots().unusedController(tailnet).isPresent());
        Collections.rotate(listed, (int) (random.getAsDouble() * listed.size()));
        return listed;
    }

    private void listAgain() {
        timer.keep(UnloadedTailnets.AGAIN, this::again);
    }

    /** After a pause, during which the host may have closed the tailnets and its executor. */
    private void again() {
        if (isOver()) {
            end();
        } else {
            table.loads().execute(this::list);
        }
    }

    private void end() {
        synchronized (this) {
            isSearching = false;
            if (!isWanted || isOver()) {
                return;
            }
        }
        look();
    }

    private void loadNext(Queue<TailnetId> left, boolean isRefused) {
        TailnetId tailnet = left.poll();
        if (isOver()) {
            end();
        } else if (tailnet != null) {
            load(tailnet, left, isRefused);
        } else if (isRefused) {
            listAgain();
        } else {
            table.loads().execute(this::list);
        }
    }

    private void load(TailnetId tailnet, Queue<TailnetId> left, boolean isRefused) {
        table.visit(
                tailnet,
                new TailnetVisit() {
                    @Override
                    public boolean loaded(TailnetSlot slot, RouteController controller) {
                        goOn(isRefused);
                        return false;
                    }

                    @Override
                    public void refused(WayleaveException cause) {
                        LOG.debug("orphaned tailnet {} cannot be loaded now", tailnet, cause);
                        goOn(true);
                    }

                    private void goOn(boolean wasRefused) {
                        table.loads().execute(() -> loadNext(left, wasRefused));
                    }
                },
                false);
    }
}
