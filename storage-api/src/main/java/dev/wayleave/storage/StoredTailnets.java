package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * Loads each stored tailnet once, one after the other and behind all that callers need, so that deadlines of tailnets
 * without callers are known.
 */
final class StoredTailnets {

    private static final QuietLog LOG = QuietLog.of(StoredTailnets.class);

    /** The pause before the next load, while too many tailnets are loaded. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final TailnetTable table;
    private final SharedTimer timer;
    private final CompletableFuture<Integer> answer;

    // of one task after the other

    private final Queue<TailnetId> left = new ArrayDeque<>();
    private int loaded;

    StoredTailnets(TailnetTable table, SharedTimer timer, CompletableFuture<Integer> answer) {
        this.table = table;
        this.timer = timer;
        this.answer = answer;
    }

    /** Lists the tailnets; blocks while the store does. */
    void begin(RoutingStore store) {
        try {
            left.addAll(store.tailnets());
        } catch (Throwable e) {
            answer.completeExceptionally(e);
            return;
        }
        next();
    }

    private void next() {
        TailnetId tailnet = left.poll();
        while (tailnet != null
                && (table.isRemembered(tailnet)
                        || table.slots().controller(tailnet).isPresent())) {
            tailnet = left.poll();
        }
        if (tailnet == null || table.slots().isClosed()) {
            answer.complete(loaded);
            return;
        }
        TailnetId chosen = tailnet;
        if (table.slots().hasRoomInBackground()) {
            load(chosen);
            return;
        }
        table.close(table.slots().evict());
        if (table.slots().hasRoomInBackground()) {
            load(chosen);
            return;
        }
        left.add(chosen);
        try {
            timer.set(PAUSE, () -> table.loads().execute(this::next));
        } catch (Throwable e) {
            answer.completeExceptionally(e);
        }
    }

    private void load(TailnetId tailnet) {
        table.visit(
                tailnet,
                new TailnetVisit() {
                    @Override
                    public boolean loaded(TailnetSlot slot, RouteController controller) {
                        loaded++;
                        goOn();
                        return false;
                    }

                    @Override
                    public void refused(WayleaveException cause) {
                        LOG.info("stored tailnet {} was not loaded", tailnet, cause);
                        goOn();
                    }
                },
                false);
    }

    private void goOn() {
        table.loads().execute(this::next);
    }
}
