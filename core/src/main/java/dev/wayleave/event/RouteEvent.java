package dev.wayleave.event;

import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approver;
import dev.wayleave.approval.Denial;
import dev.wayleave.approval.Verdict;
import dev.wayleave.election.Loss;
import dev.wayleave.election.Outcome;
import dev.wayleave.internal.Copies;
import dev.wayleave.internal.Kind;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.RowChanges;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in a step, with its reason. {@link RowChanges} has the rows to write,
 * {@link dev.wayleave.TouchedKeys} the nodes and prefixes whose change may change views.
 *
 * <p>The table in {@code core/EVENTS.md} lists all kinds with their content.
 *
 * <p><b>A new kind</b> of event needs changes at these places:
 *
 * <ol>
 *   <li>here a record with its {@link #headline}. Override {@link #reasonText} if it has a reason, and
 *       {@link #previousNode} and {@link #approver} if it has them: stores keep them as columns;
 *   <li>{@link Reason}, if no kind of reason fits; {@code TextsOfReasonsTest} has a case of each kind;
 *   <li>the code that adds it: a command or a timer calls {@code StateBuilder.happened}. Events of elections come from
 *       {@code PrimaryElections}, those of a node's presence from {@code Routing.addLiveness};
 *   <li>{@code foresight.LastingEvents}, which decides whether a plan has it, and {@code foresight.EventText}, which
 *       decides how a plan shows it. An unnamed kind is judged and shown as the other kinds of its family
 *       ({@link OfRoute}, {@link OfNode}, {@link OfElection}, or none of them);
 *   <li>places that name some kinds, and pass over all other kinds: {@link ApprovalDifference},
 *       {@code foresight.RoutePlan} ({@code approvals}, {@code primaries}), {@code foresight.OutageSum}; in the server
 *       {@code page/words.js}, {@code LostPrefixes}, {@code EventLog.Entry}, {@code Causes}; in the tool
 *       {@code EventsCommand.paint};
 *   <li>{@code testing.Invariants}: {@code checkEvents} and {@code checkFacts} check by the states before and after
 *       that an event is there if, and only if, it happened;
 *   <li>documents: {@code core/EVENTS.md}, {@code docs/json.md} and {@code docs/routing-json.schema.json}, which tests
 *       compare with the types ({@code RoutingJsonTest} writes the schema of the types to
 *       {@code core/target/routing-json.schema.json}), and {@code CHANGELOG.md}.
 * </ol>
 *
 * <p>A minor version may add kinds, named in the changelog; a host can log what it does not know by {@link #reason},
 * {@link #subjectNode} and {@link #subjectPrefix}.
 */
public sealed interface RouteEvent extends NamedKind {

    /**
     * Prints what happened, and why.
     *
     * @param names how texts call nodes and entries of the policy, including nodes that are gone
     * @return a sentence without a full stop, for example
     *     {@code 10.20.0.0/16 moves from berlin-a to berlin-b: berlin-b is the only candidate}
     */
    default String text(Names names) {
        String reason = reasonText(names);
        return headline(names) + (reason.isEmpty() ? "" : ": " + reason);
    }

    /**
     * Prints what happened without its reason, for pages and documents that give the reason a place of its own.
     *
     * @param names how texts call nodes, as for {@link #text}
     * @return the beginning of {@link #text}, up to the reason; all of it if the text has no reason of its own
     */
    String headline(Names names);

    /**
     * Prints why it happened without what happened, for pages and documents that give the reason a place of its own.
     *
     * @param names how texts call nodes and entries of the policy, as for {@link #text}
     * @return the end of {@link #text}, after {@link #headline} and a colon; empty if the text has no reason of its own
     */
    default String reasonText(Names names) {
        Objects.requireNonNull(names, "names");
        return "";
    }

    /** {@return whose submission led to it} */
    Origin origin();

    /** {@return why it happened; {@link Reason.Reported} if a command reported it without a further reason} */
    default Reason reason() {
        return new Reason.Reported();
    }

    /** {@return the node that it is about; for a prefix that moved, its new primary} */
    default Optional<NodeId> subjectNode() {
        return Optional.empty();
    }

    /** {@return the prefix that it is about} */
    default Optional<Prefix> subjectPrefix() {
        return Optional.empty();
    }

    /**
     * {@return for {@code primary-moved} and {@code prefix-unserved}, the primary that the prefix had before, if it had
     * one; empty for every other kind}
     */
    default Optional<NodeId> previousNode() {
        return Optional.empty();
    }

    /**
     * {@return whose approval it is, for {@code route-approved}, or was, for {@code route-revoked}; empty for other
     * kinds}
     */
    default Optional<Approver> approver() {
        return Optional.empty();
    }

    /** {@return the actor whose submission led to it; empty if the event happened because time passed} */
    default Optional<Actor> actor() {
        return origin().actor();
    }

    /**
     * Returns whether {@link #text} names the actor of the event, so that a page that prints both names it once.
     *
     * @return true if the reason is a decision of the actor: an approval, a denial or a revocation
     */
    default boolean namesActor() {
        return actor().isPresent() && actor().equals(ReasonText.actor(reason()));
    }

    /** An event about a node. */
    sealed interface OfNode extends RouteEvent {

        /** {@return the number of the node; the state after the event may no longer have the node} */
        NodeId node();

        @Override
        default Optional<NodeId> subjectNode() {
            return Optional.of(node());
        }
    }

    /**
     * An event about whether a node is online. For a router and for an ephemeral node it follows from rows, or makes
     * them. For any other node it is volatile: hosts show it, and {@code RouteController} publishes it, but it is not
     * stored.
     */
    sealed interface OfPresence extends OfNode permits NodeOnline, NodeInGrace, NodeOffline {}

    /** An event about a prefix on a node. */
    sealed interface OfRoute extends OfNode {

        /** {@return the prefix on the node, a subnet or exit route} */
        Prefix prefix();

        @Override
        default Optional<Prefix> subjectPrefix() {
            return Optional.of(prefix());
        }
    }

    /** An event about the primary of a prefix; its reason is the outcome of the election. */
    sealed interface OfElection extends RouteEvent {

        /** {@return the subnet route whose primary was elected} */
        Prefix prefix();

        /** {@return the election: the primary, and why each other candidate lost} */
        Outcome outcome();

        @Override
        default Reason reason() {
            return new Reason.ByElection(outcome());
        }

        @Override
        default Optional<NodeId> subjectNode() {
            return outcome().primary();
        }

        @Override
        default Optional<Prefix> subjectPrefix() {
            return Optional.of(prefix());
        }
    }

    /**
     * A node started to advertise a prefix. Whether it may carry the prefix is decided by approval.
     *
     * @param origin whose submission
     * @param node the node
     * @param prefix the prefix
     */
    @Kind("route-advertised")
    record RouteAdvertised(Origin origin, NodeId node, Prefix prefix) implements OfRoute {

        public RouteAdvertised {
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(prefix, "prefix");
        }

        @Override
        public String headline(Names names) {
            Objects.requireNonNull(names, "names");
            return names.node(node) + " advertises " + prefix;
        }
    }

    /**
     * A node stopped advertising a prefix. The setting {@code withdrawal} decides whether its approval is kept or lost.
     *
     * @param origin whose submission
     * @param node the node
     * @param prefix the prefix
     */
    @Kind("route-withdrawn")
    record RouteWithdrawn(Origin origin, NodeId node, Prefix prefix) implements OfRoute {

        public RouteWithdrawn {
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(prefix, "prefix");
        }

        @Override
        public String headline(Names names) {
            Objects.requireNonNull(names, "names");
            return names.node(node) + " no longer advertises " + prefix;
        }
    }

    /**
     * A prefix may be carried by a node.
     *
     * @param origin whose submission
     * @param node the node
     * @param prefix the prefix
     * @param approval who approved it: an administrator, which key and approver of the policy, or an import
     */
    @Kind("route-approved")
    record RouteApproved(Origin origin, NodeId node, Prefix prefix, Approval approval) implements OfRoute {

        public RouteApproved {
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(approval, "approval");
        }

        @Override
        public Reason reason() {
            return new Reason.ByApproval(approval);
        }

        @Override
        public Optional<Approver> approver() {
            return Optional.of(approval.by());
        }

        @Override
        public String headline(Names names) {
            Objects.requireNonNull(names, "names");
            return prefix + " on " + names.node(node) + " is approved";
        }

        @Override
        public String reasonText(Names names) {
            Objects.requireNonNull(names, "names");
            return approval.text(names);
        }
    }

    /**
     * A node advertises a prefix that is not approved: an administrator or a later policy can approve it.
     *
     * @param origin whose submission
     * @param node the node
     * @param prefix the prefix
     * @param verdict what keeps the policy from approving it
     */
    @Kind("approval-pending")
    record ApprovalPending(Origin origin, NodeId node, Prefix prefix, Verdict verdict) implements OfRoute {

        public ApprovalPending {
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(verdict, "verdict");
        }

        @Override
        public Reason reason() {
            return new Reason.NotApproved(verdict);
        }

        @Override
        public String headline(Names names) {
            Objects.requireNonNull(names, "names");
            return prefix + " on " + names.node(node) + " waits for approval";
        }

        @Override
        public String reasonText(Names names) {
            Objects.requireNonNull(names, "names");
            return verdict.text(names);
        }
    }

    /**
     * A prefix may no longer be carried by a node.
     *
     * @param origin whose submission
     * @param node the node
     * @param prefix the prefix
     * @param approval the approval that is gone
     * @param reason an administrator, or {@link Reason.NoLongerAdvertised}
     */
    @Kind("route-revoked")
    record RouteRevoked(Origin origin, NodeId node, Prefix prefix, Approval approval, Reason reason)
            implements OfRoute {

        public RouteRevoked {
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(approval, "approval");
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public Optional<Approver> approver() {
            return Optional.of(approval.by());
        }

        @Override
        public String headline(Names names) {
            Objects.requireNonNull(names, "names");
            return prefix + " on " + names.node(node) + " is no longer approved";
        }

        @Override
        public String reasonText(Names names) {
            Objects.requireNonNull(names, "names");
            return reason.text(names);
        }
    }

    /**
     * No policy and no import approves a prefix on a node any more; only an administrator can.
     *
     * @param origin whose submission
     * @param node the node
     * @param prefix the prefix
     * @param denial who denied it
     */
    @Kind("route-denied")
    record RouteDenied(Origin origin, NodeId node, Prefix prefix, Denial denial) implements OfRoute {

        public RouteDenied {
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(denial, "denial");
        }

        @Override
        public Reason reason() {
            return new Reason.ByDenial(denial);
        }

        @Override
        public String headline(Names names) {
            Objects.requireNonNull(names, "names");
            return prefix + " on " + names.node(node) + " is denied by `" + denial.by() + "`";
        }
    }

    /**
     * A prefix that had no primary, or a kept one, is served.
     *
     * @param origin whose submission
     * @param prefix the prefix
     * @param node the primary
     * @param outcome the election
     */
    @Kind("primary-elected")
    record PrimaryElected(Origin origin, Prefix prefix, NodeId node, Outcome outcome) implements OfElection {

        public PrimaryElected {
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(outcome, "outcome");
        }

        @Override
        public String headline(Names names) {
            Objects.requireNonNull(names, "names");
            return prefix + " is served by " + names.node(node);
        }

        @Override
        public String reasonText(Names names) {
            Objects.requireNonNull(names, "names");
            return outcome instanceof Outcome.Elected elected
                    ? "it " + elected.reason().text(names)
                    : "";
        }
    }

    /**
     * A prefix has another primary.
     *
     * @param origin whose submission
     * @param prefix the prefix
     * @param from the primary before
     * @param to the primary now
     * @param outcome the election
     */
    @Kind("primary-moved")
    record PrimaryMoved(Origin origin, Prefix prefix, NodeId from, NodeId to, Outcome outcome) implements OfElection {

        public PrimaryMoved {
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
            Objects.requireNonNull(outcome, "outcome");
        }

        @Override
        public Optional<NodeId> previousNode() {
            return Optional.of(from);
        }

        @Override
        public String headline(Names names) {
            Objects.requireNonNull(names, "names");
            return prefix + " moves from " + names.node(from) + " to " + names.node(to);
        }

        /**
         * Prints why the primary before is no longer as fit as another candidate, for pages that show what a failover
         * began with. Reports of health and keys that expire have no events of their own.
         *
         * @param names how texts call nodes
         * @return for example {@code berlin-a was reported unhealthy}; empty if the primary before is no candidate any
         *     more, or is of the same class as the primary now
         */
        public Optional<String> lossText(Names names) {
            Objects.requireNonNull(names, "names");
            return loss().filter(Loss.WorseClass.class::isInstance)
                    .map(Loss.WorseClass.class::cast)
                    .map(worse -> names.node(from) + " " + worse.ownClass().text());
        }

        private Optional<Loss> loss() {
            return outcome instanceof Outcome.Elected elected
                    ? elected.losers().stream()
                            .filter(loser -> loser.node().equals(from))
                            .findFirst()
                    : Optional.empty();
        }

        @Override
        public String reasonText(Names names) {
            Objects.requireNonNull(names, "names");
            if (!(outcome instanceof Outcome.Elected elected)) {
                return "";
            }
            String loss = loss().map(loser -> "; " + names.node(from) + " lost: " + loser.text(names))
                    .orElse("");
            return names.node(to) + " " + elected.reason().text(names) + loss;
        }
    }

    /**
     * A prefix has no primary: no candidate is left.
     *
     * @param origin whose submission
     * @param prefix the prefix
     * @param lastOrNull the primary before; null for a prefix that never had one
     * @param outcome the election
     */
    @Kind("prefix-unserved")
    record PrefixUnserved(
            Origin origin, Prefix prefix, @Nullable NodeId lastOrNull, Outcome outcome) implements OfElection {

        public PrefixUnserved {
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(outcome, "outcome");
        }

        /** {@return the primary before; empty for a prefix that never had one} */
        public Optional<NodeId> last() {
            return Optional.ofNullable(lastOrNull);
        }

        @Override
        public Optional<NodeId> previousNode() {
            return last();
        }

        @Override
        public String headline(Names names) {
            Objects.requireNonNull(names, "names");
            return prefix + " is unserved";
        }

        @Override
        public String reasonText(Names names) {
            Objects.requireNonNull(names, "names");
            return "no candidate is left"
                    + last().map(node -> "; " + names.node(node) + " carried it")
                            .orElse("");
        }
    }

    /**
     * No candidate is left. The last primary is still shown as primary.
     *
     * @param origin whose submission
     * @param prefix the prefix
     * @param last the primary
     * @param outcome the election
     */
    @Kind("primary-kept")
    record PrimaryKept(Origin origin, Prefix prefix, NodeId last, Outcome outcome) implements OfElection {

        public PrimaryKept {
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(last, "last");
            Objects.requireNonNull(outcome, "outcome");
        }

        @Override
        public String headline(Names names) {
            Objects.requireNonNull(names, "names");
            return prefix + " is kept by " + names.node(last) + ", though no candidate is left";
        }
    }

    /**
     * A node has a session.
     *
     * @param origin whose submission
     * @param node the node
     * @param reason which session
     */
    @Kind("node-online")
    record NodeOnline(Origin origin, NodeId node, Reason reason) implements OfPresence {

        public NodeOnline {
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public String headline(Names names) {
            Objects.requireNonNull(names, "names");
            return names.node(node) + " is online";
        }

        @Override
        public String reasonText(Names names) {
            Objects.requireNonNull(names, "names");
            return reason.text(names);
        }
    }

    /**
     * A node lost its session a moment ago, and keeps what it carries.
     *
     * @param origin whose submission
     * @param node the node
     * @param until when that ends
     * @param reason the end or the silence of which session
     */
    @Kind("node-in-grace")
    record NodeInGrace(Origin origin, NodeId node, Instant until, Reason reason) implements OfPresence {

        public NodeInGrace {
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(until, "until");
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public String headline(Names names) {
            Objects.requireNonNull(names, "names");
            return names.node(node) + " is in its grace until " + until;
        }

        /**
         * Prints how the node lost its session and how long its grace is, for pages that show what a failover began
         * with.
         *
         * @param names how texts call nodes
         * @param lostAt when its session ended, or when its silence became too long
         * @return the loss and the grace, for example {@code the session of berlin-a ended at
         *     2026-01-01T10:00:00Z; grace of 15 s until 2026-01-01T10:00:15Z}
         */
        public String lossText(Names names, Instant lostAt) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(lostAt, "lostAt");
            return ReasonText.loss(this, names, lostAt) + "; grace of "
                    + Duration.between(lostAt, until).toSeconds() + " s until " + until;
        }

        @Override
        public String reasonText(Names names) {
            Objects.requireNonNull(names, "names");
            return reason.text(names);
        }
    }

    /**
     * A node has no session, and its grace is over.
     *
     * @param origin whose submission
     * @param node the node
     * @param reason usually {@link Reason.GraceOver}
     */
    @Kind("node-offline")
    record NodeOffline(Origin origin, NodeId node, Reason reason) implements OfPresence {

        public NodeOffline {
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public String headline(Names names) {
            Objects.requireNonNull(names, "names");
            return names.node(node) + " is offline";
        }

        @Override
        public String reasonText(Names names) {
            Objects.requireNonNull(names, "names");
            return reason.text(names);
        }
    }

    /**
     * A node is gone.
     *
     * @param origin whose submission
     * @param node the node
     * @param reason {@link Reason.Reported} or {@link Reason.Idle}
     */
    @Kind("node-removed")
    record NodeRemoved(Origin origin, NodeId node, Reason reason) implements OfNode {

        public NodeRemoved {
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public String headline(Names names) {
            Objects.requireNonNull(names, "names");
            return names.node(node) + " is removed";
        }

        @Override
        public String reasonText(Names names) {
            Objects.requireNonNull(names, "names");
            return reason instanceof Reason.Reported ? "" : reason.text(names);
        }
    }

    /**
     * Only the text of the policy changed, such as comments, layout or old names: no route is reviewed, and no view
     * changes.
     *
     * @param origin whose submission
     */
    @Kind("policy-text-changed")
    record PolicyTextChanged(Origin origin) implements RouteEvent {

        public PolicyTextChanged {
            Objects.requireNonNull(origin, "origin");
        }

        @Override
        public String headline(Names names) {
            Objects.requireNonNull(names, "names");
            return "the text of the policy changed, and its rules did not";
        }
    }

    /**
     * The policy changed.
     *
     * @param origin whose submission
     */
    @Kind("policy-replaced")
    record PolicyReplaced(Origin origin) implements RouteEvent {

        public PolicyReplaced {
            Objects.requireNonNull(origin, "origin");
        }

        @Override
        public String headline(Names names) {
            Objects.requireNonNull(names, "names");
            return "the policy is replaced";
        }
    }

    /**
     * The settings changed: they were replaced, or a node was removed that had priorities in them.
     *
     * @param origin whose submission
     */
    @Kind("settings-changed")
    record SettingsChanged(Origin origin) implements RouteEvent {

        public SettingsChanged {
            Objects.requireNonNull(origin, "origin");
        }

        @Override
        public String headline(Names names) {
            Objects.requireNonNull(names, "names");
            return "the settings changed";
        }
    }

    /**
     * The list of users changed: the policy may name other users now.
     *
     * @param origin whose submission
     * @param added the users who are new
     * @param changed the users who have another name, e-mail or role
     * @param removed the users who are gone
     */
    @Kind("users-changed")
    record UsersChanged(Origin origin, SortedSet<UserId> added, SortedSet<UserId> changed, SortedSet<UserId> removed)
            implements RouteEvent {

        public UsersChanged {
            Objects.requireNonNull(origin, "origin");
            added = Copies.sortedSet(added, "added");
            changed = Copies.sortedSet(changed, "changed");
            removed = Copies.sortedSet(removed, "removed");
        }

        @Override
        public Reason reason() {
            return new Reason.UsersChanged(added, changed, removed);
        }

        @Override
        public String headline(Names names) {
            Objects.requireNonNull(names, "names");
            return "the users changed";
        }

        @Override
        public String reasonText(Names names) {
            Objects.requireNonNull(names, "names");
            return reason().text(names);
        }
    }

    /**
     * A node has another name.
     *
     * @param origin whose submission
     * @param node the node
     * @param from its name before
     * @param to its name now
     */
    @Kind("node-renamed")
    record NodeRenamed(Origin origin, NodeId node, String from, String to) implements OfNode {

        public NodeRenamed {
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
        }

        @Override
        public Reason reason() {
            return new Reason.NameChanged(from, to);
        }

        @Override
        public String headline(Names names) {
            Objects.requireNonNull(names, "names");
            return "`" + from + "` is renamed to `" + to + "`";
        }
    }

    /**
     * A node has other tags, or belongs to another user, or to a user instead of tags: other rules and approvers name
     * it.
     *
     * @param origin whose submission
     * @param node the node
     * @param from its owner before
     * @param to its owner now
     */
    @Kind("node-owner-changed")
    record NodeOwnerChanged(Origin origin, NodeId node, Owner from, Owner to) implements OfNode {

        public NodeOwnerChanged {
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
        }

        @Override
        public Reason reason() {
            return new Reason.OwnerChanged(from, to);
        }

        @Override
        public String headline(Names names) {
            Objects.requireNonNull(names, "names");
            return names.node(node) + " changed its owner";
        }

        @Override
        public String reasonText(Names names) {
            Objects.requireNonNull(names, "names");
            return reason().text(names);
        }
    }

    /**
     * A node has another host key, as after a new log-in. The keys are not part of the event.
     *
     * @param origin whose submission
     * @param node the node
     */
    @Kind("node-key-changed")
    record NodeKeyChanged(Origin origin, NodeId node) implements OfNode {

        public NodeKeyChanged {
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(node, "node");
        }

        @Override
        public Reason reason() {
            return new Reason.KeyChanged();
        }

        @Override
        public String headline(Names names) {
            Objects.requireNonNull(names, "names");
            return names.node(node) + " has another host key";
        }
    }

    /**
     * The host's wall clock was stepped, and every running timer moved along.
     *
     * @param origin whose submission
     * @param by the new time less the old one, in whole milliseconds; never zero
     */
    @Kind("clock-stepped")
    record ClockStepped(Origin origin, Duration by) implements RouteEvent {

        public ClockStepped {
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(by, "by");
        }

        @Override
        public Reason reason() {
            return new Reason.ClockSet(by);
        }

        @Override
        public String headline(Names names) {
            Objects.requireNonNull(names, "names");
            return reason().text(names);
        }
    }

    /**
     * A router is draining from now on.
     *
     * @param origin whose submission
     * @param node the router
     * @param untilOrNull when that ends by itself; null if it does not
     */
    @Kind("drain-started")
    record DrainStarted(
            Origin origin, NodeId node, @Nullable Instant untilOrNull) implements OfNode {

        public DrainStarted {
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(node, "node");
        }

        /** {@return when that ends by itself; empty if it does not} */
        public Optional<Instant> until() {
            return Optional.ofNullable(untilOrNull);
        }

        @Override
        public String headline(Names names) {
            Objects.requireNonNull(names, "names");
            return names.node(node) + " is draining"
                    + until().map(end -> " until " + Texts.time(end)).orElse("");
        }
    }

    /**
     * A router is no longer draining.
     *
     * @param origin whose submission
     * @param node the router
     * @param reason {@link Reason.Reported} or {@link Reason.DeadlinePassed}
     */
    @Kind("drain-ended")
    record DrainEnded(Origin origin, NodeId node, Reason reason) implements OfNode {

        public DrainEnded {
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public String headline(Names names) {
            Objects.requireNonNull(names, "names");
            return "the drain of " + names.node(node) + " ends";
        }

        @Override
        public String reasonText(Names names) {
            Objects.requireNonNull(names, "names");
            return reason instanceof Reason.Reported ? "" : reason.text(names);
        }
    }

    /**
     * An event of a kind that this version of the library does not know: a later version stored it. It keeps its JSON,
     * so that it can be shown, and written again as it was.
     *
     * @param origin whose submission
     * @param kind the stable name of its kind
     * @param json its members as a JSON object, without a version
     */
    record UnknownEvent(Origin origin, String kind, String json) implements RouteEvent {

        public UnknownEvent {
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(json, "json");
        }

        @Override
        public Reason reason() {
            return new Reason.Unknown();
        }

        @Override
        public String headline(Names names) {
            Objects.requireNonNull(names, "names");
            return "an event of the unknown kind " + kind;
        }

        @Override
        public String reasonText(Names names) {
            Objects.requireNonNull(names, "names");
            return json;
        }
    }
}
