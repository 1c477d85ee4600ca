package dev.wayleave.examples.server.web;

import com.google.common.collect.ConcurrentHashMultiset;
import com.google.common.collect.Multiset;
import com.sun.net.httpserver.HttpExchange;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;

/** All streams that are open, within their limits. Safe for use by several threads. */
final class EventStreams {

    private final Limits limits;
    private final ExecutorService threads;
    private final Map<EventStream, Long> open = new ConcurrentHashMap<>();
    private final Multiset<Long> perKey = ConcurrentHashMultiset.create();

    EventStreams(Limits limits, ExecutorService threads) {
        this.limits = limits;
        this.threads = threads;
    }

    /** Opens a stream for a key, or refuses it. */
    void open(long key, HttpExchange exchange, Answer.StreamSource source) {
        EventStream stream = new EventStream(exchange, limits);
        synchronized (this) {
            if (open.size() >= limits.streams() || perKey.count(key) >= limits.streamsPerKey()) {
                throw new ApiException(
                                429,
                                "too many streams: at most " + limits.streamsPerKey() + " for a key and "
                                        + limits.streams() + " in all")
                        .with("Retry-After", "10");
            }
            open.put(stream, key);
            perKey.add(key);
        }
        threads.execute(() -> {
            try {
                stream.write(source);
            } finally {
                synchronized (this) {
                    open.remove(stream);
                    perKey.remove(key);
                }
            }
        });
    }

    /** Cuts the streams whose readers do not read. */
    void cutStuck() {
        long now = System.nanoTime();
        open.keySet().forEach(stream -> stream.cutIfStuck(now));
    }

    /** Cuts the streams of some keys. */
    void cut(Set<Long> keys) {
        open.forEach((stream, key) -> {
            if (keys.contains(key)) {
                stream.cut();
            }
        });
    }

    void cutAll() {
        open.keySet().forEach(EventStream::cut);
    }

    int count() {
        return open.size();
    }
}
