package dev.wayleave.examples.server.sample;

import dev.wayleave.RoutingState;
import dev.wayleave.command.Command;
import dev.wayleave.examples.server.plane.ControlPlane;
import dev.wayleave.examples.server.plane.HostTables;
import dev.wayleave.examples.server.plane.NodeAddresses;
import dev.wayleave.examples.server.plane.WrittenPolicy;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** A tailnet with something to show: two pairs of routers, one network behind two sites, an exit node, and viewers. */
public final class Sample {

    public static final Actor ACTOR = new Actor("sample");

    /** The prefix of the host keys of its nodes. */
    private static final String HOST_KEY = "sample:";

    private static final List<Device> DEVICES = List.of(
            new Device("berlin-a", Owner.tags("tag:router"), "10.20.0.0/16"),
            new Device("berlin-b", Owner.tags("tag:router"), "10.20.0.0/16", "10.28.0.0/16"),
            new Device("cloud-a", Owner.tags("tag:router"), "172.31.0.0/16", "2001:db8:31::/48"),
            new Device("cloud-b", Owner.tags("tag:router"), "172.31.0.0/16", "2001:db8:31::/48"),
            new Device("london", Owner.tags("tag:site-london"), "10.40.0.0/16"),
            new Device("paris", Owner.tags("tag:site-paris"), "10.40.0.0/16"),
            new Device("frankfurt-exit", Owner.tags("tag:exit"), "0.0.0.0/0", "::/0"),
            new Device("ada-laptop", Owner.user(new UserId("1"))),
            new Device("ben-phone", Owner.user(new UserId("2"))),
            new Device("lea-laptop", Owner.user(new UserId("3")), "192.168.7.0/24"),
            new Device("monitor", Owner.tags("tag:monitor")));

    private Sample() {}

    private record Device(String name, Owner owner, List<Prefix> prefixes) {

        Device(String name, Owner owner, String... prefixes) {
            this(name, owner, List.of(prefixes).stream().map(Prefix::parse).toList());
        }
    }

    /** Fills a tailnet that has no nodes. */
    public static void fill(ControlPlane plane, WrittenPolicy policy, HostTables tables, InstantSource clock) {
        var unused = plane.submit(ACTOR, new Command.SetUsers(users()));
        if (!policy.replace(ACTOR, policy()).isEmpty()) {
            throw new IllegalStateException("the sample's policy has problems");
        }
        List<Command> commands = new ArrayList<>();
        NodeAddresses addresses = new NodeAddresses(plane.state().settings().overlay());
        Set<IpAddress> taken = new HashSet<>();
        // one a minute, the last one now: two that registered in one millisecond would be ordered by their numbers
        Instant registered = clock.instant().minus(Duration.ofMinutes(DEVICES.size()));
        for (Device device : DEVICES) {
            registered = registered.plus(Duration.ofMinutes(1));
            NodeId id = new NodeId(tables.next("node"));
            Node.Builder node = Node.builder(id, device.name(), device.owner())
                    .hostKey(HOST_KEY + device.name())
                    .registeredAt(registered);
            List<IpAddress> own = addresses.free(id.value(), taken);
            own.forEach(node::address);
            taken.addAll(own);
            commands.add(new Command.RegisterNode(node.build()));
            commands.add(new Command.AdvertiseRoutes(id, device.prefixes()));
        }
        unused = plane.submit(ACTOR, commands.toArray(Command[]::new));
        NodeId denied = plane.state().nodeWithHostKey(HOST_KEY + "lea-laptop").orElseThrow();
        unused = plane.submit(ACTOR, new Command.RevokeRoutes(denied, List.of(Prefix.parse("192.168.7.0/24"))));
    }

    /** The nodes of the sample that the tailnet has. */
    static List<NodeId> nodes(RoutingState state) {
        return state.nodes().values().stream()
                .filter(node -> node.facts().hostKey().startsWith(HOST_KEY))
                .map(node -> node.id())
                .toList();
    }

    private static Users users() {
        return Users.of(user("1", "ada", Role.ADMIN), user("2", "ben", Role.MEMBER), user("3", "lea", Role.MEMBER));
    }

    private static User user(String id, String name, Role role) {
        return User.builder(new UserId(id), name)
                .email(name + "@example.com")
                .role(role)
                .build();
    }

    private static String policy() {
        try (InputStream file = Objects.requireNonNull(Sample.class.getResourceAsStream("sample-policy.hujson"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
