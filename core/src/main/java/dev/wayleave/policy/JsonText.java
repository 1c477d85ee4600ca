package dev.wayleave.policy;

import dev.wayleave.policy.JsonValue.Path;
import dev.wayleave.policy.PolicyProblem.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.io.ContentReference;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * Reads HuJSON – JSON with {@code //} and {@code /*} comments and trailing commas – into values that know their
 * places.
 *
 * <p>Stops at the first error of syntax and hands out what was read before it.
 */
final class JsonText {

    private static final char BYTE_ORDER_MARK = '\ufeff';

    private static final Pattern YAML = Pattern.compile("(---|- |[A-Za-z_][A-Za-z0-9_-]*:(?!\\S)).*");

    private final String text;
    private final PolicyLimits limits;
    private final Problems problems;
    private final Path root;
    private final JsonParser parser;
    private int entries;
    private boolean broken;

    private JsonText(String text, PolicyLimits limits, Problems problems, Path root) {
        this.text = text;
        this.limits = limits;
        this.problems = problems;
        this.root = root;
        this.parser = factory(limits).createParser(ObjectReadContext.empty(), text.toCharArray());
    }

    /**
     * Reads the one value of a text.
     *
     * @param root the place of the text; those in it count on from there
     * @return the value, as far as it goes; null if not even that is there
     */
    static @Nullable JsonValue read(String text, PolicyLimits limits, Problems problems, Path root) {
        if (text.length() > limits.textLength()) {
            problems.add(
                    Code.TEXT_TOO_LONG,
                    root,
                    "the text has " + text.length() + " characters: at most " + limits.textLength() + " are allowed");
            return null;
        }
        return new JsonText(text, limits, problems, root).whole();
    }

    /** The text that positions count in. */
    static String withoutByteOrderMark(String text) {
        return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    }

    private static JsonFactory factory(PolicyLimits limits) {
        return JsonFactory.builder()
                .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
                .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
                .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.nesting())
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNameLength(Integer.MAX_VALUE)
                        .maxNumberLength(Integer.MAX_VALUE)
                        .build())
                .build();
    }

    private @Nullable JsonValue whole() {
        JsonToken first = next(root);
        if (first == null) {
            if (!broken) {
                problems.add(
                        Code.NO_POLICY,
                        root.at(root.order() + text.length()),
                        "there is no policy in the text: write at least `{}`");
            }
            return null;
        }
        JsonValue value = value(first, root.at(offset()));
        refuseWhatCannotBeKept();
        if (!broken && next(root) != null) {
            problems.add(
                    Code.SYNTAX,
                    root.at(offset()),
                    "text follows the end of the policy: a policy is one object in braces");
        }
        return value;
    }

    /** A text between quotes is checked there; comments are kept too, by a store that knows no such characters. */
    private void refuseWhatCannotBeKept() {
        for (int i = 0; i < text.length() && !broken; i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isSurrogate(c)) {
                if (c != 0 && i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1))) {
                    i++;
                } else {
                    stop(
                            Code.SYNTAX,
                            root.at(root.order() + i),
                            (c == 0 ? "the character U+0000" : "half a surrogate pair")
                                    + " cannot be in a policy, not even in a comment: no database could keep it");
                }
            }
        }
    }

    /** Lists and objects that an error cuts short are handed out as they are; a text or number is not. */
    private @Nullable JsonValue value(JsonToken token, Path spot) {
        if (token == JsonToken.START_OBJECT) {
            return object(spot);
        }
        if (token == JsonToken.START_ARRAY) {
            return list(spot);
        }
        String spelling = spelling(spot);
        if (spelling == null || !isWhole(spelling, spot)) {
            return null;
        }
        return token == JsonToken.VALUE_STRING
                ? new JsonValue.Text(spot, spelling)
                : new JsonValue.Literal(spot, spelling);
    }

    private JsonValue list(Path spot) {
        List<JsonValue> values = new ArrayList<>();
        JsonToken token = next(spot);
        while (token != null && token != JsonToken.END_ARRAY && isWithinLimits(spot)) {
            JsonValue value = value(token, spot.item(values.size(), offset()));
            if (value != null) {
                values.add(value);
            }
            token = next(spot);
        }
        return new JsonValue.Items(spot, values);
    }

    private JsonValue object(Path spot) {
        List<JsonValue.Field> fields = new ArrayList<>();
        JsonToken token = next(spot);
        while (token == JsonToken.PROPERTY_NAME && isWithinLimits(spot)) {
            String name = parser.currentName();
            Path nameSpot = spot.field(name, offset());
            if (!isWhole(name, nameSpot)) {
                break;
            }
            JsonToken valueToken = next(nameSpot);
            if (valueToken == null) {
                break;
            }
            JsonValue value = value(valueToken, nameSpot.at(offset()));
            if (value != null) {
                fields.add(new JsonValue.Field(nameSpot, name, value));
            }
            token = next(spot);
        }
        return new JsonValue.Fields(spot, fields);
    }

    private boolean isWithinLimits(Path spot) {
        if (++entries > limits.entries()) {
            stop(
                    Code.TOO_MANY_ENTRIES,
                    spot.at(offset()),
                    "the policy has more than " + limits.entries() + " entries: make it smaller");
        }
        return !broken;
    }

    /** The next token, or null at the end and after an error. */
    private @Nullable JsonToken next(Path around) {
        if (broken) {
            return null;
        }
        try {
            return parser.nextToken();
        } catch (JacksonException e) {
            refuse(e, around);
            return null;
        }
    }

    /** Strings are decoded only when they are asked for, and may turn out to be malformed then. */
    private @Nullable String spelling(Path spot) {
        try {
            return parser.getString();
        } catch (JacksonException e) {
            refuse(e, spot);
            return null;
        }
    }

    /** Half a surrogate pair is not a character: no encoding could store it. */
    private boolean isWhole(String string, Path spot) {
        for (int i = 0; i < string.length(); i++) {
            if (Character.isSurrogate(string.charAt(i))) {
                if (!Character.isSurrogatePair(
                        string.charAt(i), i + 1 < string.length() ? string.charAt(i + 1) : ' ')) {
                    stop(Code.SYNTAX, spot, "half a surrogate pair cannot be in a text: write the whole character");
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    private int offset() {
        return root.order() + (int) parser.currentTokenLocation().getCharOffset();
    }

    private void refuse(JacksonException e, Path around) {
        // the parser has just passed what it refuses
        int offset = (int)
                Math.max(0, Math.min(text.length(), parser.currentLocation().getCharOffset() - 1));
        if (e instanceof StreamConstraintsException) {
            stop(
                    Code.NESTED_TOO_DEEP,
                    around.at(root.order() + offset),
                    "lists and objects are nested more than " + limits.nesting() + " deep");
        } else if (e instanceof UnexpectedEndOfInputException) {
            if (!isUnclosed(text.length(), around)) {
                stop(Code.SYNTAX, around.at(root.order() + text.length()), "the text ends too early: " + missing());
            }
        } else if (!endsLine(offset) || !isUnclosed(offset, around)) {
            unexpected(offset, around);
        }
    }

    private boolean endsLine(int offset) {
        return offset < text.length() && (text.charAt(offset) == '\n' || text.charAt(offset) == '\r');
    }

    /** Where a quote or the end of a comment is missing, the place to mend is where the text or comment began. */
    private boolean isUnclosed(int offset, Path around) {
        UnclosedToken token = UnclosedToken.at(text, offset);
        if (token == null) {
            return false;
        }
        stop(
                Code.SYNTAX,
                around.at(root.order() + token.start()),
                token.kind() == UnclosedToken.Kind.STRING
                        ? "the text that begins here is not closed: write `\"` at its end, in the same line"
                        : "the comment that begins here is not closed: write `*/` at its end");
        return true;
    }

    private String missing() {
        if (parser.streamReadContext().inRoot()) {
            return "finish the value at its end; a policy is one object in braces";
        }
        int line = parser.streamReadContext()
                .startLocation(ContentReference.unknown())
                .getLineNr();
        return "close the " + (parser.streamReadContext().inArray() ? "list" : "object") + " that begins in line "
                + line + " with " + (parser.streamReadContext().inArray() ? "`]`" : "`}`");
    }

    /** Reports a refused character with the word around it, and what may be in its place. */
    private void unexpected(int offset, Path around) {
        int from = offset;
        int to = Math.min(text.length(), offset + 1);
        if (Character.isLetterOrDigit(text.charAt(offset))) {
            while (from > 0 && Character.isLetterOrDigit(text.charAt(from - 1))) {
                from--;
            }
            while (to < text.length() && Character.isLetterOrDigit(text.charAt(to))) {
                to++;
            }
        }
        char before = from > 0 ? text.charAt(from - 1) : ' ';
        if (before == '\\' || (before == '/' && text.charAt(offset) != '/')) {
            from--;
        }
        if (parser.streamReadContext().inRoot() && isYaml()) {
            stop(
                    Code.SYNTAX,
                    around.at(root.order() + from),
                    "this is YAML, which Headscale no longer reads: write the policy in HuJSON, one object in braces");
            return;
        }
        String refused = Quotes.quoted(text.substring(from, to));
        stop(Code.SYNTAX, around.at(root.order() + from), refused + " cannot be here: " + expected(text.charAt(from)));
    }

    /** Whether the first line that is neither empty nor a comment is a mark, an entry of a list or a field of YAML. */
    private boolean isYaml() {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .findFirst()
                .filter(line -> YAML.matcher(line).matches())
                .isPresent();
    }

    private String expected(char refused) {
        if (refused == '\\') {
            return "there is no such escape; write a backslash as `\\\\`";
        } else if (refused < ' ') {
            return "write control characters as escapes, and only inside a text";
        } else if (refused == '\'' || Character.isLetter(refused)) {
            return "names and texts are in double quotes"
                    + (refused == '\'' ? "" : ", and one may be missing here or before");
        } else if (refused == '#' || refused == '/') {
            return "comments begin with `//` or are between `/*` and `*/`";
        } else if (parser.streamReadContext().inArray()) {
            return "a list holds values with commas between them, and ends with `]`";
        } else if (parser.streamReadContext().inObject()) {
            return "an object holds pairs such as `\"name\": 1` with commas between them, and ends with `}`";
        }
        return "expected a policy, which is one object in braces";
    }

    private void stop(Code code, Path spot, String message) {
        if (!broken) {
            problems.add(code, spot, message);
            problems.cutShort();
            broken = true;
        }
    }
}
