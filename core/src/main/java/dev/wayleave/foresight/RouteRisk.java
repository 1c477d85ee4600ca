package dev.wayleave.foresight;

import dev.wayleave.internal.Copies;
import dev.wayleave.internal.Kind;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import java.util.Objects;
import java.util.SortedSet;
import java.util.stream.Collectors;

/**
 * A failure that may take a prefix away at once.
 *
 * <p>Kinds may be added in a minor version.
 */
public sealed interface RouteRisk extends NamedKind {

    /** {@return the subnet prefix, or an exit route} */
    Prefix prefix();

    /**
     * Prints the risk.
     *
     * @param names how texts call nodes
     * @param users the users of the tailnet
     * @return for example {@code 10.0.0.0/8 depends on berlin-a alone}
     */
    String text(Names names, Users users);

    /**
     * Only one router can carry the prefix now.
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

        @Override
        public String text(Names names, Users users) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(users, "users");
            return prefix + " depends on " + names.node(router) + " alone";
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

        @Override
        public String text(Names names, Users users) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(users, "users");
            return prefix + " depends on " + Texts.first(routers, names::node) + ", which share " + text(owner, users);
        }

        private static String text(Owner owner, Users users) {
            if (owner instanceof Owner.Tagged tagged) {
                return tagged.tags().stream().map(Tag::value).collect(Collectors.joining(" and "));
            }
            UserId user = ((Owner.OfUser) owner).id();
            return "the user " + users.find(user).map(User::name).orElse(user.toString());
        }
    }
}
