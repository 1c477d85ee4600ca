package dev.wayleave.explanation;

import dev.wayleave.approval.Verdict;
import dev.wayleave.election.CandidateClass;
import dev.wayleave.election.Outcome;
import dev.wayleave.internal.Copies;
import dev.wayleave.internal.Kind;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.Drain;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * The explanation why a node carries a prefix, or does not: every step of a route's life, with the one reason that
 * decided each, and what an administrator can do about it.
 *
 * <p>The reasons are of the kinds that events carry. {@link #text} prints them.
 *
 * @param prefix a subnet or exit route
 * @param subject the node that is asked about
 * @param permission whether it may carry the prefix
 * @param service which node carries the prefix
 * @param offers the nodes that advertise the prefix, or may carry it, or were denied it, in the order of their numbers
 */
public record RouteExplanation(
        Prefix prefix, Subject subject, Permission permission, Service service, List<Offer> offers) {

    public RouteExplanation {
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(permission, "permission");
        Objects.requireNonNull(service, "service");
        offers = Copies.list(offers, "offers");
    }

    /**
     * The node that is asked about.
     *
     * @param facts the node
     * @param ownerName the name of its user, or its tags, for a person to read
     * @param advertised all prefixes that it advertises, in order
     */
    public record Subject(Node facts, String ownerName, SortedSet<Prefix> advertised) {

        public Subject {
            Objects.requireNonNull(facts, "facts");
            Objects.requireNonNull(ownerName, "ownerName");
            advertised = Copies.sortedSet(advertised, "advertised");
        }
    }

    /**
     * The decision whether the node may carry the prefix.
     *
     * @param verdict yes, or what keeps it from that
     * @param lapsedOrNull the verdict of the policy today, where an approver that approved the route no longer names
     *     the node; the approval stays until an administrator revokes it. Null if the route is not approved, or not by
     *     the policy, or its approver still names the node
     * @param remedies what an administrator can do to have the route approved, the simplest first; empty if it is
     *     approved, or the policy approves it as soon as the node advertises it
     */
    public record Permission(Verdict verdict, @Nullable Verdict lapsedOrNull, List<Remedy> remedies) {

        public Permission {
            Objects.requireNonNull(verdict, "verdict");
            remedies = Copies.list(remedies, "remedies");
        }

        /** {@return the policy's verdict today, where the approver of the route no longer names the node} */
        public Optional<Verdict> lapsed() {
            return Optional.ofNullable(lapsedOrNull);
        }
    }

    /**
     * The nodes on which the prefix is effective, and the result of the election.
     *
     * @param holders every node on which the prefix is effective, in the order of their numbers
     * @param electionOrNull why the primary is who it is; null for an exit route, and for a prefix that is effective
     *     nowhere
     * @param widerOrNull the narrowest subnet route around this one that has a primary; null if there is none
     */
    public record Service(
            List<Holder> holders,
            @Nullable Outcome electionOrNull,
            @Nullable WiderRoute widerOrNull) {

        public Service {
            holders = Copies.list(holders, "holders");
        }

        /** {@return why the primary is who it is; empty for an exit route, and where the prefix is not effective} */
        public Optional<Outcome> election() {
            return Optional.ofNullable(electionOrNull);
        }

        /** {@return the narrowest subnet route around this one that has a primary; empty if there is none} */
        public Optional<WiderRoute> wider() {
            return Optional.ofNullable(widerOrNull);
        }
    }

    /**
     * A node on which the prefix is effective.
     *
     * @param node the node
     * @param name its name
     * @param liveness whether it is there
     * @param candidateClass how fit it is
     * @param graceUntilOrNull when its grace ends; null if it is not in grace
     * @param drainOrNull the drain that it is in; null if it is not draining. A draining node may be of a worse class
     */
    public record Holder(
            NodeId node,
            String name,
            Liveness liveness,
            CandidateClass candidateClass,
            @Nullable Instant graceUntilOrNull,
            @Nullable Drain drainOrNull) {

        public Holder {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(liveness, "liveness");
            Objects.requireNonNull(candidateClass, "candidateClass");
        }

        /** {@return when its grace ends; empty if it is not in grace} */
        public Optional<Instant> graceUntil() {
            return Optional.ofNullable(graceUntilOrNull);
        }

        /** {@return the drain that it is in; empty if it is not draining} */
        public Optional<Drain> drain() {
            return Optional.ofNullable(drainOrNull);
        }
    }

    /**
     * A node that has to do with the prefix: it advertises it, or may carry it, or was denied it.
     *
     * @param node the node
     * @param name its name
     * @param advertised whether the node advertises it
     * @param verdict whether it may
     */
    public record Offer(NodeId node, String name, boolean advertised, Verdict verdict) {
        public Offer {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(verdict, "verdict");
        }
    }

    /**
     * A wider route that takes the traffic where this one is not served.
     *
     * @param prefix the narrowest subnet route around this one that has a primary
     * @param primary its primary
     */
    public record WiderRoute(Prefix prefix, NodeId primary) {
        public WiderRoute {
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(primary, "primary");
        }
    }

    /**
     * One line of {@link #text}, about one step of the route's life.
     *
     * @param question {@code advertised}, {@code approved} or {@code serving}
     * @param answer {@code yes}, {@code no}, {@code not yet}, or what the election made of the node
     * @param reason why; empty where the answer says all
     */
    public record Line(String question, String answer, String reason) {
        public Line {
            Objects.requireNonNull(question, "question");
            Objects.requireNonNull(answer, "answer");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** An action of an administrator that gets the route approved. */
    public sealed interface Remedy extends NamedKind {

        /** {@return what to do, for example {@code let an administrator approve it}} */
        String text();
    }

    /** Approve it by hand. */
    @Kind("approve-by-hand")
    public record ApproveByHand() implements Remedy {
        @Override
        public String text() {
            return "let an administrator approve it";
        }
    }

    /**
     * Add a key to {@code autoApprovers.routes}.
     *
     * @param key the route
     * @param approver a text that names the node
     */
    @Kind("add-key")
    public record AddKey(Prefix key, String approver) implements Remedy {
        public AddKey {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(approver, "approver");
        }

        @Override
        public String text() {
            return "add \"" + key + "\": [\"" + approver + "\"] to autoApprovers.routes";
        }
    }

    /**
     * Name the node under a key of {@code autoApprovers.routes}.
     *
     * @param key the key that covers the route
     * @param approver a text that names the node
     */
    @Kind("name-under-key")
    public record NameUnderKey(Prefix key, String approver) implements Remedy {
        public NameUnderKey {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(approver, "approver");
        }

        @Override
        public String text() {
            return "name `" + approver + "` under `" + key + "` in autoApprovers.routes";
        }
    }

    /**
     * Name the node in {@code autoApprovers.exitNode}.
     *
     * @param approver a text that names the node
     */
    @Kind("name-exit-node")
    public record NameExitNode(String approver) implements Remedy {
        public NameExitNode {
            Objects.requireNonNull(approver, "approver");
        }

        @Override
        public String text() {
            return "name `" + approver + "` in autoApprovers.exitNode";
        }
    }

    /** {@return the node that is asked about} */
    public NodeId node() {
        return subject.facts().id();
    }

    /** {@return whether the node advertises the prefix} */
    public boolean advertised() {
        return subject.advertised().contains(prefix);
    }

    /** {@return whether the node may carry the prefix, or what keeps it from that} */
    public Verdict verdict() {
        return permission.verdict();
    }

    /** {@return the verdict of the policy today, where an approver that approved the route no longer names the node} */
    public Optional<Verdict> lapsed() {
        return permission.lapsed();
    }

    /** {@return what an administrator can do to have the route approved, the simplest first} */
    public List<Remedy> remedies() {
        return permission.remedies();
    }

    /** {@return every node on which the prefix is effective, in the order of their numbers} */
    public List<Holder> holders() {
        return service.holders();
    }

    /**
     * Returns how a node is on which the prefix is effective.
     *
     * @param node a node
     * @return the node; empty if the prefix is not effective on it
     */
    public Optional<Holder> holder(NodeId node) {
        Objects.requireNonNull(node, "node");
        return holders().stream().filter(holder -> holder.node().equals(node)).findFirst();
    }

    /**
     * {@return why this node is the primary; empty for an exit route, and for a prefix that is effective nowhere} If
     * it would win a first election, that is the reason; else it is that the primary had the prefix before. Why and
     * from which node it took over is in the event of that step.
     */
    public Optional<Outcome> election() {
        return service.election();
    }

    /**
     * Returns what the election made of a node.
     *
     * @param node a node on which the prefix is effective
     * @return {@code primary}; {@code kept} for a primary though no candidate is left; {@code standby} for another
     *     candidate; {@code offline} for a node that is no candidate. Empty if there is no election
     */
    public Optional<String> rank(NodeId node) {
        Objects.requireNonNull(node, "node");
        return election().map(outcome -> ExplanationText.rank(outcome, node));
    }

    /**
     * {@return the narrowest subnet route around this one that has a primary: a packet takes it where this one is not
     * served}
     */
    public Optional<WiderRoute> wider() {
        return service.wider();
    }

    /** {@return whether the prefix is in force on the node: advertised and approved} */
    public boolean isEffective() {
        return advertised() && verdict() instanceof Verdict.AlreadyApproved;
    }

    /** {@return whether the node carries the prefix: as the primary, or as one of the exit nodes} */
    public boolean isServing() {
        return isEffective()
                && (prefix.isExitRoute()
                        || election()
                                .flatMap(Outcome::primary)
                                .filter(node()::equals)
                                .isPresent());
    }

    /**
     * Prints the explanation.
     *
     * @param names how texts call nodes and entries of the policy
     * @return several lines, each ending in a line feed
     */
    public String text(Names names) {
        Objects.requireNonNull(names, "names");
        return new ExplanationText(names).of(this);
    }

    /**
     * Returns the lines about the three steps of the route's life, for a page that lays them out itself.
     *
     * @param names how texts call nodes and entries of the policy
     * @return whether the prefix is advertised, whether it is approved, and what the node is to it; in this order
     */
    public List<Line> lines(Names names) {
        Objects.requireNonNull(names, "names");
        return new ExplanationText(names).lines(this);
    }

    /**
     * Prints whether one node is there, what it is to the prefix, and why.
     *
     * @param names how texts call nodes and entries of the policy
     * @param holder one of {@link #holders}
     * @return for example {@code online; primary: is the only candidate; it is draining}
     */
    public String text(Names names, Holder holder) {
        Objects.requireNonNull(names, "names");
        Objects.requireNonNull(holder, "holder");
        return new ExplanationText(names).holder(this, holder);
    }

    /**
     * {@return the explanation for a person to read, in several lines; nodes that have nothing to do with the prefix
     * are called by their numbers}
     */
    @Override
    public String toString() {
        return text(Names.of(this::name));
    }

    private String name(NodeId id) {
        return offers.stream()
                .filter(offer -> offer.node().equals(id))
                .map(Offer::name)
                .findFirst()
                .orElseGet(() -> id.equals(node()) ? subject.facts().name() : "node " + id);
    }
}
