package dev.wayleave.storage.jdbc.headscale;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One thing about an import that a person should know: which row, and why it did not come over as it stands.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * <p>Findings are ordered by where they were found: what concerns the database as a whole, then users, nodes, routes
 * and policies, each by the number of the row.
 *
 * @param table the table of the Headscale database; {@link #DATABASE} for what concerns the database as a whole, {@link
 *     #GIVEN_POLICY} for a policy that the caller gave
 * @param rowOrNull the id of the row; null for what concerns the table as a whole, or a row without a readable id
 * @param reason what was found
 */
public record ImportFinding(String table, @Nullable String rowOrNull, Reason reason) {

    public ImportFinding {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(reason, "reason");
    }

    /** Stands in place of a table for what concerns the database as a whole. */
    public static final String DATABASE = "database";

    /** Stands in place of a table for a policy that the caller of the import gave. */
    public static final String GIVEN_POLICY = "policy";

    private static final List<String> TABLES = List.of(
            DATABASE, "users", "namespaces", "pre_auth_keys", "nodes", "machines", "routes", "policies", GIVEN_POLICY);

    /**
     * By table and number of the row; rows without a number come after those with one, and the table before its rows.
     */
    static final Comparator<ImportFinding> ORDER = Comparator.<ImportFinding>comparingInt(
                    finding -> TABLES.indexOf(finding.table))
            .thenComparing(finding -> finding.rowOrNull != null)
            .thenComparing(finding -> finding.number().isEmpty())
            .thenComparing(finding -> finding.number().orElse(0));

    /** {@return the id of the row; empty for what concerns the table as a whole, or a row without a readable id} */
    public Optional<String> row() {
        return Optional.ofNullable(rowOrNull);
    }

    private OptionalLong number() {
        try {
            return rowOrNull == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(rowOrNull));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** What a finding means for the import. */
    public enum Degree {
        /** Nothing is imported until the caller has decided something. */
        BLOCKING,
        /** Something does not come over, or comes over as something else. */
        CHANGE,
        /** Something comes over, and is not what its author may think. */
        NOTICE
    }

    /**
     * Returns what the finding means for the import.
     *
     * @return the degree of its reason
     */
    public Degree degree() {
        return reason.degree();
    }

    /**
     * Says everything in one line.
     *
     * @return for example {@code routes 17: no node `3` is here: the route is left out}
     */
    @Override
    public String toString() {
        return table + (rowOrNull == null ? "" : " " + rowOrNull) + ": " + reason.message();
    }

    /**
     * What was found. A minor version may add kinds, named in the changelog.
     *
     * <p>Texts of the database stand in it cut to 120 characters, and may hold any character.
     */
    public sealed interface Reason
            permits DatabaseReason, RowReason, UserReason, NodeReason, RouteReason, OverlayReason, PolicyReason {
        /**
         * {@return the stable name of the kind in lower-case words with hyphens, for example {@code half-exit-pair}}
         */
        String kind();

        /**
         * Says what was found and what was done about it, for a person to read.
         *
         * @return one line in lower case, texts of the database in backticks
         */
        String message();

        /**
         * Returns what it means for the import.
         *
         * @return {@link Degree#CHANGE} unless the kind says otherwise
         */
        default Degree degree() {
            return Degree.CHANGE;
        }
    }

    static String quoted(Collection<?> texts) {
        return texts.stream().map(text -> "`" + text + "`").collect(Collectors.joining(", "));
    }
}
