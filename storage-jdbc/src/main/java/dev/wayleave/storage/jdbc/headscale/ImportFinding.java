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
 * A row of the database that is not imported, is imported with a change, or needs attention; with the reason.
 *
 * <p>Findings are ordered by their place: the database as a whole, then users, nodes, routes and policies, each by the
 * id of the row.
 *
 * @param table the table of the Headscale database; {@link #DATABASE} for the database as a whole, {@link
 *     #GIVEN_POLICY} for a policy that the caller gave
 * @param rowOrNull the id of the row; null for the table as a whole, or a row without a readable id
 * @param reason the kind of the finding, with its facts
 */
public record ImportFinding(String table, @Nullable String rowOrNull, Reason reason) {

    public ImportFinding {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(reason, "reason");
    }

    /** The name, in place of a table, for the database as a whole. */
    public static final String DATABASE = "database";

    /** The name, in place of a table, for a policy that the caller of the import gave. */
    public static final String GIVEN_POLICY = "policy";

    private static final List<String> TABLES = List.of(
            DATABASE, "users", "namespaces", "pre_auth_keys", "nodes", "machines", "routes", "policies", GIVEN_POLICY);

    /**
     * By table, then by the id of the row as a number. The table comes before its rows, rows without a number last.
     */
    static final Comparator<ImportFinding> ORDER = Comparator.<ImportFinding>comparingInt(
                    finding -> TABLES.indexOf(finding.table))
            .thenComparing(finding -> finding.rowOrNull != null)
            .thenComparing(finding -> finding.number().isEmpty())
            .thenComparing(finding -> finding.number().orElse(0));

    /** {@return the id of the row; empty for the table as a whole, or a row without a readable id} */
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

    /** The weight of a finding for the import. */
    public enum Degree {
        /** Nothing is imported until the caller has decided something. */
        BLOCKING,
        /** Something is not imported, or is imported with a change. */
        CHANGE,
        /** Something is imported, and may not do what its author expects. */
        WARNING
    }

    /** {@return what the finding means for the import: the degree of its reason} */
    public Degree degree() {
        return reason.degree();
    }

    /**
     * Returns table, row and message in one line.
     *
     * @return for example {@code routes 17: `node_id` is `3`, and there is no such node: the route is left out}
     */
    @Override
    public String toString() {
        return table + (rowOrNull == null ? "" : " " + rowOrNull) + ": " + reason.message();
    }

    /**
     * The kind of a finding, with its facts. A minor version may add kinds, named in the changelog.
     *
     * <p>Texts of the database are cut to 120 characters, and may hold any character.
     */
    public sealed interface Reason
            permits DatabaseReason, RowReason, UserReason, NodeReason, RouteReason, OverlayReason, PolicyReason {
        /**
         * {@return the stable name of the kind in lower-case words with hyphens, for example {@code half-exit-pair}}
         */
        String kind();

        /**
         * Describes what was found and what the import does about it, for a person to read.
         *
         * @return one line in lower case, texts of the database in backticks
         */
        String message();

        /** {@return what it means for the import: {@link Degree#CHANGE} unless the kind overrides it} */
        default Degree degree() {
            return Degree.CHANGE;
        }
    }

    static String quoted(Collection<?> texts) {
        return texts.stream().map(text -> "`" + text + "`").collect(Collectors.joining(", "));
    }
}
