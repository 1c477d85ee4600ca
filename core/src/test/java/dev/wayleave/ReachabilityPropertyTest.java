package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.access.NodeRoutes;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Protocol;
import dev.wayleave.testing.NaivePackets;
import dev.wayleave.testing.NaivePackets.Packet;
import dev.wayleave.testing.NaivePackets.Way;
import dev.wayleave.testing.NaiveTailnet;
import dev.wayleave.testing.NaiveVisibility;
import dev.wayleave.visibility.ElectedRoute;
import dev.wayleave.visibility.Tailnets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** {@link RoutingViews#can}, against packets that are sent one by one through the views and filters of the slow twin. */
class ReachabilityPropertyTest {

    private static final int TAILNETS = 150;

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** A tailnet in the state machine, and the slow twin's packets in it. */
    private record Case(NaiveTailnet tailnet, RoutingViews views, NaivePackets packets) {

        boolean arrives(Packet packet) {
            return packets.arrives(packet);
        }

        Reachability can(Packet packet, Prefix to) {
            return views.can(packet.viewer(), to, packet.protocol(), packet.port())
                    .orElseThrow();
        }
    }

    @Property(tries = TAILNETS)
    void aPacketPassesWhereTheTwinsPacketArrives(@ForAll long seed) {
        checkAddresses(seed);
    }

    static void checkAddresses(long seed) {
        Random random = new Random(seed);
        Case tailnet = any(random);
        for (IpAddress to : NaivePackets.destinations(tailnet.tailnet())) {
            for (NodeRoutes viewer : tailnet.tailnet().nodes()) {
                Packet packet = packet(random, viewer.node().id(), to);
                Reachability answer = tailnet.can(packet, to.toPrefix());
                assertThat(answer.passes()).as("%s: %s", packet, answer).isEqualTo(tailnet.arrives(packet));
                assertSameWay(answer, tailnet.packets().way(packet.viewer(), to), packet.viewer());
            }
        }
    }

    @Property(tries = TAILNETS)
    void aPrefixIsReachableAsFarAsItsAddressesAre(@ForAll long seed) {
        checkPrefixes(seed);
    }

    static void checkPrefixes(long seed) {
        Random random = new Random(seed);
        Case tailnet = any(random);
        SortedSet<IpAddress> parts = NaivePackets.destinations(tailnet.tailnet());
        for (Prefix prefix : asked(tailnet.tailnet())) {
            List<IpAddress> inside =
                    parts.stream().filter(prefix::contains).collect(Collectors.toCollection(ArrayList::new));
            inside.add(prefix.first());
            NodeRoutes viewer = tailnet.tailnet()
                    .nodes()
                    .get(random.nextInt(tailnet.tailnet().nodes().size()));
            Packet packet = packet(random, viewer.node().id(), prefix.first());
            Reachability answer = tailnet.can(packet, prefix);
            int arrived = 0;
            for (IpAddress to : inside) {
                boolean arrives = tailnet.arrives(new Packet(packet.viewer(), to, packet.protocol(), packet.port()));
                arrived += arrives ? 1 : 0;
                assertThat(answer.reachable().contains(to))
                        .as("%s of %s: %s", to, packet, answer)
                        .isEqualTo(arrives);
            }
            assertThat(answer)
                    .isInstanceOf(
                            arrived == 0
                                    ? Reachability.No.class
                                    : arrived < inside.size() ? Reachability.Partly.class : Reachability.Yes.class);
        }
    }

    /** Routes, half of each, and what holds them. */
    private static SortedSet<Prefix> asked(NaiveTailnet tailnet) {
        TreeSet<Prefix> asked = new TreeSet<>();
        for (NodeRoutes node : tailnet.nodes()) {
            for (Prefix route : node.effective()) {
                asked.add(route);
                asked.add(Prefix.truncating(route.last(), Math.min(route.length() + 1, route.isIpv4() ? 32 : 128)));
                asked.add(Prefix.truncating(route.first(), Math.max(route.length() - 1, 0)));
            }
        }
        return asked;
    }

    private static void assertSameWay(Reachability answer, Way way, NodeId viewer) {
        for (Reachability.Path path : answer.paths()) {
            if (path.hop() instanceof Reachability.Router router) {
                assertThat(way).isEqualTo(new Way(router.prefix(), new TreeSet<>(List.of(router.carrier()))));
            } else if (path.hop() instanceof Reachability.ExitNode exit) {
                assertThat(way.over()).isEqualTo(exit.prefix());
                assertThat(way.routers()).contains(exit.exitNode());
            } else if (path.hop() instanceof Reachability.Peer peer) {
                assertThat(way.over().isSingleAddress()).isTrue();
                assertThat(way.routers()).containsExactly(peer.peer());
            } else {
                assertThat(way.routers()).containsExactly(viewer);
            }
        }
    }

    private static Packet packet(Random random, NodeId viewer, IpAddress to) {
        return switch (random.nextInt(4)) {
            case 0 -> new Packet(viewer, to, Protocol.TCP, 22);
            case 1 -> new Packet(viewer, to, Protocol.TCP, 443);
            case 2 -> new Packet(viewer, to, Protocol.UDP, 8080);
            default -> new Packet(viewer, to, to.isIpv4() ? Protocol.ICMP : Protocol.IPV6_ICMP, 0);
        };
    }

    /** A random tailnet with some of its nodes online; the state machine elects. */
    private static Case any(Random random) {
        NaiveTailnet tailnet = Tailnets.of(random).tailnet();
        List<Command> commands = new ArrayList<>();
        commands.add(new Command.UsersReplaced(tailnet.users()));
        for (NodeRoutes node : tailnet.nodes()) {
            NodeId id = node.node().id();
            commands.add(new Command.NodeRegistered(node.node()));
            commands.add(new Command.RoutesAdvertised(id, new TreeSet<>(node.effective())));
            commands.add(new Command.RoutesApproved(id, new TreeSet<>(node.effective())));
            if (random.nextInt(4) > 0) {
                commands.add(new Command.SessionConnected(id, new SessionId("session of " + id)));
            }
        }
        commands.add(new Command.PolicyReplaced(tailnet.policy()));
        RoutingSettings settings = RoutingSettings.DEFAULT.toBuilder()
                .overlay(tailnet.overlay().ranges())
                .exit(tailnet.exitRule())
                .build();
        Step step = Routing.step(
                RoutingState.empty(new TailnetId("example.com"), settings, START),
                List.of(Submission.of(new Actor("any"), commands.toArray(Command[]::new))),
                START);
        assertThat(step.results()).allMatch(SubmissionResult.Accepted.class::isInstance);
        RoutingViews views = RoutingViews.of(step.next());
        Map<Prefix, ElectedRoute> elected = new TreeMap<>();
        step.next()
                .routes()
                .keySet()
                .forEach(prefix -> elected.put(prefix, views.visibility().elected(prefix)));
        return new Case(tailnet, views, NaivePackets.of(tailnet, new NaiveVisibility(tailnet, elected)));
    }
}
