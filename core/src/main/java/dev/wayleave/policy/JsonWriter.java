package dev.wayleave.policy;

import java.util.Comparator;
import java.util.Iterator;

/** Writes JSON canonically: fields sorted by name, no blanks, only what must be escaped is. */
final class JsonWriter {

    private JsonWriter() {}

    static String write(JsonValue value) {
        StringBuilder out = new StringBuilder();
        append(out, value);
        return out.toString();
    }

    private static void append(StringBuilder out, JsonValue value) {
        if (value instanceof JsonValue.Text text) {
            appendQuoted(out, text.value());
        } else if (value instanceof JsonValue.Literal literal) {
            out.append(literal.spelling());
        } else if (value instanceof JsonValue.Items items) {
            out.append('[');
            for (Iterator<JsonValue> i = items.values().iterator(); i.hasNext(); ) {
                append(out, i.next());
                out.append(i.hasNext() ? "," : "");
            }
            out.append(']');
        } else if (value instanceof JsonValue.Fields object) {
            out.append('{');
            Iterator<JsonValue.Field> i = object.fields().stream()
                    .sorted(Comparator.comparing(JsonValue.Field::name))
                    .iterator();
            while (i.hasNext()) {
                JsonValue.Field field = i.next();
                appendQuoted(out, field.name());
                out.append(':');
                append(out, field.value());
                out.append(i.hasNext() ? "," : "");
            }
            out.append('}');
        }
    }

    static void appendQuoted(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
