package dev.wayleave.examples.cli;

import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.policy.RoutingPolicy;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a file says about a tailnet.
 *
 * @param policy what the administrators wrote
 * @param users whose nodes there are
 * @param devices in the order of their ids
 * @param overlay the ranges from which nodes have their addresses
 */
record Tailnet(RoutingPolicy policy, Users users, List<Device> devices, OverlayRanges overlay) {

    Optional<Device> find(String name) {
        return devices.stream()
                .filter(device -> device.node().name().equals(name))
                .findFirst();
    }

    Device named(String name) {
        return find(name)
                .orElseThrow(() -> new BadInput("there is no node `" + name + "`"
                        + NearNames.hint(
                                name,
                                devices.stream()
                                        .map(device -> device.node().name())
                                        .toList())));
    }

    Device device(NodeId id) {
        return devices.stream()
                .filter(device -> device.node().id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    Node node(NodeId id) {
        return device(id).node();
    }

    static Collection<Tag> tags(Node node) {
        return node.owner() instanceof Owner.Tagged tagged ? tagged.tags() : List.of();
    }

    /** Whose a node is: the user's name, or the tags. */
    String owners(Node node) {
        return node.owner() instanceof Owner.OfUser owner
                ? owner(owner).name()
                : tags(node).stream().map(Tag::value).collect(Collectors.joining(", "));
    }

    User owner(Owner.OfUser owner) {
        return users.find(owner.id()).orElseThrow();
    }
}
