package dev.wayleave.command;

import com.google.common.collect.ImmutableList;
import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Verdict;
import dev.wayleave.internal.Copies;
import dev.wayleave.internal.Kind;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeFinding;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.net.Prefix;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.stream.Collectors;

/**
 * The answer to one submission.
 */
public sealed interface SubmissionResult extends NamedKind {

    /**
     * Prints the answer for a person to read: whether the submission was accepted, and each remark or problem.
     *
     * @param names how texts call nodes; {@link Names#NUMBERS} where the state is not at hand
     * @return one line in lower case, for example {@code refused: there is no node `8`}
     */
    String text(Names names);

    /** {@return the answer to a submission without remarks} */
    static SubmissionResult accepted() {
        return Accepted.PLAIN;
    }

    /**
     * Every command was applied, or was found to change nothing.
     *
     * @param remarks what the caller may want to know, in the order of the commands
     */
    @Kind("accepted")
    record Accepted(List<Remark> remarks) implements SubmissionResult {

        private static final SubmissionResult PLAIN = new Accepted(ImmutableList.of());

        /** Copies the remarks. */
        public Accepted {
            remarks = Copies.list(remarks, "remarks");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return remarks.isEmpty()
                    ? "accepted"
                    : remarks.stream()
                            .map(remark -> remark.text(names))
                            .collect(Collectors.joining("; ", "accepted: ", ""));
        }
    }

    /**
     * Nothing of the submission was applied.
     *
     * @param problems all that was found, in the order of the commands; at least one
     */
    @Kind("refused")
    record Refused(List<Problem> problems) implements SubmissionResult {

        /**
         * Copies the problems.
         *
         * @throws IllegalArgumentException if there is none
         */
        public Refused {
            problems = Copies.list(problems, "problems");
            if (problems.isEmpty()) {
                throw new IllegalArgumentException("a refusal needs a problem");
            }
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return problems.stream()
                    .map(problem -> problem.text(names))
                    .collect(Collectors.joining("; ", "refused: ", ""));
        }
    }

    /** Something about an accepted command that is not a problem. */
    sealed interface Remark extends NamedKind {

        /** {@return which command of the submission it was; its place in the list, from 0} */
        int command();

        /**
         * Prints the remark for a person to read.
         *
         * @param names how texts call nodes
         * @return one line in lower case
         */
        String text(Names names);
    }

    /**
     * A command was about a session that is not the current one of its node, or about a session of a node that is gone;
     * it changed nothing.
     *
     * @param command its place in the list, from 0
     * @param node the node
     * @param session the session that no longer counts
     */
    @Kind("session-ignored")
    record SessionIgnored(int command, NodeId node, SessionId session) implements Remark {

        public SessionIgnored {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(session, "session");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "session `" + session + "` of " + names.node(node) + " is not its current one: nothing changed";
        }
    }

    /**
     * A command approved a prefix that was approved already; the earlier approval stays as it was.
     *
     * @param command its place in the list, from 0
     * @param node the node
     * @param prefix the prefix
     * @param approval the earlier approval
     */
    @Kind("already-approved")
    record AlreadyApproved(int command, NodeId node, Prefix prefix, Approval approval) implements Remark {

        public AlreadyApproved {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(approval, "approval");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return prefix + " on " + names.node(node) + " is approved already: " + approval.text(names);
        }
    }

    /**
     * A command approved prefixes that the node does not advertise: they are approved, and wait for the node.
     *
     * @param command its place in the list, from 0
     * @param node the node
     * @param prefixes those that the command names and the node does not advertise; at least one
     */
    @Kind("not-advertised-yet")
    record NotAdvertisedYet(int command, NodeId node, SortedSet<Prefix> prefixes) implements Remark {

        /** Copies the prefixes. */
        public NotAdvertisedYet {
            Objects.requireNonNull(node, "node");
            prefixes = Copies.sortedSet(prefixes, "prefixes");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return names.node(node) + " does not advertise " + Texts.join(prefixes)
                    + " yet: approved, and carried once it does";
        }
    }

    /**
     * A node's own addresses, or what it advertises, are hardly what its administrator means.
     *
     * @param command its place in the list, from 0
     * @param finding what was found
     */
    @Kind("node-finding")
    record NodeRemark(int command, NodeFinding finding) implements Remark {

        public NodeRemark {
            Objects.requireNonNull(finding, "finding");
        }

        @Override
        public String text(Names names) {
            return finding.text(names);
        }
    }

    /**
     * An import brought one exit route without the other; it was kept as it came. The next approval by an administrator
     * or by the policy approves both.
     *
     * @param command its place in the list, from 0
     * @param node the node
     * @param approved the one that is approved
     */
    @Kind("half-exit-pair")
    record HalfExitPair(int command, NodeId node, Prefix approved) implements Remark {

        public HalfExitPair {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(approved, "approved");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "the import approves " + approved + " on " + names.node(node)
                    + " without the other exit route: approve it again to approve both";
        }
    }

    /**
     * An import brought an approval that was not taken over.
     *
     * @param command its place in the list, from 0
     * @param node the node
     * @param prefix what the other system had approved
     * @param reason what an administrator decided about it here
     */
    @Kind("import-refused")
    record ImportRefused(int command, NodeId node, Prefix prefix, Verdict reason) implements Remark {

        public ImportRefused {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "the import's approval of " + prefix + " on " + names.node(node) + " is not taken over: "
                    + reason.text(names);
        }
    }
}
