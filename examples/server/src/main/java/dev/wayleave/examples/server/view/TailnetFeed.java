package dev.wayleave.examples.server.view;

import dev.wayleave.examples.server.web.EventStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The streams that get the whole tailnet whenever something changed: the newest only, and not too often.
 */
public final class TailnetFeed {

    private final Supplier<String> newest;
    private final Duration pause;
    private final ScheduledExecutorService timer;
    private final Set<EventStream> readers = new HashSet<>();
    private boolean scheduled;

    public TailnetFeed(Supplier<String> newest, Duration pause, ScheduledExecutorService timer) {
        this.newest = newest;
        this.pause = pause;
        this.timer = timer;
    }

    public synchronized Runnable begin(EventStream stream) {
        stream.send(newest);
        readers.add(stream);
        return () -> forget(stream);
    }

    private synchronized void forget(EventStream stream) {
        readers.remove(stream);
    }

    /** Something changed. Further changes during the pause go into the same document. */
    public synchronized void changed() {
        if (!readers.isEmpty() && !scheduled) {
            scheduled = true;
            var unused = timer.schedule(this::send, pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void send() {
        scheduled = false;
        readers.forEach(stream -> stream.send(newest));
    }
}
