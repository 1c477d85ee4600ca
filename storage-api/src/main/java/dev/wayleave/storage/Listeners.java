package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls the host's listeners and observers. What they throw is logged, and goes no further.
 *
 * <p>Any thread adds and removes listeners. The thread of the loop starts those that were added, and calls them.
 */
final class Listeners {

    private static final QuietLog LOG = QuietLog.of(Listeners.class);

    private final TailnetId tailnet;
    private final List<RoutingObserver> observers;

    /** The calls to make once the lock of the tailnet is free; null while calls do not wait. */
    private @Nullable List<Runnable> held;

    /** In the order in which they were added. */
    private final List<Registration> registrations = new CopyOnWriteArrayList<>();

    Listeners(TailnetId tailnet, List<PublicationListener> listeners, List<RoutingObserver> observers) {
        this.tailnet = tailnet;
        this.observers = List.copyOf(observers);
        listeners.forEach(this::add);
    }

    private static final class Registration {
        private final PublicationListener listener;

        /** Whether it has the snapshot of its start. */
        private volatile boolean isStarted;

        /** Looked at before each call: the list that is iterated may be older. */
        private volatile boolean isRemoved;

        Registration(PublicationListener listener) {
            this.listener = listener;
        }
    }

    void add(PublicationListener listener) {
        registrations.add(new Registration(listener));
    }

    boolean remove(PublicationListener listener) {
        for (Registration each : List.copyOf(registrations)) {
            if (each.listener.equals(listener) && registrations.remove(each)) {
                each.isRemoved = true;
                return true;
            }
        }
        return false;
    }

    /** {@return whether some listener waits for the snapshot of its start} */
    boolean areAdded() {
        return registrations.stream().anyMatch(each -> !each.isStarted);
    }

    /** {@return whether some listener gets the next publication} */
    boolean areStarted() {
        return registrations.stream().anyMatch(each -> each.isStarted);
    }

    /** Starts the listeners that were added, in their order. */
    void start(Snapshot current) {
        for (Registration each : registrations) {
            if (!each.isStarted && !each.isRemoved) {
                each.isStarted = true;
                quietly("listener", () -> each.listener.started(current));
            }
        }
    }

    void publish(Publication publication) {
        for (Registration each : registrations) {
            if (each.isStarted) {
                quietly("listener", () -> {
                    if (!each.isRemoved) {
                        each.listener.published(publication);
                    }
                });
            }
        }
    }

    void observe(Consumer<RoutingObserver> event) {
        observers.forEach(observer -> quietly("observer", () -> event.accept(observer)));
    }

    /** Calls a function of the host. Catches any throwable: other languages throw checked exceptions unannounced. */
    void quietly(String who, Runnable call) {
        if (held != null) {
            held.add(() -> callQuietly(who, call));
        } else {
            callQuietly(who, call);
        }
    }

    /** Calls of the host wait from now on, until the {@link #release}. */
    void hold() {
        held = new ArrayList<>();
    }

    /** Makes the calls that waited, in their order. */
    void release() {
        List<Runnable> calls = held == null ? List.of() : held;
        held = null;
        calls.forEach(Runnable::run);
    }

    private void callQuietly(String who, Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            LOG.error("a {} of tailnet {} failed; the routes are as published", who, tailnet, e);
        }
    }
}
