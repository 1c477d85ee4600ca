package dev.wayleave;

import com.google.common.collect.ImmutableList;
import dev.wayleave.approval.Approvals;
import dev.wayleave.approval.Approver;
import dev.wayleave.approval.Verdict;
import dev.wayleave.election.CandidateClass;
import dev.wayleave.election.Outcome;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Why a node carries a prefix, or does not: every step of a route's life, with the one reason that decided each, and
 * what an administrator can do about it.
 *
 * <p>Immutable and safe for use by several threads. The reasons are of the kinds that events carry. {@link #text}
 * prints them.
 */
public final class RouteExplanation {

    private final RoutingState state;
    private final NodeState about;
    private final Prefix prefix;
    private final Verdict verdict;
    private final ImmutableList<Holder> holders;
    private final Optional<Outcome> election;

    RouteExplanation(
            RoutingState state,
            NodeState about,
            Prefix prefix,
            Verdict verdict,
            List<Holder> holders,
            Optional<Outcome> election) {
        this.state = state;
        this.about = about;
        this.prefix = prefix;
        this.verdict = verdict;
        this.holders = ImmutableList.copyOf(holders);
        this.election = election;
    }

    /**
     * A node on which the prefix is effective.
     *
     * @param node the node
     * @param name its name
     * @param liveness whether it is there
     * @param candidateClass how fit it is
     * @param graceUntil when its grace ends, if it is in it
     */
    public record Holder(
            NodeId node, String name, Liveness liveness, CandidateClass candidateClass, Optional<Instant> graceUntil) {

        /**
         * Refuses null.
         *
         * @param node the node
         * @param name its name
         * @param liveness whether it is there
         * @param candidateClass how fit it is
         * @param graceUntil when its grace ends, if it is in it
         */
        public Holder {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(liveness, "liveness");
            Objects.requireNonNull(candidateClass, "candidateClass");
            Objects.requireNonNull(graceUntil, "graceUntil");
        }
    }

    /**
     * A node that has to do with the prefix: it advertises it, or may carry it, or was denied it.
     *
     * @param node the node
     * @param name its name
     * @param advertised whether the node says that it can carry it
     * @param verdict whether it may
     */
    public record Offer(NodeId node, String name, boolean advertised, Verdict verdict) {
        /**
         * Refuses null.
         *
         * @param node the node
         * @param name its name
         * @param advertised whether the node says that it can carry it
         * @param verdict whether it may
         */
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
    public record Wider(Prefix prefix, NodeId primary) {
        /**
         * Refuses null.
         *
         * @param prefix the narrowest subnet route around this one that has a primary
         * @param primary its primary
         */
        public Wider {
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(primary, "primary");
        }
    }

    /** What an administrator can do to have the route approved. */
    public sealed interface Remedy {}

    /** Approve it by hand. */
    public record ApproveByHand() implements Remedy {}

    /**
     * Add a key to {@code autoApprovers.routes}.
     *
     * @param key the route
     * @param approver a text that names the node
     */
    public record AddKey(Prefix key, String approver) implements Remedy {
        /**
         * Refuses null.
         *
         * @param key the route
         * @param approver a text that names the node
         */
        public AddKey {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(approver, "approver");
        }
    }

    /**
     * Name the node under a key of {@code autoApprovers.routes}.
     *
     * @param key the key that covers the route
     * @param approver a text that names the node
     */
    public record NameUnderKey(Prefix key, String approver) implements Remedy {
        /**
         * Refuses null.
         *
         * @param key the key that covers the route
         * @param approver a text that names the node
         */
        public NameUnderKey {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(approver, "approver");
        }
    }

    /**
     * Name the node in {@code autoApprovers.exitNode}.
     *
     * @param approver a text that names the node
     */
    public record NameExitNode(String approver) implements Remedy {
        /**
         * Refuses null.
         *
         * @param approver a text that names the node
         */
        public NameExitNode {
            Objects.requireNonNull(approver, "approver");
        }
    }

    /**
     * {@return the prefix, a subnet or exit route}
     */
    public Prefix prefix() {
        return prefix;
    }

    /**
     * {@return the node that is asked about}
     */
    public NodeId node() {
        return about.id();
    }

    /**
     * {@return what the host says of the node}
     */
    public Node facts() {
        return about.facts();
    }

    /**
     * {@return whether the node says that it can carry the prefix}
     */
    public boolean advertised() {
        return about.advertised().contains(prefix);
    }

    /**
     * {@return all that the node says it can carry, in order}
     */
    public SortedSet<Prefix> advertisedByNode() {
        return about.advertised();
    }

    /**
     * {@return whether the node may carry the prefix, or what keeps it from that}
     */
    public Verdict verdict() {
        return verdict;
    }

    /**
     * Returns what the policy says today, where an approver that approved the route no longer names the node. The
     * approval stays until an administrator revokes it.
     *
     * @return empty if the route is not approved, or by another word than the policy's, or its approver still names the
     *     node
     */
    public Optional<Verdict> lapsed() {
        if (!(verdict instanceof Verdict.AlreadyApproved approved)
                || !(approved.approval().by() instanceof Approver.AutoApprover approver)
                || state.autoApproval().stillApproves(approver, about.facts().owner(), prefix)) {
            return Optional.empty();
        }
        return Optional.of(state.autoApproval().review(about.facts(), prefix, Approvals.none()));
    }

    /**
     * {@return every node on which the prefix is effective, in the order of their numbers}
     */
    public List<Holder> holders() {
        return holders;
    }

    /**
     * Returns why the primary is who it is. Where it would win a first election, that is the reason; else it is that
     * the primary had the prefix before. Why and from whom it took over is in the event of that step.
     *
     * @return the outcome; empty for an exit route, and for a prefix that is effective nowhere
     */
    public Optional<Outcome> election() {
        return election;
    }

    /**
     * Returns the nodes that have to do with the prefix. {@code O(nodes)}, worked out anew at each call.
     *
     * @return in the order of their numbers
     */
    public List<Offer> offers() {
        List<Offer> offers = new ArrayList<>();
        for (NodeState node : state.nodes().values()) {
            boolean advertised = node.advertised().contains(prefix);
            if (advertised
                    || node.approvals().approved().containsKey(prefix)
                    || node.approvals().denied().containsKey(prefix)) {
                Verdict its = state.autoApproval().review(node.facts(), prefix, node.approvals());
                offers.add(new Offer(node.id(), node.facts().name(), advertised, its));
            }
        }
        return offers;
    }

    /**
     * Returns the narrowest route around this one that is served: a packet takes it where this one is not.
     * {@code O(prefixes)}, worked out anew at each call.
     *
     * @return the route, if there is one
     */
    public Optional<Wider> wider() {
        return state.routes().values().stream()
                .filter(route ->
                        route.prefix().contains(prefix) && !route.prefix().equals(prefix))
                .filter(route -> route.primary().isPresent())
                .max(Comparator.comparingInt(route -> route.prefix().length()))
                .map(route -> new Wider(route.prefix(), route.primary().orElseThrow()));
    }

    /**
     * Returns what an administrator can do to have the route approved.
     *
     * @return the simplest first; empty if it is approved, or the policy approves it as soon as it is advertised
     */
    public List<Remedy> remedies() {
        if (verdict.isApproved()) {
            return List.of();
        }
        List<Remedy> remedies = new ArrayList<>();
        remedies.add(new ApproveByHand());
        approverText().ifPresent(approver -> {
            if (verdict instanceof Verdict.NoKeyCovers) {
                remedies.add(new AddKey(prefix, approver));
            } else if (verdict instanceof Verdict.NoApproverNamesNode unnamed) {
                remedies.add(new NameUnderKey(unnamed.keys().get(0), approver));
            } else if (verdict instanceof Verdict.NoExitNodeApprover
                    || verdict instanceof Verdict.NoExitNodeApproverNamesNode) {
                remedies.add(new NameExitNode(approver));
            }
        });
        return remedies;
    }

    /** A text that a policy may write for the node's owner. */
    private Optional<String> approverText() {
        if (about.facts().owner() instanceof Owner.OfUser owner) {
            return state.users().find(owner.id()).map(user -> user.email().orElse(user.name() + "@"));
        }
        return about.facts().owner() instanceof Owner.Tagged tagged
                ? Optional.of(tagged.tags().first().value())
                : Optional.empty();
    }

    /**
     * {@return whose the node is, for a person to read: the name of the user, or the tags}
     */
    String owner() {
        if (about.facts().owner() instanceof Owner.OfUser owner) {
            return state.users().find(owner.id()).map(user -> user.name()).orElse("user " + owner.id());
        }
        return about.facts().owner() instanceof Owner.Tagged tagged ? Texts.first(tagged.tags(), Tag::value) : "";
    }

    /**
     * Tells whether the prefix is in force on the node.
     *
     * @return true if it is advertised and approved
     */
    public boolean isEffective() {
        return advertised() && verdict instanceof Verdict.AlreadyApproved;
    }

    /**
     * Tells whether the node carries the prefix: as the primary, or as one of the exit nodes.
     *
     * @return true if traffic may go there
     */
    public boolean isServing() {
        return isEffective()
                && (prefix.isExitRoute()
                        || election.flatMap(Outcome::primary)
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
     * Returns the explanation for a person to read.
     *
     * @return several lines, each ending in a line feed
     */
    @Override
    public String toString() {
        return text(state.names());
    }
}
