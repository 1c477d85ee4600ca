package dev.wayleave.examples.server.web;

import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.AddressFormatException;
import dev.wayleave.net.Prefix;
import io.javalin.http.Context;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.util.Fields;
import tools.jackson.core.JacksonException;

/** A request whose sender is known and whose path is right. */
public final class Request {

    private final Context context;
    private final ArrivalHandler.Arrival arrival;
    private final Map<String, String> query;

    Request(Context context) {
        this.context = context;
        this.arrival = ArrivalHandler.of(context.req());
        this.query = query(ServletContextRequest.getServletContextRequest(context.req()));
    }

    private static Map<String, String> query(org.eclipse.jetty.server.Request request) {
        Map<String, String> query = new LinkedHashMap<>();
        for (Fields.Field field :
                org.eclipse.jetty.server.Request.extractQueryParameters(request, StandardCharsets.UTF_8)) {
            if (field.hasMultipleValues()) {
                throw ApiException.badRequest("parameter `" + Json.shown(field.getName()) + "` comes twice");
            }
            query.put(field.getName(), field.getValue());
        }
        return query;
    }

    /** The caller. */
    public Gate.Caller caller() {
        return arrival.caller().orElseThrow(() -> new IllegalStateException("this endpoint needs no key"));
    }

    /** The name of the caller in the library's records. */
    public Actor actor() {
        return new Actor("key " + caller().key() + " (" + caller().name() + ")");
    }

    /** The node whose agent is asking. */
    public NodeId agent() {
        return new NodeId(caller().node());
    }

    /** The value at a place of the path. */
    public String path(String name) {
        return context.pathParam(name);
    }

    /** The node in the path. */
    public NodeId node() {
        return nodeId("node", path("id"));
    }

    /** A parameter of the query. */
    public Optional<String> query(String name) {
        return Optional.ofNullable(query.get(name));
    }

    /** Refuses parameters that the request does not have. */
    public Request onlyQuery(String... names) {
        for (String name : query.keySet()) {
            if (!Arrays.asList(names).contains(name)) {
                throw ApiException.badRequest("parameter `" + Json.shown(name) + "` is unknown: known are "
                        + (names.length == 0 ? "none" : String.join(", ", names)));
            }
        }
        return this;
    }

    /** A parameter that is a node. */
    public Optional<NodeId> queryNode(String name) {
        return query(name).map(text -> nodeId(name, text));
    }

    /** A parameter that is a prefix. */
    public Optional<Prefix> queryPrefix(String name) {
        return query(name).map(text -> {
            try {
                return prefix(text);
            } catch (ApiException e) {
                throw new ApiException(e.status(), "`" + name + "`: " + e.detail(), e.faults());
            }
        });
    }

    /** A parameter that is a whole number. */
    public Optional<Long> queryNumber(String name, long least, long most) {
        return query(name).map(text -> number(name, text, least, most));
    }

    /** A header of the request. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(context.header(name));
    }

    /** Reads the body, which has to be one JSON object and be sent as that type. */
    public Body body() {
        return json(text("application/json"));
    }

    /**
     * Reads the body, which has to be one JSON object and need not be sent as that type: some clients send no type, or
     * {@code text/plain}. Only for requests with a key in a header, which no form of another page can send.
     */
    public Body untypedBody() {
        return json(text("application/json", "text/plain", ""));
    }

    private static Body json(String text) {
        try {
            return Body.of(Json.read(text));
        } catch (JacksonException e) {
            String place = Optional.ofNullable(e.getLocation())
                    .map(at -> " at line " + at.getLineNr() + ", column " + at.getColumnNr())
                    .orElse("");
            throw ApiException.badRequest("the body is not a JSON document in UTF-8 without doubled fields" + place);
        }
    }

    /** Reads the body, which has to be text in UTF-8 of one of some types; the empty type stands for none. */
    public String text(String... types) {
        String[] type = header("Content-Type").orElse("").split(";", 2);
        String name = type[0].strip().toLowerCase(Locale.ROOT);
        boolean isUtf8 = type.length == 1 || type[1].strip().replace("\"", "").equalsIgnoreCase("charset=utf-8");
        if (!isUtf8 || !Arrays.asList(types).contains(name)) {
            throw new ApiException(415, "the body has to come as `Content-Type: " + types[0] + "`, in UTF-8");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(arrival.body()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw ApiException.badRequest("the body is not in UTF-8");
        }
    }

    /** Reads a prefix that must have no host bits. */
    public static Prefix prefix(String text) {
        try {
            return Prefix.parse(text);
        } catch (AddressFormatException e) {
            String message = String.valueOf(e.getMessage());
            throw new ApiException(400, message, List.of(new ApiException.Fault("not-a-prefix", message)));
        }
    }

    /** Reads the number of a node. */
    public static NodeId nodeId(String what, String text) {
        return new NodeId(number(what, text, 1, Long.MAX_VALUE));
    }

    static long number(String what, String text, long least, long most) {
        boolean digits = !text.isEmpty() && text.length() <= 19 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        try {
            long number = digits ? Long.parseLong(text) : -1;
            if (digits && number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // nineteen digits that are too many
        }
        throw ApiException.badRequest("`" + what + "` is `" + Json.shown(text) + "`: give a whole number from " + least
                + (most == Long.MAX_VALUE ? "" : " to " + most));
    }
}
