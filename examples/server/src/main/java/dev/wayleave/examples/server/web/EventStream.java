package dev.wayleave.examples.server.web;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One {@code text/event-stream} that somebody reads, written by one thread of its own.
 *
 * <pre>
 *   any thread ──► send ──► queue (bounded) ──► one thread ──► socket
 *                   │ full: cut                     │ nothing to send: a comment, so that a dead reader shows
 *                                                   │ a write takes too long: cut
 * </pre>
 *
 * <p>Cutting interrupts the thread; a socket channel whose thread is interrupted in a write closes itself.
 */
public final class EventStream {

    private static final byte[] COMMENT = ": \n\n".getBytes(StandardCharsets.UTF_8);

    /** Known by its identity. */
    private static final Supplier<String> LAST = new Supplier<>() {
        @Override
        public String get() {
            return "";
        }
    };

    private final HttpExchange exchange;
    private final Limits limits;
    private final BlockingQueue<Supplier<String>> queue;
    private final AtomicBoolean cut = new AtomicBoolean();
    private @Nullable Thread writer;

    /** When the write that is going on began, by {@link System#nanoTime}; 0 if none is. */
    private volatile long writingSince;

    EventStream(HttpExchange exchange, Limits limits) {
        this.exchange = exchange;
        this.limits = limits;
        this.queue = new ArrayBlockingQueue<>(limits.streamQueue());
    }

    /** Puts a message together. */
    public static String message(String event, JsonNode data) {
        return "event: " + event + "\ndata: " + Json.text(data) + "\n\n";
    }

    /** Puts a message with a number together. */
    public static String message(long id, String event, JsonNode data) {
        return "id: " + id + "\n" + message(event, data);
    }

    /**
     * Sends a message. Does not block: a stream whose reader is too slow is cut.
     *
     * @param message made by the thread that writes, when its turn comes
     */
    public void send(Supplier<String> message) {
        if (!queue.offer(message)) {
            cut();
        }
    }

    /** Ends the stream after what was sent so far. */
    public void end() {
        send(LAST);
    }

    /** Ends the stream at once, with whatever waits. */
    public void cut() {
        if (cut.compareAndSet(false, true)) {
            synchronized (this) {
                if (writer != null) {
                    writer.interrupt();
                }
            }
        }
    }

    /** Cuts the stream if a write takes too long. */
    void cutIfStuck(long now) {
        long since = writingSince;
        if (since != 0 && now - since > limits.streamWrite().toNanos()) {
            cut();
        }
    }

    /** Writes until the stream ends. */
    void write(Answer.StreamSource source) {
        synchronized (this) {
            writer = Thread.currentThread();
        }
        Runnable ended = () -> {};
        try {
            exchange.sendResponseHeaders(200, 0);
            ended = source.begin(this);
            pump(exchange.getResponseBody());
        } catch (IOException e) {
            // the reader is gone
        } catch (InterruptedException e) {
            cut.set(true);
        } finally {
            close();
            ended.run();
        }
    }

    private void pump(OutputStream out) throws IOException, InterruptedException {
        while (!cut.get()) {
            Supplier<String> next = queue.poll(limits.heartbeat().toMillis(), TimeUnit.MILLISECONDS);
            if (next == LAST) {
                return;
            }
            byte[] bytes = next == null ? COMMENT : next.get().getBytes(StandardCharsets.UTF_8);
            writingSince = System.nanoTime() | 1;
            out.write(bytes);
            out.flush();
            writingSince = 0;
        }
    }

    private void close() {
        synchronized (this) {
            writer = null;
        }
        writingSince = 0;
        if (cut.get()) {
            // with this mark the channel closes instead of waiting for a reader who does not read
            Thread.currentThread().interrupt();
        }
        exchange.close();
        boolean ignored = Thread.interrupted();
    }
}
