package dev.wayleave.visibility;

import dev.wayleave.access.RuleId;
import dev.wayleave.internal.Kind;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.Objects;
import java.util.Optional;

/**
 * The answer to the question whether a viewer may send a prefix to a peer, with its reason.
 *
 * <p>Reasons may gain members in a minor version.
 */
public sealed interface RouteAnswer extends NamedKind permits RouteAnswer.Given, Withheld {

    /**
     * Prints the reason.
     *
     * @param names how texts call nodes and entries of the policy
     * @param viewer the node whose view it is
     * @return for example {@code no rule lets laptop reach it there}
     */
    String text(Names names, NodeId viewer);

    /** {@return the peer that was asked about} */
    NodeId peer();

    /** {@return the subnet or exit route that was asked about} */
    Prefix prefix();

    /**
     * The viewer may send the prefix to the peer.
     *
     * @param peer the carrier for this viewer
     * @param prefix the whole prefix that the peer advertises, however little of it the viewer may reach
     * @param reason what gives it
     */
    @Kind("given")
    record Given(NodeId peer, Prefix prefix, GivenReason reason) implements RouteAnswer {

        public Given {
            Objects.requireNonNull(peer, "peer");
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public String text(Names names, NodeId viewer) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(viewer, "viewer");
            return reason.text(names, viewer, peer);
        }
    }

    /** The reason why a viewer gets a route. */
    sealed interface GivenReason extends NamedKind permits Admitted, PublicDestination, ReturnPath, SharedPrefix {

        /**
         * Prints why the viewer gets the route.
         *
         * @param names how texts call nodes and entries of the policy
         * @param viewer the node whose view it is
         * @param peer the node that carries the route for the viewer
         * @return for example {@code grants[0] lets laptop reach it there}
         */
        String text(Names names, NodeId viewer, NodeId peer);

        /** {@return the entry of the policy that gives the route; empty if the viewer has the prefix itself} */
        default Optional<RuleId> byRule() {
            if (this instanceof Admitted admitted) {
                return Optional.of(admitted.rule());
            }
            if (this instanceof PublicDestination internet) {
                return Optional.of(internet.rule());
            }
            return this instanceof ReturnPath back ? Optional.of(back.rule()) : Optional.empty();
        }
    }

    /**
     * A rule lets the viewer, or a subnet behind it, reach some of the prefix through the peer; for an exit route, all
     * of the internet of its family.
     *
     * @param rule the first that does
     */
    @Kind("admitted")
    record Admitted(RuleId rule) implements GivenReason {

        public Admitted {
            Objects.requireNonNull(rule, "rule");
        }

        @Override
        public String text(Names names, NodeId viewer, NodeId peer) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(viewer, "viewer");
            Objects.requireNonNull(peer, "peer");
            return rule.text(names) + " lets " + names.node(viewer) + " reach it there";
        }
    }

    /**
     * A rule lets the viewer reach a part of the public internet, and the route is an exit route: every exit node opens
     * a public destination and shows its exit routes for it, even where a subnet route carries that destination.
     *
     * @param rule the first that does, a rule for the family of the exit route before others
     * @param destination the part of the internet that the rule names
     */
    @Kind("public-destination")
    record PublicDestination(RuleId rule, Prefix destination) implements GivenReason {

        public PublicDestination {
            Objects.requireNonNull(rule, "rule");
            Objects.requireNonNull(destination, "destination");
        }

        @Override
        public String text(Names names, NodeId viewer, NodeId peer) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(viewer, "viewer");
            Objects.requireNonNull(peer, "peer");
            return rule.text(names) + " is for " + destination
                    + ": a public destination goes to every exit node, also where a subnet route carries it";
        }
    }

    /**
     * A rule lets the prefix reach the viewer, or a subnet behind it, and no router of the prefix admits the viewer:
     * the way back has to be known.
     *
     * @param rule the first that does
     */
    @Kind("return-path")
    record ReturnPath(RuleId rule) implements GivenReason {

        public ReturnPath {
            Objects.requireNonNull(rule, "rule");
        }

        @Override
        public String text(Names names, NodeId viewer, NodeId peer) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(viewer, "viewer");
            Objects.requireNonNull(peer, "peer");
            return rule.text(names) + " lets it reach " + names.node(viewer)
                    + " or what is behind it, and this is the way back";
        }
    }

    /** The prefix is effective on the viewer too, and the peer is its primary. */
    @Kind("shared-prefix")
    record SharedPrefix() implements GivenReason {

        @Override
        public String text(Names names, NodeId viewer, NodeId peer) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(viewer, "viewer");
            Objects.requireNonNull(peer, "peer");
            return names.node(viewer) + " has the prefix too, and " + names.node(peer) + " is its primary";
        }
    }

    /** {@return whether the viewer gets the route} */
    default boolean isGiven() {
        return this instanceof Given;
    }

    /** {@return why the viewer does not get the route; empty if it does} */
    default Optional<Withheld.Reason> withheld() {
        return this instanceof Withheld withheld ? Optional.of(withheld.reason()) : Optional.empty();
    }
}
