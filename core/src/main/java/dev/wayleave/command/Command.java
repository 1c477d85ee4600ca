package dev.wayleave.command;

import dev.wayleave.internal.Copies;
import dev.wayleave.internal.Kind;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.NameRules;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.settings.RoutingSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * One fact that a host reports, or one decision of an administrator.
 *
 * <p>A new command needs a record here, its case in the package-private {@code CommandApplier}, its kind in
 * {@code docs/routing-json.schema.json}, and in the tests its case in {@code ReferenceRouting} and in
 * {@code RoutingArbitraries}, which makes the random histories.
 *
 * <p>A minor version may add kinds, named in the changelog.
 */
public sealed interface Command extends NamedKind {

    /** A command about one node. */
    sealed interface OfNode extends Command {

        /** {@return the node that the command is about} */
        NodeId node();
    }

    /** A command about prefixes on one node. */
    sealed interface OfRoutes extends OfNode {

        /** {@return the prefixes that the command names; subnet and exit routes, in their order} */
        SortedSet<Prefix> prefixes();
    }

    /**
     * A command about one control session. {@link ConnectSession} makes the session the node's current one; the other
     * commands change nothing if it is not.
     */
    sealed interface OfSession extends OfNode {

        /** {@return the session that the command is about, by the host's key} */
        SessionId session();
    }

    /**
     * The tailnet has exactly these users. The same users again change nothing, so that a host may repeat
     * what its identity provider reports; after a change of users, retroactive approval reviews the routes
     * that wait.
     *
     * @param users all of them; every owner of a node must be among them
     */
    @Kind("set-users")
    record SetUsers(Users users) implements Command {

        public SetUsers {
            Objects.requireNonNull(users, "users");
        }
    }

    /**
     * A node registered, for the first time or again. Registering again keeps what the node advertises and what is
     * approved.
     *
     * @param facts what the node is; its owner must be known
     */
    @Kind("register-node")
    record RegisterNode(Node facts) implements OfNode {

        public RegisterNode {
            Objects.requireNonNull(facts, "facts");
        }

        @Override
        public NodeId node() {
            return facts.id();
        }
    }

    /**
     * Something about a registered node changed: its name, owner, tags, addresses or key.
     *
     * @param facts what the node is now; its owner must be known
     */
    @Kind("update-node")
    record UpdateNode(Node facts) implements OfNode {

        public UpdateNode {
            Objects.requireNonNull(facts, "facts");
        }

        @Override
        public NodeId node() {
            return facts.id();
        }
    }

    /**
     * A node is gone, and with it everything that is known about it.
     *
     * @param node its number
     */
    @Kind("remove-node")
    record RemoveNode(NodeId node) implements OfNode {

        public RemoveNode {
            Objects.requireNonNull(node, "node");
        }
    }

    /**
     * A node advertises the prefixes that it can carry; this replaces its earlier list.
     *
     * @param node the node
     * @param prefixes all that it can carry; may be empty: the node then advertises nothing
     */
    @Kind("advertise-routes")
    record AdvertiseRoutes(NodeId node, SortedSet<Prefix> prefixes) implements OfRoutes {

        /** Copies the prefixes. */
        public AdvertiseRoutes {
            Objects.requireNonNull(node, "node");
            prefixes = Copies.sortedSet(prefixes, "prefixes");
        }

        /**
         * Creates the command from prefixes in any order.
         *
         * @param node the node
         * @param prefixes all that it can carry
         */
        public AdvertiseRoutes(NodeId node, Collection<Prefix> prefixes) {
            this(node, Copies.sortedSet(prefixes, "prefixes"));
        }
    }

    /**
     * An administrator approves exactly these prefixes on a node. What was approved and is left out is revoked,
     * and, if the settings remember denials, denied from then on.
     *
     * @param node the node
     * @param prefixes all that it may carry, advertised or not; one exit route means both
     */
    @Kind("set-approved-routes")
    record SetApprovedRoutes(NodeId node, SortedSet<Prefix> prefixes) implements OfRoutes {

