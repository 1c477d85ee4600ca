package dev.wayleave.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A policy as JSON, each value with its place: what {@link JsonText} reads, {@link PolicyJson} makes, and
 * {@link PolicyDecoder} understands.
 */
sealed interface JsonValue {

    Path spot();

    /** What a person calls such a value. */
    String kind();

    /**
     * A place in a policy: the way to it from the root, and where it is in the text. A field's name and its value share
     * the way.
     *
     * @param order the character offset in a text, or a running number without one; problems are sorted by it
     */
    record Path(@Nullable Path parent, @Nullable String name, int index, int order) {

        static Path root(int order) {
            return new Path(null, null, -1, order);
        }

        Path item(int itemIndex, int itemOrder) {
            return new Path(this, null, itemIndex, itemOrder);
        }

        Path field(String fieldName, int fieldOrder) {
            return new Path(this, fieldName, -1, fieldOrder);
        }

        Path at(int newOrder) {
            return new Path(parent, name, index, newOrder);
        }

        String path() {
            StringBuilder path = new StringBuilder();
            append(path);
            return path.toString();
        }

        private void append(StringBuilder path) {
            if (parent == null) {
                return;
            }
            parent.append(path);
            if (name == null) {
                path.append('[').append(index).append(']');
            } else if (isPlain(name)) {
                path.append(path.isEmpty() ? "" : ".").append(name);
            } else {
                path.append('[');
                JsonWriter.appendQuoted(path, Quotes.cut(name));
                path.append(']');
            }
        }

        private static boolean isPlain(String name) {
            return !name.isEmpty()
                    && name.length() <= Quotes.LONGEST
                    && isLetter(name.charAt(0))
                    && name.chars().allMatch(c -> isLetter(c) || (c >= '0' && c <= '9'));
        }

        private static boolean isLetter(int c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        }
    }

    /** A string. */
    record Text(Path spot, String value) implements JsonValue {
        @Override
        public String kind() {
            return "a text";
        }
    }

    /** A number, {@code true}, {@code false} or {@code null}, as it is spelled. */
    record Literal(Path spot, String spelling) implements JsonValue {
        @Override
        public String kind() {
            return "`" + Quotes.shortened(spelling) + "`";
        }
    }

    /** An array. */
    record Items(Path spot, List<JsonValue> values) implements JsonValue {
        @Override
        public String kind() {
            return "a list";
        }
    }

    /** An object, its fields in the order of the text, doubles included. */
    record Fields(Path spot, List<Field> fields) implements JsonValue {
        @Override
        public String kind() {
            return "an object";
        }
    }

    /** A name and its value; {@code spot} is the name's. */
    record Field(Path spot, String name, JsonValue value) {}
}
