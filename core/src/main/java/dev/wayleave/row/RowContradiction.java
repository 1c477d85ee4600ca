package dev.wayleave.row;

import dev.wayleave.internal.Kind;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.mesh.UserId;
import java.util.Objects;

/**
 * A row that no state of a tailnet can have beside the others.
 *
 * <p>A minor version may add kinds, named in the changelog.
 */
public sealed interface RowContradiction extends NamedKind {

    /** {@return the row by its table and key: for example {@code route 10.0.0.0/8 of node 1}} */
    String row();

    /** {@return what is wrong with the row; a part of a line in lower case} */
    String reason();

    /** {@return row and reason in one line} */
    default String text() {
        return row() + ": " + reason();
    }

    /** A row of a user. */
    sealed interface OfUser extends RowContradiction {

        /** {@return the key of the row} */
        UserId user();

        @Override
        default String row() {
            return "user `" + user() + "`";
        }
    }

    /** A row of a node. */
    sealed interface OfNode extends RowContradiction {

        /** {@return the key of the row} */
        NodeId node();

        @Override
        default String row() {
            return "node " + node();
        }
    }

    /** A row of a route. */
    sealed interface OfRoute extends RowContradiction {

        /** {@return the key of the row} */
        RouteKey route();

        @Override
        default String row() {
            return "route " + route().prefix() + " of node " + route().node();
        }
    }

    /**
     * Another row has the same user.
     *
     * @param user the key of both rows
     */
    @Kind("duplicate-user")
    record DuplicateUser(UserId user) implements OfUser {

        public DuplicateUser {
            Objects.requireNonNull(user, "user");
        }

        @Override
        public String reason() {
            return "two rows";
        }
    }

    /**
     * Another row has the same node.
     *
     * @param node the key of both rows
     */
    @Kind("duplicate-node")
    record DuplicateNode(NodeId node) implements OfNode {

        public DuplicateNode {
            Objects.requireNonNull(node, "node");
        }

        @Override
        public String reason() {
            return "two rows";
        }
    }

    /**
     * Another row has the same route.
     *
     * @param route the key of both rows
     */
    @Kind("duplicate-route")
    record DuplicateRoute(RouteKey route) implements OfRoute {

        public DuplicateRoute {
            Objects.requireNonNull(route, "route");
        }

        @Override
        public String reason() {
            return "two rows";
        }
    }

    /**
     * No row has the user who owns the node.
     *
     * @param node the key of the row
     * @param owner the user
     */
    @Kind("unknown-owner")
    record UnknownOwner(NodeId node, UserId owner) implements OfNode {

        public UnknownOwner {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(owner, "owner");
        }

        @Override
        public String reason() {
            return "the tailnet has no user `" + owner + "`";
        }
    }

    /**
     * Two nodes have one host key.
     *
     * @param node the key of the row
     * @param other the node with the same host key and a lower number
     * @param hostKey the host key
     */
    @Kind("duplicate-host-key")
    record DuplicateHostKey(NodeId node, NodeId other, String hostKey) implements OfNode {

        public DuplicateHostKey {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(other, "other");
            Objects.requireNonNull(hostKey, "hostKey");
        }

        @Override
        public String reason() {
            return "node " + other + " has the same host key `" + hostKey + "`";
        }
    }

    /**
     * No row has the node of the route.
     *
     * @param route the key of the row
     */
    @Kind("unknown-node")
    record UnknownNode(RouteKey route) implements OfRoute {

        public UnknownNode {
            Objects.requireNonNull(route, "route");
        }

        @Override
        public String reason() {
            return "the tailnet has no such node";
        }
    }

    /**
     * The row marks a primary, and is an exit route, not advertised, or not approved.
     *
     * @param route the key of the row
     */
    @Kind("impossible-primary")
    record ImpossiblePrimary(RouteKey route) implements OfRoute {

        public ImpossiblePrimary {
            Objects.requireNonNull(route, "route");
        }

        @Override
        public String reason() {
            return "a primary must be a subnet route that is advertised and approved";
        }
    }

    /**
     * A prefix has two primaries.
     *
     * @param route the key of the row
     * @param other the other primary
     */
    @Kind("second-primary")
    record SecondPrimary(RouteKey route, NodeId other) implements OfRoute {

        public SecondPrimary {
            Objects.requireNonNull(route, "route");
            Objects.requireNonNull(other, "other");
        }

        @Override
        public String reason() {
            return "node " + other + " is the primary of this prefix too";
        }
    }

    /**
     * The exit route is denied, and the node's other exit route is not.
     *
     * @param route the key of the row
     */
    @Kind("half-denied")
    record HalfDenied(RouteKey route) implements OfRoute {

        public HalfDenied {
            Objects.requireNonNull(route, "route");
        }

        @Override
        public String reason() {
            return "only one of the two exit routes is denied";
        }
    }

    /**
     * The exit route is withdrawn, and the node's other exit route is not.
     *
     * @param route the key of the row
     */
    @Kind("half-withdrawn")
    record HalfWithdrawn(RouteKey route) implements OfRoute {

        public HalfWithdrawn {
            Objects.requireNonNull(route, "route");
        }

        @Override
        public String reason() {
            return "only one of the two exit routes is withdrawn";
        }
    }
}
