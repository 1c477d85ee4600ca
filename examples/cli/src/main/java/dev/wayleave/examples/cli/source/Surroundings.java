package dev.wayleave.examples.cli.source;

import dev.wayleave.RoutingState;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyNotice;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.TailnetNotices;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The tailnet in which a policy is checked, as far as it is known.
 *
 * @param users the users; none if they are not known
 * @param notices what a policy means there
 */
public record Surroundings(Users users, Function<RoutingPolicy, List<PolicyNotice>> notices) {

    /** Users, and nothing else. */
    public static Surroundings of(Users users) {
        return new Surroundings(
                users, policy -> TailnetNotices.of(policy, users, List.of(), List.of(), OverlayRanges.DEFAULT));
    }

    public static Surroundings of(Tailnet tailnet) {
        TreeSet<Prefix> routes = new TreeSet<>();
        for (Device device : tailnet.devices()) {
            routes.addAll(device.advertised());
            routes.addAll(device.approvedByHand());
        }
        List<Node> nodes = tailnet.devices().stream().map(Device::node).toList();
        return new Surroundings(
                tailnet.users(),
                policy -> TailnetNotices.of(policy, tailnet.users(), nodes, routes, tailnet.overlay()));
    }

    public static Surroundings of(RoutingState state) {
        return new Surroundings(state.users(), state::notices);
    }
}
