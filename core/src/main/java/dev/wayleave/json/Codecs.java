package dev.wayleave.json;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.reflect.TypeToken;
import dev.wayleave.internal.Kinds;
import dev.wayleave.internal.json.Json;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Finds how each type is written, from the roots down:
 *
 * <pre>
 *   a leaf (number, text, prefix …)   as Leaves says
 *   an enum                           "lower-case-words"
 *   a record                          {"component": …, …}
 *   a sealed interface                {"kind": "as @Kind says", "component": …, …}
 *   a list or a set                   [ … ]
 *   a map, whose keys have a text     {"key": …, …}
 * </pre>
 *
 * <p>A component that is absent has no member. A record of a new kind therefore needs nothing here but its
 * name. The names of kinds and members are a public form: tests compare them with the documentation.
 */
final class Codecs {

    private static final String KIND = "kind";

    /** Ends the name of a component that may be absent. */
    private static final String OR_NULL = "OrNull";

    /** Complete once the constructor returns; never changed after. */
    private final Map<Type, Codec> codecs = new HashMap<>(Leaves.ALL);

    private final UnknownKind unknown;

    Codecs(Collection<Class<?>> roots, UnknownKind unknown) {
        this.unknown = unknown;
        for (Class<?> root : roots) {
            Codec unused = find(root);
        }
    }

    /**
     * What stands for a kind that this version does not know, in the one family where that is no fault.
     *
     * @param family the sealed type
     * @param type the record that stands for it
     * @param reader makes it of the name of the kind and of its members
     * @param writer gives its members as JSON
     */
    record UnknownKind(
            Class<?> family,
            Class<?> type,
            BiFunction<String, Map<?, ?>, Object> reader,
            Function<Object, String> writer) {}

    /** Every class of the library that has a form, with it. */
    Map<Class<?>, Codec> ofLibrary() {
        Map<Class<?>, Codec> classes = new LinkedHashMap<>();
        codecs.forEach((type, codec) -> {
            if (type instanceof Class<?> plain && plain.getName().startsWith("dev.wayleave.")) {
                classes.put(plain, codec);
                if (plain.isSealed() && Leaves.ALL.containsKey(plain)) {
                    kinds(plain).forEach(kind -> classes.put(kind, codec));
                }
            }
        });
        return classes;
    }

    Codec of(Class<?> root) {
        Codec codec = codecs.get(root);
        if (codec == null) {
            throw new IllegalArgumentException(root.getName() + " has no JSON form of its own");
        }
        return codec;
    }

    /** The kinds of a sealed type, without those that only stand for unknown ones, by their names. */
    static SortedMap<String, Class<?>> kindsByName(Class<?> family, Class<?> unknown) {
        SortedMap<String, Class<?>> byName = new TreeMap<>();
        kinds(family).filter(kind -> kind != unknown).forEach(kind -> {
            Class<?> other = byName.put(Kinds.of(kind), kind);
            if (other != null) {
                throw new IllegalStateException(kind + " and " + other + " have the same name: " + Kinds.of(kind));
            }
        });
        return byName;
    }

