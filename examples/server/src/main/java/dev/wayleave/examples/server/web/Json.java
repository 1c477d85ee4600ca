package dev.wayleave.examples.server.web;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON in and out. */
public final class Json {

    private static final int DEEPEST = 20;
    private static final int SHOWN = 100;

    static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final JsonMapper COMMENTED = JsonMapper.builder(JsonFactory.builder()
                    .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
                    .build())
            .build();

    private Json() {}

    /** {@return a new object} */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** {@return a new array} */
    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /** {@return the texts of values as an array} */
    public static ArrayNode texts(Collection<?> values) {
        ArrayNode array = array();
        values.forEach(value -> array.add(value.toString()));
        return array;
    }

    /** {@return a text from outside, cut, and without characters that a reader could stumble over} */
    public static String shown(String text) {
        String cut = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        return cut.codePoints()
                .mapToObj(c -> Character.isISOControl(c)
                                || Character.getType(c) == Character.FORMAT
                                || Character.getType(c) == Character.SURROGATE
                        ? String.format("\\u%04x", c)
                        : Character.toString(c))
                .collect(Collectors.joining());
    }

    /** {@return documents as an array} */
    public static <T> ArrayNode array(Collection<T> values, Function<T, ? extends JsonNode> document) {
        ArrayNode array = array();
        values.forEach(value -> array.add(document.apply(value)));
        return array;
    }

    /** Sets a field that is a time, to the millisecond; null where there is none. */
    public static void put(ObjectNode object, String field, @Nullable Instant time) {
        object.put(
                field, time == null ? null : time.truncatedTo(ChronoUnit.MILLIS).toString());
    }

    /** Reads one document, strictly. */
    static JsonNode read(String text) throws JacksonException {
        return MAPPER.readTree(text);
    }

    /** {@return JSON with comments and commas before closing brackets as plain JSON} */
    public static String plain(String text) {
        return text(COMMENTED.readTree(text));
    }

    /** Writes a document on one line. */
    public static String text(JsonNode document) {
        return MAPPER.writeValueAsString(document);
    }
}
