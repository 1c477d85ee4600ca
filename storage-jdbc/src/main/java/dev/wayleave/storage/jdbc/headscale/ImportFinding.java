package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.approval.Approver;
import dev.wayleave.approval.Verdict;
import dev.wayleave.command.Problem;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyNotice;
import dev.wayleave.policy.PolicyProblem;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
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

    /**
     * Refuses null.
     *
     * @param table the table of the Headscale database; {@link #DATABASE} for what concerns the database as a whole,
     *     {@link #GIVEN_POLICY} for a policy that the caller gave
     * @param rowOrNull the id of the row; null for what concerns the table as a whole, or a row without a readable id
     * @param reason what was found
     */
    public ImportFinding {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(reason, "reason");
    }

    /** {@return the id of the row; empty for what concerns the table as a whole, or a row without a readable id} */
    public Optional<String> row() {
        return Optional.ofNullable(rowOrNull);
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
    public sealed interface Reason {
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

    /**
     * The same prefix stands on the same node twice. It came over once: approved if it is in one of the two places.
     *
     * @param column where it stands
     * @param node the node
     * @param prefix the prefix
     */
    public record DuplicateFolded(String column, NodeId node, Prefix prefix) implements Reason {
        @Override
        public String kind() {
            return "duplicate-folded";
        }

        /**
         * Refuses null.
         *
         * @param column where it stands
         * @param node the node
         * @param prefix the prefix
         */
        public DuplicateFolded {
            Objects.requireNonNull(column, "column");
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(prefix, "prefix");
        }

        @Override
        public String message() {
            return "`" + prefix + "` stands twice on node `" + node + "` in `" + column + "`: folded into one";
        }
    }

    /**
     * One exit route is approved without the other. It came over as it is; the next approval approves both.
     *
     * @param node the node
     * @param approved the one that is approved
     */
    public record HalfExitPair(NodeId node, Prefix approved) implements Reason {
        @Override
        public String kind() {
            return "half-exit-pair";
        }

        /**
         * Refuses null.
         *
         * @param node the node
         * @param approved the one that is approved
         */
        public HalfExitPair {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(approved, "approved");
        }

        @Override
        public String message() {
            return "only `" + approved + "` of the two exit routes is approved on node `" + node
                    + "`: kept as it is, approve it again for both";
        }
    }

    /**
     * A route belongs to no node that is imported, and is left out.
     *
     * @param column the column that names the node
     * @param valueOrNull its value; null if it has none
     */
    public record Orphan(String column, @Nullable String valueOrNull) implements Reason {
        @Override
        public String kind() {
            return "orphan";
        }

        /**
         * Refuses null.
         *
         * @param column the column that names the node
         * @param valueOrNull its value; null if it has none
         */
        public Orphan {
            Objects.requireNonNull(column, "column");
        }

        /** {@return the value of the column; empty if it has none} */
        public Optional<String> value() {
            return Optional.ofNullable(valueOrNull);
        }

        @Override
        public String message() {
            return (valueOrNull == null
                            ? "`" + column + "` names no node"
                            : "`" + column + "` is `" + valueOrNull + "`, and no such node is here")
                    + ": the route is left out";
        }
    }

    /**
     * A prefix has bits set after its length. It came over without them.
     *
     * @param column where it stands
     * @param text what stands there
     * @param prefix what came over
     */
    public record HostBits(String column, String text, Prefix prefix) implements Reason {
        @Override
        public String kind() {
            return "host-bits";
        }

        /**
         * Refuses null.
         *
         * @param column where it stands
         * @param text what stands there
         * @param prefix what came over
         */
        public HostBits {
            Objects.requireNonNull(column, "column");
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(prefix, "prefix");
        }

        @Override
        public String message() {
            return "`" + column + "` holds `" + text + "`, which has host bits set: taken as `" + prefix + "`";
        }
    }

    /**
     * A value cannot be read, and is left out.
     *
     * @param column where it stands
     * @param text what stands there
     * @param cause what is wrong with it, lower case
     */
    public record Unreadable(String column, String text, String cause) implements Reason {
        @Override
        public String kind() {
            return "unreadable";
        }

        /**
         * Refuses null.
         *
         * @param column where it stands
         * @param text what stands there
         * @param cause what is wrong with it, lower case
         */
        public Unreadable {
            Objects.requireNonNull(column, "column");
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(cause, "cause");
        }

        @Override
        public String message() {
            return "`" + column + "` holds `" + text + "`: " + cause + "; left out";
        }
    }

    /**
     * A value that must be there is missing or cannot be used, and another one stands in for it.
     *
     * @param column where it stands
     * @param cause why it cannot be used, lower case
     * @param by what stands in for it
     */
    public record Replaced(String column, String cause, String by) implements Reason {
        @Override
        public String kind() {
            return "replaced";
        }

        /**
         * Refuses null.
         *
         * @param column where it stands
         * @param cause why it cannot be used, lower case
         * @param by what stands in for it
         */
        public Replaced {
            Objects.requireNonNull(column, "column");
            Objects.requireNonNull(cause, "cause");
            Objects.requireNonNull(by, "by");
        }

        @Override
        public String message() {
            return "`" + column + "` " + cause + ": `" + by + "` stands in for it";
        }
    }

    /** Why a row is no row to import. */
    public enum NoRow {
        /** It is marked as deleted. */
        DELETED("is marked as deleted"),
        /** It has no id that could be kept. */
        WITHOUT_ID("has no positive id"),
        /** An earlier row has the same id. */
        SAME_ID("has the id of an earlier row");

        private final String words;

        NoRow(String words) {
            this.words = words;
        }
    }

    /**
     * A row is left out, with all that is on it.
     *
     * @param why what is the matter with it
     */
    public record RowLeftOut(NoRow why) implements Reason {
        @Override
        public String kind() {
            return "row-left-out";
        }

        /**
         * Refuses null.
         *
         * @param why what is the matter with it
         */
        public RowLeftOut {
            Objects.requireNonNull(why, "why");
        }

        @Override
        public String message() {
            return "the row " + why.words + ": left out";
        }
    }

    /**
     * A machine is not registered, or no longer. Its node came over with an expired key, so that it has to register
     * again, and without its routes.
     *
     * @param node the node
     */
    public record NotRegistered(NodeId node) implements Reason {
        @Override
        public String kind() {
            return "not-registered";
        }

        /**
         * Refuses null.
         *
         * @param node the node
         */
        public NotRegistered {
            Objects.requireNonNull(node, "node");
        }

        @Override
        public String message() {
            return "the machine is not registered: node `" + node
                    + "` comes over with an expired key and without its routes";
        }
    }

    /**
     * A node belongs to nobody who is here. A user was made for it, whom no policy names.
     *
     * @param column the column that names the user
     * @param valueOrNull its value; null if it has none
     * @param user the user who was made
     */
    public record OwnerMissing(String column, @Nullable String valueOrNull, UserId user) implements Reason {
        @Override
        public String kind() {
            return "owner-missing";
        }

        /**
         * Refuses null.
         *
         * @param column the column that names the user
         * @param valueOrNull its value; null if it has none
         * @param user the user who was made
         */
        public OwnerMissing {
            Objects.requireNonNull(column, "column");
            Objects.requireNonNull(user, "user");
        }

        /** {@return the value of the column; empty if it has none} */
        public Optional<String> value() {
            return Optional.ofNullable(valueOrNull);
        }

        @Override
        public String message() {
            return (valueOrNull == null
                            ? "`" + column + "` names no user, and there are no tags"
                            : "`" + column + "` is `" + valueOrNull + "`, and no such user is here")
                    + ": the node belongs to user `" + user + "`, made for it";
        }
    }

    /**
     * A node asks for tags that only a policy could grant it. They are left out: the database does not say whether it
     * did.
     *
     * @param tags what it asks for, as it wrote it
     */
    public record TagsOnlyRequested(SortedSet<String> tags) implements Reason {
        @Override
        public String kind() {
            return "tags-only-requested";
        }

        /**
         * Copies the tags.
         *
         * @param tags what it asks for, as it wrote it
         */
        public TagsOnlyRequested {
            Copies.refuseNull(tags, "tags");
            tags = Collections.unmodifiableSortedSet(new TreeSet<>(tags));
        }

        @Override
        public String message() {
            return "the node asks for " + quoted(tags)
                    + ", which the policy may have granted: left out, register it with the tags it shall have";
        }
    }

    /** Why a primary is no incumbent. */
    public enum NoIncumbent {
        /** The route is not both advertised and approved. */
        NOT_EFFECTIVE("it is not both advertised and approved"),
        /** Exit routes have no primary. */
        EXIT_ROUTE("exit routes have no primary"),
        /** A node with a lower number is primary of the same prefix. */
        SECOND("a lower node is primary of it, too"),
        /** The node was known to the tailnet before the import. */
        NODE_KNOWN("the node was here before, and the tailnet elects by what it knows"),
        /** The tailnet did not take the node. */
        NODE_REFUSED("the node is not taken"),
        /** In the tailnet, somebody can carry the prefix already. */
        CARRIED("another node can carry it here"),
        /** The tailnet's settings give no grace after a restart. */
        NO_GRACE("the settings give no grace after a restart");

        private final String words;

        NoIncumbent(String words) {
            this.words = words;
        }
    }

    /**
     * A node is marked as the primary of a prefix, and was not kept as its incumbent.
     *
     * @param node the node
     * @param prefix the prefix
     * @param why what is in the way
     */
    public record PrimaryNotKept(NodeId node, Prefix prefix, NoIncumbent why) implements Reason {
        @Override
        public String kind() {
            return "primary-not-kept";
        }

        /**
         * Refuses null.
         *
         * @param node the node
         * @param prefix the prefix
         * @param why what is in the way
         */
        public PrimaryNotKept {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(why, "why");
        }

        @Override
        public String message() {
            return "node `" + node + "` is not kept as the primary of `" + prefix + "`: " + why.words;
        }
    }

    /**
     * A table is left over from an upgrade that did not finish; it was not read.
     *
     * @param rows how many rows it holds
     */
    public record LeftOver(int rows) implements Reason {
        @Override
        public String kind() {
            return "left-over";
        }

        @Override
        public String message() {
            return "the table with " + rows + (rows == 1 ? " row" : " rows")
                    + " is left over from an upgrade: not read";
        }
    }

    /**
     * The tailnet has another node with this number; a number is kept or not given at all.
     *
     * @param node the number
     * @param hostKey what the host calls the node that has it
     */
    public record NodeIdTaken(NodeId node, String hostKey) implements Reason {
        @Override
        public String kind() {
            return "node-id-taken";
        }

        /**
         * Refuses null.
         *
         * @param node the number
         * @param hostKey what the host calls the node that has it
         */
        public NodeIdTaken {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(hostKey, "hostKey");
        }

        @Override
        public String message() {
            return "node `" + node + "` is another one here, with the host key `" + hostKey + "`: not imported";
        }
    }

    /**
     * The user is taken for one whom the tailnet knows.
     *
     * @param name the name in the Headscale database
     * @param user the user in the tailnet
     */
    public record UserMatched(String name, UserId user) implements Reason {
        @Override
        public String kind() {
            return "user-matched";
        }

        /**
         * Refuses null.
         *
         * @param name the name in the Headscale database
         * @param user the user in the tailnet
         */
        public UserMatched {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(user, "user");
        }

        @Override
        public String message() {
            return "user `" + name + "` is taken for the user `" + user + "`, whose name or e-mail is the same";
        }
    }

    /**
     * The tailnet has another user with this id, so that the imported one got another.
     *
     * @param name the name in the Headscale database
     * @param user the new id
     */
    public record UserRenumbered(String name, UserId user) implements Reason {
        @Override
        public String kind() {
            return "user-renumbered";
        }

        /**
         * Refuses null.
         *
         * @param name the name in the Headscale database
         * @param user the new id
         */
        public UserRenumbered {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(user, "user");
        }

        @Override
        public String message() {
            return "user `" + name + "` gets the id `" + user + "`: its own is another user's here";
        }
    }

    /**
     * The tailnet refused what a row brought, as a whole.
     *
     * @param problems why
     */
    public record Refused(List<Problem> problems) implements Reason {
        @Override
        public String kind() {
            return "refused";
        }

        /**
         * Copies the problems.
         *
         * @param problems why
         */
        public Refused {
            problems = Copies.list(problems, "problems");
        }

        @Override
        public String message() {
            return "refused: " + problems.stream().map(Problem::message).collect(Collectors.joining("; "));
        }
    }

    /**
     * The tailnet knows better about an approval.
     *
     * @param node the node
     * @param prefix the prefix that Headscale had approved
     * @param because what an administrator said of it here
     */
    public record ApprovalNotTaken(NodeId node, Prefix prefix, Verdict because) implements Reason {
        @Override
        public String kind() {
            return "approval-not-taken";
        }

        /**
         * Refuses null.
         *
         * @param node the node
         * @param prefix the prefix that Headscale had approved
         * @param because what an administrator said of it here
         */
        public ApprovalNotTaken {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(because, "because");
        }

        @Override
        public String message() {
            return "the approval of `" + prefix + "` on node `" + node + "` is not taken: "
                    + (because instanceof Verdict.Denied
                            ? "an administrator denied it here"
                            : "it waits for an administrator here");
        }
    }

    /**
     * The file is in WAL mode, and the second file with the latest changes is missing. If Headscale was stopped before
     * the file was copied or read, nothing is missing.
     *
     * @param log the second file
     */
    public record LatestChangesMissing(String log) implements Reason {
        @Override
        public String kind() {
            return "latest-changes-missing";
        }

        /**
         * Refuses null.
         *
         * @param log the second file
         */
        public LatestChangesMissing {
            Objects.requireNonNull(log, "log");
        }

        @Override
        public Degree degree() {
            return Degree.NOTICE;
        }

        @Override
        public String message() {
            return "there is no file `" + log
                    + "`, which holds the latest changes while Headscale runs: they are missing,"
                    + " unless Headscale was stopped first";
        }
    }

    /**
     * SQLite's own check finds the file damaged. Rows may be missing or wrong without any other finding.
     *
     * @param found what SQLite says
     */
    public record FileDamaged(String found) implements Reason {
        @Override
        public String kind() {
            return "file-damaged";
        }

        /**
         * Refuses null.
         *
         * @param found what SQLite says
         */
        public FileDamaged {
            Objects.requireNonNull(found, "found");
        }

        @Override
        public String message() {
            return "the file is damaged, and rows may be missing: SQLite's integrity check says `" + found
                    + "`; import from a backup, or compare the numbers";
        }
    }

    /**
     * The policy of a row cannot be read, and is left out.
     *
     * @param column where it stands
     * @param problems everything that is wrong with it, in the order of their places
     */
    public record PolicyUnreadable(String column, List<PolicyProblem> problems) implements Reason {
        @Override
        public String kind() {
            return "policy-unreadable";
        }

        /**
         * Copies the problems.
         *
         * @param column where it stands
         * @param problems everything that is wrong with it, in the order of their places
         */
        public PolicyUnreadable {
            Objects.requireNonNull(column, "column");
            problems = Copies.list(problems, "problems");
        }

        @Override
        public String message() {
            return "`" + column + "` holds a policy that cannot be read: "
                    + problems.stream().map(PolicyProblem::toString).collect(Collectors.joining("; "));
        }
    }

    /** The database holds no policy that can be read, and the caller gave none: nothing is imported. */
    public record PolicyUndecided() implements Reason {
        @Override
        public String kind() {
            return "policy-undecided";
        }

        @Override
        public Degree degree() {
            return Degree.BLOCKING;
        }

        @Override
        public String message() {
            return "there is no policy to import, and without one every node reaches every other one: give the policy of"
                    + " Headscale's file, or decide to go without";
        }
    }

    /** The policy of the row is not taken, for the caller decided otherwise. */
    public record PolicyOverridden() implements Reason {
        @Override
        public String kind() {
            return "policy-overridden";
        }

        @Override
        public String message() {
            return "the policy of the row is not taken, as the import was told";
        }
    }

    /** The tailnet has a policy of its own, and keeps it. */
    public record PolicyKept() implements Reason {
        @Override
        public String kind() {
            return "policy-kept";
        }

        @Override
        public String message() {
            return "the tailnet has a policy of its own and keeps it: this one is not taken";
        }
    }

    /**
     * The policy came over, and something in it is not what its author may think.
     *
     * @param notice what, and where
     */
    public record PolicyNoticed(PolicyNotice notice) implements Reason {
        @Override
        public String kind() {
            return "policy-noticed";
        }

        /**
         * Refuses null.
         *
         * @param notice what, and where
         */
        public PolicyNoticed {
            Objects.requireNonNull(notice, "notice");
        }

        @Override
        public Degree degree() {
            return Degree.NOTICE;
        }

        @Override
        public String message() {
            return notice.toString();
        }
    }

    /**
     * The policy came over, but a text in it names more than one user, and therefore no user.
     *
     * @param problem the place and the users
     */
    public record PolicyAmbiguous(PolicyProblem problem) implements Reason {
        @Override
        public String kind() {
            return "policy-ambiguous";
        }

        /**
         * Refuses null.
         *
         * @param problem the place and the users
         */
        public PolicyAmbiguous {
            Objects.requireNonNull(problem, "problem");
        }

        @Override
        public String message() {
            return problem.toString();
        }
    }

    /**
     * The policy names the user by an identifier of an identity provider. Headscale finds the user by it; here it names
     * no user, or another user.
     *
     * @param column the column that holds the identifier
     * @param text what the policy writes
     * @param instead what it must write to name the user
     */
    public record IdentifierInPolicy(String column, String text, String instead) implements Reason {
        @Override
        public String kind() {
            return "identifier-in-policy";
        }

        /**
         * Refuses null.
         *
         * @param column the column that holds the identifier
         * @param text what the policy writes
         * @param instead what it must write to name the user
         */
        public IdentifierInPolicy {
            Objects.requireNonNull(column, "column");
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(instead, "instead");
        }

        @Override
        public String message() {
            return "the policy names the user `" + text + "`, by `" + column
                    + "`, which does not name the user here: write `" + instead + "` in the policy";
        }
    }

    /**
     * The policy approves a route that Headscale had not approved: Headscale would approve it at its next review.
     *
     * @param node the node
     * @param prefix the route
     * @param because the entry of the policy
     */
    public record ApprovedByPolicy(NodeId node, Prefix prefix, Approver.AutoApprover because) implements Reason {
        @Override
        public String kind() {
            return "approved-by-policy";
        }

        /**
         * Refuses null.
         *
         * @param node the node
         * @param prefix the route
         * @param because the entry of the policy
         */
        public ApprovedByPolicy {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(because, "because");
        }

        @Override
        public Degree degree() {
            return Degree.NOTICE;
        }

        @Override
        public String message() {
            return "the policy approves `" + prefix + "` on node `" + node + "` by `"
                    + because.selector().text() + "`; Headscale had not approved it yet";
        }
    }

    /**
     * Some addresses lie outside of the default ranges, so that the tailnet gets an overlay of its own.
     *
     * @param ranges the smallest prefix of each family that holds all addresses, or what the caller gave
     */
    public record OverlaySet(List<Prefix> ranges) implements Reason {
        @Override
        public String kind() {
            return "overlay-set";
        }

        /**
         * Copies the prefixes.
         *
         * @param ranges the smallest prefix of each family that holds all addresses, or what the caller gave
         */
        public OverlaySet {
            ranges = Copies.list(ranges, "ranges");
        }

        @Override
        public Degree degree() {
            return Degree.NOTICE;
        }

        @Override
        public String message() {
            return "nodes have addresses outside of the default ranges: " + quoted(ranges)
                    + " becomes the overlay, for it just holds them all; Headscale's configuration (`prefixes`) may have a"
                    + " wider one";
        }
    }

    /**
     * The addresses of the nodes are too far apart to make an overlay: nothing is imported until the caller gives one.
     *
     * @param prefix the smallest prefix that holds all addresses of the family
     */
    public record OverlayTooWide(Prefix prefix) implements Reason {
        @Override
        public String kind() {
            return "overlay-too-wide";
        }

        /**
         * Refuses null.
         *
         * @param prefix the smallest prefix that holds all addresses of the family
         */
        public OverlayTooWide {
            Objects.requireNonNull(prefix, "prefix");
        }

        @Override
        public Degree degree() {
            return Degree.BLOCKING;
        }

        @Override
        public String message() {
            return "only `" + prefix + "` holds all " + (prefix.isIpv4() ? "IPv4" : "IPv6")
                    + " addresses of the nodes, which is too wide for an overlay: give the ranges of Headscale's"
                    + " configuration (`prefixes`)";
        }
    }

    /**
     * The tailnet has nodes, users, a policy or an overlay already, and keeps its overlay.
     *
     * @param ranges the overlay that is not taken
     */
    public record OverlayKept(List<Prefix> ranges) implements Reason {
        @Override
        public String kind() {
            return "overlay-kept";
        }

        /**
         * Copies the prefixes.
         *
         * @param ranges the overlay that is not taken
         */
        public OverlayKept {
            ranges = Copies.list(ranges, "ranges");
        }

        @Override
        public String message() {
            return "the tailnet keeps its own overlay: " + quoted(ranges) + " is not taken";
        }
    }

    /**
     * A node has an address outside of the tailnet's overlay.
     *
     * @param address the address
     */
    public record OutsideOverlay(IpAddress address) implements Reason {
        @Override
        public String kind() {
            return "outside-overlay";
        }

        /**
         * Refuses null.
         *
         * @param address the address
         */
        public OutsideOverlay {
            Objects.requireNonNull(address, "address");
        }

        @Override
        public Degree degree() {
            return Degree.NOTICE;
        }

        @Override
        public String message() {
            return "address `" + address + "` lies outside of the tailnet's overlay";
        }
    }

    /**
     * The tailnet refused users, policy or overlay: nothing is imported.
     *
     * @param problems why
     */
    public record TailnetRefused(List<Problem> problems) implements Reason {
        @Override
        public String kind() {
            return "tailnet-refused";
        }

        /**
         * Copies the problems.
         *
         * @param problems why
         */
        public TailnetRefused {
            problems = Copies.list(problems, "problems");
        }

        @Override
        public Degree degree() {
            return Degree.BLOCKING;
        }

        @Override
        public String message() {
            return "refused: " + problems.stream().map(Problem::message).collect(Collectors.joining("; "));
        }
    }

    private static String quoted(Collection<?> texts) {
        return texts.stream().map(text -> "`" + text + "`").collect(Collectors.joining(", "));
    }
}
