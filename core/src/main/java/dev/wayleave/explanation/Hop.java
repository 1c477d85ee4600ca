package dev.wayleave.explanation;

import dev.wayleave.internal.Kind;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.Objects;
import java.util.Optional;

/** The next hop of traffic that a viewer sends: a node, or nowhere. */
public sealed interface Hop extends NamedKind {

    /**
     * Prints the way.
     *
     * @param names how texts call nodes
     * @param viewer the node that sends
     * @return for example {@code 10.0.0.0/8 through berlin-a, the primary}
     */
    String text(Names names, NodeId viewer);

    /** {@return the node to which the viewer sends it; empty if that is nowhere} */
    default Optional<NodeId> node() {
        return Optional.empty();
    }

    /** {@return the prefix of the route by which the viewer sends it; empty if the address is a node's own} */
    default Optional<Prefix> matchedPrefix() {
        return Optional.empty();
    }

    /** Nowhere: the address is the viewer's own. */
    @Kind("itself")
    record Itself() implements Hop {
        @Override
        public String text(Names names, NodeId viewer) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(viewer, "viewer");
            return "none needed: the destination is " + names.node(viewer) + " itself";
        }
    }

    /**
     * Nowhere: the address lies in a network behind the viewer, or on the internet, and the viewer is an exit node.
     *
     * @param prefix the viewer's own effective subnet or exit route
     */
    @Kind("own-network")
    record OwnNetwork(Prefix prefix) implements Hop {
        public OwnNetwork {
            Objects.requireNonNull(prefix, "prefix");
        }

        @Override
        public Optional<Prefix> matchedPrefix() {
            return Optional.of(prefix);
        }

        @Override
        public String text(Names names, NodeId viewer) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(viewer, "viewer");
            return "none needed: "
                    + (prefix.isExitRoute()
                            ? names.node(viewer) + " is an exit node itself"
                            : prefix + " is behind " + names.node(viewer) + " itself");
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

        @Override
        public String text(Names names, NodeId viewer) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(viewer, "viewer");
            return "straight to " + names.node(peer);
        }
    }

    /**
     * The viewer sends the packet to the node that carries the longest of its routes for the address.
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
        public Optional<Prefix> matchedPrefix() {
            return Optional.of(prefix);
        }

        @Override
        public String text(Names names, NodeId viewer) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(viewer, "viewer");
            return prefix + " through " + names.node(carrier)
                    + (primary ? ", the primary" : ", chosen for " + names.node(viewer));
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
        public Optional<Prefix> matchedPrefix() {
            return Optional.of(prefix);
        }

        @Override
        public String text(Names names, NodeId viewer) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(viewer, "viewer");
            return prefix + " through " + names.node(exitNode) + ", if " + names.node(viewer)
                    + " uses it as its exit node";
        }
    }
}
