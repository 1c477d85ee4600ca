package dev.wayleave.examples.cli;

import dev.wayleave.examples.cli.Json.Member;
import dev.wayleave.examples.cli.Json.Place;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/** Reads JSON with comments and trailing commas (HuJSON) into values that know their place. */
final class JsonText {

    private static final JsonFactory TOLERANT = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();

    private static final JsonFactory HUJSON = TOLERANT.rebuild()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final Place START = new Place(0, 1, 1);

    private final JsonParser parser;

    private JsonText(JsonParser parser) {
        this.parser = parser;
    }

    /** A syntax error and its place. */
    static final class Malformed extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient Place place;
        private final String reason;

        Malformed(Place place, String reason) {
            super(reason);
            this.place = place;
            this.reason = reason;
        }

        Place place() {
            return place;
        }

        String reason() {
            return reason;
        }
    }

    /** Reads the one value of a text. */
    static Json read(String text) throws Malformed {
        try (JsonParser parser = HUJSON.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() == null) {
                throw new Malformed(START, "the file holds no JSON");
            }
            Json value = new JsonText(parser).value();
            if (parser.nextToken() != null) {
                throw new Malformed(
                        place(parser.currentTokenLocation()), "something follows after the end of the JSON");
            }
            return value;
        } catch (JacksonException malformed) {
            throw new Malformed(place(malformed), "this is not JSON: " + sentence(malformed));
        }
    }

    /**
     * A part of a text.
     *
     * @param start its first character
     * @param end the offset after its last character
     */
    record Span(Place start, int end) {

        boolean contains(Place place) {
            return place.offset() >= start.offset() && place.offset() < end;
        }
    }

    /**
     * Finds a member of the outermost object that is itself an object, even where the text is malformed afterwards; one that is
     * malformed itself reaches to the end of the text.
     */
    static Optional<Span> objectMember(String text, String name) {
        Place start = null;
        try (JsonParser parser = TOLERANT.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean wanted = parser.currentName().equals(name);
                if (parser.nextToken() == JsonToken.START_OBJECT && wanted) {
                    start = place(parser.currentTokenLocation());
                    parser.skipChildren();
                    return Optional.of(new Span(start, offset(parser.currentLocation())));
                }
                parser.skipChildren();
            }
            return Optional.empty();
        } catch (JacksonException malformed) {
            return Optional.ofNullable(start).map(found -> new Span(found, text.length()));
        }
    }

    private Json value() {
        Place place = place(parser.currentTokenLocation());
        JsonToken token = parser.currentToken();
        switch (token) {
            case START_OBJECT:
                return object(place);
            case START_ARRAY:
                List<Json> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(value());
                }
                return new Json.ArrayValue(place, Collections.unmodifiableList(elements));
            case VALUE_STRING:
                return new Json.TextValue(place, parser.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT:
                return new Json.NumberValue(place, parser.getString());
            case VALUE_TRUE, VALUE_FALSE:
                return new Json.BooleanValue(place, token == JsonToken.VALUE_TRUE);
            case VALUE_NULL:
                return new Json.NullValue(place);
            default:
                throw new IllegalStateException("a value cannot begin with " + token);
        }
    }

    private Json object(Place place) {
        Map<String, Member> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            Place namePlace = place(parser.currentTokenLocation());
            parser.nextToken();
            members.put(name, new Member(namePlace, value()));
        }
        return new Json.ObjectValue(place, offset(parser.currentLocation()), Collections.unmodifiableMap(members));
    }

    private static Place place(TokenStreamLocation location) {
        return new Place(offset(location), location.getLineNr(), location.getColumnNr());
    }

    private static Place place(JacksonException malformed) {
        TokenStreamLocation location = malformed.getLocation();
        return location == null ? START : place(location);
    }

    private static int offset(TokenStreamLocation location) {
        return (int) location.getCharOffset();
    }

    private static String sentence(JacksonException malformed) {
        if (malformed instanceof UnexpectedEndOfInputException) {
            return "the text ends before it is complete";
        }
        String message = malformed.getOriginalMessage().lines().findFirst().orElse("syntax error");
        return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }
}
