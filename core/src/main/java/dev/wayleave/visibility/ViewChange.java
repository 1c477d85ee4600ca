package dev.wayleave.visibility;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.access.ExplainedRule;
import dev.wayleave.access.RuleId;
import dev.wayleave.internal.Copies;
import dev.wayleave.internal.Kind;
import dev.wayleave.internal.Kinds;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;

/**
 * One change of views, the same for several viewers.
 *
 * <p>Immutable and safe for use by several threads. A viewer is never its own peer: where {@code peers} names one of
 * the viewers, that viewer leaves itself out, as {@link #forViewer} does. Kinds of change may gain members in a minor
 * version.
 *
 * @param viewers whom it concerns, in order
 * @param self what changed of the viewers themselves
 * @param peers peers added, changed or removed, by number
 * @param routes routes gained, lost or moved, by prefix, then by the peer that has it now, or had it
 * @param filter packet filter rules gained or lost
 */
public record ViewChange(
        SortedSet<NodeId> viewers,
        SelfChange self,
        List<PeerChange> peers,
        List<RouteChange> routes,
        FilterChange filter) {

    public ViewChange {
        Objects.requireNonNull(self, "self");
        Objects.requireNonNull(filter, "filter");
        viewers = Copies.sortedSet(viewers, "viewers");
        peers = Copies.list(peers, "peers");
        routes = Copies.list(routes, "routes");
    }

    /**
     * What changed of a viewer itself.
     *
     * @param facts which of the facts that its host says of it changed: all of them if it is new. Never {@link
     *     NodeFact#ONLINE}, which a netmap says of peers only
     * @param gained prefixes that became effective on it
     * @param lost prefixes that are no longer effective on it
     * @param primaryGained prefixes of which it became the tailnet's primary
     * @param primaryLost prefixes of which it no longer is
     */
    public record SelfChange(
            SortedSet<NodeFact> facts,
            List<Prefix> gained,
            List<Prefix> lost,
            List<Prefix> primaryGained,
            List<Prefix> primaryLost) {

        /** No change. */
        public static final SelfChange NONE =
                new SelfChange(ImmutableSortedSet.of(), List.of(), List.of(), List.of(), List.of());

        public SelfChange {
            facts = Copies.sortedSet(facts, "facts");
            gained = Copies.list(gained, "gained");
            lost = Copies.list(lost, "lost");
            primaryGained = Copies.list(primaryGained, "primaryGained");
            primaryLost = Copies.list(primaryLost, "primaryLost");
        }
    }

    /** What changed of one peer. */
    public sealed interface PeerChange {

        /**
         * {@return the stable name of the kind in lower-case words with hyphens, for example {@code peer-added}}
         */
        default String kind() {
            return Kinds.of(this);
        }

        /**
         * Returns the peer.
         *
         * @return its number
         */
        NodeId peer();
    }

    /**
     * The viewer sees a node that it did not see.
     *
     * @param peer the node
     * @param reason the rule because of which they see each other
     */
    @Kind("peer-added")
    public record PeerAdded(NodeId peer, RuleId reason) implements PeerChange {

        public PeerAdded {
            Objects.requireNonNull(peer, "peer");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * The viewer no longer sees a node.
     *
     * @param peer the node
     * @param reason what became of it
     */
    @Kind("peer-removed")
    public record PeerRemoved(NodeId peer, PeerLoss reason) implements PeerChange {

        public PeerRemoved {
            Objects.requireNonNull(peer, "peer");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** Why a peer is gone. */
    public sealed interface PeerLoss permits NodeRemoved, NoRule {
        /**
         * {@return the stable name of the kind in lower-case words with hyphens, for example {@code no-rule}}
         */
        default String kind() {
            return Kinds.of(this);
        }
    }

    /** The tailnet no longer has the node. */
    @Kind("node-removed")
    public record NodeRemoved() implements PeerLoss {}

    /**
     * No rule makes the two see each other any more.
     *
     * @param before the rule because of which they did, under the policy as it was: what {@link PeerAdded#reason} said
     *     then
     * @param ended what took it away
     */
    @Kind("no-rule")
    public record NoRule(RuleId before, Ended ended) implements PeerLoss {

        public NoRule {
            Objects.requireNonNull(before, "before");
            Objects.requireNonNull(ended, "ended");
        }
    }

    /** What took away the rule between two nodes. */
    public enum Ended {
        /** The policy, the users or the settings changed. */
        POLICY_REPLACED,
        /**
         * The rule no longer concerns the viewer: its owner, tags, addresses or routes changed, or those of nodes
         * behind it.
         */
        VIEWER_CHANGED,
        /** The rule no longer concerns the peer. */
        PEER_CHANGED,
        /** The rule concerns neither of them any more. */
        BOTH_CHANGED
    }

    /**
     * A peer that the viewer saw and still sees has changed.
     *
     * @param peer the node
     * @param facts what changed about it, at least one fact
     */
    @Kind("peer-changed")
    public record PeerChanged(NodeId peer, SortedSet<NodeFact> facts) implements PeerChange {

        /**
         * Copies the facts.
         *
         * @throws IllegalArgumentException if there is none
         */
        public PeerChanged {
            Objects.requireNonNull(peer, "peer");
            facts = Copies.sortedSet(facts, "facts");
            if (facts.isEmpty()) {
                throw new IllegalArgumentException("peer " + peer + " has changed in no fact");
            }
        }
    }

    /** What changed of one prefix; exit routes are gained and lost for each exit node by itself, and never move. */
    public sealed interface RouteChange {

        /**
         * {@return the stable name of the kind in lower-case words with hyphens, for example {@code route-moved}}
         */
        default String kind() {
            return Kinds.of(this);
        }

        /** By prefix, then by the node that carries it now or, if it is lost, carried it. */
        Comparator<RouteChange> ORDER =
                Comparator.comparing(RouteChange::prefix).thenComparing(RouteChange::carrier);

        private static NodeId carrier(RouteChange change) {
            return change instanceof RouteGained gained
                    ? gained.to()
                    : change instanceof RouteMoved moved ? moved.to() : ((RouteLost) change).from();
        }

        /**
         * Returns the prefix.
         *
         * @return a subnet or exit route
         */
        Prefix prefix();
    }

    /**
     * The viewer gets a route that no node carried for it.
     *
     * @param prefix the prefix
     * @param to the carrier, or the exit node
     * @param reason why the viewer gets it
     */
    @Kind("route-gained")
    public record RouteGained(Prefix prefix, NodeId to, RouteAnswer.GivenReason reason) implements RouteChange {

        public RouteGained {
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(to, "to");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * The viewer loses a route: no node carries it for the viewer any more, or not this exit node.
     *
     * @param prefix the prefix
     * @param from who carried it
     * @param reason why the viewer does not get it from there
     */
    @Kind("route-lost")
    public record RouteLost(Prefix prefix, NodeId from, Withheld.Reason reason) implements RouteChange {

        public RouteLost {
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * The viewer has a route from another carrier.
     *
     * @param prefix the prefix
     * @param from who carried it
     * @param to who carries it
     * @param lostReason why the viewer does not get it from the one
     * @param reason why it gets it from the other
     */
    @Kind("route-moved")
    public record RouteMoved(
            Prefix prefix, NodeId from, NodeId to, Withheld.Reason lostReason, RouteAnswer.GivenReason reason)
            implements RouteChange {

        public RouteMoved {
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
            Objects.requireNonNull(lostReason, "lostReason");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * Packet filter rules that a viewer gained and lost, each with the entries of the policy that open or opened it; a
     * rule that changed is one of each. A rule that other entries open now, and that reads the same, is no change.
     *
     * @param gained rules of the new filter that the old one did not have, in their order, with entries of the policy
     *     as it is
     * @param lost rules of the old filter that the new one does not have, in their order, with entries of the policy as
     *     it was
     */
    public record FilterChange(List<ExplainedRule> gained, List<ExplainedRule> lost) {

        /** No change. */
        public static final FilterChange NONE = new FilterChange(List.of(), List.of());

        public FilterChange {
            gained = Copies.list(gained, "gained");
            lost = Copies.list(lost, "lost");
        }
    }

    /**
     * Returns the change for one of the viewers, without itself among its peers.
     *
     * @param viewer one of the viewers
     * @return the same change for this viewer alone
     */
    public ViewChange forViewer(NodeId viewer) {
        Objects.requireNonNull(viewer, "viewer");
        return new ViewChange(
                ImmutableSortedSet.of(viewer),
                self,
                peers.stream().filter(peer -> !peer.peer().equals(viewer)).toList(),
                routes,
                filter);
    }

    /**
     * {@return whether nothing changed}
     */
    public boolean isEmpty() {
        return self.equals(SelfChange.NONE) && peers.isEmpty() && routes.isEmpty() && filter.equals(FilterChange.NONE);
    }
}
