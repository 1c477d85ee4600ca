package dev.wayleave.foresight;

import dev.wayleave.internal.Copies;
import dev.wayleave.internal.Kind;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.net.Prefix;
import java.util.Objects;
import java.util.SortedSet;

/**
 * What may take a prefix away at once.
 *
 * <p>Immutable and safe for use by several threads. Kinds may be added in a minor version.
 */
public sealed interface RouteRisk extends NamedKind {

    /**
     * {@return the subnet prefix, or an exit route}
     */
    Prefix prefix();

    /**
     * One router alone can carry the prefix now.
     *
     * @param prefix the subnet prefix, or an exit route
     * @param router the router
     */
    @Kind("single-router")
    record SingleRouter(Prefix prefix, NodeId router) implements RouteRisk {

        public SingleRouter {
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(router, "router");
        }
    }

    /**
     * All routers of the prefix share their fate: they belong to the same user, or have a tag in common.
     *
     * @param prefix the subnet prefix, or an exit route
     * @param routers at least two
     * @param owner the user of all of them, or the tags that all of them have
     */
    @Kind("shared-fate")
    record SharedFate(Prefix prefix, SortedSet<NodeId> routers, Owner owner) implements RouteRisk {

        public SharedFate {
            Objects.requireNonNull(prefix, "prefix");
            routers = Copies.sortedSet(routers, "routers");
            Objects.requireNonNull(owner, "owner");
        }
    }
}