        /** Copies the prefixes. */
        public SetApprovedRoutes {
            Objects.requireNonNull(node, "node");
            prefixes = Copies.sortedSet(prefixes, "prefixes");
        }

        /**
         * Creates the command from prefixes in any order.
         *
         * @param node the node
         * @param prefixes all that it may carry
         */
        public SetApprovedRoutes(NodeId node, Collection<Prefix> prefixes) {
            this(node, Copies.sortedSet(prefixes, "prefixes"));
        }
    }

    /**
     * An administrator approves these prefixes on a node, and leaves the other prefixes alone: two administrators who
     * approve different prefixes lose nothing. The command lifts their denials. A prefix that is approved already keeps
     * its first approver, even if that is the policy, and the result names it
     * ({@link SubmissionResult.AlreadyApproved}).
     *
     * @param node the node
     * @param prefixes at least one, advertised or not; one exit route means both
     */
    @Kind("approve-routes")
    record ApproveRoutes(NodeId node, SortedSet<Prefix> prefixes) implements OfRoutes {

        /**
         * Copies the prefixes.
         *
         * @throws IllegalArgumentException if there is no prefix
         */
        public ApproveRoutes {
            Objects.requireNonNull(node, "node");
            prefixes = Copies.sortedSet(prefixes, "prefixes");
            if (prefixes.isEmpty()) {
                throw new IllegalArgumentException(
                        "no prefix to approve: name at least one; an empty SetApprovedRoutes revokes all");
            }
        }

        /**
         * Creates the command from prefixes in any order.
         *
         * @param node the node
         * @param prefixes at least one
         * @throws IllegalArgumentException if there is no prefix
         */
        public ApproveRoutes(NodeId node, Collection<Prefix> prefixes) {
            this(node, Copies.sortedSet(prefixes, "prefixes"));
        }
    }

    /**
     * An administrator takes the approval of these prefixes away, and denies them from then on if the settings remember
     * denials; the approvals of other prefixes stay.
     *
     * @param node the node
     * @param prefixes what it may carry no longer; one exit route means both
     */
    @Kind("revoke-routes")
    record RevokeRoutes(NodeId node, SortedSet<Prefix> prefixes) implements OfRoutes {

        /** Copies the prefixes. */
        public RevokeRoutes {
            Objects.requireNonNull(node, "node");
            prefixes = Copies.sortedSet(prefixes, "prefixes");
        }

        /**
         * Creates the command from prefixes in any order.
         *
         * @param node the node
         * @param prefixes what it may carry no longer
         */
        public RevokeRoutes(NodeId node, Collection<Prefix> prefixes) {
            this(node, Copies.sortedSet(prefixes, "prefixes"));
        }
    }

    /**
     * Approvals that another system gave are imported as they were; they add to what is approved. Only here may one
     * exit route come without the other, and the result has a remark about it.
     *
     * @param node the node
     * @param prefixes what the other system had approved
     * @param source where from: the host's own text, 1 to 200 characters
     */
    @Kind("import-approvals")
    record ImportApprovals(NodeId node, SortedSet<Prefix> prefixes, String source) implements OfRoutes {

        /**
         * Copies the prefixes.
         *
         * @throws IllegalArgumentException if the source has a {@link NameRules#flaw}
         */
        public ImportApprovals {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(source, "source");
            NameRules.check("import source", source, NameRules.LONGEST_KEY);
            prefixes = Copies.sortedSet(prefixes, "prefixes");
        }

        /**
         * Creates the command from prefixes in any order.
         *
         * @param node the node
         * @param prefixes what the other system had approved
         * @param source where from: the host's own text, 1 to 200 characters
         */
        public ImportApprovals(NodeId node, Collection<Prefix> prefixes, String source) {
            this(node, Copies.sortedSet(prefixes, "prefixes"), source);
        }
    }

