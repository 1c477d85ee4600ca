package dev.wayleave.examples.cli.text;

import dev.wayleave.examples.cli.text.Json.Member;
import dev.wayleave.examples.cli.text.Json.Place;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/** Reads JSON with comments and trailing commas (HuJSON) into values that know their place. */
public final class JsonText {

    private static final int DEEPEST = 500;
    private static final int LONGEST_WORD = 40;

    // how long a file may be is settled before it comes here
    private static final JsonFactory HUJSON = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final String text;
    private final JsonParser parser;

    private JsonText(String text, JsonParser parser) {
        this.text = text;
        this.parser = parser;
    }

    /** A syntax error and its place. */
    public static final class Malformed extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient Place place;
        private final String reason;

        Malformed(Place place, String reason) {
            super(reason);
            this.place = place;
            this.reason = reason;
        }

        public Place place() {
            return place;
        }

        public String reason() {
            return reason;
        }
    }

    /** Reads the one value of a text. */
    public static Json read(String text) throws Malformed {
        try (JsonParser parser = HUJSON.createParser(ObjectReadContext.empty(), text)) {
            return new JsonText(text, parser).whole();
        }
    }

    private Json whole() throws Malformed {
        try {
            if (parser.nextToken() == null) {
                throw new Malformed(Place.START, "the file holds no JSON");
            }
            Json value = value();
            if (parser.nextToken() != null) {
                throw new Malformed(
                        place(parser.currentTokenLocation()), "something follows after the end of the JSON");
            }
            return value;
        } catch (JacksonException malformed) {
            throw malformed(malformed);
        }
    }

    /**
     * A part of a text.
     *
     * @param start its first character
     * @param end the offset after its last character
     * @param whole false if the text is malformed before its end
     */
    public record Span(Place start, int end, boolean whole) {

        public boolean contains(Place place) {
            return place.offset() >= start.offset() && (!whole || place.offset() < end);
        }
    }

    /**
     * Finds a member of the outermost object that is itself an object, even where the text is malformed afterwards; one
     * that is malformed itself reaches to the end of the text.
     */
    public static Optional<Span> objectMember(String text, String name) {
        Place start = null;
        try (JsonParser parser = HUJSON.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean wanted = parser.currentName().equals(name);
                if (parser.nextToken() == JsonToken.START_OBJECT && wanted) {
                    start = place(parser.currentTokenLocation());
                    parser.skipChildren();
                    return Optional.of(new Span(start, offset(parser.currentLocation()), true));
                }
                parser.skipChildren();
            }
            return Optional.empty();
        } catch (JacksonException malformed) {
            return Optional.ofNullable(start).map(found -> new Span(found, text.length(), false));
        }
    }

    private Json value() throws Malformed {
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

    private Json object(Place place) throws Malformed {
        Map<String, Member> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            Place namePlace = place(parser.currentTokenLocation());
            if (members.containsKey(name)) {
                throw new Malformed(namePlace, "an object holds `" + name + "` twice");
            }
            parser.nextToken();
            members.put(name, new Member(namePlace, value()));
        }
        return new Json.ObjectValue(place, offset(parser.currentLocation()), Collections.unmodifiableMap(members));
    }

    private static Place place(TokenStreamLocation location) {
        return new Place(offset(location), location.getLineNr(), location.getColumnNr());
    }

    private static int offset(TokenStreamLocation location) {
        return (int) location.getCharOffset();
    }

    /** Says in plain words what the parser, which speaks to programmers, refused. */
    private Malformed malformed(JacksonException refused) {
        if (refused instanceof UnexpectedEndOfInputException) {
            return new Malformed(placeOf(text.length()), "this is not JSON: the text ends before it is complete");
        }
        // the parser has just passed what it refuses
        int at = Math.max(0, Math.min(text.length(), offset(parser.currentLocation())) - 1);
        if (refused instanceof StreamConstraintsException) {
            return new Malformed(
                    placeOf(at), "lists and objects stand more than " + DEEPEST + " deep inside each other");
        }
        int from = at;
        int to = text.offsetByCodePoints(at, 1);
        while (from > 0 && at - from < LONGEST_WORD && isWord(from - 1) && isWord(at)) {
            from--;
        }
        while (to < text.length() && to - at < LONGEST_WORD && isWord(to) && isWord(at)) {
            to++;
        }
        if (from > 0 && "\\+-.".indexOf(text.charAt(from - 1)) >= 0) {
            from--;
        }
        return new Malformed(
                placeOf(from),
                "this is not JSON: `" + text.substring(from, to) + "` cannot stand here" + hint(text.charAt(from)));
    }

    private boolean isWord(int offset) {
        return Character.isLetterOrDigit(text.charAt(offset));
    }

    private static String hint(char refused) {
        if (refused == '\'') {
            return "; names and texts stand in double quotes";
        }
        if (refused == '#' || refused == '/') {
            return "; comments begin with `//` or stand between `/*` and `*/`";
        }
        if (refused == '\\') {
            return "; write a backslash as `\\\\`";
        }
        return refused < ' ' ? "; inside a text write it as an escape" : "";
    }

    private Place placeOf(int offset) {
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < offset; i++) {
            boolean firstOfTwo = text.charAt(i) == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n';
            if (text.charAt(i) == '\n' || (text.charAt(i) == '\r' && !firstOfTwo)) {
                line++;
                lineStart = i + 1;
            }
        }
        return new Place(offset, line, offset - lineStart + 1);
    }
}
