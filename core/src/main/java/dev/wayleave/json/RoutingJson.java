package dev.wayleave.json;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.Origin;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.explanation.Reachability;
import dev.wayleave.explanation.RouteExplanation;
import dev.wayleave.explanation.ViewExplanation;
import dev.wayleave.internal.json.Json;
import dev.wayleave.net.StoredTextException;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.StateRows;
import dev.wayleave.row.TailnetRow;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.visibility.ViewChange;
import dev.wayleave.visibility.ViewChanges;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/**
 * The public JSON form of the library's values, with a version. What it writes, it reads back equal; what it does not
 * know, it refuses with the place – but an event of an unknown kind, which it reads as {@link RouteEvent.UnknownEvent}:
 * two versions of the library may read one store.
 *
 * <p>A document is one object: {@code "version"} first, then the members of the value. A value of a sealed type has
 * {@code "kind"}, the stable name of its kind. A component that is absent has no member. {@code docs/json.md} lists the
 * kinds and members.
 *
 * <pre>{@code
 * {"version": 1, "kind": "node-online", "origin": {"actor": "gateway"}, "nodeId": 3, …}
 * }</pre>
 *
 * <p>Stateless and safe for use by several threads.
 */
public final class RoutingJson {

    /** The version of the form that this library writes, and the only one that it reads: 1. */
    public static final int VERSION = 1;

    private static final List<Class<?>> TYPES = List.of(
            Command.class,
            Submission.class,
            SubmissionResult.class,
            RouteEvent.class,
            RouteExplanation.class,
            ViewExplanation.class,
            Reachability.class,
            ViewChange.class,
            ViewChanges.class,
            TailnetRow.class,
            NodeRow.class,
            RouteRow.class,
            StateRows.class,
            RowChanges.class,
            RoutingSettings.class);

    static final Codecs CODECS = new Codecs(
            TYPES,
            new Codecs.UnknownKind(
                    RouteEvent.class,
                    RouteEvent.UnknownEvent.class,
                    RoutingJson::unknownEvent,
                    event -> ((RouteEvent.UnknownEvent) event).json()));

    private RoutingJson() {}

    /**
     * Returns the types that have a document of their own: interfaces stand for all their kinds.
     *
     * @return the types, in a fixed order
     */
    public static List<Class<?>> types() {
        return TYPES;
    }

    /**
     * Writes a value as a document.
     *
     * @param value a value of one of {@link #types}
     * @return JSON in one line
     * @throws IllegalArgumentException if the value is of another type
     */
    public static String write(Object value) {
        Objects.requireNonNull(value, "value");
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            write(json, value);
        }
        String members = text.toString().substring(1);
        return "{\"version\":" + VERSION + (members.equals("}") ? "" : ",") + members;
    }

    private static RouteEvent unknownEvent(String kind, Map<?, ?> members) {
        Object origin = members.get("origin");
        return new RouteEvent.UnknownEvent(
                origin instanceof Map<?, ?>
                        ? (Origin) CODECS.of(Origin.class).read("document.origin", origin)
                        : Origin.time(),
                kind,
                Json.write(members));
    }

    /** Writes the members of a value as an object, without a version. */
    static void write(JsonGenerator json, Object value) {
        Class<?> type = TYPES.stream()
                .filter(each -> each.isInstance(value))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        value.getClass().getName() + " has no JSON document: it is none of RoutingJson.types()"));
        CODECS.of(type).write(json, value);
    }

    /**
     * Reads a document back.
     *
     * @param type one of {@link #types}
     * @param text what {@link #write} wrote, also with other white space or another order of members
     * @param <T> the type
     * @return a value that equals what was written
     * @throws StoredTextException if the text is not JSON, or not of this type and version; its message begins with the
     *     place, for example {@code document.origin.actor}
     * @throws IllegalArgumentException if the type has no document
     */
    public static <T> T read(Class<T> type, String text) {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(text, "text");
        if (!TYPES.contains(type)) {
            throw new IllegalArgumentException(
                    type.getName() + " has no JSON document: it is none of RoutingJson.types()");
        }
        Map<String, Object> members = new LinkedHashMap<>(Json.readTree("document", text));
        Object version = members.remove("version");
        if (!Objects.equals(version, (long) VERSION)) {
            throw new StoredTextException("document.version: "
                    + (version == null ? "missing" : "`" + version + "`, and this library reads 1"));
        }
        return type.cast(CODECS.of(type).read("document", members));
    }
}
