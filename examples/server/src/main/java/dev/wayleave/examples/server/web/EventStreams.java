package dev.wayleave.examples.server.web;

import com.google.common.collect.ConcurrentHashMultiset;
import com.google.common.collect.Multiset;
import com.sun.net.httpserver.HttpExchange;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;

/**
 * All streams that are open, within their limits. Those of agents are counted apart: however many nodes there are, an
 * operator can look. Safe for use by several threads.
 */
final class EventStreams {

    private final Limits limits;
    private final ExecutorService threads;
    private final Map<EventStream, Reader> open = new ConcurrentHashMap<>();
    private final Multiset<Long> perKey = ConcurrentHashMultiset.create();
    private final Multiset<Boolean> perKind = ConcurrentHashMultiset.create();

    private record Reader(long key, boolean agent) {}

    EventStreams(Limits limits, ExecutorService threads) {
        this.limits = limits;
        this.threads = threads;
    }

    /** Opens a stream, or refuses it. */
    void open(Optional<Gate.Caller> caller, HttpExchange exchange, Answer.StreamSource source) {
        EventStream stream = new EventStream(exchange, limits);
        Reader reader = new Reader(
                caller.map(Gate.Caller::key).orElse(0L),
                caller.filter(who -> who.scope() == Gate.Scope.AGENT).isPresent());
        int most = reader.agent() ? limits.agentStreams() : limits.streams();
        synchronized (this) {
            if (perKind.count(reader.agent()) >= most || perKey.count(reader.key()) >= limits.streamsPerKey()) {
                throw new ApiException(
                                429,
                                "too many streams: at most " + limits.streamsPerKey() + " for a key and " + most
                                        + (reader.agent() ? " for all agents" : " in all"))
                        .with("Retry-After", "10");
            }
            open.put(stream, reader);
            perKey.add(reader.key());
            perKind.add(reader.agent());
        }
        threads.execute(() -> {
            try {
                stream.write(source);
            } finally {
                synchronized (this) {
                    open.remove(stream);
                    perKey.remove(reader.key());
                    perKind.remove(reader.agent());
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
        open.forEach((stream, reader) -> {
            if (keys.contains(reader.key())) {
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
