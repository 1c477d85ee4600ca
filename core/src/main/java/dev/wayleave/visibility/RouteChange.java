package dev.wayleave.visibility;

import dev.wayleave.internal.Kind;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.Comparator;
import java.util.Objects;

/**
 * A change of one prefix of a viewer; exit routes are gained and lost for each exit node by itself, and never move.
 * Kinds may be added in a minor version.
 */
public sealed interface RouteChange extends NamedKind {

    /** By prefix, then by the node that carries it now or, if it is lost, carried it. */
    Comparator<RouteChange> ORDER = Comparator.comparing(RouteChange::prefix).thenComparing(RouteChange::carrier);

    private static NodeId carrier(RouteChange change) {
        return change instanceof Gained gained
                ? gained.to()
                : change instanceof Moved moved ? moved.to() : ((Lost) change).from();
    }

    /** {@return the subnet or exit route} */
    Prefix prefix();

    /**
     * The viewer gets a route that no node carried for it.
     *
     * @param prefix the prefix
     * @param to the carrier, or the exit node
     * @param reason why the viewer gets it
     */
    @Kind("route-gained")
    record Gained(Prefix prefix, NodeId to, RouteAnswer.GivenReason reason) implements RouteChange {

        public Gained {
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
    record Lost(Prefix prefix, NodeId from, Withheld.Reason reason) implements RouteChange {

        public Lost {
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
    record Moved(Prefix prefix, NodeId from, NodeId to, Withheld.Reason lostReason, RouteAnswer.GivenReason reason)
            implements RouteChange {

        public Moved {
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
            Objects.requireNonNull(lostReason, "lostReason");
            Objects.requireNonNull(reason, "reason");
        }
    }
}
