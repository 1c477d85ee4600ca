package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.mesh.NameRules;
import dev.wayleave.net.AddressFormatException;
import dev.wayleave.net.Prefix;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A row that is read leniently: a value that cannot be read is reported, and counts as missing. Drivers and releases
 * return different types, and a text may be a BLOB.
 */
final class LenientRow {

    private static final int LONGEST_QUOTE = 120;

    /** More than any number of 64 bits needs. A longer text is refused, because its conversion would be slow. */
    private static final int LONGEST_NUMBER = 60;

    /** A longer list is not read: no node may have so many routes. */
    private static final int LONGEST_LIST = 10_000;

    private final RawTable table;
    private final @Nullable Object[] values;
    private final List<ImportFinding> findings;
    private final String id;

    LenientRow(RawTable table, @Nullable Object[] values, List<ImportFinding> findings) {
        this.table = table;
        this.values = values;
        this.findings = findings;
        this.id = value("id") instanceof byte[] bytes
                ? new String(bytes, StandardCharsets.UTF_8)
                : Optional.ofNullable(value("id")).map(Object::toString).orElse("");
    }

    /** Reads all rows of a table. */
    static List<LenientRow> all(RawTable table, List<ImportFinding> findings) {
        return table.rows().stream()
                .map(values -> new LenientRow(table, values, findings))
                .toList();
    }

    String table() {
        return table.name();
    }

    /** {@return the id as the database has it, for a person to find the row} */
    String id() {
        return id;
    }

    boolean hasColumn(String column) {
        return table.has(column);
    }

    void report(ImportFinding.Reason reason) {
        findings.add(new ImportFinding(table.name(), id.isEmpty() ? null : quotable(id), reason));
    }

    void unreadable(String column, String text, String cause) {
        report(new RowReason.Unreadable(column, quotable(text), cause));
    }

    static String quotable(String text) {
        if (text.length() <= LONGEST_QUOTE) {
            return text;
        }
        boolean halfAtEnd = Character.isHighSurrogate(text.charAt(LONGEST_QUOTE - 1));
        return text.substring(0, halfAtEnd ? LONGEST_QUOTE - 1 : LONGEST_QUOTE) + "...";
    }

    private @Nullable Object value(String column) {
        int at = table.columns().indexOf(column);
        return at < 0 ? null : values[at];
    }

    boolean isNull(String column) {
        return value(column) == null;
    }

    /** {@return a text that is not empty} */
    Optional<String> text(String column) {
        Object value = value(column);
        if (value instanceof byte[] bytes) {
            try {
                String text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
                return text.isEmpty() ? Optional.empty() : Optional.of(text);
            } catch (CharacterCodingException e) {
                unreadable(column, bytes.length + " bytes", "they are not UTF-8 text");
                return Optional.empty();
            }
        }
        return value == null || value.toString().isEmpty() ? Optional.empty() : Optional.of(value.toString());
    }

    /** {@return a text that is a valid name or key; another text is reported, and counts as missing} */
    Optional<String> name(String column, int longest) {
        Optional<String> text = text(column);
        Optional<String> flaw = text.flatMap(found -> NameRules.flaw(found, longest));
        if (flaw.isPresent()) {
            unreadable(column, text.orElseThrow(), "it " + flaw.get());
            return Optional.empty();
        }
        return text;
    }

