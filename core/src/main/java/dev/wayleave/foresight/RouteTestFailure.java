package dev.wayleave.foresight;

import dev.wayleave.internal.Copies;
import dev.wayleave.internal.Kind;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.RouteAnswer;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A route test that does not hold.
 *
 * @param test its place in the list of tests, from 0
 * @param faults what does not hold, in the order of the test; at least one
 */
public record RouteTestFailure(int test, List<Fault> faults) {

    /** Copies the faults. */
    public RouteTestFailure {
        faults = Copies.list(faults, "faults");
    }

    /**
     * Describes which test failed, and everything that failed in it.
     *
     * @param names how texts call nodes
     * @return one line in lower case, for example {@code routeTests[2]: `laptop` has no route to `10.0.0.0/8`: …}
     */
    public String text(Names names) {
        Objects.requireNonNull(names, "names");
        return "routeTests[" + test + "]: "
                + faults.stream().map(fault -> fault.text(names)).collect(Collectors.joining("; "));
    }

    /** One thing about a route test that does not hold. A minor version may add kinds, named in the changelog. */
    public sealed interface Fault extends NamedKind {

        /**
         * Describes what failed.
         *
         * @param names how texts call nodes
         * @return a part of a line in lower case
         */
        String text(Names names);
    }

    /**
     * The test takes for offline what is not a node.
     *
     * @param name what the test names
     */
    @Kind("unknown-node-down")
    public record UnknownNodeDown(String name) implements Fault {

        public UnknownNodeDown {
            Objects.requireNonNull(name, "name");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "`" + name + "` under `withDown` is not a node, a user with a node, or a tag of one";
        }
    }

    /**
     * The test names no viewer, or only viewers that it takes for offline.
     *
     * @param viewer what the test names
     */
    @Kind("unknown-viewer")
    public record UnknownViewer(String viewer) implements Fault {

        public UnknownViewer {
            Objects.requireNonNull(viewer, "viewer");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "viewer `" + viewer
                    + "` is not a node, a user with a node, or a tag of one, or all of them are down";
        }
    }

    /**
     * The viewer has no route to a destination, or none to a part of it.
     *
     * @param viewer the viewer
     * @param target what the test expects to be reached
     * @param answerOrNull why the viewer does not get a route that another node has; null if no node has one
     */
    @Kind("no-route")
    public record NoRoute(
            NodeId viewer,
            RouteExpectation.Target target,
            @Nullable RouteAnswer answerOrNull) implements Fault {

        public NoRoute {
            Objects.requireNonNull(viewer, "viewer");
            Objects.requireNonNull(target, "target");
        }

        /** {@return why the viewer does not get a route that another node has; empty if no node has one} */
        public Optional<RouteAnswer> answer() {
            return Optional.ofNullable(answerOrNull);
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return name(names, viewer) + " has no route to all of `" + target + "`: "
                    + answer().map(answer -> name(names, answer.peer()) + " has `" + answer.prefix() + "`, but "
                                    + answer.text(names, viewer))
                            .orElse("no node has an effective route to the rest");
        }
    }

    /**
     * The viewer has the route, and the router that carries it is offline.
     *
     * @param viewer the viewer
     * @param target what the test expects to be reached
     * @param prefix the route that the viewer has
     * @param routers its carriers for the viewer; at least one
     */
    @Kind("router-offline")
    public record RouterOffline(NodeId viewer, RouteExpectation.Target target, Prefix prefix, SortedSet<NodeId> routers)
            implements Fault {

        /** Copies the nodes. */
        public RouterOffline {
            Objects.requireNonNull(viewer, "viewer");
            Objects.requireNonNull(target, "target");
            Objects.requireNonNull(prefix, "prefix");
            routers = Copies.sortedSet(routers, "routers");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return name(names, viewer) + " sends `" + target + "` by `" + prefix + "` to " + names(names, routers)
                    + ", which " + (routers.size() == 1 ? "is" : "are") + " offline";
        }
    }

    /**
     * The viewer has the route through a router without the tag that the test names.
     *
     * @param viewer the viewer
     * @param target what the test expects to be reached, with the tag
     * @param prefix the route that the viewer has
     * @param routers its carriers for the viewer; at least one
     */
    @Kind("other-router")
    public record OtherRouter(NodeId viewer, RouteExpectation.Target target, Prefix prefix, SortedSet<NodeId> routers)
            implements Fault {

        /** Copies the nodes. */
        public OtherRouter {
            Objects.requireNonNull(viewer, "viewer");
            Objects.requireNonNull(target, "target");
            Objects.requireNonNull(prefix, "prefix");
            routers = Copies.sortedSet(routers, "routers");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return name(names, viewer) + " gets `" + prefix + "` through " + names(names, routers)
                    + ", without the tag in `" + target + "`";
        }
    }

    /**
     * The viewer has a route that the test rules out.
     *
     * @param viewer the viewer
     * @param target what the test expects not to be reached
     * @param prefix the route that the viewer has
     * @param routers its carriers for the viewer; at least one
     */
    @Kind("unexpected-route")
    public record UnexpectedRoute(
            NodeId viewer, RouteExpectation.Target target, Prefix prefix, SortedSet<NodeId> routers) implements Fault {

        /** Copies the nodes. */
        public UnexpectedRoute {
            Objects.requireNonNull(viewer, "viewer");
            Objects.requireNonNull(target, "target");
            Objects.requireNonNull(prefix, "prefix");
            routers = Copies.sortedSet(routers, "routers");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return name(names, viewer) + " gets `" + prefix + "` through " + names(names, routers)
                    + ", which `not` rules out: `" + target + "`";
        }
    }

    /**
     * The prefix has fewer healthy routers than the test expects.
     *
     * @param prefix the prefix
     * @param expected how many the test expects at least
     * @param healthy its healthy routers that are online or in their grace
     * @param others the nodes on which it is effective too, and that are offline, unhealthy, draining, or have a key
     *     that expired
     */
    @Kind("too-few-routers")
    public record TooFewRouters(Prefix prefix, int expected, SortedSet<NodeId> healthy, SortedSet<NodeId> others)
            implements Fault {

        /** Copies the nodes. */
        public TooFewRouters {
            Objects.requireNonNull(prefix, "prefix");
            healthy = Copies.sortedSet(healthy, "healthy");
            others = Copies.sortedSet(others, "others");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            String has = healthy.isEmpty()
                    ? "no healthy router"
                    : healthy.size() + " healthy router" + (healthy.size() == 1 ? "" : "s") + " ("
                            + names(names, healthy) + ")";
            return "`" + prefix + "` has " + has + ", and the test expects " + expected
                    + (others.isEmpty() ? "" : ": " + names(names, others) + " cannot carry it well now");
        }
    }

    private static String name(Names names, NodeId node) {
        return "`" + names.node(node) + "`";
    }

    private static String names(Names names, Collection<NodeId> nodes) {
        return Texts.first(nodes, node -> name(names, node));
    }
}
