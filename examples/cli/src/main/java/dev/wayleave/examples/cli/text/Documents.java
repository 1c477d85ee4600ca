package dev.wayleave.examples.cli.text;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.wayleave.json.RoutingJacksonModule;
import java.util.Collection;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/** JSON as this tool reads and writes it: records of its own, and the library's values in the library's form. */
public final class Documents {

    private static final int DEEPEST = 500;

    /** The library's own refusals name the type and the text before the cause. */
    private static final String UNREADABLE = " cannot be read: ";

    /** Reads JSON with comments and trailing commas (HuJSON). How long a text may be is settled before. */
    public static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
                    .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxStringLength(Integer.MAX_VALUE)
                            .maxNameLength(Integer.MAX_VALUE)
                            .maxNumberLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .addModule(new RoutingJacksonModule())
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY, MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT, DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .withCoercionConfig(
                    LogicalType.Textual,
                    texts -> texts.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .changeDefaultPropertyInclusion(all -> all.withValueInclusion(JsonInclude.Include.NON_ABSENT))
            .build();

    // the same on every system
    private static final ObjectWriter INDENTED = MAPPER.writer()
            .with(new DefaultPrettyPrinter(Separators.createDefaultInstance()
                            .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                            .withObjectEmptySeparator("")
                            .withArrayEmptySeparator(""))
                    .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                    .withArrayIndenter(new DefaultIndenter("  ", "\n")));

    private Documents() {}

    /** A document, indented, with a line feed at its end. */
    public static String indented(Object document) {
        // a line feed in a string is an escape already, and what is escaped here means the same to who reads it
        return Printable.lines(INDENTED.writeValueAsString(document) + "\n");
    }

    /** A document on one line, with a line feed at its end. */
    public static String line(Object document) {
        return Printable.line(MAPPER.writeValueAsString(document)) + "\n";
    }

    /** The fault of a text that could not be read, with its place. */
    public static Problem problem(JacksonException refused) {
        TokenStreamLocation place = refused.getLocation();
        boolean known = place != null && place.getLineNr() > 0;
        return Problem.at(known ? place.getLineNr() : 1, known ? Math.max(1, place.getColumnNr()) : 1, words(refused));
    }

    private static String words(JacksonException refused) {
        if (refused instanceof UnexpectedEndOfInputException) {
            return "this is not JSON: the text ends before it is complete";
        }
        if (refused instanceof StreamConstraintsException) {
            return "lists and objects are nested more than " + DEEPEST + " deep";
        }
        String original = String.valueOf(refused.getOriginalMessage());
        if (refused instanceof InputCoercionException) {
            return "expected a smaller number";
        }
        if (refused instanceof StreamReadException) {
            // what follows is for programmers
            return "this is not JSON: "
                    + original.replaceAll(" \\(code \\d+[^)]*\\)|: enable `.*|: was expecting \\(.*", "");
        }
        if (refused instanceof UnrecognizedPropertyException unknown) {
            String name = unknown.getPropertyName();
            Collection<Object> known = unknown.getKnownPropertyIds();
            return "there is no field `" + name + "`"
                    + NearNames.hint(name, known.stream().map(Object::toString).collect(Collectors.toSet()));
        }
        String field =
                refused instanceof DatabindException mapped && !mapped.getPath().isEmpty()
                        ? mapped.getPath().stream()
                                .map(step -> step.getPropertyName() == null
                                        ? "[" + step.getIndex() + "]"
                                        : "." + step.getPropertyName())
                                .collect(Collectors.joining())
                        : "";
        String name = field.isEmpty() ? "" : "`" + field.replaceFirst("^\\.", "") + "`: ";
        return name + (refused instanceof MismatchedInputException mismatch ? expected(mismatch, original) : original);
    }

    /** Jackson speaks to programmers; the library's own refusals are for people. */
    private static String expected(MismatchedInputException mismatch, String original) {
        if (original.contains(UNREADABLE)) {
            return original.substring(original.indexOf(UNREADABLE) + UNREADABLE.length());
        }
        Class<?> type = mismatch.getTargetType();
        if (type == null) {
            return original;
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "expected a list";
        }
        if (type == String.class) {
            return "expected a text";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "expected true or false";
        }
        if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
            return "expected a whole number";
        }
        return "expected an object";
    }
}
