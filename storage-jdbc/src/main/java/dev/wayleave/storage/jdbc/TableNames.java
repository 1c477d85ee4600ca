package dev.wayleave.storage.jdbc;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of the names of the tables: schema and prefix.
 *
 * <p>The names are written without quotes, so the database folds their case as usual.
 *
 * @param schemaOrNull the schema that holds the tables, which must exist; null for the default schema of a
 *     connection
 * @param prefix the beginning of every name; may be empty in a schema of its own
 */
public record TableNames(@Nullable String schemaOrNull, String prefix) {

    private static final Pattern SCHEMA = Pattern.compile("[a-z_][a-z0-9_]{0,39}");
    private static final Pattern PREFIX = Pattern.compile("([a-z_][a-z0-9_]{0,39})?");

    /** {@code wayleave_tailnet}, {@code wayleave_route} and so on, in the default schema of a connection. */
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

    /** {@return the schema that holds the tables; empty for the default schema of a connection} */
    public Optional<String> schema() {
        return Optional.ofNullable(schemaOrNull);
    }

    private static void check(String what, String name, Pattern valid) {
        if (!valid.matcher(name).matches()) {
            throw new IllegalArgumentException(what + " `" + name
                    + "` needs quotes as a name: write at most 40 lower-case letters, digits and underscores");
        }
    }

    /** {@return the beginning of every table's name, with the schema and its dot} */
    String tables() {
        return (schemaOrNull == null ? "" : schemaOrNull + ".") + prefix;
    }

    /** {@return the text with its placeholders filled in, in the form of Flyway} */
    String fill(String sql) {
        return sql.replace("${tables}", tables()).replace("${prefix}", prefix);
    }
}
