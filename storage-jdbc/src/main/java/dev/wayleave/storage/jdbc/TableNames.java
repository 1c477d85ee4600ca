package dev.wayleave.storage.jdbc;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the names of the tables begin with.
 *
 * <p>Immutable and safe for use by several threads. The names are written without quotes, so a database folds their
 * case as it does elsewhere.
 *
 * @param schemaOrNull the schema that holds the tables, which must exist; null for the one that connections use by
 *     themselves
 * @param prefix how every name begins; may be empty in a schema of its own
 */
public record TableNames(@Nullable String schemaOrNull, String prefix) {

    private static final Pattern SCHEMA = Pattern.compile("[a-z_][a-z0-9_]{0,39}");
    private static final Pattern PREFIX = Pattern.compile("([a-z_][a-z0-9_]{0,39})?");

    /** {@code wayleave_tailnet}, {@code wayleave_route} and so on, in the schema that connections use by themselves. */
    public static final TableNames DEFAULT = new TableNames(null, "wayleave_");

    /**
     * Checks the names.
     *
     * @throws IllegalArgumentException if one is not of at most 40 lower-case letters, digits and underscores, or
     *     begins with a digit
     */
    public TableNames {
        Objects.requireNonNull(prefix, "prefix");
        if (schemaOrNull != null) {
            check("schema", schemaOrNull, SCHEMA);
        }
        check("prefix", prefix, PREFIX);
    }

    /** {@return the schema that holds the tables; empty for the one that connections use by themselves} */
    public Optional<String> schema() {
        return Optional.ofNullable(schemaOrNull);
    }

    private static void check(String what, String name, Pattern valid) {
        if (!valid.matcher(name).matches()) {
            throw new IllegalArgumentException(what + " `" + name
                    + "` is no name that needs no quotes: write at most 40 lower-case letters, digits and underscores");
        }
    }

    /** The schema with its dot, and the beginning of the name: what a table's own name is appended to. */
    String tables() {
        return (schemaOrNull == null ? "" : schemaOrNull + ".") + prefix;
    }

    /** A text with its placeholders filled in; they are Flyway's. */
    String fill(String sql) {
        return sql.replace("${tables}", tables()).replace("${prefix}", prefix);
    }
}
