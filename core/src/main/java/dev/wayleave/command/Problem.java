package dev.wayleave.command;

import dev.wayleave.access.PolicyTestFailure;
import dev.wayleave.internal.Copies;
import dev.wayleave.internal.Kind;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.Prefix;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.SortedSet;

/**
 * A reason why a command cannot be applied; it refuses the whole submission.
 *
 * <p>A minor version may add kinds, named in the changelog.
 */
public sealed interface Problem extends NamedKind {
    /** {@return which command of the submission it was; its place in the list, from 0} */
    int command();

    /**
     * Prints what was wrong and what to do about it, for a person to read.
     *
     * @param names how texts call nodes; {@link Names#NUMBERS} where the state is not at hand
     * @return one line in lower case, the caller's input in backticks
     */
    String text(Names names);

    /** A quantity that the settings limit. */
    enum Limit {
        /** Nodes in the tailnet. */
        NODES("nodes in the tailnet"),
        /** Users in the tailnet. */
        USERS("users in the tailnet"),
        /** Prefixes in one advertisement, and in one list of approvals. */
        ROUTES_PER_NODE("routes on the node"),
        /** Everything remembered about one node's routes: advertised, approved or denied. */
        ROUTES_REMEMBERED_PER_NODE("routes remembered of the node"),
        /** Commands in one submission. */
        COMMANDS("commands in the submission");

        private final String words;

        Limit(String words) {
            this.words = words;
        }
    }

    /**
     * The durable state is no longer that of the revision that the caller expected; of the whole submission.
     *
     * @param expected the revision that the caller decided on
     * @param current the revision now
     */
    @Kind("revision-conflict")
    record RevisionConflict(long expected, long current) implements Problem {

        @Override
        public int command() {
            return 0;
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "the tailnet is at revision `" + current + "` and not at `" + expected
                    + "`, which the submission expects: read it again, and decide on what it is now";
        }
    }

    /**
     * A test of the new policy fails, and the settings have policies refused for it
     * ({@link dev.wayleave.settings.RoutingSettings#policyTests}).
     *
     * @param command its place in the list, from 0
     * @param failure the test, and what does not hold
     */
    @Kind("policy-test-failed")
    record PolicyTestFailed(int command, PolicyTestFailure failure) implements Problem {
        public PolicyTestFailed {
            Objects.requireNonNull(failure, "failure");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "the policy fails its own test: " + failure.text();
        }
    }

    /**
     * The tailnet has no such node.
     *
     * @param command its place in the list, from 0
     * @param node the number
     */
    @Kind("unknown-node")
    record UnknownNode(int command, NodeId node) implements Problem {
        public UnknownNode {
            Objects.requireNonNull(node, "node");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "node `" + node + "` is unknown: register it first";
        }
    }

    /**
     * The tailnet has no such user.
     *
     * @param command its place in the list, from 0
     * @param node the node that is to belong to the user
     * @param user the key
     */
    @Kind("unknown-user")
    record UnknownUser(int command, NodeId node, UserId user) implements Problem {
        public UnknownUser {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(user, "user");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return names.node(node) + " belongs to user `" + user + "`, who is unknown: add the user first";
        }
    }

    /**
     * A user who is left out of the new users still owns a node.
     *
     * @param command its place in the list, from 0
     * @param user the key
     * @param node the user's node with the lowest number
     */
    @Kind("user-owns-node")
    record UserOwnsNode(int command, UserId user, NodeId node) implements Problem {
        public UserOwnsNode {
            Objects.requireNonNull(user, "user");
            Objects.requireNonNull(node, "node");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "user `" + user + "` still owns " + names.node(node)
                    + ": remove the node or give it another owner first";
        }
    }

    /**
     * Two nodes cannot have the same host key.
     *
     * @param command its place in the list, from 0
     * @param node the node that is to have it
     * @param hostKey the key
     * @param holder the node that has it
     */
    @Kind("host-key-taken")
    record HostKeyTaken(int command, NodeId node, String hostKey, NodeId holder) implements Problem {
        public HostKeyTaken {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(hostKey, "hostKey");
            Objects.requireNonNull(holder, "holder");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "host key `" + hostKey + "` belongs to " + names.node(holder) + ": remove that node first";
        }
    }

    /**
     * There would be too many of something.
     *
     * @param command its place in the list, from 0
     * @param limit of what
     * @param count how many there would be
     * @param most how many may be
     */
    @Kind("too-many")
    record TooMany(int command, Limit limit, int count, int most) implements Problem {
        public TooMany {
            Objects.requireNonNull(limit, "limit");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return count + " " + limit.words + ": at most " + most + " are allowed; raise the limit in the settings";
        }
    }

    /**
     * A drain would leave prefixes on the router, for no other healthy node can carry them now.
     *
     * @param command its place in the list, from 0
     * @param node the router
     * @param prefixes what would stay on it
     */
    @Kind("drain-leaves-prefixes")
    record DrainLeavesPrefixes(int command, NodeId node, SortedSet<Prefix> prefixes) implements Problem {
        /** Copies the prefixes. */
        public DrainLeavesPrefixes {
            Objects.requireNonNull(node, "node");
            prefixes = Copies.sortedSet(prefixes, "prefixes");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "the drain of " + names.node(node) + " is refused: no other healthy node can carry "
                    + Texts.join(prefixes) + " now; bring a standby up, or force the drain";
        }
    }

    /**
     * The state has no sessions: what is heard of nodes is for the process that has them.
     *
     * @param command its place in the list, from 0
     * @param node of which something was heard
     */
    @Kind("sessions-elsewhere")
    record SessionsElsewhere(int command, NodeId node) implements Problem {
        public SessionsElsewhere {
            Objects.requireNonNull(node, "node");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "sessions and health of " + names.node(node)
                    + " are not kept here: hand them to the process that has the sessions of the tailnet";
        }
    }

    /**
     * The state has all sessions of the tailnet: no other process has some of them that could end.
     *
     * @param command its place in the list, from 0
     */
    @Kind("sessions-not-shared")
    record SessionsNotShared(int command) implements Problem {
        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "the sessions of the tailnet are not shared by several processes: end each of them by its own";
        }
    }

    /**
     * A step of the clock concerns every timer, and is decided before everything else.
     *
     * @param command its place in the list, from 0
     */
    @Kind("clock-step-not-alone")
    record ClockStepNotAlone(int command) implements Problem {
        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "a step of the clock must be alone in its submission: hand the other commands in "
                    + "by one of their own";
        }
    }

    /**
     * No clock is stepped by so much.
     *
     * @param command its place in the list, from 0
     * @param by how much it would be
     * @param most the longest step in either direction
     */
    @Kind("clock-step-too-long")
    record ClockStepTooLong(int command, Duration by, Duration most) implements Problem {
        public ClockStepTooLong {
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(most, "most");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "a step of the clock by `" + by + "` is too long: at most " + most.toDays()
                    + " days are allowed, forward or back; check how the host measured it";
        }
    }

    /**
     * A drain that ends by itself would be over already.
     *
     * @param command its place in the list, from 0
     * @param node the router
     * @param until when it would end
     */
    @Kind("drain-over")
    record DrainOver(int command, NodeId node, Instant until) implements Problem {
        public DrainOver {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(until, "until");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "the drain of " + names.node(node) + " would have ended at " + Texts.time(until)
                    + ": give a later time";
        }
    }
}
