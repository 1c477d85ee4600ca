package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.Problem;
import dev.wayleave.approval.Verdict;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.Prefix;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One thing about an import that a person should know: which row, and why it did not come over as it stands.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param table the table of the Headscale database
 * @param row the id of the row; empty for what concerns the table as a whole, or a row without a readable id
 * @param reason what was found
 */
public record ImportFinding(String table, Optional<String> row, Reason reason) {

    /**
     * Says everything in one line.
     *
     * @return for example {@code routes 17: no node `3` is here: the route is left out}
     */
    @Override
    public String toString() {
        return table + row.map(id -> " " + id).orElse("") + ": " + reason.message();
    }

    /**
     * What was found. A minor version may add kinds, named in the changelog.
     *
     * <p>Texts of the database stand in it cut to 120 characters, and may hold any character.
     */
    public sealed interface Reason {

        /**
         * Says what was found and what was done about it, for a person to read.
         *
         * @return one line in lower case, texts of the database in backticks
         */
        String message();
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
        public String message() {
            return "only `" + approved + "` of the two exit routes is approved on node `" + node
                    + "`: kept as it is, approve it again for both";
        }
    }

    /**
     * A route belongs to no node that is imported, and is left out.
     *
     * @param column the column that names the node
     * @param value what stands in it, perhaps nothing
     */
    public record Orphan(String column, Optional<String> value) implements Reason {
        @Override
        public String message() {
            return value.map(id -> "`" + column + "` is `" + id + "`, and no such node is here")
                            .orElse("`" + column + "` names no node")
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
        public String message() {
            return "the row " + why.words + ": left out";
        }
    }

    /**
     * A machine is not registered, or no longer. Its node came over with an expired key, so that it has to register again,
     * and without its routes.
     *
     * @param node the node
     */
    public record NotRegistered(NodeId node) implements Reason {
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
     * @param value what stands in it, perhaps nothing
     * @param user the user who was made
     */
    public record OwnerMissing(String column, Optional<String> value, UserId user) implements Reason {
        @Override
        public String message() {
            return value.map(id -> "`" + column + "` is `" + id + "`, and no such user is here")
                            .orElse("`" + column + "` names no user, and there are no tags")
                    + ": the node belongs to user `" + user + "`, made for it";
        }
    }

    /**
     * A node asks for tags that only a policy could grant it. They are left out: the database does not say whether it did.
     *
     * @param tags what it asks for, as it wrote it
     */
    public record TagsOnlyRequested(SortedSet<String> tags) implements Reason {

        /**
         * Copies the tags.
         *
         * @param tags what it asks for, as it wrote it
         */
        public TagsOnlyRequested {
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

        /**
         * Copies the problems.
         *
         * @param problems why
         */
        public Refused {
            problems = List.copyOf(problems);
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
        public String message() {
            return "the approval of `" + prefix + "` on node `" + node + "` is not taken: "
                    + (because instanceof Verdict.Denied
                            ? "an administrator denied it here"
                            : "it waits for an administrator here");
        }
    }

    private static String quoted(SortedSet<String> texts) {
        return texts.stream().map(text -> "`" + text + "`").collect(Collectors.joining(", "));
    }
}
