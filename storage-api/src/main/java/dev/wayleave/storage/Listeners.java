package dev.wayleave.storage;

import com.google.common.collect.ImmutableList;
import dev.wayleave.mesh.TailnetId;
import java.util.List;
import java.util.function.Consumer;

/** Calls the host's listeners and observer. What they throw is logged, and goes no further. */
final class Listeners {

    private static final QuietLog LOG = QuietLog.of(Listeners.class);

    private final TailnetId tailnet;
    private final List<PublicationListener> listeners;
    private final RoutingObserver observer;

    Listeners(TailnetId tailnet, List<PublicationListener> listeners, RoutingObserver observer) {
        this.tailnet = tailnet;
        this.listeners = ImmutableList.copyOf(listeners);
        this.observer = observer;
    }

    void publish(Publication publication) {
        for (PublicationListener listener : listeners) {
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
