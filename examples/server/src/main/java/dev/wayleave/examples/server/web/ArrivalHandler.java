package dev.wayleave.examples.server.web;

import com.google.common.base.Throwables;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Hands a request on when all of it has arrived: no thread waits for a client that sends slowly.
 *
 * <p>A body is kept if it is short enough and comes with a known key, and dropped otherwise. It is read in both cases:
 * a client that still writes when the connection is closed may never read the answer.
 */
final class ArrivalHandler extends Handler.Wrapper {

    /**
     * How much of a body is read and dropped before an answer that does not need it, an error most of all: twice what
     * is taken by default. Beyond it the answer comes at once, and the connection is closed.
     */
    static final int DROPPED_BYTES = 4 << 20;

    /** On every answer, Jetty's own errors included. */
    static final Map<String, String> HEADERS = Map.of("Cache-Control", "no-store", "X-Content-Type-Options", "nosniff");

    private static final String ATTRIBUTE = "wayleave.arrival";

    private final Limits limits;
    private final WebAddress address;
    private final Gate gate;
    private final Connections connections;

    ArrivalHandler(Limits limits, WebAddress address, Gate gate, Connections connections) {
        this.limits = limits;
        this.address = address;
        this.gate = gate;
        this.connections = connections;
    }

    /** What is known of the request that Jetty's attributes belong to. */
    static Arrival of(jakarta.servlet.ServletRequest request) {
        return (Arrival) request.getAttribute(ATTRIBUTE);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        HEADERS.forEach(response.getHeaders()::put);
        TimedConnection connection =
                connections.of(request.getConnectionMetaData().getConnection());
        connection.requestBegins();
        Request.addCompletionListener(request, failure -> connection.requestEnds());
        Optional<ApiException> refusal = refusal(request);
        Optional<Gate.Caller> caller = refusal.isPresent()
                ? Optional.empty()
                : Credentials.key(request).flatMap(gate::caller);
        Arrival arrival =
                new Arrival(request, response, callback, connection, caller.orElse(null), refusal.orElse(null));
        request.setAttribute(ATTRIBUTE, arrival);
        arrival.run();
        return true;
    }

    /** The refusal of a header that no request may have; empty if there is none. */
    private Optional<ApiException> refusal(Request request) {
        if (request.getHeaders().getFields(HttpHeader.AUTHORIZATION).size() > 1) {
            return Optional.of(ApiException.badRequest("there are several `Authorization` headers: send one"));
        }
        String coding = request.getHeaders().get(HttpHeader.CONTENT_ENCODING);
        if (coding != null && !coding.strip().equalsIgnoreCase("identity")) {
            return Optional.of(new ApiException(
                            415, "a body in the coding `" + Json.shown(coding) + "` is not read: send it as it is")
                    .with("Accept-Encoding", "identity"));
        }
        return address.refusal(Request.getServerName(request));
    }

    /** A request that arrives, read whenever a part of it is there. */
    final class Arrival implements Runnable {

        private final Request request;
        private final Response response;
        private final Callback callback;
        private final TimedConnection connection;
        private final Gate.@Nullable Caller caller;
        private final @Nullable ApiException refusal;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private long length;

        private Arrival(
                Request request,
                Response response,
                Callback callback,
                TimedConnection connection,
                Gate.@Nullable Caller caller,
                @Nullable ApiException refusal) {
            this.request = request;
            this.response = response;
            this.callback = callback;
            this.connection = connection;
            this.caller = caller;
            this.refusal = refusal;
            this.length = request.getLength() > DROPPED_BYTES ? request.getLength() : 0;
        }

        TimedConnection connection() {
            return connection;
        }

        /** The caller, if the key is known. */
        Optional<Gate.Caller> caller() {
            return Optional.ofNullable(caller);
        }

        /** The reason why the request is not answered, with any key. */
        Optional<ApiException> refusal() {
            return Optional.ofNullable(refusal);
        }

        /** The body, unless it is longer than the limit. */
        byte[] body() {
            if (length > Limits.BODY_BYTES) {
                throw new ApiException(413, "the body is too long: at most " + Limits.BODY_BYTES + " bytes are taken");
            }
            return body.toByteArray();
        }

        @Override
        public void run() {
            while (length <= DROPPED_BYTES) {
                Content.Chunk chunk = request.read();
                if (chunk == null) {
                    request.demand(this);
                    return;
                }
                if (Content.Chunk.isFailure(chunk)) {
                    Response.writeError(request, response, callback, cause(chunk.getFailure()));
                    return;
                }
                take(chunk);
                if (chunk.isLast()) {
                    break;
                }
            }
            handOn();
        }

        /** A client that is gone is not worth a line in the log. */
        private static Throwable cause(Throwable failure) {
            return Throwables.getCausalChain(failure).stream()
                    .filter(HttpException.class::isInstance)
                    .findFirst()
                    .orElseGet(() -> failure instanceof IOException ? new EofException(failure) : failure);
        }

        private void take(Content.Chunk chunk) {
            length += chunk.remaining();
            if (caller != null && length <= Limits.BODY_BYTES) {
                body.writeBytes(BufferUtil.toArray(chunk.getByteBuffer()));
            }
            chunk.release();
        }

        private void handOn() {
            connection.requestArrived();
            try {
                if (!ArrivalHandler.super.handle(request, response, callback)) {
                    Response.writeError(request, response, callback, 404);
                }
            } catch (Exception e) {
                Response.writeError(request, response, callback, e);
            }
            connection.answerMade(limits.streamWrite());
        }
    }
}