    /**
     * A node opened a control session, which is its current one from now on; an earlier one no longer counts. All
     * reports about its health are forgotten.
     *
     * @param node the node
     * @param session the host's key of the session
     */
    @Kind("connect-session")
    record ConnectSession(NodeId node, SessionId session) implements OfSession {

        public ConnectSession {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(session, "session");
        }
    }

    /**
     * A control session ended.
     *
     * @param node the node
     * @param session the host's key of the session
     */
    @Kind("disconnect-session")
    record DisconnectSession(NodeId node, SessionId session) implements OfSession {

        public DisconnectSession {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(session, "session");
        }
    }

    /**
     * A process is gone, and with it all sessions that it had, where several processes share the tailnet. The grace of
     * its routers begins. If an ephemeral node was absent already, any process counts its idle time from now on.
     * Refused where one process has all sessions ({@link Problem.SessionsNotShared}). {@code O(n)}.
     *
     * @param holder the process
     */
    @Kind("end-sessions")
    record EndSessions(SessionHolder holder) implements Command {

        public EndSessions {
            Objects.requireNonNull(holder, "holder");
        }
    }

    /**
     * Another process, which shares the tailnet, reports its session of a node. The report is not stored. It changes
     * nothing for a router or an ephemeral node, whose session is in the rows, and for a node whose session this
     * process has itself. Refused where one process has all sessions ({@link Problem.SessionsNotShared}).
     *
     * @param node the node
     * @param holder the other process
     * @param sessionOrNull the session that it has; null if it has none, which changes nothing unless it had the last
     *     known session
     */
    @Kind("report-session")
    record ReportSession(
            NodeId node, SessionHolder holder, @Nullable SessionId sessionOrNull) implements OfNode {

        public ReportSession {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(holder, "holder");
        }

        /** {@return the session that the process has; empty if it has none} */
        public Optional<SessionId> session() {
            return Optional.ofNullable(sessionOrNull);
        }
    }

    /**
     * A message came in on a control session. A session that fell silent is alive again.
     *
     * @param node the node
     * @param session the host's key of the session
     * @param atOrNull when it came in, if that was before the step: a host whose steps are late loses nothing. A later
     *     time than the step's counts as the step's. Null if it comes in now
     */
    @Kind("keep-alive")
    record KeepAlive(
            NodeId node, SessionId session, @Nullable Instant atOrNull) implements OfSession {

        public KeepAlive {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(session, "session");
        }

        /** {@return when it came in; empty if it comes in now} */
        public Optional<Instant> at() {
            return Optional.ofNullable(atOrNull);
        }

        /**
         * Creates the command for a message that comes in now.
         *
         * @param node the node
         * @param session the host's key of the session
         */
        public KeepAlive(NodeId node, SessionId session) {
            this(node, session, null);
        }
    }

    /**
     * A probe or an operator reports whether a node forwards, to everywhere or to one prefix. It holds until the next
     * such report or the node's next session; a report for the node overrides those for its prefixes.
     *
     * @param node the node
     * @param prefixOrNull one prefix; null for all
     * @param health what was found
     * @param sessionOrNull the session during which it was found; if it is given and not the current one, the report
     *     changes nothing. Null for any session of the node
     */
    @Kind("report-health")
    record ReportHealth(
            NodeId node,
            @Nullable Prefix prefixOrNull,
            Health health,
            @Nullable SessionId sessionOrNull) implements OfNode {

        public ReportHealth {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(health, "health");
        }

        /** {@return one prefix; empty for all} */
        public Optional<Prefix> prefix() {
            return Optional.ofNullable(prefixOrNull);
        }

        /** {@return the session during which it was found; empty for any session of the node} */
        public Optional<SessionId> session() {
            return Optional.ofNullable(sessionOrNull);
        }

        /**
         * Creates a report about a whole node, regardless of its session.
         *
         * @param node the node
         * @param health what was found
         */
        public ReportHealth(NodeId node, Health health) {
            this(node, null, health, null);
        }

        /**
         * Creates a report about one prefix of a node, regardless of its session.
         *
         * @param node the node
         * @param prefix the prefix
         * @param health what was found
         */
        public ReportHealth(NodeId node, Prefix prefix, Health health) {
            this(node, Objects.requireNonNull(prefix, "prefix"), health, null);
        }
    }

