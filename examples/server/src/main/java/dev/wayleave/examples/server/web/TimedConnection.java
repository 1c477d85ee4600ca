package dev.wayleave.examples.server.web;

import java.time.Duration;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * Measures the time that the client of one connection takes, with a deadline where it is the client's turn.
 *
 * <pre>
 *   first byte ──► header ──► body ──► answering ──► sending ──► end, until the next first byte
 *   └────────── deadline ─────────┘   no deadline    deadline    no deadline (Jetty's idle time)
 *                                         └► stream: a deadline for each write
 * </pre>
 *
 * <p>Jetty's own time-outs begin anew with each byte, so that a client that sends byte by byte never meets one.
 */
final class TimedConnection {

    private final Connection connection;
    private final Duration longestRequest;
    private boolean inRequest;
    private boolean isStream;
    private @Nullable Long deadline;

    /** What had been read when the last request ended: more is a part of the next one. */
    private long bytesBefore;

    TimedConnection(Connection connection, Duration longestRequest) {
        this.connection = connection;
        this.longestRequest = longestRequest;
    }

    private void startTimer(Duration longest) {
        deadline = System.nanoTime() + longest.toNanos();
    }

    /** The header of a request has arrived. */
    synchronized void requestBegins() {
        inRequest = true;
        if (deadline == null) {
            startTimer(longestRequest);
        }
    }

    /** All of the request has arrived: it is the server's turn. */
    synchronized void requestArrived() {
        deadline = null;
    }

    /** The answer is made, unless it is a stream, and goes out as fast as the client reads. */
    synchronized void answerMade(Duration longest) {
        if (inRequest && !isStream) {
            startTimer(longest);
        }
    }

    /** The answer is a stream: from now on only single writes are timed. */
    synchronized void streamBegins() {
        isStream = true;
    }

    /** A write to the stream begins. */
    synchronized void writeBegins(Duration longest) {
        startTimer(longest);
    }

    /** The client took what was written to the stream. */
    synchronized void writeEnds() {
        deadline = null;
    }

    /** The request is answered. */
    synchronized void requestEnds() {
        inRequest = false;
        isStream = false;
        deadline = null;
        bytesBefore = connection.getBytesIn();
    }

    /** Returns whether the client is late; asked every second, which notices the first byte of a request. */
    synchronized boolean isLate(long now) {
        if (deadline == null && !inRequest && connection.getBytesIn() > bytesBefore) {
            startTimer(longestRequest);
        }
        return deadline != null && now - deadline > 0;
    }

    /**
     * Acts once when the client closes the connection. While a stream is open nothing else looks at what comes in, and
     * a client that sends more has no reason to: that counts as the end, too.
     */
    void onInput(Runnable action) {
        boolean ignored = connection
                .getEndPoint()
                .tryFillInterested(
                        Callback.from(Invocable.InvocationType.NON_BLOCKING, action, failure -> action.run()));
    }

    /** Closes the connection at once. Bytes that wait to be sent are lost. */
    void cut() {
        connection.getEndPoint().close();
    }
}
