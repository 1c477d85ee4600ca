package dev.wayleave.storage.jdbc.headscale;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * Reads JSON in a text column, as Go's encoder writes it: {@code null} and an empty text are empty lists.
 *
 * <p>A list is a list of texts. An element that is not a text is returned as an empty Optional.
 */
final class JsonColumn {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
            .build();

    private JsonColumn() {}

    /** The text is not such JSON. */
    static final class Malformed extends Exception {

        private static final long serialVersionUID = 1L;

        Malformed(String reason) {
            super(reason);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    /** Reads a list. */
    static List<Optional<String>> list(String text) throws Malformed {
        if (text.isBlank()) {
            return List.of();
        }
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            List<Optional<String>> list = list(parser);
            end(parser);
            return list;
        } catch (JacksonException e) {
            throw new Malformed("it is not JSON");
        }
    }

    /** Reads the lists with these names of an object, and skips all other members. */
    static Map<String, List<Optional<String>>> lists(String text, Set<String> names) throws Malformed {
        if (text.isBlank()) {
            return Map.of();
        }
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            Map<String, List<Optional<String>>> lists = new HashMap<>();
            JsonToken start = parser.nextToken();
            if (start != JsonToken.START_OBJECT && start != JsonToken.VALUE_NULL) {
                throw new Malformed("it is not a JSON object");
            }
            while (start == JsonToken.START_OBJECT && parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (names.contains(name)) {
                    // of two members with one name, Go takes the last
                    lists.put(name, list(parser));
                } else {
                    parser.skipChildren();
                }
            }
            end(parser);
            return lists;
        } catch (JacksonException e) {
            throw new Malformed("it is not JSON");
        }
    }

    private static List<Optional<String>> list(JsonParser parser) throws Malformed {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return List.of();
        }
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new Malformed("it is not a JSON list");
        }
        List<Optional<String>> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.VALUE_STRING) {
                list.add(Optional.of(parser.getString()));
            } else {
                parser.skipChildren();
                list.add(Optional.empty());
            }
        }
        return list;
    }

    private static void end(JsonParser parser) throws Malformed {
        if (parser.nextToken() != null) {
            throw new Malformed("something follows after the JSON");
        }
    }
}