    private static Stream<Class<?>> kinds(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses())
                        .flatMap(Codecs::kinds)
                        .distinct()
                : Stream.of(type);
    }

    /** The name in lower-case words with hyphens: {@code PrimaryMoved} is {@code primary-moved}. */
    static String words(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-")
                .toLowerCase(Locale.ROOT)
                .replace('_', '-');
    }

    /** The name of the member for a component. */
    static String member(RecordComponent component) {
        String name = component.getName();
        return name.endsWith(OR_NULL) ? name.substring(0, name.length() - OR_NULL.length()) : name;
    }

    private Codec find(Type type) {
        Codec known = codecs.get(type);
        if (known != null) {
            return known;
        }
        // types may contain themselves: who asks for one that is being made gets a door to it
        Later later = new Later();
        codecs.put(type, later);
        Codec made = type instanceof ParameterizedType generic ? generic(generic) : plain((Class<?>) type);
        later.codec = made;
        codecs.put(type, made);
        return made;
    }

    private Codec plain(Class<?> type) {
        if (type.isEnum()) {
            return new Constants(type);
        }
        if (type.isRecord()) {
            return new Fields(type, type);
        }
        if (type.isSealed()) {
            return new Alternatives(type);
        }
        throw new IllegalArgumentException(type.getName() + " is neither a leaf nor a record nor a sealed type");
    }

    private Codec generic(ParameterizedType type) {
        Class<?> raw = (Class<?>) type.getRawType();
        if (raw.isRecord()) {
            return new Fields(type, raw);
        }
        Codec first = find(type.getActualTypeArguments()[0]);
        if (raw == List.class) {
            return new Elements(first, List::copyOf);
        }
        if (raw == SortedSet.class) {
            return new Elements(
                    first, elements -> ImmutableSortedSet.copyOf(Codecs.<Comparable<Object>>cast(elements)));
        }
        if (raw == SortedMap.class) {
            return new Entries(first, find(type.getActualTypeArguments()[1]));
        }
        throw new IllegalArgumentException(type + " has no JSON form");
    }

    @SuppressWarnings("unchecked")
    private static <T> List<T> cast(List<?> elements) {
        return (List<T>) elements;
    }

    /** A type that contains itself. */
    private static final class Later implements Codec {
        private @Nullable Codec codec;

        private Codec found() {
            return Objects.requireNonNull(codec, "codec");
        }

        @Override
        public void write(JsonGenerator json, Object value) {
            found().write(json, value);
        }

        @Override
        public Object read(String place, Object tree) {
            return found().read(place, tree);
        }
    }

    /** An enum. */
    private static final class Constants implements Codec {
        private final ImmutableMap<String, Object> byName;

        Constants(Class<?> type) {
            ImmutableMap.Builder<String, Object> names = ImmutableMap.builder();
            for (Object constant : type.getEnumConstants()) {
                names.put(words(((Enum<?>) constant).name()), constant);
            }
            this.byName = names.buildOrThrow();
        }

        @Override
        public void write(JsonGenerator json, Object value) {
            json.writeString(words(((Enum<?>) value).name()));
        }

        @Override
        public Object read(String place, Object tree) {
            Object constant = byName.get(Codec.expect(String.class, place, tree, "a text"));
            if (constant == null) {
                throw Codec.refuse(place, "`" + tree + "` is unknown: it is one of " + byName.keySet(), null);
            }
            return constant;
        }
    }

    /** A list or a set. */
    private record Elements(Codec element, Function<List<?>, Object> collection) implements Codec {

        @Override
        public void write(JsonGenerator json, Object value) {
            json.writeStartArray();
            for (Object each : (Iterable<?>) value) {
                element.write(json, each);
            }
            json.writeEndArray();
        }

        @Override
        public Object read(String place, Object tree) {
            List<Object> elements = new ArrayList<>();
            for (Object each : Codec.expect(List.class, place, tree, "a list")) {
                elements.add(element.read(place + "[" + elements.size() + "]", each));
            }
            return collection.apply(elements);
        }
    }

    /** A map: an object if its keys are texts. */
    private record Entries(Codec key, Codec value) implements Codec {

        @Override
        public void write(JsonGenerator json, Object map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) map).entrySet()) {
                json.writeName(key.toName(entry.getKey()).orElseThrow());
                value.write(json, entry.getValue());
            }
            json.writeEndObject();
        }

        @Override
        public Object read(String place, Object tree) {
            ImmutableSortedMap.Builder<Comparable<Object>, Object> map = ImmutableSortedMap.naturalOrder();
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) Codec.expect(Map.class, place, tree, "an object")).entrySet()) {
                String name = (String) entry.getKey();
                String there = place + "." + name;
                @SuppressWarnings("unchecked")
                Comparable<Object> read = (Comparable<Object>) key.fromName(there, name);
                map.put(read, value.read(there, entry.getValue()));
            }
            return map.buildOrThrow();
        }
    }

    /** A record. */
    private final class Fields implements Codec {
        private final Constructor<?> constructor;
        private final Map<String, Member> members = new LinkedHashMap<>();

        Fields(Type declared, Class<?> type) {
            this.constructor = Records.constructor(type);
            for (RecordComponent component : type.getRecordComponents()) {
                Type resolved = TypeToken.of(declared)
                        .resolveType(component.getGenericType())
                        .getType();
                members.put(member(component), new Member(component, resolved));
            }
        }

        @Override
        public void write(JsonGenerator json, Object value) {
            json.writeStartObject();
            writeMembers(json, value);
            json.writeEndObject();
        }

        void writeMembers(JsonGenerator json, Object value) {
            members.forEach((name, member) -> member.get(value).ifPresent(present -> {
                json.writeName(name);
                member.codec.write(json, present);
            }));
        }

        @Override
        public Object read(String place, Object tree) {
            return readMembers(place, Codec.expect(Map.class, place, tree, "an object"), List.of());
        }

        Object readMembers(String place, Map<?, ?> object, List<String> known) {
            for (Object name : object.keySet()) {
                if (!members.containsKey(name) && !known.contains(name)) {
                    throw Codec.refuse(place, "`" + name + "` is unknown here", null);
                }
            }
            List<@Nullable Object> arguments = new ArrayList<>();
            members.forEach((name, member) -> arguments.add(member.read(place, name, object.get(name))));
            return Records.make(place, constructor, arguments);
        }
    }

    /** A component of a record. */
    private final class Member {
        private final RecordComponent component;
        private final boolean nullable;
        private final Codec codec;

        Member(RecordComponent component, Type type) {
            this.component = component;
            this.nullable = component.getName().endsWith(OR_NULL);
            this.codec = find(type);
        }

        Optional<?> get(Object value) {
            return Optional.ofNullable(Records.get(component, value));
        }

        @Nullable
        Object read(String place, String name, @Nullable Object tree) {
            if (tree == null && !nullable) {
                throw Codec.refuse(place, "`" + name + "` is missing", null);
            }
            return tree == null ? null : codec.read(place + "." + name, tree);
        }
    }

    /** A sealed type: the name of the kind, then what its record has. */
    private final class Alternatives implements Codec {
        private final Class<?> family;
        private final Map<String, Fields> kinds = new LinkedHashMap<>();

        Alternatives(Class<?> family) {
            this.family = family;
            kindsByName(family, unknown.type()).forEach((name, type) -> kinds.put(name, (Fields) find(type)));
        }

        @Override
        public void write(JsonGenerator json, Object value) {
            if (unknown.type().isInstance(value)) {
                Json.write(json, Json.readTree("event", unknown.writer().apply(value)));
                return;
            }
            String name = Kinds.of(value);
            json.writeStartObject();
            json.writeStringProperty(KIND, name);
            Objects.requireNonNull(kinds.get(name)).writeMembers(json, value);
            json.writeEndObject();
        }

        @Override
        public Object read(String place, Object tree) {
            Map<?, ?> object = Codec.expect(Map.class, place, tree, "an object");
            Object name = object.get(KIND);
            Fields fields = name instanceof String ? kinds.get(name) : null;
            if (fields == null && name instanceof String text && family == unknown.family()) {
                return unknown.reader().apply(text, object);
            }
            if (fields == null) {
                throw Codec.refuse(
                        place + "." + KIND, name == null ? "missing" : "`" + name + "` is unknown here", null);
            }
            return fields.readMembers(place, object, List.of(KIND));
        }
    }
}
