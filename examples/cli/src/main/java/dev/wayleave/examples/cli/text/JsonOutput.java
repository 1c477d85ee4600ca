package dev.wayleave.examples.cli.text;

import java.io.StringWriter;
import java.util.Collection;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;

/** Writes JSON for programs that a person may look at. */
public final class JsonOutput {

    private static final JsonFactory JSON = new JsonFactory();

    private JsonOutput() {}

    /** The text of one value, indented, with a line feed at its end. */
    public static String write(Consumer<JsonGenerator> value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(new Indented(), text)) {
            value.accept(json);
        }
        // a line feed in a string is an escape already, and what is escaped here means the same to who reads it
        return Printable.lines(text.append('\n').toString());
    }

    /** The text of a value that was read, indented. */
    public static String of(Json value) {
        return write(json -> write(json, value));
    }

    /** The text of a value that was read, on one line. */
    public static String line(Json value) {
        return onOneLine(json -> write(json, value));
    }

    /** The text of an object with these members, on one line. */
    public static String line(Consumer<JsonGenerator> members) {
        return onOneLine(json -> {
            json.writeStartObject();
            members.accept(json);
            json.writeEndObject();
        });
    }

    private static String onOneLine(Consumer<JsonGenerator> value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            value.accept(json);
        }
        return Printable.line(text.toString()) + "\n";
    }

    /** Writes a value that was read. */
    public static void write(JsonGenerator json, Json value) {
        if (value instanceof Json.ObjectValue object) {
            json.writeStartObject();
            object.members().forEach((name, member) -> {
                json.writeName(name);
                write(json, member.value());
            });
            json.writeEndObject();
        } else if (value instanceof Json.ArrayValue list) {
            json.writeStartArray();
            list.elements().forEach(element -> write(json, element));
            json.writeEndArray();
        } else if (value instanceof Json.TextValue text) {
            json.writeString(text.text());
        } else if (value instanceof Json.NumberValue number) {
            json.writeRawValue(number.text());
        } else if (value instanceof Json.BooleanValue flag) {
            json.writeBoolean(flag.value());
        } else {
            json.writeNull();
        }
    }

    /** A member that is a list of texts: empty if there are none, never null. */
    public static void texts(JsonGenerator json, String name, Collection<?> values) {
        json.writeArrayPropertyStart(name);
        values.forEach(value -> json.writeString(value.toString()));
        json.writeEndArray();
    }

    /** A member that is a text, or null. */
    public static void textOrNull(JsonGenerator json, String name, @Nullable String value) {
        if (value == null) {
            json.writeNullProperty(name);
        } else {
            json.writeStringProperty(name, value);
        }
    }

    private static final class Indented extends ObjectWriteContext.Base {

        // the same on every system
        private static final DefaultIndenter LINE_FEEDS = new DefaultIndenter("  ", "\n");
        private static final Separators TIGHT = Separators.createDefaultInstance()
                .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                .withObjectEmptySeparator("")
                .withArrayEmptySeparator("");

        @Override
        public PrettyPrinter getPrettyPrinter() {
            return new DefaultPrettyPrinter(TIGHT)
                    .withObjectIndenter(LINE_FEEDS)
                    .withArrayIndenter(LINE_FEEDS);
        }

        @Override
        public boolean hasPrettyPrinter() {
            return true;
        }
    }
}