    /**
     * The administrators' policy is this one now. If it is equal to the last one except for its text, only the text is
     * replaced, and nothing is reviewed. The very same text again is reviewed like a new policy. If the setting
     * {@code policyTests} is on, a policy whose own tests fail is refused ({@link RoutingSettings#policyTests}).
     *
     * @param policy all of it
     */
    @Kind("set-policy")
    record SetPolicy(RoutingPolicy policy) implements Command {

        public SetPolicy {
            Objects.requireNonNull(policy, "policy");
        }
    }

    /**
     * The settings of the tailnet are these now.
     *
     * @param settings all of them
     */
    @Kind("set-settings")
    record SetSettings(RoutingSettings settings) implements Command {

        public SetSettings {
            Objects.requireNonNull(settings, "settings");
        }
    }

    /**
     * A router is to hand over what it carries, before work on it.
     *
     * @param node the router
     * @param untilOrNull when the drain ends by itself; null if it does not
     * @param forced true to begin even if a prefix would stay on the router because no other healthy node can carry it
     */
    @Kind("drain-node")
    record DrainNode(NodeId node, @Nullable Instant untilOrNull, boolean forced) implements OfNode {

        public DrainNode {
            Objects.requireNonNull(node, "node");
        }

        /** {@return when the drain ends by itself; empty if it does not} */
        public Optional<Instant> until() {
            return Optional.ofNullable(untilOrNull);
        }

        /**
         * Creates a drain without an end that is refused if a prefix would stay.
         *
         * @param node the router
         */
        public DrainNode(NodeId node) {
            this(node, null, false);
        }
    }

    /**
     * The work on a router is done. The router does not take prefixes back because of this.
     *
     * @param node the router
     */
    @Kind("undrain-node")
    record UndrainNode(NodeId node) implements OfNode {

        public UndrainNode {
            Objects.requireNonNull(node, "node");
        }
    }

    /**
     * The host's wall clock was stepped: set to another time at once, as NTP does at start, an administrator at any
     * time, and a machine that resumes after a sleep. Not for a clock that is slewed, which only runs a little faster
     * or slower.
     *
     * <p>Every running timer is shifted, so that one that had a minute left still has a minute left: when sessions were
     * last heard, grace, restart grace, stability before a fail-back, the idle time of ephemeral nodes, and the time of
     * the state. Dates stay: stamps of approvals, denials and drains, the expiry of keys, the end of a drain. Because
     * of the step, only dates can become due, never timers; a key that had expired only by a clock that was ahead is
     * valid again. The step writes only the rows of absent routers and absent ephemeral nodes, whose times are shifted.
     *
     * <p>It must be the only command of its submission ({@link Problem.ClockStepNotAlone}). {@code O(n)}.
     *
     * @param by the new time less the old one, cut to whole milliseconds towards zero: positive if the clock is ahead
     *     of what it was; at most {@link #MOST} either way ({@link Problem.ClockStepTooLong})
     */
    @Kind("step-clock")
    record StepClock(Duration by) implements Command {

        /** The longest step in either direction, about a thousand years: more than any clock was ever wrong. */
        public static final Duration MOST = Duration.ofDays(365_250);

        /** Checks that there is a duration. */
        public StepClock {
            Objects.requireNonNull(by, "by");
        }
    }

    /** Nothing but time has passed. Time passes with every step; this is for hosts whose queue wants an element. */
    @Kind("pass-time")
    record PassTime() implements Command {}
}
