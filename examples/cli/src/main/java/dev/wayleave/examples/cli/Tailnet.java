package dev.wayleave.examples.cli;

import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.Users;
import dev.wayleave.policy.RoutingPolicy;
import java.util.List;

/**
 * What a file says about a tailnet.
 *
 * @param policy what the administrators wrote
 * @param users whose nodes there are
 * @param devices in the order of their ids
 */
record Tailnet(RoutingPolicy policy, Users users, List<Device> devices) {

    Device named(String name) {
        return devices.stream()
                .filter(device -> device.node().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BadInput("there is no node `" + name + "`"
                        + NearNames.hint(
                                name,
                                devices.stream()
                                        .map(device -> device.node().name())
                                        .toList())));
    }

    Node node(NodeId id) {
        return devices.stream()
                .map(Device::node)
                .filter(node -> node.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    User owner(Owner.OfUser owner) {
        return users.find(owner.id()).orElseThrow();
    }
}
