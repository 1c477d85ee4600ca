package dev.wayleave.internal.json;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.net.StoredTextException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/** JSON that this library writes and reads back: objects as maps, strictly. */
public final class Json {

    /** No table of names that outlives a text, no pool of buffers. */
    public static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
            .build();

    private Json() {}

    public static Fields readObject(String what, String text) {
        return fields(what, readTree(what, text));
    }

    /** An object as maps, lists, texts, whole numbers and flags. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> readTree(String what, String text) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text.toCharArray())) {
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

    /** The value at which a parser stands, as maps, lists, texts, whole numbers and flags. */
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

    @SuppressWarnings("unchecked")
    public static Fields fields(String what, Object value) {
        if (!(value instanceof Map)) {
            throw new StoredTextException(what + ": not an object");
        }
        return new Fields(what, (Map<String, Object>) value);
    }

    /** Writes what {@link #write} writes to a generator, which may be one that keeps no text. */
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
        } else if (value instanceof Text text) {
            write(json, readTree("value", text.json()));
        } else {
            json.writeString(value.toString());
        }
    }

    public static String write(Object value) {
        StringBuilder out = new StringBuilder();
        append(out, value);
        return out.toString();
    }

    private static void append(StringBuilder out, Object value) {
        if (value instanceof Map<?, ?> object) {
            String separator = "{";
            for (Map.Entry<?, ?> field : object.entrySet()) {
                out.append(separator);
                appendQuoted(out, field.getKey().toString());
                out.append(':');
                append(out, field.getValue());
                separator = ",";
            }
            out.append(object.isEmpty() ? "{}" : "}");
        } else if (value instanceof Iterable<?> array) {
            out.append('[');
            String separator = "";
            for (Object each : array) {
                out.append(separator);
                append(out, each);
                separator = ",";
            }
            out.append(']');
        } else if (value instanceof Boolean || value instanceof Integer || value instanceof Long) {
            out.append(value);
        } else if (value instanceof Text json) {
            out.append(json.json());
        } else {
            appendQuoted(out, value.toString());
        }
    }

    private static void appendQuoted(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                // a lone surrogate would not survive UTF-8, and a pair is as well off this way
                out.append("\\u").append(Character.forDigit(c >> 12, 16));
                out.append(Character.forDigit(c >> 8 & 15, 16));
                out.append(Character.forDigit(c >> 4 & 15, 16));
                out.append(Character.forDigit(c & 15, 16));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    /**
     * A value that is written as JSON already.
     *
     * @param json one JSON value
     */
    public record Text(String json) {}

    /** An object with its fields in their order. */
    public static final class ObjectText {

        private final Map<String, Object> fields = new LinkedHashMap<>();

        @CanIgnoreReturnValue
        public ObjectText with(String name, Object value) {
            fields.put(name, value);
            return this;
        }

        @CanIgnoreReturnValue
        public ObjectText with(String name, Optional<?> value) {
            value.ifPresent(present -> fields.put(name, present));
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

        public String required(String name) {
            return text(name).orElseThrow(() -> missing(name));
        }

        public long number(String name) {
            return field(name)
                    .map(value -> of(Long.class, name, value, "a whole number"))
                    .orElseThrow(() -> missing(name));
        }

        public boolean flag(String name) {
            return field(name)
                    .map(value -> of(Boolean.class, name, value, "true or false"))
                    .orElse(false);
        }

        public Optional<Fields> object(String name) {
            return field(name).map(value -> Json.fields(what + "." + name, value));
        }

        /** Reads an object by a function of its JSON text. */
        public <T> T readObject(String name, Function<String, T> reader) {
            Fields object = object(name).orElseThrow(() -> missing(name));
            try {
                return reader.apply(write(object.fields));
            } catch (StoredTextException e) {
                throw new StoredTextException(what + ": " + e.getMessage(), e);
            }
        }

        public List<Fields> objects(String name) {
            List<Fields> objects = new ArrayList<>();
            for (Object value : list(name)) {
                objects.add(Json.fields(what + "." + name + "[" + objects.size() + "]", value));
            }
            return objects;
        }

        public List<String> texts(String name) {
            List<String> texts = new ArrayList<>();
            for (Object value : list(name)) {
                texts.add(of(String.class, name, value, "a text"));
            }
            return texts;
        }

        public Map<String, Long> numbers(String name) {
            Map<String, Long> numbers = new LinkedHashMap<>();
            object(name)
                    .ifPresent(object -> object.fields.forEach((key, value) -> {
                        object.asked.add(key);
                        numbers.put(key, of(Long.class, name + "." + key, value, "a whole number"));
                    }));
            return numbers;
        }

        /** Reads a text by a function that refuses what is malformed. */
        public <T> T read(String name, Function<String, T> reader) {
            return parsed(name, required(name), reader);
        }

        public <T> Optional<T> readOptional(String name, Function<String, T> reader) {
            return text(name).map(text -> parsed(name, text, reader));
        }

        public <T> List<T> readAll(String name, Function<String, T> reader) {
            return texts(name).stream().map(text -> parsed(name, text, reader)).toList();
        }

        public <T> T parsed(String name, String text, Function<String, T> reader) {
            try {
                return reader.apply(text);
            } catch (IllegalArgumentException | DateTimeException | dev.wayleave.net.WayleaveException e) {
                throw new StoredTextException(
                        what + "." + name + ": `" + text + "` cannot be read: " + e.getMessage(), e);
            }
        }

        public Instant instant(String name) {
            return read(name, Instant::parse);
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

        public StoredTextException missing(String name) {
            return new StoredTextException(what + ": `" + name + "` is missing");
        }

        private Optional<Object> field(String name) {
            asked.add(name);
            return Optional.ofNullable(fields.get(name));
        }

        private List<?> list(String name) {
            return field(name)
                    .map(value -> of(List.class, name, value, "a list"))
                    .orElse(List.of());
        }

        private <T> T of(Class<T> type, String name, Object value, String kind) {
            if (!type.isInstance(value)) {
                throw new StoredTextException(what + "." + name + ": `" + value + "` is not " + kind);
            }
            return type.cast(value);
        }
    }
}
