package dev.wayleave.internal.json;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.net.StoredTextException;
import dev.wayleave.net.WayleaveException;
import java.io.StringWriter;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.util.JsonRecyclerPools;

/** JSON that this library writes and reads back: objects as maps, strictly. */
public final class Json {

    /** No table of names that outlives a text, no pool of buffers. */
    public static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
            .build();

    private static final JsonFactory COMMENTED = FACTORY.rebuild()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();

    private Json() {}

    public static Fields readObject(String what, String text) {
        return new Fields(what, readTree(what, text));
    }

    /** An object as maps, lists, texts, whole numbers and flags. */
    public static Map<String, Object> readTree(String what, String text) {
        return readTree(FACTORY, what, text);
    }

    /** As {@link #readTree}, of a text that persons write: with comments, and commas after the last of a list. */
    public static Map<String, Object> readCommentedTree(String what, String text) {
        return readTree(COMMENTED, what, text);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> readTree(JsonFactory factory, String what, String text) {
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text.toCharArray())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new StoredTextException(what + ": not a JSON object");
            }
            Object value = value(what, parser);
            if (parser.nextToken() != null) {
                throw new StoredTextException(what + ": text after the end of the JSON object");
            }
            return (Map<String, Object>) value;
        } catch (JacksonException e) {
            throw new StoredTextException(what + ": no valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** The value at the place of a parser, as maps, lists, texts, whole numbers and flags. */
    public static Object value(String what, JsonParser parser) {
        switch (parser.currentToken()) {
            case START_OBJECT: {
                Map<String, Object> object = new LinkedHashMap<>();
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    object.put(name, value(what + "." + name, parser));
                }
                return object;
            }
            case START_ARRAY: {
                List<Object> array = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(what + "[" + array.size() + "]", parser));
                }
                return array;
            }
            case VALUE_STRING:
                return parser.getString();
            case VALUE_NUMBER_INT:
                return parser.getLongValue();
            case VALUE_TRUE:
                return true;
            case VALUE_FALSE:
                return false;
            default:
                throw new StoredTextException(what + ": `" + parser.getString() + "` is not expected here");
        }
    }

    /** Writes a value as {@link #value} reads it; what has no form of its own is written as its text. */
    public static void write(JsonGenerator json, Object value) {
        if (value instanceof Map<?, ?> object) {
            json.writeStartObject();
            object.forEach((name, each) -> {
                json.writeName(name.toString());
                write(json, each);
            });
            json.writeEndObject();
        } else if (value instanceof Iterable<?> array) {
            json.writeStartArray();
            array.forEach(each -> write(json, each));
            json.writeEndArray();
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value instanceof Integer || value instanceof Long) {
            json.writeNumber(((Number) value).longValue());
        } else {
            json.writeString(value.toString());
        }
    }

    public static String write(Object value) {
        return text(json -> write(json, value));
    }

    /** What is written to a generator, in one line, and the same in every encoding of Unicode. */
    public static String text(Consumer<JsonGenerator> writer) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            writer.accept(json);
        }
        return withoutSurrogates(text.toString());
    }

    /** A half of a surrogate pair would not survive UTF-8, and a pair is as well off as two escapes. */
    private static String withoutSurrogates(String json) {
        if (json.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
            return json;
        }
        StringBuilder escaped = new StringBuilder();
        json.chars().forEach(c -> {
            if (Character.isSurrogate((char) c)) {
                escaped.append("\\u").append(Integer.toHexString(c));
            } else {
                escaped.append((char) c);
            }
        });
        return escaped.toString();
    }

    /** An object with its fields in their order. */
    public static final class ObjectText {

        private final Map<String, Object> fields = new LinkedHashMap<>();

        @CanIgnoreReturnValue
        public ObjectText with(String name, Object value) {
            fields.put(name, value);
            return this;
        }

        @CanIgnoreReturnValue
        public ObjectText withIf(boolean condition, String name, Object value) {
            return condition ? with(name, value) : this;
        }

        public Map<String, Object> map() {
            return fields;
        }
    }

    /** The fields of an object that was read; {@link #end} refuses those that the reader did not ask for. */
    public static final class Fields {

        private final String what;
        private final Map<String, Object> fields;
        private final Set<String> asked = new HashSet<>();

        private Fields(String what, Map<String, Object> fields) {
            this.what = what;
            this.fields = fields;
        }

        public String what() {
            return what;
        }

        public boolean has(String name) {
            return fields.containsKey(name);
        }

        public Optional<String> text(String name) {
            return field(name).map(value -> of(String.class, name, value, "a text"));
        }

        public long number(String name) {
            return field(name)
                    .map(value -> of(Long.class, name, value, "a whole number"))
                    .orElseThrow(() -> new StoredTextException(what + ": `" + name + "` is missing"));
        }

        public Optional<Boolean> flag(String name) {
            return field(name).map(value -> of(Boolean.class, name, value, "true or false"));
        }

        @SuppressWarnings("unchecked")
        public Optional<Fields> object(String name) {
            return field(name).map(value -> new Fields(what + "." + name, of(Map.class, name, value, "an object")));
        }

        public Map<String, Long> numbers(String name) {
            Map<String, Long> numbers = new LinkedHashMap<>();
            object(name)
                    .ifPresent(object -> object.fields.keySet().forEach(key -> numbers.put(key, object.number(key))));
            return numbers;
        }

        /** Reads a text by a function that refuses what is malformed. */
        public <T> Optional<T> readOptional(String name, Function<String, T> reader) {
            return text(name).map(text -> parsed(name, text, reader));
        }

        public <T> List<T> readAll(String name, Function<String, T> reader) {
            List<T> all = new ArrayList<>();
            for (Object value : field(name)
                    .map(value -> of(List.class, name, value, "a list"))
                    .orElse(List.of())) {
                all.add(parsed(name, of(String.class, name, value, "a text"), reader));
            }
            return all;
        }

        public <T> T parsed(String name, String text, Function<String, T> reader) {
            try {
                return reader.apply(text);
            } catch (IllegalArgumentException | DateTimeException | WayleaveException e) {
                throw new StoredTextException(
                        what + "." + name + ": `" + text + "` cannot be read: " + e.getMessage(), e);
            }
        }

        public Optional<Duration> duration(String name) {
            return readOptional(name, Duration::parse);
        }

        /** Refuses fields that the reader did not ask for: they may mean something in a later version. */
        public void end() {
            for (String name : fields.keySet()) {
                if (!asked.contains(name)) {
                    throw new StoredTextException(what + ": `" + name + "` is unknown here");
                }
            }
        }

        private Optional<Object> field(String name) {
            asked.add(name);
            return Optional.ofNullable(fields.get(name));
        }

        private <T> T of(Class<T> type, String name, Object value, String kind) {
            if (!type.isInstance(value)) {
                throw new StoredTextException(what + "." + name + ": `" + value + "` is not " + kind);
            }
            return type.cast(value);
        }
    }
}
