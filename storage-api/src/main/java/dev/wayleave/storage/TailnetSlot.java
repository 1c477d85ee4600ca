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

    /** The number of calls and callers that use the tailnet, so that it must stay loaded. */
    int holds;

    /** When it was used last, by the steady nanoseconds of the table. */
    long usedAt;

    /** Whether the next load replaces a live owner. */
    volatile boolean takesOver;

    /** Whether a thread closes the controller. */
    boolean isClosedByThread;

    /** Whether the host unloads or deletes the tailnet, even if it has sessions. */
    boolean mustClose;

    /** The hosts that delete the tailnet. */
    final List<CompletableFuture<Boolean>> deletions = new ArrayList<>(0);

    /** Those that wait until it is unloaded. */
    final List<CompletableFuture<Boolean>> unloadings = new ArrayList<>(0);

    /** The number of its nodes that the table has counted. Written by the thread that loads or runs the loop. */
    volatile int nodes;

    /**
     * The stage of a slot in its life.
     *
     * <pre>
     *   LOADING ──► SERVING ──► LOADED ──► CLOSING ──► gone
     *    ▲   │         └── has to be closed ──▲ │
     *    │   └── refused: gone                  │
     *    └── a caller came meanwhile ───────────┘
     * </pre>
     */
    enum Stage {
        LOADING,
        /** The controller is open, and the thread that loaded it serves those that came before it was. */
        SERVING,
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
        return stage == Stage.SERVING || stage == Stage.LOADED;
    }

    void go(Stage next) {
        stage = next;
    }

    /** Begins the life of the slot anew. Calls that were admitted before still have the closed controller. */
    void loadAgain() {
        stage = Stage.LOADING;
        isClosedByThread = false;
        mustClose = false;
    }

    void opened(RouteController opened) {
        stage = Stage.SERVING;
        controller = opened;
    }

    /** {@return the controller of a tailnet that was loaded} */
    RouteController controller() {
        return Objects.requireNonNull(controller, "controller");
    }

    boolean hasController(@Nullable RouteController other) {
        return controller != null && controller == other;
    }
}
