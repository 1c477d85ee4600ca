package dev.wayleave.examples.cli.text;

import java.util.List;
import java.util.Map;

/** A JSON value that remembers where it stands, so that what is wrong with it can be pointed at. */
public sealed interface Json {

    /** Where the value begins. */
    Place place();

    /** What a person calls a value of this kind. */
    String kind();

    /**
     * A position in a text.
     *
     * @param offset characters before it
     * @param line 1 for the first
     * @param column 1 for the first
     */
    record Place(int offset, int line, int column) {

        public static final Place START = new Place(0, 1, 1);

        /** This place in the text that a part begins in, if it is one of the part. */
        public Place after(Place start) {
            return new Place(
                    start.offset() + offset, start.line() + line - 1, line == 1 ? start.column() + column - 1 : column);
        }
    }

    /**
     * An object.
     *
     * @param place its brace
     * @param end the offset after its closing brace
     * @param members in the order of the text
     */
    record ObjectValue(Place place, int end, Map<String, Member> members) implements Json {
        @Override
        public String kind() {
            return "an object";
        }
    }

    /**
     * One member of an object.
     *
     * @param place its name
     * @param value its value
     */
    record Member(Place place, Json value) {}

    /** An array. */
    record ArrayValue(Place place, List<Json> elements) implements Json {
        @Override
        public String kind() {
            return "a list";
        }
    }

    /** A string. */
    record TextValue(Place place, String text) implements Json {
        @Override
        public String kind() {
            return "a text";
        }
    }

    /** A number, as it is written. */
    record NumberValue(Place place, String text) implements Json {
        @Override
        public String kind() {
            return "a number";
        }
    }

    /** {@code true} or {@code false}. */
    record BooleanValue(Place place, boolean value) implements Json {
        @Override
        public String kind() {
            return "a truth value";
        }
    }

    /** {@code null}. */
    record NullValue(Place place) implements Json {
        @Override
        public String kind() {
            return "null";
        }
    }
}
