package dev.wayleave.examples.server.web;

import dev.wayleave.mesh.NameRules;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.WayleaveException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON object that came in, read field by field: each field once, then {@link #end}. All faults are reported at once.
 */
public final class Body {

    private static final int LONGEST_NAME = 200;

    private final ObjectNode object;
    private final String place;
    private final List<ApiException.Fault> faults;
    private final Set<String> known = new LinkedHashSet<>();

    private Body(ObjectNode object, String place, List<ApiException.Fault> faults) {
        this.object = object;
        this.place = place;
        this.faults = faults;
    }

    static Body of(@Nullable JsonNode document) {
        if (document instanceof ObjectNode object) {
            return new Body(object, "", new ArrayList<>());
        }
        throw ApiException.badRequest("the body has to be one JSON object");
    }

    private @Nullable JsonNode get(String field) {
        known.add(field);
        JsonNode value = object.get(field);
        return value == null || value.isNull() ? null : value;
    }

    private void fault(String field, String code, String message) {
        faults.add(new ApiException.Fault(code, message, place + field));
    }

    /** A text that may be missing, of at most that many characters. */
    public Optional<String> text(String field, int longest) {
        JsonNode value = get(field);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isString()) {
            fault(field, "not-a-text", "`" + field + "` has to be a text");
            return Optional.empty();
        }
        String text = value.stringValue();
        if (text.length() > longest) {
            fault(field, "too-long", "`" + field + "` has " + text.length() + " characters: at most " + longest);
            return Optional.empty();
        }
        if (text.codePoints().anyMatch(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE))) {
            fault(field, "not-a-text", "`" + field + "` has a character that no text can have");
            return Optional.empty();
        }
        return Optional.of(text);
    }

    /** A value made of what was read, unless the library refuses it. */
    public <T> Optional<T> made(String field, Supplier<T> maker) {
        try {
            return Optional.of(maker.get());
        } catch (IllegalArgumentException | WayleaveException e) {
            fault(field, "refused", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** A text of 1 to 200 characters that has to be there, and that the library takes for a name. */
    public String name(String field) {
        return name(field, LONGEST_NAME);
    }

    /** A text that has to be there, and that the library takes for a name. */
    public String name(String field, int longest) {
        Optional<String> text = text(field, longest);
        if (text.isEmpty() || NameRules.flaw(text.get(), longest).isPresent()) {
            missing(field, "a text of 1 to " + longest + " characters without control characters or line separators");
            return "?";
        }
        return text.get();
    }

    /** A text that has to be there, and may be as long as a body. */
    public String longText(String field) {
        Optional<String> text = text(field, Integer.MAX_VALUE);
        if (text.isEmpty()) {
            missing(field, "a text");
        }
        return text.orElse("");
    }

    private void missing(String field, String what) {
        if (faults.stream().noneMatch(fault -> fault.path().equals(Optional.of(place + field)))) {
            fault(field, "missing", "`" + field + "` has to be " + what);
        }
    }

    /** A truth value that may be missing. */
    public boolean flag(String field) {
        JsonNode value = get(field);
        if (value != null && !value.isBoolean()) {
            fault(field, "not-a-truth-value", "`" + field + "` has to be `true` or `false`");
        }
        return value != null && value.booleanValue(false);
    }

    /** A time that may be missing. */
    public Optional<Instant> time(String field) {
        Optional<String> text = text(field, LONGEST_NAME);
        try {
            return text.map(Instant::parse);
        } catch (DateTimeParseException e) {
            fault(
                    field,
                    "not-a-time",
                    "`" + field + "` is `" + Json.shown(text.orElseThrow())
                            + "`: give a time such as `2026-11-25T19:00:00Z`");
            return Optional.empty();
        }
    }

    /** One of some words; it may be missing. */
    public <T> Optional<T> word(String field, Map<String, T> words) {
        Optional<String> text = text(field, LONGEST_NAME);
        if (text.isPresent() && !words.containsKey(text.get())) {
            fault(
                    field,
                    "unknown-word",
                    "`" + field + "` is `" + Json.shown(text.get()) + "`: give one of "
                            + String.join(", ", words.keySet()));
        }
        return text.map(words::get);
    }

    /** One of some words, refused if it is missing; empty only in a body that is refused. */
    public <T> Optional<T> neededWord(String field, Map<String, T> words) {
        if (get(field) == null) {
            fault(field, "missing", "`" + field + "` has to be one of " + String.join(", ", words.keySet()));
        }
        return word(field, words);
    }

    /** Texts; none if the field is missing. */
    public List<String> texts(String field) {
        JsonNode value = get(field);
        List<String> texts = new ArrayList<>();
        if (value != null && !value.isArray()) {
            fault(field, "not-a-list", "`" + field + "` has to be a list of texts");
        } else if (value != null) {
            for (JsonNode item : value) {
                if (item.isString() && item.stringValue().length() <= LONGEST_NAME) {
                    texts.add(item.stringValue());
                } else {
                    fault(
                            field,
                            "not-a-text",
                            "`" + field + "` has to be a list of texts of at most " + LONGEST_NAME + " characters");
                }
            }
        }
        return texts;
    }

    /** Prefixes without host bits; the field has to be there. */
    public List<Prefix> prefixes(String field) {
        List<Prefix> prefixes = new ArrayList<>();
        if (get(field) == null) {
            missing(field, "a list of prefixes");
        }
        int i = 0;
        for (String text : texts(field)) {
            String at = field + "[" + i++ + "]";
            prefix(text, at).ifPresent(prefixes::add);
        }
        return prefixes;
    }

    /** A prefix that may be missing. */
    public Optional<Prefix> prefix(String field) {
        return text(field, LONGEST_NAME).flatMap(text -> prefix(text, field));
    }

    private Optional<Prefix> prefix(String text, String at) {
        try {
            return Optional.of(Request.prefix(text));
        } catch (ApiException e) {
            e.faults().forEach(fault -> fault(at, fault.code(), fault.message()));
            return Optional.empty();
        }
    }

    /** Objects; none if the field is missing. */
    public List<Body> objects(String field) {
        JsonNode value = get(field);
        List<Body> objects = new ArrayList<>();
        if (value == null) {
            missing(field, "a list of objects");
        } else if (!value.isArray()) {
            fault(field, "not-a-list", "`" + field + "` has to be a list of objects");
        } else {
            for (int i = 0; i < value.size(); i++) {
                if (value.get(i) instanceof ObjectNode item) {
                    objects.add(new Body(item, place + field + "[" + i + "].", faults));
                } else {
                    fault(field, "not-an-object", "`" + field + "` has to be a list of objects");
                }
            }
        }
        return objects;
    }

    /** Adds something that is wrong with a field and that only its reader can know. */
    public void refuse(String field, String code, String message) {
        fault(field, code, message);
    }

    /** Ends the reading: fields that were not read are unknown, and are refused. */
    public void end() {
        for (String name : object.propertyNames()) {
            if (!known.contains(name)) {
                fault(Json.shown(name), "unknown-field", "`" + Json.shown(name) + "` is unknown");
            }
        }
        if (place.isEmpty() && !faults.isEmpty()) {
            throw new ApiException(400, "the body is refused: " + faults.get(0).message(), faults);
        }
    }
}
