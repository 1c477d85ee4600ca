package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One tailnet of a {@link TailnetTable} that is loaded, is being loaded, or is being unloaded. The table guards it. */
final class TailnetSlot {

    final TailnetId tailnet;
    private Stage stage = Stage.LOADING;
    private @Nullable RouteController controller;

    /** Those that came before the tailnet was loaded, in their order. */
    final Deque<TailnetVisit> waiting = new ArrayDeque<>(1);

    /** How many calls and callers use the tailnet, so that it must stay loaded. */
    int holds;

    /** When it was used last, by the steady nanoseconds of the table. */
    long usedAt;

    /** Whether a live owner is replaced. */
    volatile boolean takesOver;

    /** Whether a thread closes the controller. */
    boolean isClosedByThread;

    /** Whether the host unloads or deletes the tailnet, whatever its sessions are. */
    boolean mustClose;

    /** Whether the controller closed by itself. */
    boolean hasEnded;

    /** The hosts that delete the tailnet. */
    final List<CompletableFuture<Boolean>> deletions = new ArrayList<>(0);

    /** Those that wait until it is unloaded. */
    final List<CompletableFuture<Boolean>> unloadings = new ArrayList<>(0);

    /** How many nodes of it the table has counted. Written by the thread that loads or runs the loop. */
    volatile int nodes;

    /**
     * Where a slot is in its life.
     *
     * <pre>
     *   LOADING ──► LOADED ──► CLOSING ──► gone
     *      ▲                      └── a caller came meanwhile: LOADING
     *      └── refused: gone
     * </pre>
     */
    enum Stage {
        LOADING,
        LOADED,
        CLOSING
    }

    TailnetSlot(TailnetId tailnet) {
        this.tailnet = tailnet;
    }

    boolean isIn(Stage asked) {
        return stage == asked;
    }

    /** {@return whether the controller is open, also while those are served that came before it was} */
    boolean isOpen() {
        return stage == Stage.LOADED || (stage == Stage.LOADING && controller != null);
    }

    void go(Stage next) {
        stage = next;
    }

    /** Begins the life of the slot anew, without a controller. */
    void loadAgain() {
        stage = Stage.LOADING;
        controller = null;
        isClosedByThread = false;
        mustClose = false;
        hasEnded = false;
        takesOver = false;
    }

    void controller(RouteController loaded) {
        controller = loaded;
    }

    /** {@return the controller of a tailnet that was loaded} */
    RouteController controller() {
        return Objects.requireNonNull(controller, "controller");
    }

    boolean hasController(@Nullable RouteController other) {
        return controller != null && controller == other;
    }
}
