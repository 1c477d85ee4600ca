package dev.wayleave.json;

import dev.wayleave.event.RouteEvent;
import dev.wayleave.internal.Texts;
import dev.wayleave.internal.json.Json;
import dev.wayleave.json.engine.Codecs;
import dev.wayleave.net.StoredTextException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The public JSON form of the library's values, with a version. What it writes, it reads back equal; what it does not
 * know, it refuses with the place – but an event of an unknown kind, which it reads as
 * {@link RouteEvent.UnknownEvent}: two versions of the library may read one store.
 *
 * <p>A document is one object: {@code "version"} first, then the members of the value. A value of a sealed type has
 * {@code "kind"}, the stable name of its kind. A component that is absent has no member. {@code docs/json.md} lists the
 * kinds and members.
 *
 * <pre>{@code
 * {"version": 1, "kind": "node-online", "origin": {"actor": "gateway"}, "nodeId": 3, …}
 * }</pre>
 */
public final class RoutingJson {

    /** The version of the form that this library writes, and the only one that it reads: 1. */
    public static final int VERSION = 1;

    private RoutingJson() {}

    /** {@return the types that have a document of their own: interfaces stand for all their kinds} */
    public static List<Class<?>> types() {
        return Codecs.DOCUMENTS;
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
        Class<?> type = types().stream()
                .filter(each -> each.isInstance(value))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        value.getClass().getName() + " has no JSON document: it is none of RoutingJson.types()"));
        String members = Codecs.LIBRARY.text(type, value).substring(1);
        return "{\"version\":" + VERSION + (members.equals("}") ? "" : ",") + members;
    }

    /**
     * Reads a document back.
     *
     * @param type one of {@link #types}
     * @param text what {@link #write} wrote, even with other white space or another order of members
     * @param <T> the type
     * @return a value that equals what was written
     * @throws StoredTextException if the text is not JSON, or not of this type and version; its message begins with the
     *     place, for example {@code document.origin.actor}
     * @throws IllegalArgumentException if the type has no document
     */
    public static <T> T read(Class<T> type, String text) {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(text, "text");
        if (!types().contains(type)) {
            throw new IllegalArgumentException(
                    type.getName() + " has no JSON document: it is none of RoutingJson.types()");
        }
        Map<String, Object> members = new LinkedHashMap<>(Json.readTree("document", text));
        Object version = members.remove("version");
        if (!Objects.equals(version, (long) VERSION)) {
            throw new StoredTextException("document.version: "
                    + (version == null ? "missing" : "`" + version + "`, and this library reads 1"));
        }
        return Codecs.LIBRARY.read(type, "document", members);
    }

    /**
     * {@return the name of a constant in documents: its words in small letters with hyphens, for example
     * {@code key-expired}}
     *
     * @param constant a constant of any enum
     */
    public static String word(Enum<?> constant) {
        Objects.requireNonNull(constant, "constant");
        return Texts.hyphenated(constant);
    }
}
