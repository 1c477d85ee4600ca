package dev.wayleave.storage;

import dev.wayleave.RoutingState;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Loads and unloads tailnets, and serves the visits that need one: what {@link TailnetSlots} decide is done here. */
final class TailnetTable {

    private static final QuietLog LOG = QuietLog.of(TailnetTable.class);

    private final TailnetsBuilder settings;
    private final SharedTimer timer;
    private final TailnetSlots slots;
    private final TailnetLoads loads;
    private final UnloadedTailnets unloaded;
    private final @Nullable OrphanedTailnets orphaned;

    TailnetTable(TailnetsBuilder settings, SharedTimer timer, HostClock clock) {
        this.settings = settings;
        this.timer = timer;
        this.slots = new TailnetSlots(settings, timer, clock);
        this.loads = new TailnetLoads(settings, timer, clock);
        this.unloaded = new UnloadedTailnets(timer, clock, this::wake);
        this.orphaned = settings.isShared && settings.replica != null
                ? new OrphanedTailnets(settings.store, settings.replica, this, timer, settings.random)
                : null;
    }

    /** From now on the tailnets of processes that are gone are loaded, where they are shared. */
    void start() {
        if (orphaned != null) {
            orphaned.start();
        }
    }

    TailnetSlots slots() {
        return slots;
    }

    TailnetLoads loads() {
        return loads;
    }

    // ---- visits

    /** Answers a visit: at once if the tailnet is loaded, or else once it is loaded, or cannot be. */
    void visit(TailnetId tailnet, TailnetVisit visit, boolean takesOver) {
        timer.planAgain();
        TailnetSlots.Admission admission = slots.admit(tailnet, visit, takesOver);
        close(admission.evicted());
        TailnetSlot slot = admission.slot();
        WayleaveException refusal = admission.refusal();
        if (refusal != null) {
            visit.refused(refusal);
        } else if (slot != null && admission.isLoaded()) {
            serve(slot, visit);
            closeIfAsked(slot);
        } else if (slot != null && admission.isNew()) {
            load(slot);
        }
    }

    /** Serves a visit, for which the slot is held. */
    private void serve(TailnetSlot slot, TailnetVisit visit) {
        boolean keepsIt = false;
        try {
            keepsIt = visit.loaded(slot, slot.controller());
        } finally {
            if (!keepsIt) {
                slots.letGo(slot);
            }
        }
    }

    // ---- loading

    private void load(TailnetSlot slot) {
        loads.add(() -> loadNow(slot));
    }

    private void loadNow(TailnetSlot slot) {
        if (!slots.has(slot)) {
            return;
        }
        long begun = timer.now();
        Optional<RouteController> opened;
        try {
            Revision dormantAt = unloaded.revision(slot.tailnet);
            opened = loads.open(slot.tailnet, slot.takesOver, dormantAt, new SlotHooks(slot), failure -> {
                if (failure == null) {
                    load(slot);
                } else {
                    failed(slot, failure);
                }
            });
        } catch (Throwable e) {
            failed(slot, TailnetLoads.refusal(slot.tailnet, e));
            return;
        }
        opened.ifPresent(controller -> opened(slot, controller, Duration.ofNanos(timer.now() - begun)));
    }

    private void failed(TailnetSlot slot, WayleaveException cause) {
        boolean isClosed = !slots.has(slot);
        List<TailnetVisit> waited = slots.fail(slot);
        if (cause instanceof FencedException || cause instanceof UnknownTailnetException) {
            unloaded.remove(slot.tailnet);
        }
        if (!isClosed) {
            LOG.debug("tailnet {} could not be loaded", slot.tailnet, cause);
            observe(slot, observer -> observer.loadFailed(slot.tailnet, cause));
        }
        waited.forEach(visit -> visit.refused(cause));
        slots.closed(slot).unloadings().forEach(each -> each.complete(false));
    }

