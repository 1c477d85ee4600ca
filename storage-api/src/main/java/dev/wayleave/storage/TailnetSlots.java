package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.storage.TailnetSlot.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The slots of the loaded tailnets, in the order in which they were used, and the room that is left. One monitor guards
 * it and its slots. No call blocks, and none leaves this class but to ask a controller whether it is idle.
 */
final class TailnetSlots {

    private static final QuietLog LOG = QuietLog.of(TailnetSlots.class);

    /** A tailnet with a deadline that is nearer than this is not unloaded for another tailnet. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private final TailnetsBuilder settings;
    private final SharedTimer timer;
    private final HostClock clock;

    // guarded by this

    /** The slot that was used last comes last. */
    private final Map<TailnetId, TailnetSlot> slots = new LinkedHashMap<>(16, 0.75f, true);

    /** The number of slots that are loading or loaded, and the number of their nodes. */
    private int occupied;

    private long nodes;
    private boolean isClosed;

    TailnetSlots(TailnetsBuilder settings, SharedTimer timer, HostClock clock) {
        this.settings = settings;
        this.timer = timer;
        this.clock = clock;
    }

    /**
     * The decision about a visit: its slot, or why it is refused.
     *
     * @param slot its slot, which is held if the tailnet is loaded; null if it is refused
     * @param refusal why it is refused; null if it is not
     * @param isNew whether the tailnet has to be loaded
     * @param isLoaded whether the tailnet is loaded: if not, the visit waits in the slot
     * @param evicted a slot that makes room and has to be closed; null if there is none
     */
    record Admission(
            @Nullable TailnetSlot slot,
            @Nullable WayleaveException refusal,
            boolean isNew,
            boolean isLoaded,
            @Nullable TailnetSlot evicted) {}

    synchronized Admission admit(TailnetId tailnet, TailnetVisit visit, boolean takesOver) {
        TailnetSlot known = slots.get(tailnet);
        TailnetSlot evicted = known == null && !isClosed ? makeRoom() : null;
        WayleaveException refusal = refusal(tailnet, known);
        if (refusal != null) {
            return new Admission(null, refusal, false, false, evicted);
        }
        TailnetSlot slot = known == null ? new TailnetSlot(tailnet) : known;
        if (known == null) {
            slots.put(tailnet, slot);
            occupied++;
        }
        slot.usedAt = timer.now();
        slot.takesOver |= takesOver;
        boolean isLoaded = slot.isIn(Stage.LOADED);
        if (isLoaded) {
            slot.holds++;
        } else {
            slot.waiting.add(visit);
        }
        return new Admission(slot, null, known == null, isLoaded, evicted);
    }

    private synchronized @Nullable WayleaveException refusal(TailnetId tailnet, @Nullable TailnetSlot slot) {
        if (isClosed) {
            return new ControllerClosedException(tailnet);
        }
        if (slot == null) {
            return occupied < settings.loadedTailnets ? null : isFull(tailnet);
        }
        return slot.isIn(Stage.LOADED) || slot.waiting.size() < settings.queueLimit
                ? null
                : new QueueFullException(tailnet, settings.queueLimit);
    }

    TailnetLimitException isFull(TailnetId tailnet) {
        return new TailnetLimitException(tailnet, TailnetLimitException.Limit.TAILNETS, settings.loadedTailnets);
    }

    /** {@return whether the slot is in use, and not of a tailnet that was unloaded since} */
    synchronized boolean has(TailnetSlot slot) {
        return get(slot.tailnet) == slot;
    }

    /** Looks a slot up, which makes it the one that was used last. */
    private synchronized @Nullable TailnetSlot get(TailnetId tailnet) {
        return slots.get(tailnet);
    }

    synchronized void letGo(TailnetSlot slot) {
        slot.holds--;
        if (has(slot)) {
            slot.usedAt = timer.now();
        }
    }

    /** {@return the controller of a tailnet, if it is loaded now} */
    synchronized Optional<RouteController> controller(TailnetId tailnet) {
        TailnetSlot slot = get(tailnet);
        if (slot == null || !slot.isOpen()) {
            return Optional.empty();
        }
        slot.usedAt = timer.now();
        return Optional.of(slot.controller());
    }

    /** {@return the same, without a use that keeps the tailnet loaded} */
    synchronized Optional<RouteController> unusedController(TailnetId tailnet) {
        TailnetSlot slot = get(tailnet);
        return slot != null && slot.isOpen() ? Optional.of(slot.controller()) : Optional.empty();
    }

    /** {@return the slots of all tailnets that are loaded now} */
    synchronized List<TailnetSlot> loaded() {
        return slots.values().stream().filter(TailnetSlot::isOpen).toList();
    }

