package dev.wayleave.visibility;

import dev.wayleave.access.RuleId;
import dev.wayleave.internal.Copies;
import dev.wayleave.internal.Kind;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.Prefix;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * A route that a viewer does not get, and why. {@link ViewerRoutes} returns it.
 *
 * <p>To hide a route from a viewer, an administrator removes the rules that give it the route; {@code Routing.explain}
 * names them. To change in code which viewers get a route, see "Where a condition is changed" in {@code
 * visibility.engine.Visibility}.
 *
 * <p>Reasons may gain members in a minor version.
 *
 * @param peer the node that was asked about
 * @param prefix a subnet or exit route
 * @param reason why the viewer does not get it
 */
@Kind("withheld")
public record Withheld(NodeId peer, Prefix prefix, Reason reason) implements RouteAnswer {

    @Override
    public String text(Names names, NodeId viewer) {
        Objects.requireNonNull(names, "names");
        Objects.requireNonNull(viewer, "viewer");
        return reason.text(names, viewer);
    }

    public Withheld {
        Objects.requireNonNull(peer, "peer");
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(reason, "reason");
    }

    /** The reason why a viewer does not get a route. */
    public sealed interface Reason extends NamedKind {

        /**
         * Prints the reason.
         *
         * @param names how texts call nodes and entries of the policy
         * @param viewer the node whose view it is
         * @return for example {@code no rule lets laptop reach it there}
         */
        String text(Names names, NodeId viewer);
    }

    /** The prefix is not advertised by the peer, or not approved; or the tailnet has no such node. */
    @Kind("not-effective")
    public record NotEffective() implements Reason {

        @Override
        public String text(Names names, NodeId viewer) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(viewer, "viewer");
            return "it is not both advertised and approved there";
        }
    }

    /** The peer that was asked about is the viewer itself. */
    @Kind("own-route")
    public record OwnRoute() implements Reason {

        @Override
        public String text(Names names, NodeId viewer) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(viewer, "viewer");
            return "it is a route of " + names.node(viewer) + " itself";
        }
    }

    /** No rule lets the viewer, or a subnet behind it, reach any of the prefix through the peer. */
    @Kind("not-admitted")
    public record NotAdmitted() implements Reason {

        @Override
        public String text(Names names, NodeId viewer) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(viewer, "viewer");
            return "no rule lets " + names.node(viewer) + " reach it there";
        }
    }

    /**
     * A grant with {@code via} lets the viewer reach the prefix through other nodes only.
     *
     * @param rule the first such grant
     * @param carrierOrNull the node that carries the prefix for the viewer; null for exit routes, of which it may have
     *     several, and where no node of the grant can carry the prefix now
     */
    @Kind("via-other-router")
    public record ViaOtherRouter(RuleId rule, @Nullable NodeId carrierOrNull) implements Reason {

        public ViaOtherRouter {
            Objects.requireNonNull(rule, "rule");
        }

        /**
         * {@return the node that carries the prefix for the viewer; empty for exit routes, of which it may have
         * several, and where no node of the grant can carry the prefix now}
         */
        public Optional<NodeId> carrier() {
            return Optional.ofNullable(carrierOrNull);
        }

        @Override
        public String text(Names names, NodeId viewer) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(viewer, "viewer");
            return rule.text(names) + " leads " + names.node(viewer) + " elsewhere"
                    + carrier().map(node -> ", to " + names.node(node)).orElse("");
        }
    }

    /**
     * A grant with {@code via} lets the viewer reach the prefix through nodes with its tags, and none of these has the
     * prefix or, for an exit route, is an exit node.
     *
     * @param rule the first such grant
     * @param via its tags
     */
    @Kind("via-no-router")
    public record ViaNoRouter(RuleId rule, SortedSet<Tag> via) implements Reason {

        /** Copies the tags. */
        public ViaNoRouter {
            Objects.requireNonNull(rule, "rule");
            via = Copies.sortedSet(via, "via");
        }

        @Override
        public String text(Names names, NodeId viewer) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(viewer, "viewer");
            return rule.text(names) + " leads " + names.node(viewer) + " through nodes with "
                    + Texts.first(via, tag -> "`" + tag + "`") + " only, and no such node has it";
        }
    }

    /**
     * A grant with {@code via} leads the viewer to the peer, and a rule without {@code via} lets it reach the prefix
     * through every router: that rule overrides the grant, and the primary carries the prefix.
     *
     * @param via the first grant that leads to the peer and not to the carrier
     * @param plain the first rule without {@code via} that lets the viewer reach the prefix
     * @param carrier the primary
     */
    @Kind("via-overridden")
    public record ViaOverridden(RuleId via, RuleId plain, NodeId carrier) implements Reason {

        public ViaOverridden {
            Objects.requireNonNull(via, "via");
            Objects.requireNonNull(plain, "plain");
            Objects.requireNonNull(carrier, "carrier");
        }

        @Override
        public String text(Names names, NodeId viewer) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(viewer, "viewer");
            return via.text(names) + " leads " + names.node(viewer) + " here, but " + plain.text(names)
                    + " lets it reach the prefix without `via`, so that the primary carries it, "
                    + names.node(carrier);
        }
    }

    /**
     * Another node carries the prefix for this viewer.
     *
     * @param carrier who does
     * @param reason why that one
     */
    @Kind("not-carrier")
    public record NotCarrier(NodeId carrier, Precedence reason) implements Reason {

        public NotCarrier {
            Objects.requireNonNull(carrier, "carrier");
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public String text(Names names, NodeId viewer) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(viewer, "viewer");
            return names.node(carrier)
                    + (reason == Precedence.PRIMARY
                            ? " carries it, the primary"
                            : " carries it, the first to which rules lead " + names.node(viewer));
        }
    }

    /** The peer is offline and cannot carry the prefix now, and no node to which rules lead the viewer carries it. */
    @Kind("unserved")
    public record Unserved() implements Reason {

        @Override
        public String text(Names names, NodeId viewer) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(viewer, "viewer");
            return "no node that may carry it for " + names.node(viewer) + " can do so now";
        }
    }

    /** The reason why one of several nodes carries a prefix for a viewer. */
    public enum Precedence {
        /** It is the tailnet's primary. */
        PRIMARY,
        /** Rules do not lead the viewer to the primary, and of the candidates to which they do it goes first. */
        FIRST_ADMITTED
    }
}
