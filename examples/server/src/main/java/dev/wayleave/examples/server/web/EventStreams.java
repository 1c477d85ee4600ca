package dev.wayleave.examples.server.web;

import com.google.common.collect.ConcurrentHashMultiset;
import com.google.common.collect.Multiset;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import io.javalin.http.Context;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * All streams that are open, within their limits. Those of agents are counted apart: however many nodes there are, an
 * operator can look.
 */
final class EventStreams implements AutoCloseable {

    private static final Duration STOPPING = Duration.ofSeconds(5);

    /** What each stream may hold of Jetty's memory: messages are short, and longer ones are written in pieces. */
    private static final int BUFFER_BYTES = 4_096;

    private final Limits limits;
    private final ExecutorService writers;
    private final Map<EventStream, Reader> open = new ConcurrentHashMap<>();
    private final Multiset<Long> perKey = ConcurrentHashMultiset.create();
    private final Multiset<Boolean> perKind = ConcurrentHashMultiset.create();

    private record Reader(long key, boolean agent) {}

    EventStreams(Limits limits) {
        this.limits = limits;
        int processors = Runtime.getRuntime().availableProcessors();
        // what is still to be written when the server stops goes nowhere
        this.writers = new ThreadPoolExecutor(
                processors,
                processors,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new ThreadFactoryBuilder()
                        .setNameFormat("wayleave-stream-%d")
                        .setDaemon(true)
                        .build(),
                new ThreadPoolExecutor.DiscardPolicy());
    }

    /** Opens a stream as the answer to a request, or refuses it. */
    void open(Context context, Answer.StreamSource source) throws IOException {
        ArrivalHandler.Arrival arrival = ArrivalHandler.of(context.req());
        Optional<Gate.Caller> caller = arrival.caller();
        ServletOutputStream out = context.res().getOutputStream();
        EventStream stream = new EventStream(out, arrival.connection(), writers, limits);
        admit(
                stream,
                new Reader(
                        caller.map(Gate.Caller::key).orElse(0L),
                        caller.filter(who -> who.scope() == Gate.Scope.AGENT).isPresent()));
        arrival.connection().streamBegins();
        context.res().setBufferSize(BUFFER_BYTES);
        Runnable ended = source.begin(stream);
        var unused = stream.over().thenRun(() -> {
            forget(stream);
            ended.run();
        });
        context.contentType("text/event-stream").header("Connection", "close").future(() -> {
            AsyncContext async = context.req().getAsyncContext();
            var ignored = stream.over().thenRun(async::complete);
            out.setWriteListener(stream);
            arrival.connection().onInput(stream::cut);
            // never completed: Javalin would go on with a request that Jetty has cleared when the connection was cut
            return new CompletableFuture<>();
        });
    }

    private synchronized void admit(EventStream stream, Reader reader) {
        int most = reader.agent() ? limits.agentStreams() : limits.streams();
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

    private synchronized void forget(EventStream stream) {
        Reader reader = open.remove(stream);
        if (reader != null) {
            perKey.remove(reader.key());
            perKind.remove(reader.agent());
        }
    }

    /** Shows all readers that their streams live; called once in each pause between two signs of life. */
    void sendComments() {
        open.keySet().forEach(EventStream::sendComment);
    }

    /** Cuts the streams of some keys. */
    void cut(Set<Long> keys) {
        open.forEach((stream, reader) -> {
            if (keys.contains(reader.key())) {
                stream.cut();
            }
        });
    }

    /** Cuts all streams; waits until they are cut. */
    @Override
    public void close() {
        open.keySet().forEach(EventStream::cut);
        boolean ignored = MoreExecutors.shutdownAndAwaitTermination(writers, STOPPING);
    }

    int count() {
        return open.size();
    }
}