    private void opened(TailnetSlot slot, RouteController controller, Duration took) {
        slots.makeRoomForNodes(slot).forEach(this::close);
        WayleaveException refusal = slots.opened(slot, controller);
        if (refusal != null) {
            controller.close();
            failed(slot, refusal);
            return;
        }
        unloaded.remove(slot.tailnet);
        observe(slot, observer -> observer.loaded(slot.tailnet, took));
        for (TailnetVisit next = slots.next(slot); next != null; next = slots.next(slot)) {
            serve(slot, next);
        }
        if (slots.isClosed()) {
            closeNow(slot); // close() waits for this task, and for none that would follow
        } else {
            closeIfAsked(slot);
        }
    }

    /** Receives the reports of the controller of a slot. */
    private final class SlotHooks implements TailnetLoads.Hooks {
        private final TailnetSlot slot;

        SlotHooks(TailnetSlot slot) {
            this.slot = slot;
        }

        @Override
        public void published(TailnetId tailnet, Snapshot snapshot, int unserved, int pending) {
            int counted = snapshot.state().nodes().size();
            if (counted != slot.nodes) {
                slots.count(slot, counted);
            }
        }

        @Override
        public void closed(RouteController controller) {
            if (slots.ended(slot, controller)) {
                close(slot);
            }
        }
    }

    // ---- unloading

    /** Unloads the tailnets that are idle. */
    void unloadIdle() {
        slots.takeIdle().forEach(this::close);
    }

    /** Unloads a tailnet, even if it has sessions. */
    void unload(TailnetId tailnet, CompletableFuture<Boolean> answer) {
        TailnetSlot slot = slots.mustClose(tailnet, answer);
        if (slot == null) {
            answer.complete(false);
        } else {
            closeIfAsked(slot);
        }
    }

    /** Deletes a tailnet for good. The answer is whether it was stored. */
    void delete(TailnetId tailnet, CompletableFuture<Boolean> answer) {
        visit(tailnet, deletion(tailnet, answer), false);
    }

    /** Notes a deletion while the tailnet is loaded. If it is unloaded before that, the deletion visits it again. */
    TailnetVisit deletion(TailnetId tailnet, CompletableFuture<Boolean> answer) {
        return new TailnetVisit() {
            @Override
            public boolean loaded(TailnetSlot slot, RouteController controller) {
                if (!slots.delete(slot, answer)) {
                    delete(tailnet, answer);
                }
                return false;
            }

            @Override
            public void refused(WayleaveException cause) {
                if (cause instanceof UnknownTailnetException) {
                    answer.complete(false);
                } else {
                    answer.completeExceptionally(cause);
                }
            }
        };
    }

    private void closeIfAsked(TailnetSlot slot) {
        if (slots.closesNow(slot)) {
            close(slot);
        }
    }

    void close(@Nullable TailnetSlot slot) {
        if (slot != null) {
            loads.execute(() -> closeNow(slot));
        }
    }

    private void closeNow(TailnetSlot slot) {
        if (!slots.takeClosing(slot)) {
            return;
        }
        RouteController controller = slot.controller();
        controller.close();
        List<CompletableFuture<Boolean>> deletions = slots.deletions(slot);
        CompletableFuture<Boolean> deleted = deletions.isEmpty() ? null : deleteNow(slot.tailnet, controller);
        if (deleted == null || deleted.isCompletedExceptionally()) {
            remember(slot.tailnet, controller);
        }
        observe(slot, observer -> observer.unloaded(slot.tailnet));
        TailnetSlots.CloseResult closed = slots.closed(slot);
        close(closed.evicted());
        if (closed.again()) {
            load(slot);
        }
        if (deleted != null) {
            deletions.forEach(each -> Tailnets.forward(deleted, each));
        }
        closed.unloadings().forEach(each -> each.complete(true));
        refuse(slot, closed.refused());
    }