    /** {@return whether one more tailnet may be loaded for no caller, so that half of the room is left for callers} */
    synchronized boolean hasRoomInBackground() {
        return occupied < (settings.loadedTailnets + 1) / 2;
    }

    // ---- loading

    /** The nodes of a tailnet that is loading are counted. Returns the slots that have to be closed to make room. */
    synchronized List<TailnetSlot> makeRoomForNodes(TailnetSlot slot) {
        List<TailnetSlot> evicted = new ArrayList<>();
        TailnetSlot next = null;
        do {
            next = has(slot) && nodes > settings.loadedNodes ? evict() : null;
            if (next != null) {
                evicted.add(next);
            }
        } while (next != null);
        return evicted;
    }

    /**
     * The controller of a slot is open: the thread that opened it serves the visits that wait, and only {@link #next}
     * ends that. Returns why the controller must not be used; null if it may be.
     */
    synchronized @Nullable WayleaveException opened(TailnetSlot slot, RouteController controller) {
        if (!has(slot)) {
            return new ControllerClosedException(slot.tailnet);
        }
        if (nodes > settings.loadedNodes) {
            return new TailnetLimitException(slot.tailnet, TailnetLimitException.Limit.NODES, settings.loadedNodes);
        }
        slot.opened(controller);
        return null;
    }

    /** Takes the next visit that waits, and holds the slot for it. Without one, the slot is loaded, or to be closed. */
    synchronized @Nullable TailnetVisit next(TailnetSlot slot) {
        TailnetVisit next = isClosed ? null : slot.waiting.poll();
        if (next != null) {
            slot.holds++;
        } else {
            slot.go(Stage.LOADED);
            if (isClosed || slot.mustClose || slot.controller().isClosed()) {
                beginToClose(slot);
            }
        }
        return next;
    }

    /** The tailnet cannot be loaded. Returns the visits that waited for it. */
    synchronized List<TailnetVisit> fail(TailnetSlot slot) {
        if (has(slot)) {
            remove(slot);
        }
        List<TailnetVisit> waited = List.copyOf(slot.waiting);
        slot.waiting.clear();
        return waited;
    }

    private synchronized void remove(TailnetSlot slot) {
        slots.remove(slot.tailnet);
        vacate(slot);
    }

    private synchronized void vacate(TailnetSlot slot) {
        occupied--;
        nodes -= slot.nodes;
        slot.nodes = 0;
    }

    /** Notes how many nodes a tailnet has. */
    synchronized void count(TailnetSlot slot, int counted) {
        if (slots.containsKey(slot.tailnet) && !slot.isIn(Stage.CLOSING)) {
            nodes += counted - slot.nodes;
            slot.nodes = counted;
        }
    }

    /**
     * A controller is closed. Returns whether it closed by itself, and its slot has to be closed now. Where the first
     * visits are being served, all of them are answered with the reason: {@link #next} begins to close the slot.
     */
    synchronized boolean ended(TailnetSlot slot, RouteController controller) {
        boolean isLoaded = slot.isIn(Stage.LOADED) && slot.hasController(controller);
        if (isLoaded) {
            beginToClose(slot);
        }
        return isLoaded;
    }

    // ---- unloading

    /** Begins to close the idle tailnet that was used longest ago, if there is no room for one more. */
    private synchronized @Nullable TailnetSlot makeRoom() {
        return occupied < settings.loadedTailnets ? null : evict();
    }

    synchronized @Nullable TailnetSlot evict() {
        for (TailnetSlot slot : slots.values()) {
            if (isIdle(slot, SOON)) {
                beginToClose(slot);
                return slot;
            }
        }
        return null;
    }

    /** Begins to close the tailnets that were not used for a period, and are idle. */
    synchronized List<TailnetSlot> takeIdle() {
        List<TailnetSlot> idle = new ArrayList<>();
        for (TailnetSlot slot : slots.values()) {
            boolean isUsed = timer.now() - slot.usedAt < settings.idlePeriod.toNanos();
            if (!isUsed && isIdle(slot, settings.idlePeriod)) {
                beginToClose(slot);
                idle.add(slot);
            }
        }
        return idle;
    }

