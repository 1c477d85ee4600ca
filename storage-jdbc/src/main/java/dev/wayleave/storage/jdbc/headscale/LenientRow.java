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
 * One row, read leniently: a value that cannot be read is reported and counts as missing. Drivers and releases differ
 * in the types that they give, and a text may be a BLOB.
 */
final class LenientRow {

    private static final int LONGEST_QUOTE = 120;

    /** More than any number of 64 bits needs: a longer text is none, and reading it as one would take long. */
    private static final int LONGEST_NUMBER = 60;

    /** A longer list is not read: no node may have as many routes. */
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

    /** The id as it stands, for a person to find the row. */
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

    /** A text that is not empty. */
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
                unreadable(column, bytes.length + " bytes", "they are no text in UTF-8");
                return Optional.empty();
            }
        }
        return value == null || value.toString().isEmpty() ? Optional.empty() : Optional.of(value.toString());
    }

    /** A text that may be a name or a key; one that may not is reported, and counts as missing. */
    Optional<String> name(String column, int longest) {
        Optional<String> text = text(column);
        Optional<String> flaw = text.flatMap(found -> NameRules.flaw(found, longest));
        if (flaw.isPresent()) {
            unreadable(column, text.orElseThrow(), "it " + flaw.get());
            return Optional.empty();
        }
        return text;
    }

    /** A whole number. */
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
        unreadable(column, text.get(), "it is no whole number");
        return Optional.empty();
    }

    /** What a number or a word says; NULL is false, as in Go. */
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
                unreadable(column, text.get(), "it is neither true nor false, and is taken as " + ifUnreadable);
                return ifUnreadable;
        }
    }

    /** A moment; Go's zero time is none. */
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
                unreadable(column, text.get(), "it is no time");
            }
        }
        return instant.flatMap(GoTime::notZero);
    }

    /** A JSON list of texts. */
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

    /** Whether a JSON list stands there, be it empty; NULL, an empty text and {@code null} are none. */
    boolean hasList(String column) {
        Object value = value(column);
        String text = value instanceof byte[] bytes
                ? new String(bytes, StandardCharsets.UTF_8)
                : value == null ? "" : value.toString();
        return !text.isBlank() && !text.strip().equals("null");
    }

    /** Lists that are members of a JSON object. */
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

    /** The texts of a list; what is none is reported. */
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
                unreadable(column, "...", "an element of the list is no text");
            }
        }
        return texts;
    }

    /** Prefixes, each once; {@code twice} hears of those that come again. */
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
     * A prefix as Go reads it. Host bits are cut off, for no address gains or loses a route by that; but a prefix that
     * would become an exit route was none to Headscale ({@code headscale-routes.md} §0), and is left out.
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
            unreadable(column, text, "it is no prefix: " + e.reason());
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
