package dev.wayleave.json.engine;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.explanation.Reachability;
import dev.wayleave.explanation.RouteExplanation;
import dev.wayleave.explanation.ViewExplanation;
import dev.wayleave.internal.Texts;
import dev.wayleave.internal.json.Json;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.StateRows;
import dev.wayleave.row.TailnetRow;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.visibility.View;
import dev.wayleave.visibility.ViewChange;
import dev.wayleave.visibility.ViewChanges;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;

/**
 * Finds how each type is written, from the documents down:
 *
 * <pre>
 *   a leaf (number, text, prefix …)   by Leaves
 *   a node, a user …                  by Forms
 *   an enum                           "lower-case-words"
 *   a record                          {"component": …, …}
 *   a sealed interface                {"kind": "from @Kind", "component": …, …}
 *   a list or a set                   [ … ]
 *   a map, whose keys have a text     {"key": …, …}
 * </pre>
 *
 * <p>A component that is absent has no member. A record of a new kind therefore needs nothing here but its name. The
 * names of kinds and members are a public form: tests compare them with the documentation.
 */
public final class Codecs {

    /** The types that have a document of their own: interfaces stand for all their kinds. */
    public static final List<Class<?>> DOCUMENTS = List.of(
            Command.class,
            Submission.class,
            SubmissionResult.class,
            RouteEvent.class,
            RouteExplanation.class,
            ViewExplanation.class,
            Reachability.class,
            View.class,
            ViewChange.class,
            ViewChanges.class,
            TailnetRow.class,
            NodeRow.class,
            RouteRow.class,
            StateRows.class,
            RowChanges.class,
            RoutingSettings.class);

    /** Those of the documents, and of all that they hold. */
    public static final Codecs LIBRARY = new Codecs(Leaves.ALL, DOCUMENTS);

    /** Complete once the constructor returns; never changed after. */
    private final Map<Type, Codec> codecs;

    private Codecs(Map<? extends Type, Codec> known, List<Class<?>> roots) {
        this.codecs = new HashMap<>(known);
        for (Class<?> root : roots) {
            Codec unused = find(root);
        }
    }

    /** Those of the library and of further records, which may hold the library's values. */
    public static Codecs with(Class<?>... records) {
        return new Codecs(LIBRARY.codecs, List.of(records));
    }

    /** The codec of a document, or of a type that a document holds. */
    public Codec of(Class<?> type) {
        Codec codec = codecs.get(type);
        if (codec == null) {
            throw new IllegalArgumentException(type.getName() + " has no JSON form of its own");
        }
        return codec;
    }

    /** Writes a value as a text in one line. */
    public String text(Class<?> type, Object value) {
        return Json.text(json -> of(type).write(json, value));
    }

    /** Reads a value of a tree. */
    public <T> T read(Class<T> type, String place, Object tree) {
        return type.cast(of(type).read(place, tree));
    }

    /** Every class of the library that has a form, with it. */
    public Map<Class<?>, Codec> ofLibrary() {
        Map<Class<?>, Codec> classes = new LinkedHashMap<>();
        codecs.forEach((type, codec) -> {
            if (type instanceof Class<?> plain && plain.getName().startsWith("dev.wayleave.")) {
                classes.put(plain, codec);
                if (plain.isSealed() && Leaves.ALL.containsKey(plain)) {
                    FamilyCodec.kinds(plain).forEach(kind -> classes.put(kind, codec));
                }
            }
        });
        return classes;
    }

    private Codec find(Type type) {
        Codec known = codecs.get(type);
        if (known != null) {
            return known;
        }
        Codec made = type instanceof ParameterizedType generic ? generic(generic) : plain((Class<?>) type);
        codecs.put(type, made);
        return made;
    }

    private Codec plain(Class<?> type) {
        Forms.Form<?, ?> form = Forms.ALL.get(type);
        if (form != null) {
            return form.codec(find(form.type()));
        }
        if (type.isEnum()) {
            return new Constants(type);
        }
        if (type.isRecord()) {
            return record(type, type);
        }
        if (type.isSealed()) {
            FamilyCodec codec = new FamilyCodec(type);
            codecs.put(type, codec);
            codec.resolve(this::find);
            return codec;
        }
        throw new IllegalArgumentException(type.getName() + " is neither a leaf nor a record nor a sealed type");
    }

    private Codec record(Type declared, Class<?> type) {
        RecordCodec codec = new RecordCodec(declared, type);
        codecs.put(declared, codec);
        codec.resolve(this::find);
        return codec;
    }

    private Codec generic(ParameterizedType type) {
        Class<?> raw = (Class<?>) type.getRawType();
        if (raw.isRecord()) {
            return record(type, raw);
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

    /** An enum. */
    private static final class Constants implements Codec {
        private final ImmutableMap<String, Object> byName;

        Constants(Class<?> type) {
            ImmutableMap.Builder<String, Object> names = ImmutableMap.builder();
            for (Object constant : type.getEnumConstants()) {
                names.put(Texts.hyphenated((Enum<?>) constant), constant);
            }
            this.byName = names.buildOrThrow();
        }

        @Override
        public void write(JsonGenerator json, Object value) {
            json.writeString(Texts.hyphenated((Enum<?>) value));
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
            // two names may be one key
            return Codec.guarded(place, tree, map::buildOrThrow);
        }
    }
}
