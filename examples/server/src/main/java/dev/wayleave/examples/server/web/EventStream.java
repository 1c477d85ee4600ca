package dev.wayleave.examples.server.web;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * One {@code text/event-stream} to one reader, without a thread of its own.
 *
 * <pre>
 *   any thread ──► send ──► queue (bounded) ──► one writer at a time ──► socket
 *                   │ full: cut                     │ the socket takes no more: the writer leaves, and Jetty calls
 *                                                   │ when it takes more; too late: cut
 * </pre>
 */
public final class EventStream implements WriteListener {

    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    private final ServletOutputStream out;
    private final TimedConnection connection;
    private final Executor writers;
    private final Limits limits;
    private final Queue<Supplier<String>> queue;
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    /** How often a writer was asked for since the last one left. Above 0 there is a writer; the first is Jetty's. */
    private final AtomicInteger asked = new AtomicInteger(1);

    private boolean begun;

    /** True at first, too: the client gets the headers before there is a message. */
    private boolean toFlush = true;

    private volatile boolean ending;

    EventStream(ServletOutputStream out, TimedConnection connection, Executor writers, Limits limits) {
        this.out = out;
        this.connection = connection;
        this.writers = writers;
        this.limits = limits;
        this.queue = new ArrayBlockingQueue<>(limits.streamQueue());
    }

    /** Puts a message together. */
    public static String message(String event, JsonNode data) {
        return "event: " + event + "\ndata: " + Json.text(data) + "\n\n";
    }

    /** Puts a message with an id together. */
    public static String message(String id, String event, JsonNode data) {
        return "id: " + id + "\n" + message(event, data);
    }

    /** Completed when the stream has ended, on either side. */
    CompletableFuture<Void> over() {
        return over;
    }

    /**
     * Sends a message. Does not block: a stream whose reader is too slow is cut.
     *
     * @param message made by the thread that writes, when its turn comes
     */
    public void send(Supplier<String> message) {
        if (over.isDone() || ending) {
            return;
        }
        if (queue.offer(message)) {
            askForWriter();
        } else {
            cut();
        }
    }

    /** Sends a sign of life if no message waits: what is between may otherwise take the connection for a dead one. */
    void sendComment() {
        if (queue.isEmpty()) {
            send(EventStream::comment);
        }
    }

    private static String comment() {
        return ": \n\n";
    }

    /** Ends the stream after what was sent so far. */
    public void end() {
        ending = true;
        askForWriter();
    }

    /** Ends the stream at once. Messages that wait are lost. */
    public void cut() {
        // not here: the caller may hold locks that are needed when a stream has ended
        writers.execute(() -> {
            connection.cut();
            over.complete(null);
        });
    }

    @Override
    public void onWritePossible() {
        if (begun) {
            askForWriter();
        } else {
            begun = true;
            writers.execute(this::write);
        }
    }

    @Override
    public void onError(Throwable failure) {
        cut();
    }

    private void askForWriter() {
        if (asked.getAndIncrement() == 0) {
            writers.execute(this::write);
        }
    }

    private void write() {
        int answered;
        do {
            answered = asked.get();
            try {
                writeWhatFits();
            } catch (IOException e) {
                cut();
            } catch (RuntimeException e) {
                if (!over.isDone()) {
                    LOG.warn("a message could not be written", e);
                }
                cut();
            }
        } while (asked.addAndGet(-answered) != 0);
    }

    private void writeWhatFits() throws IOException {
        while (!over.isDone() && out.isReady()) {
            connection.writeEnds();
            // asked first: what was sent before the end is in the queue then
            boolean isLast = ending;
            Supplier<String> next = toFlush ? null : queue.poll();
            if (next == null && !toFlush) {
                if (isLast) {
                    over.complete(null);
                }
                return;
            }
            connection.writeBegins(limits.streamWrite());
            if (next == null) {
                out.flush();
            } else {
                out.write(next.get().getBytes(StandardCharsets.UTF_8));
            }
            toFlush = !toFlush;
        }
    }
}
