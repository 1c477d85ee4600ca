package dev.wayleave.explanation;

import dev.wayleave.internal.Kind;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.Objects;
import java.util.Optional;

/** Where a viewer sends traffic. */
public sealed interface Hop extends NamedKind {

    /**
     * {@return the node to which the viewer sends it; empty if that is nowhere}
     */
    default Optional<NodeId> node() {
        return Optional.empty();
    }

    /**
     * {@return the route by which the viewer sends it; empty if the address is a node's own}
     */
    default Optional<Prefix> route() {
        return Optional.empty();
    }

    /** Nowhere: the address is the viewer's own. */
    @Kind("itself")
    record Itself() implements Hop {}

    /**
     * Nowhere: the address lies in a network behind the viewer.
     *
     * @param prefix the viewer's own effective subnet route
     */
    @Kind("own-network")
    record OwnNetwork(Prefix prefix) implements Hop {
        public OwnNetwork {
            Objects.requireNonNull(prefix, "prefix");
        }

        @Override
        public Optional<Prefix> route() {
            return Optional.of(prefix);
        }
    }

    /**
     * Straight to a node: the address is the node's own.
     *
     * @param peer the node, which the viewer sees
     */
    @Kind("peer")
    record Peer(NodeId peer) implements Hop {
        public Peer {
            Objects.requireNonNull(peer, "peer");
        }

        @Override
        public Optional<NodeId> node() {
            return Optional.of(peer);
        }
    }

    /**
     * To a router.
     *
     * @param carrier the node that carries the route for the viewer
     * @param prefix the subnet route, the longest that the viewer has for the address
     * @param primary whether the node is the tailnet's primary for it
     */
    @Kind("router")
    record Router(NodeId carrier, Prefix prefix, boolean primary) implements Hop {
        public Router {
            Objects.requireNonNull(carrier, "carrier");
            Objects.requireNonNull(prefix, "prefix");
        }

        @Override
        public Optional<NodeId> node() {
            return Optional.of(carrier);
        }

        @Override
        public Optional<Prefix> route() {
            return Optional.of(prefix);
        }
    }

    /**
     * To an exit node, if the viewer uses that one.
     *
     * @param exitNode the exit node
     * @param prefix its exit route of the destination's family
     */
    @Kind("exit-node")
    record ExitNode(NodeId exitNode, Prefix prefix) implements Hop {
        public ExitNode {
            Objects.requireNonNull(exitNode, "exitNode");
            Objects.requireNonNull(prefix, "prefix");
        }

        @Override
        public Optional<NodeId> node() {
            return Optional.of(exitNode);
        }

        @Override
        public Optional<Prefix> route() {
            return Optional.of(prefix);
        }
    }
}