    /** {@return a whole number} */
    Optional<Long> number(String column) {
        Object value = value(column);
        if (value instanceof Integer || value instanceof Long || value instanceof Short) {
            return Optional.of(((Number) value).longValue());
        }
        Optional<String> text = text(column);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            if (text.get().length() <= LONGEST_NUMBER) {
                // a numeric column may hold 1.0
                return Optional.of(new BigDecimal(text.get().strip()).longValueExact());
            }
        } catch (ArithmeticException | NumberFormatException e) {
            // reported below
        }
        unreadable(column, text.get(), "it is not a whole number");
        return Optional.empty();
    }

    /** {@return the truth of a number or a word; NULL is false, as in Go} */
    boolean flag(String column, boolean ifUnreadable) {
        Object value = value(column);
        if (value instanceof Boolean flag) {
            return flag;
        }
        Optional<String> text = text(column);
        if (text.isEmpty()) {
            return false;
        }
        switch (text.get().strip().toLowerCase(Locale.ROOT)) {
            case "1", "1.0", "true", "t":
                return true;
            case "0", "0.0", "false", "f":
                return false;
            default:
                unreadable(column, text.get(), "it is neither true nor false, and counts as " + ifUnreadable);
                return ifUnreadable;
        }
    }

    /** {@return a time; Go's zero time is none} */
    Optional<Instant> instant(String column) {
        Object value = value(column);
        Optional<Instant> instant;
        if (value instanceof Timestamp timestamp) {
            instant = Optional.of(timestamp.toInstant());
        } else if (value instanceof OffsetDateTime time) {
            instant = Optional.of(time.toInstant());
        } else {
            Optional<String> text = text(column);
            instant = text.flatMap(GoTime::parse);
            if (text.isPresent() && instant.isEmpty()) {
                unreadable(column, text.get(), "it is not a time");
            }
        }
        return instant.flatMap(GoTime::notZero);
    }

    /** {@return a JSON list of texts} */
    List<String> list(String column) {
        Optional<String> text = text(column);
        if (text.isEmpty()) {
            return List.of();
        }
        try {
            return texts(column, JsonColumn.list(text.get()));
        } catch (JsonColumn.Malformed e) {
            unreadable(column, text.get(), e.reason());
            return List.of();
        }
    }

    /**
     * {@return whether the column has a JSON list, perhaps an empty one; NULL, an empty text and {@code null} are none}
     */
    boolean hasList(String column) {
        Object value = value(column);
        String text = value instanceof byte[] bytes
                ? new String(bytes, StandardCharsets.UTF_8)
                : value == null ? "" : value.toString();
        return !text.isBlank() && !text.strip().equals("null");
    }

    /** {@return the lists with these names in a JSON object} */
    Map<String, List<Optional<String>>> lists(String column, Set<String> names) {
        Optional<String> text = text(column);
        if (text.isEmpty()) {
            return Map.of();
        }
        try {
            return JsonColumn.lists(text.get(), names);
        } catch (JsonColumn.Malformed e) {
            unreadable(column, text.get(), e.reason());
            return Map.of();
        }
    }

    /** {@return the texts of a list; other elements are reported} */
    List<String> texts(String column, List<Optional<String>> list) {
        List<String> texts = new ArrayList<>();
        if (list.size() > LONGEST_LIST) {
            unreadable(
                    column, "...", "the list has " + list.size() + " elements; at most " + LONGEST_LIST + " are read");
            return texts;
        }
        for (Optional<String> element : list) {
            if (element.isPresent()) {
                texts.add(element.get());
            } else {
                unreadable(column, "...", "an element of the list is not a text");
            }
        }
        return texts;
    }

    /** {@return prefixes, each once; {@code twice} is called for each repetition} */
    SortedSet<Prefix> prefixes(String column, List<String> texts, BiConsumer<String, Prefix> twice) {
        TreeSet<Prefix> prefixes = new TreeSet<>();
        for (String text : texts) {
            Optional<Prefix> prefix = prefix(column, text);
            if (prefix.isPresent() && !prefixes.add(prefix.get())) {
                twice.accept(column, prefix.get());
            }
        }
        return prefixes;
    }

    /**
     * Reads a prefix as Go does. Host bits are cut off: that changes no address of the route. But a prefix that would
     * become an exit route by that is left out, because Headscale did not take it for one.
     */
    Optional<Prefix> prefix(String column, String text) {
        Optional<Prefix> strict = Prefix.tryParse(text);
        if (strict.isPresent()) {
            return strict;
        }
        Prefix cut;
        try {
            cut = Prefix.truncating(text);
        } catch (AddressFormatException e) {
            unreadable(column, text, "it is not a prefix: " + e.reason());
            return Optional.empty();
        }
        if (cut.isExitRoute()) {
            unreadable(column, text, "it has host bits set, and would be an exit route without them");
            return Optional.empty();
        }
        report(new RowReason.HostBits(column, quotable(text), cut));
        return Optional.of(cut);
    }
}