    /** Whether nothing of the tailnet is lost if it is unloaded, and no deadline comes within a period. */
    private synchronized boolean isIdle(TailnetSlot slot, Duration period) {
        if (!slot.isIn(Stage.LOADED) || slot.holds > 0 || !slot.controller().isIdle()) {
            return false;
        }
        Snapshot current = slot.controller().current();
        if (!current.state().isDormant()) {
            return false;
        }
        Optional<Instant> due = current.state().nextDeadline();
        try {
            HostClock.Reading reading = clock.read();
            return due.isEmpty()
                    || !due.get().isBefore(reading.on(reading.steps()).plus(period));
        } catch (Throwable e) {
            LOG.error("the clock failed: no tailnet is unloaded now", e);
            return false;
        }
    }

    private synchronized void beginToClose(TailnetSlot slot) {
        slot.go(Stage.CLOSING);
        slot.takesOver = false; // a visit that comes from now on may ask for it
        vacate(slot);
    }

    /**
     * The host unloads a tailnet, even if it has sessions; it is closed once its callers are served.
     *
     * @param answer is completed when it is closed
     * @return null if it is not loaded; the slot otherwise
     */
    synchronized @Nullable TailnetSlot mustClose(TailnetId tailnet, CompletableFuture<Boolean> answer) {
        TailnetSlot slot = get(tailnet);
        if (slot != null) {
            slot.unloadings.add(answer);
            slot.mustClose = true;
        }
        return slot;
    }

    /**
     * Notes that the host deletes a tailnet. Returns false if the tailnet was unloaded since the call was admitted, or
     * is being unloaded: the deletion is not noted then.
     */
    synchronized boolean delete(TailnetSlot slot, CompletableFuture<Boolean> answer) {
        if (!slot.isOpen()) {
            return false;
        }
        slot.deletions.add(answer);
        slot.mustClose = true;
        return true;
    }

    /** Begins to close a loaded tailnet that the host unloads or deletes. Returns whether it has to be closed now. */
    synchronized boolean closesNow(TailnetSlot slot) {
        if (has(slot) && slot.mustClose && slot.isIn(Stage.LOADED)) {
            beginToClose(slot);
        }
        return slot.isIn(Stage.CLOSING);
    }

    /** Takes the answers to those that delete the tailnet. */
    synchronized List<CompletableFuture<Boolean>> deletions(TailnetSlot slot) {
        List<CompletableFuture<Boolean>> deletions = List.copyOf(slot.deletions);
        slot.deletions.clear();
        return deletions;
    }

    synchronized boolean isClosing(TailnetSlot slot) {
        return slot.isIn(Stage.CLOSING);
    }

    /**
     * {@return whether this thread is the one that closes the controller} False also if another thread closed it, and
     * the tailnet is loaded again.
     */
    synchronized boolean takeClosing(TailnetSlot slot) {
        boolean isFirst = slot.isIn(Stage.CLOSING) && !slot.isClosedByThread;
        slot.isClosedByThread |= isFirst;
        return isFirst;
    }

    /**
     * The work that remains after a slot is closed.
     *
     * @param again whether the tailnet has to be loaded again, because callers came meanwhile
     * @param refused those callers, if there is no room for it any more, or nothing is loaded any more
     * @param unloadings hosts that wait until it is unloaded
     * @param evicted a slot that makes room and has to be closed; null if there is none
     */
    record CloseResult(
            boolean again,
            List<TailnetVisit> refused,
            List<CompletableFuture<Boolean>> unloadings,
            @Nullable TailnetSlot evicted) {}

    synchronized CloseResult closed(TailnetSlot slot) {
        List<CompletableFuture<Boolean>> unloadings = List.copyOf(slot.unloadings);
        slot.unloadings.clear();
        boolean isWanted = slots.remove(slot.tailnet, slot) && !slot.waiting.isEmpty() && !isClosed;
        TailnetSlot evicted = isWanted ? makeRoom() : null;
        boolean again = isWanted && occupied < settings.loadedTailnets;
        List<TailnetVisit> refused = again ? List.of() : List.copyOf(slot.waiting);
        if (again) {
            slot.loadAgain();
            slots.put(slot.tailnet, slot);
            occupied++;
        } else {
            slot.waiting.clear();
        }
        return new CloseResult(again, refused, unloadings, evicted);
    }

    /**
     * Nothing is loaded from now on. Returns the slots that close, and those that were not loaded yet. The others are
     * closed by the threads that serve their first visits.
     */
    synchronized List<TailnetSlot> close() {
        isClosed = true;
        List<TailnetSlot> all = List.copyOf(slots.values());
        for (TailnetSlot slot : all) {
            if (slot.isIn(Stage.LOADED)) {
                beginToClose(slot);
            } else if (slot.isIn(Stage.LOADING)) {
                remove(slot);
            }
        }
        return all.stream().filter(slot -> !slot.isOpen()).toList();
    }

    synchronized boolean isClosed() {
        return isClosed;
    }
}
