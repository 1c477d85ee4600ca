package dev.wayleave.json.engine;

import dev.wayleave.event.Origin;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.internal.Kinds;
import dev.wayleave.internal.json.Json;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.core.JsonGenerator;

/**
 * A sealed type: {@code "kind"}, then the members of the kind's record. An event of an unknown kind is not a fault: two
 * versions of the library may read one store.
 */
final class FamilyCodec implements Codec {

    private static final String KIND = "kind";

    private final Class<?> family;

    /** Complete once {@link #resolve} returns; never changed after. */
    private final Map<String, RecordCodec> kinds = new LinkedHashMap<>();

    private Codec origin = this;

    FamilyCodec(Class<?> family) {
        this.family = family;
    }

    /** Finds the codecs of the kinds; a step of its own, since types may contain themselves. */
    void resolve(Function<Type, Codec> codecs) {
        kindsByName(family).forEach((name, type) -> kinds.put(name, (RecordCodec) codecs.apply(type)));
        if (family == RouteEvent.class) {
            origin = codecs.apply(Origin.class);
        }
    }

    /** The kinds of a sealed type, without the one that stands for unknown ones, by their names. */
    static SortedMap<String, Class<?>> kindsByName(Class<?> family) {
        SortedMap<String, Class<?>> byName = new TreeMap<>();
        kinds(family).filter(kind -> kind != RouteEvent.UnknownEvent.class).forEach(kind -> {
            Class<?> other = byName.put(Kinds.of(kind), kind);
            if (other != null) {
                throw new IllegalStateException(kind + " and " + other + " have the same name: " + Kinds.of(kind));
            }
        });
        return byName;
    }

    static Stream<Class<?>> kinds(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses())
                        .flatMap(FamilyCodec::kinds)
                        .distinct()
                : Stream.of(type);
    }

    @Override
    public void write(JsonGenerator json, Object value) {
        if (value instanceof RouteEvent.UnknownEvent unknown) {
            Json.write(json, Json.readTree("event", unknown.json()));
            return;
        }
        String name = Kinds.of(value);
        json.writeStartObject();
        json.writeStringProperty(KIND, name);
        Objects.requireNonNull(kinds.get(name), name).writeMembers(json, value);
        json.writeEndObject();
    }

    @Override
    public Object read(String place, Object tree) {
        Map<?, ?> object = Codec.expect(Map.class, place, tree, "an object");
        Object name = object.get(KIND);
        if (name == null) {
            throw Codec.refuse(place, "`" + KIND + "` is missing", null);
        }
        RecordCodec codec = kinds.get(name);
        if (codec != null) {
            return codec.readMembers(place, object, List.of(KIND));
        }
        if (name instanceof String text && family == RouteEvent.class) {
            return unknownEvent(place, text, object);
        }
        throw Codec.refuse(place + "." + KIND, "`" + name + "` is unknown here", null);
    }

    private RouteEvent unknownEvent(String place, String kind, Map<?, ?> members) {
        Object from = members.get("origin");
        return new RouteEvent.UnknownEvent(
                from instanceof Map<?, ?> ? (Origin) origin.read(place + ".origin", from) : Origin.time(),
                kind,
                Json.write(members));
    }
}
