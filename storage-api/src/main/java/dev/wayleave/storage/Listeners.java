package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Calls the host's listeners and observer. What they throw is logged, and goes no further.
 *
 * <p>Any thread adds and removes listeners. The thread of the loop starts those that were added, and calls them.
 */
final class Listeners {

    private static final QuietLog LOG = QuietLog.of(Listeners.class);

    private final TailnetId tailnet;
    private final RoutingObserver observer;

    /** Listeners that have the snapshot of their start. */
    private final List<PublicationListener> started = new CopyOnWriteArrayList<>();

    /** Listeners that wait for it. */
    private final List<PublicationListener> added;

    Listeners(TailnetId tailnet, List<PublicationListener> listeners, RoutingObserver observer) {
        this.tailnet = tailnet;
        this.added = new CopyOnWriteArrayList<>(listeners);
        this.observer = observer;
    }

    void add(PublicationListener listener) {
        added.add(listener);
    }

    boolean remove(PublicationListener listener) {
        return added.remove(listener) || started.remove(listener);
    }

    /** {@return whether some listener waits for the snapshot of its start} */
    boolean areAdded() {
        return !added.isEmpty();
    }

    /** Starts the listeners that were added, in their order. */
    void start(Snapshot current) {
        for (PublicationListener listener : List.copyOf(added)) {
            started.add(listener);
            if (!added.remove(listener)) {
                // removed at the same time
                started.remove(listener);
                continue;
            }
            quietly("listener", () -> listener.started(current));
        }
    }

    void publish(Publication publication) {
        for (PublicationListener listener : started) {
            quietly("listener", () -> listener.published(publication));
        }
    }

    void observe(Consumer<RoutingObserver> event) {
        quietly("observer", () -> event.accept(observer));
    }

    /** Calls a function of the host. Catches any throwable: other languages throw checked exceptions unannounced. */
    void quietly(String who, Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            LOG.error("a {} of tailnet {} failed; the routes are as published", who, tailnet, e);
        }
    }
}
