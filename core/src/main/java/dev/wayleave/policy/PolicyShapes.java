package dev.wayleave.policy;

import dev.wayleave.policy.JsonValue.Field;
import dev.wayleave.policy.PolicyProblem.Code;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Takes JSON apart into the shapes that a policy is made of, and complains about every other shape. */
final class PolicyShapes {

    private final Problems problems;

    /** Whether fields can be comments: nothing that is built in code is one. */
    private final boolean hasComments;

    PolicyShapes(Problems problems) {
        this.problems = problems;
        this.hasComments = problems.isInText();
    }

    /**
     * The names that mean something in one kind of object. They match without regard to case, as Go's decoder matches
     * the fields of a structure.
     */
    static final class Schema {

        private final String what;
        private final Map<String, String> known = new LinkedHashMap<>();
        private final Set<String> notSupported = new HashSet<>();
        private final Map<String, String> older = new HashMap<>();

        Schema(String what, String... names) {
            this.what = what;
            for (String name : names) {
                known.put(lower(name), name);
            }
        }

        Schema notSupported(String... names) {
            for (String name : names) {
                notSupported.add(lower(name));
            }
            return this;
        }

        Schema older(String name, String today) {
            older.put(lower(name), today);
            return this;
        }

        private static String lower(String name) {
            return name.toLowerCase(Locale.ROOT);
        }
    }

    /** The fields of an object by the spelling in its schema; null if the value is not an object. */
    @Nullable
    Map<String, Field> fields(JsonValue value, Schema schema) {
        if (!(value instanceof JsonValue.Fields object)) {
            wrongType(value, "an object");
            return null;
        }
        Map<String, Field> result = new HashMap<>();
        for (Field field : problems.untilFull(object.fields())) {
            if (isComment(field)) {
                continue;
            }
            String name = Schema.lower(field.name());
            String known = schema.known.getOrDefault(name, schema.older.get(name));
            if (known != null) {
                if (schema.older.containsKey(name)) {
                    problems.notice(
                            PolicyNotice.Code.OLD_NAME,
                            field.spot(),
                            Quotes.quoted(field.name()) + " is the old name of `" + known + "`, and is read as that");
                }
                if (result.putIfAbsent(known, field) != null) {
                    duplicate(field);
                }
            } else if (schema.notSupported.contains(name)) {
                problems.add(
                        Code.NOT_SUPPORTED,
                        field.spot(),
                        Quotes.quoted(field.name()) + " is not supported yet: it would have no effect here, and access "
                                + "might be wider than the policy says");
            } else {
                problems.add(
                        Code.UNKNOWN_FIELD,
                        field.spot(),
                        Quotes.quoted(field.name()) + " means nothing in " + schema.what + ": there are `"
                                + String.join("`, `", schema.known.values()) + "`");
            }
        }
        return result;
    }

    /** Returns whether a field of a policy is a comment, as some editors of policies write them. */
    boolean isComment(Field field) {
        return hasComments && (field.name().startsWith("#") || field.name().startsWith("//"));
    }

    /**
     * The fields of an object whose names are the policy's own, each once and without comments; empty if the value is
     * no object. They are a list, because some are gone through twice.
     */
    List<Field> entries(JsonValue value) {
        return named(value, true);
    }

    private List<Field> named(JsonValue value, boolean passingOverComments) {
        if (!(value instanceof JsonValue.Fields object)) {
            wrongType(value, "an object");
            return List.of();
        }
        Set<String> names = new HashSet<>();
        List<Field> result = new ArrayList<>();
        for (Field field : problems.untilFull(object.fields())) {
            if (passingOverComments && isComment(field)) {
                continue;
            }
            if (names.add(field.name())) {
                result.add(field);
            } else {
                duplicate(field);
            }
        }
        return result;
    }

    void duplicate(Field field) {
        problems.add(
                Code.DUPLICATE_NAME,
                field.spot(),
                Quotes.quoted(field.name()) + " is here for the second time: join the two");
    }

    /** Complains about every name that an object has twice, at any depth. */
    void checkNames(JsonValue value) {
        if (value instanceof JsonValue.Fields) {
            problems.untilFull(named(value, false)).forEach(field -> checkNames(field.value()));
        } else if (value instanceof JsonValue.Items list) {
            problems.untilFull(list.values()).forEach(this::checkNames);
        }
    }

    /** The members of a list; empty if the value is not a list. */
    Iterable<JsonValue> items(JsonValue value) {
        if (value instanceof JsonValue.Items list) {
            return problems.untilFull(list.values());
        }
        wrongType(value, "a list");
        return List.of();
    }

    /**
     * Reads the objects of a list.
     *
     * @param places takes the place of each object that is read
     * @param reader reads the fields of an object at its place; returns null after a problem
     */
    <T> List<T> objects(
            JsonValue list,
            Schema schema,
            List<JsonValue.Path> places,
            BiFunction<JsonValue.Path, Map<String, Field>, @Nullable T> reader) {
        List<T> result = new ArrayList<>();
        for (JsonValue item : items(list)) {
            Map<String, Field> fields = fields(item, schema);
            T read = fields == null ? null : reader.apply(item.spot(), fields);
            if (read != null) {
                result.add(read);
                places.add(item.spot());
            }
        }
        return result;
    }

    /**
     * Reads the texts of a list.
     *
     * @param reader reads a text at its place; returns null after a problem
     */
    <T> List<T> texts(JsonValue list, BiFunction<String, JsonValue.Path, @Nullable T> reader) {
        List<T> result = new ArrayList<>();
        for (JsonValue item : items(list)) {
            String text = text(item);
            T read = text == null ? null : reader.apply(text, item.spot());
            if (read != null) {
                result.add(read);
            }
        }
        return result;
    }

    /** A string; null if the value is none. */
    @Nullable
    String text(JsonValue value) {
        if (value instanceof JsonValue.Text text) {
            return text.value();
        }
        wrongType(value, "a text");
        return null;
    }

    private void wrongType(JsonValue value, String expected) {
        problems.add(Code.WRONG_TYPE, value.spot(), "expected " + expected + ": found " + value.kind());
    }
}
