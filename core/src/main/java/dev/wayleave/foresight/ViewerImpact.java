package dev.wayleave.foresight;

import dev.wayleave.access.RuleId;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.RouteAnswer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;

/**
 * The routes and peers that some viewers would gain, lose, or get from another node: the same for each of them.
 *
 * <p>A viewer is never its own peer: where one of the viewers is among the peers, that viewer leaves itself out.
 *
 * @param viewers whom it concerns, in order
 * @param peersLost peers that they would no longer see, by the first peer
 * @param peersGained peers that they would see, by the first peer
 * @param routesLost routes that no node would carry for them any more, by prefix, then node
 * @param routesGained routes that no node carries for them now, by prefix, then node
 * @param routesMoved routes that another node would carry for them, by prefix
 */
public record ViewerImpact(
        SortedSet<NodeId> viewers,
        List<PeersLost> peersLost,
        List<PeersGained> peersGained,
        List<RouteLost> routesLost,
        List<RouteGained> routesGained,
        List<RouteMoved> routesMoved) {

    public ViewerImpact {
        viewers = Copies.sortedSet(viewers, "viewers");
        peersLost = Copies.list(peersLost, "peersLost");
        peersGained = Copies.list(peersGained, "peersGained");
        routesLost = Copies.list(routesLost, "routesLost");
        routesGained = Copies.list(routesGained, "routesGained");
        routesMoved = Copies.list(routesMoved, "routesMoved");
    }

    /** {@return whether the viewers lose a peer or a route; a route that moves is none} */
    public boolean isLoss() {
        return !peersLost.isEmpty() || !routesLost.isEmpty();
    }

    /**
     * Peers that are lost for one cause.
     *
     * @param peers the peers, in order
     * @param cause why
     */
    public record PeersLost(SortedSet<NodeId> peers, LossCause cause) {

        public PeersLost {
            peers = Copies.sortedSet(peers, "peers");
            Objects.requireNonNull(cause, "cause");
        }
    }

    /**
     * Peers that are gained by one entry of the policy.
     *
     * @param peers the peers, in order
     * @param rule the entry of the policy as it would be
     */
    public record PeersGained(SortedSet<NodeId> peers, RuleId rule) {

        public PeersGained {
            peers = Copies.sortedSet(peers, "peers");
            Objects.requireNonNull(rule, "rule");
        }
    }

    /**
     * A route that no node would carry for the viewers any more; of an exit route, not this exit node.
     *
     * @param prefix the subnet or exit route
     * @param from who carries it now
     * @param cause why it would be lost
     */
    public record RouteLost(Prefix prefix, NodeId from, LossCause cause) {

        public RouteLost {
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(cause, "cause");
        }
    }

    /**
     * A route that the viewers do not have now.
     *
     * @param prefix the subnet or exit route
     * @param to who would carry it
     * @param reason why they would get it; its entries are those of the policy as it would be
     */
    public record RouteGained(Prefix prefix, NodeId to, RouteAnswer.GivenReason reason) {

        public RouteGained {
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(to, "to");
            Objects.requireNonNull(reason, "reason");
        }

        /** {@return the entry of the policy that gives it; empty if the viewers have the prefix themselves} */
        public Optional<RuleId> rule() {
            return reason.byRule();
        }
    }

    /**
     * A route that another node would carry for the viewers.
     *
     * @param prefix the subnet route
     * @param from who carries it now
     * @param to who would carry it
     * @param cause why the one would not carry it any more
     */
    public record RouteMoved(Prefix prefix, NodeId from, NodeId to, LossCause cause) {

        public RouteMoved {
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
            Objects.requireNonNull(cause, "cause");
        }
    }
}