    private CompletableFuture<Boolean> deleteNow(TailnetId tailnet, RouteController closed) {
        if (closed.endCause() instanceof FencedException fenced) {
            return CompletableFuture.failedFuture(fenced); // another process owns the tailnet
        }
        try {
            return CompletableFuture.completedFuture(loads.delete(tailnet, closed.claim()));
        } catch (Throwable e) {
            return CompletableFuture.failedFuture(TailnetLoads.refusal(tailnet, e));
        }
    }

    /** Remembers the next deadline of a tailnet that is unloaded. */
    private void remember(TailnetId tailnet, RouteController controller) {
        Snapshot last = controller.current();
        if (last.revision().equals(Revision.NONE)) {
            return;
        }
        if (hasOwnSessions(last)) {
            unloaded.addSoon(tailnet, last);
        } else if (!controller.isOver() && isWorthKnowing(last.state())) {
            unloaded.add(tailnet, last);
        }
    }

    /** Where other processes share the tailnet, only a deadline is of use: they may change its rows meanwhile. */
    private boolean isWorthKnowing(RoutingState last) {
        return settings.isShared ? last.nextDeadline().isPresent() : last.isDormant();
    }

    /** Whether rows name this process, which closed the controller: the store was away. The next load ends them. */
    private boolean hasOwnSessions(Snapshot last) {
        Replica replica = settings.replica;
        return settings.isShared
                && replica != null
                && !replica.hasLostLease()
                && last.state().sessionHolders().contains(replica.holder());
    }

    private void refuse(TailnetSlot slot, List<TailnetVisit> visits) {
        if (!visits.isEmpty()) {
            WayleaveException refusal =
                    slots.isClosed() ? new ControllerClosedException(slot.tailnet) : slots.isFull(slot.tailnet);
            visits.forEach(visit -> visit.refused(refusal));
        }
    }

    private void observe(TailnetSlot slot, Consumer<RoutingObserver> event) {
        new Listeners(slot.tailnet, List.of(), settings.observers).observe(event);
    }

    // ---- deadlines

    /** The deadline of an unloaded tailnet has come: once it is loaded, its loop sees to it. */
    private void wake(TailnetId tailnet) {
        visit(
                tailnet,
                new TailnetVisit() {
                    @Override
                    public boolean loaded(TailnetSlot slot, RouteController controller) {
                        return false;
                    }

                    @Override
                    public void refused(WayleaveException cause) {
                        if (!slots.isClosed()) {
                            LOG.debug("tailnet {} cannot be loaded for its deadline now", tailnet, cause);
                            unloaded.again(tailnet);
                        }
                    }
                },
                false);
    }

    /** {@return whether the tailnet is unloaded, and remembered: never a shared one, which other processes change} */
    boolean isRemembered(TailnetId tailnet) {
        return !settings.isShared && unloaded.contains(tailnet);
    }

    /** The clock was stepped: each loop looks at it, and the deadlines of unloaded tailnets come at another time. */
    void clockStepped() {
        for (TailnetSlot slot : slots.loaded()) {
            slot.controller().wake();
        }
        unloaded.planAnew();
    }

    // ---- the end

    /** Closes all controllers, on this thread and those of the executor, and answers all that waits. */
    void close() {
        List<TailnetSlot> all = slots.close();
        unloaded.clear();
        Queue<TailnetSlot> open = new ConcurrentLinkedQueue<>();
        for (TailnetSlot slot : all) {
            if (slots.isClosing(slot)) {
                open.add(slot);
            } else {
                failed(slot, new ControllerClosedException(slot.tailnet));
            }
        }
        for (int i = 1; i < settings.loadsAtOnce; i++) {
            loads.offer(() -> closeAll(open));
        }
        closeAll(open);
        loads.close();
        loads.awaitTasks();
        unloaded.clear();
        if (orphaned != null) {
            orphaned.close();
        }
    }

    private void closeAll(Queue<TailnetSlot> open) {
        for (TailnetSlot slot = open.poll(); slot != null; slot = open.poll()) {
            closeNow(slot);
        }
    }
}
