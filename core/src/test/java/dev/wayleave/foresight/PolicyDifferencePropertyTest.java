package dev.wayleave.foresight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.wayleave.access.ExitRule;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.access.PacketFilter;
import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.approval.Approvals;
import dev.wayleave.approval.AutoApproval;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.testing.NaiveTailnet;
import dev.wayleave.visibility.engine.Presences;
import dev.wayleave.visibility.engine.Visibility;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What policies allow differently is what the engine lets through differently, in every tailnet. */
class PolicyDifferencePropertyTest {

    private static final int PAIRS = Boolean.getBoolean("wayleave.slow") ? 10_000 : 60;

    private static final RoutingPolicy NO_GROUPS = RoutingPolicy.builder().build();

    private static final List<IpAddress> PUBLIC =
            List.of(IpAddress.parse("9.9.9.9"), IpAddress.parse("203.0.113.9"), IpAddress.parse("2001:db8:1::9"));

    /** So many are asked about at each node. */
    private static final int PACKETS = 25;

    /** A packet that arrives at a node. */
    private record Packet(NodeRoutes from, IpAddress source, NodeRoutes to, IpAddress destination) {}

    private record Kind(Protocol protocol, int port) {}

    private static final List<Kind> KINDS = List.of(
            new Kind(Protocol.TCP, 22),
            new Kind(Protocol.TCP, 80),
            new Kind(Protocol.TCP, 443),
            new Kind(Protocol.TCP, 9999),
            new Kind(Protocol.UDP, 443),
            new Kind(Protocol.ICMP, 0),
            new Kind(Protocol.IPV6_ICMP, 0));

    @Test
    void everyDifferenceInATailnetIsListed() {
        int equal = 0;
        int different = 0;
        for (int seed = 0; seed < PAIRS; seed++) {
            PolicyPairs pair = new PolicyPairs(new Random(seed));
            PolicyComparison comparison = comparison(pair.before, pair.after);
            Findings listed = new Findings(comparison, pair.before);
            boolean isEmpty = comparison.difference().isEmpty();
            equal += isEmpty ? 1 : 0;
            different += isEmpty ? 0 : 1;
            assertListed(pair, listed, seed);
            if (isEmpty) {
                assertSameViews(pair, seed);
            }
        }
        assertThat(equal).isGreaterThan(PAIRS / 20);
        assertThat(different).isGreaterThan(PAIRS / 5);
    }

    @Test
    void eachDifferenceIsRealInATailnetOfItsExample() {
        int examples = 0;
        for (int seed = 0; seed < PAIRS; seed++) {
            PolicyPairs pair = new PolicyPairs(new Random(seed));
            RoutingPolicy before = pair.before.policy();
            RoutingPolicy after = pair.after.policy();
            PolicyDifference difference = PolicyDifference.of(before, after, settings(pair.before));
            for (PolicyDifference.Access access : difference.access()) {
                if (hasExample(access)) {
                    examples++;
                    assertThat(passes(access, after, pair.before))
                            .as("seed %s, after: %s", seed, access)
                            .isEqualTo(access.isGain());
                    assertThat(passes(access, before, pair.before))
                            .as("seed %s, before: %s", seed, access)
                            .isEqualTo(!access.isGain());
                }
            }
            for (PolicyDifference.Approval approval : difference.approvals()) {
                assertThat(isApproved(approval, after))
                        .as("seed %s %s", seed, approval)
                        .isEqualTo(approval.isGain());
                assertThat(isApproved(approval, before))
                        .as("seed %s %s", seed, approval)
                        .isEqualTo(!approval.isGain());
            }
        }
        assertThat(examples).isGreaterThan(PAIRS / 2);
    }

    private static RoutingSettings settings(NaiveTailnet tailnet) {
        return RoutingSettings.DEFAULT.toBuilder()
                .overlay(tailnet.overlay().ranges())
                .exit(tailnet.exitRule())
                .build();
    }

    private static PolicyComparison comparison(NaiveTailnet before, NaiveTailnet after) {
        return new PolicyComparison(before.policy(), after.policy(), settings(before));
    }

    // What differs is listed

    private static void assertListed(PolicyPairs pair, Findings listed, int seed) {
        AccessRules before = pair.before.compile();
        AccessRules after = pair.after.compile();
        for (NodeRoutes to : pair.before.nodes()) {
            PacketFilter filterBefore = before.filter(to.node().id());
            PacketFilter filterAfter = after.filter(to.node().id());
            for (Packet packet : packets(pair.before, to, new Random(seed))) {
                for (Kind kind : KINDS) {
                    boolean previous =
                            filterBefore.admits(packet.source(), packet.destination(), kind.protocol(), kind.port());
                    boolean current =
                            filterAfter.admits(packet.source(), packet.destination(), kind.protocol(), kind.port());
                    if (previous != current && !listed.has(packet, kind, current)) {
                        fail("seed %s: %s %s gained %s\n%s", seed, packet, kind, current, pair.elected);
                    }
                }
            }
            for (NodeRoutes from : pair.before.nodes()) {
                boolean previous = sees(before, from, to);
                boolean current = sees(after, from, to);
                if (previous != current && !listed.concerns(from, to) && !listed.concerns(to, from)) {
                    fail("seed %s: %s sees %s: %s\n%s", seed, from, to, current, pair.elected);
                }
            }
            assertApprovalsListed(pair, listed, to, seed);
        }
    }

    private static void assertApprovalsListed(PolicyPairs pair, Findings listed, NodeRoutes node, int seed) {
        AutoApproval before = AutoApproval.compile(pair.before.policy(), pair.before.users());
        AutoApproval after = AutoApproval.compile(pair.after.policy(), pair.before.users());
        for (Prefix prefix : List.of(
                Prefix.parse("0.0.0.0/0"),
                Prefix.parse("10.0.0.0/8"),
                Prefix.parse("10.0.0.0/12"),
                Prefix.parse("10.0.0.0/16"),
                Prefix.parse("10.0.1.0/25"),
                Prefix.parse("192.168.0.0/24"),
                Prefix.parse("fd00::/64"))) {
            boolean previous =
                    before.review(node.node(), prefix, Approvals.none()).isApproved();
            boolean current =
                    after.review(node.node(), prefix, Approvals.none()).isApproved();
            if (previous != current) {
                assertThat(listed.hasApproval(node, prefix, current))
                        .as("seed %s: %s on %s: %s", seed, prefix, node, current)
                        .isTrue();
            }
        }
    }

    private static boolean sees(AccessRules rules, NodeRoutes one, NodeRoutes other) {
        return rules.node(one.node().id())
                .orElseThrow()
                .sees(rules.node(other.node().id()).orElseThrow());
    }

    private static List<Packet> packets(NaiveTailnet tailnet, NodeRoutes to, Random random) {
        List<Packet> packets = new ArrayList<>();
        List<IpAddress> destinations = new ArrayList<>(to.node().addresses());
        to.effective().stream()
                .filter(prefix -> !prefix.isExitRoute())
                .forEach(prefix -> destinations.addAll(List.of(prefix.first(), prefix.last())));
        if (to.isExitNode()) {
            PUBLIC.stream()
                    .filter(tailnet.overlay().ranges().publicInternet()::contains)
                    .forEach(destinations::add);
        }
        for (NodeRoutes from : tailnet.nodes()) {
            List<IpAddress> sources = new ArrayList<>(from.node().addresses());
            from.effective().stream()
                    .filter(prefix -> !prefix.isExitRoute())
                    .forEach(prefix -> sources.add(prefix.first()));
            for (IpAddress source : sources) {
                for (IpAddress destination : destinations) {
                    if (!from.node().id().equals(to.node().id())) {
                        packets.add(new Packet(from, source, to, destination));
                    }
                }
            }
        }
        Collections.shuffle(packets, random);
        return packets.subList(0, Math.min(PACKETS, packets.size()));
    }

    /** Where nothing is listed, nothing differs: peers, routes and their carriers. */
    private static void assertSameViews(PolicyPairs pair, int seed) {
        Visibility before = Visibility.of(pair.before.compile(), pair.elected.routes(), Presences.NONE);
        Visibility after = Visibility.of(pair.after.compile(), pair.elected.routes(), Presences.NONE);
        for (NodeRoutes node : pair.before.nodes()) {
            NodeId id = node.node().id();
            assertThat(after.viewer(id).orElseThrow().peers())
                    .as("seed %s, peers of %s", seed, id)
                    .isEqualTo(before.viewer(id).orElseThrow().peers());
            assertThat(after.viewer(id).orElseThrow().routes())
                    .as("seed %s, routes of %s", seed, id)
                    .isEqualTo(before.viewer(id).orElseThrow().routes());
        }
    }

    /** Asks whether what a tailnet shows is among the differences. */
    private static final class Findings {
        private final PolicyComparison comparison;
        private final NaiveTailnet tailnet;
        private final List<AccessComparison.Block> blocks;

        Findings(PolicyComparison comparison, NaiveTailnet tailnet) {
            this.comparison = comparison;
            this.tailnet = tailnet;
            this.blocks = comparison.access.blocks();
        }

        boolean has(Packet packet, Kind kind, boolean gain) {
            return blocks.stream()
                    .anyMatch(block -> block.gain() == gain
                            && (opensExitNode(block)
                                    || comparison.access.space.has(block.flows(), kind.protocol(), kind.port()))
                            && block.sources().stream()
                                    .anyMatch(i -> isSource(comparison.access.sources.get(i), packet.source()))
                            && ((block.self()
                                            && isOwned(
                                                    packet.source(),
                                                    packet.to().node().owner()))
                                    || block.destinations().stream()
                                            .anyMatch(i ->
                                                    isDestination(comparison.access.destinations.get(i), packet))));
        }

        private boolean isOwned(IpAddress address, Owner owner) {
            return tailnet.nodes().stream()
                    .anyMatch(node -> node.node().addresses().contains(address)
                            && node.node().owner().equals(owner));
        }

        private boolean isOwned(NodeRoutes from, Owner owner) {
            return addresses(from).stream().anyMatch(address -> isOwned(address, owner));
        }

        /** The node's own addresses, and those of other nodes that lie in its routes. */
        private List<IpAddress> addresses(NodeRoutes node) {
            return tailnet.nodes().stream()
                    .flatMap(each -> each.node().addresses().stream())
                    .filter(address -> node.node().addresses().contains(address)
                            || node.effective().stream()
                                    .anyMatch(route -> !route.isExitRoute() && route.contains(address)))
                    .toList();
        }

        private static boolean opensExitNode(AccessComparison.Block block) {
            return FlowSpace.effects(block.flows()).contains(PolicyDifference.Effect.EXIT_NODE);
        }

        boolean concerns(NodeRoutes from, NodeRoutes to) {
            return blocks.stream()
                    .anyMatch(block -> block.sources().stream()
                                    .anyMatch(i -> isSource(comparison.access.sources.get(i), from))
                            && ((block.self() && isOwned(from, to.node().owner()))
                                    || block.destinations().stream()
                                            .anyMatch(i -> isDestination(comparison.access.destinations.get(i), to))));
        }

        boolean hasApproval(NodeRoutes node, Prefix prefix, boolean gain) {
            return comparison.approvals.parts().stream()
                    .anyMatch(part -> part.gain() == gain
                            && part.owners().stream()
                                    .anyMatch(i -> isOf(
                                            comparison.owners.get(i),
                                            node.node().owner()))
                            && (part.keyOrNull() == null
                                    ? prefix.isExitRoute()
                                    : !prefix.isExitRoute() && part.keyOrNull().contains(prefix)));
        }

        private boolean isOf(OwnerAtom atom, Owner owner) {
            if (owner instanceof Owner.Tagged tagged) {
                return !atom.isUser()
                        && (atom.tagOrNull() == null || tagged.tags().contains(atom.tagOrNull()));
            }
            UserId id = ((Owner.OfUser) owner).id();
            User user = tailnet.users().find(id).orElse(null);
            return user != null
                    && atom.isUser()
                    && atom.shared() == user.isSharedIn()
                    && atom.selectors().stream().allMatch(selector -> NO_GROUPS.matches(selector, id, tailnet.users()));
        }

        private boolean isSource(SourceAtom atom, IpAddress address) {
            OwnerAtom owner = atom.ownerOrNull();
            return holds(atom.address(), address)
                    && (owner == null
                            || tailnet.nodes().stream()
                                    .anyMatch(each -> each.node().addresses().contains(address)
                                            && isOf(owner, each.node().owner())));
        }

        private boolean isSource(SourceAtom atom, NodeRoutes node) {
            return addresses(node).stream().anyMatch(address -> isSource(atom, address))
                    || (atom.ownerOrNull() == null && overlapsRoute(atom.address(), node));
        }

        private static boolean holds(AddressAtom atom, IpAddress address) {
            return atom.covering().stream().allMatch(prefix -> prefix.contains(address));
        }

        private static boolean overlapsRoute(AddressAtom atom, NodeRoutes node) {
            return node.effective().stream()
                    .anyMatch(route -> !route.isExitRoute()
                            && (atom.covering().isEmpty()
                                    || route.overlaps(
                                            atom.covering().get(atom.covering().size() - 1))));
        }

        /** Filters have whole prefixes: what a router lets in because of one of its routes lies in a listed prefix. */
        private boolean isDestination(DestinationAtom atom, Packet packet) {
            OwnerAtom owner = atom.ownerOrNull();
            boolean isOwn = packet.to().node().addresses().contains(packet.destination());
            boolean reachable =
                    tailnet.exitRule() == ExitRule.REACHABLE && packet.to().isExitNode();
            if (owner != null) {
                return (isOwn || reachable) && isOf(owner, packet.to().node().owner());
            }
            if (atom.place() == DestinationAtom.Place.NODE && reachable) {
                return packet.to().node().addresses().stream().anyMatch(own -> holds(atom.address(), own));
            }
            return holds(atom.address(), packet.destination())
                    && (atom.routerOrNull() == null || packet.to().node().hasTag(atom.routerOrNull()));
        }

        private boolean isDestination(DestinationAtom atom, NodeRoutes to) {
            OwnerAtom owner = atom.ownerOrNull();
            if (owner != null) {
                return isOf(owner, to.node().owner());
            }
            boolean tagged = atom.routerOrNull() == null || to.node().hasTag(atom.routerOrNull());
            return tagged
                    && switch (atom.place()) {
                        case NODE -> to.node().addresses().stream().anyMatch(own -> holds(atom.address(), own));
                        case BEHIND_ROUTER -> overlapsRoute(atom.address(), to);
                        case BEHIND_EXIT_NODE -> to.isExitNode();
                    };
        }
    }

    // Examples

    /**
     * A choice of exit nodes needs a third node, and a capability for one public address shows an exit node that
     * another address may show as well.
     */
    private static boolean hasExample(PolicyDifference.Access access) {
        return !access.effects().contains(PolicyDifference.Effect.EXIT_NODE_CHOICE)
                && !(access.effects().contains(PolicyDifference.Effect.PEERS)
                        && access.example().destination().place() == PolicyDifference.Place.BEHIND_EXIT_NODE);
    }

    private static boolean passes(PolicyDifference.Access access, RoutingPolicy policy, NaiveTailnet tailnet) {
        PolicyDifference.Party source = access.example().source();
        PolicyDifference.Party destination = access.example().destination();
        List<NodeRoutes> nodes = new ArrayList<>();
        boolean exit = access.effects().contains(PolicyDifference.Effect.EXIT_NODE)
                && access.traffic().isEmpty();
        nodes.add(node(1, source, false));
        nodes.add(node(2, destination, exit));
        List<User> users = new ArrayList<>();
        source.user().ifPresent(users::add);
        destination.user().filter(user -> !users.contains(user)).ifPresent(users::add);
        AccessRules rules = AccessRules.compile(
                policy, Users.of(users), nodes, tailnet.overlay().ranges(), tailnet.exitRule());
        PacketFilter filter = rules.filter(new NodeId(2));
        if (exit) {
            return filter.admits(source.address(), IpAddress.parse("9.9.9.9"), Protocol.TCP, 80);
        }
        if (access.example().protocol().isPresent()) {
            return filter.admits(
                    source.address(),
                    destination.address(),
                    access.example().protocol().get(),
                    access.example().port());
        }
        if (!access.capabilities().isEmpty()) {
            return filter.rules().stream()
                    .anyMatch(rule -> rule instanceof PacketFilter.CapabilityRule capability
                            && capability.capabilities().entrySet().stream()
                                    .anyMatch(entry ->
                                            access.capabilities().contains(entry.getKey() + " " + entry.getValue()))
                            && capability.sources().stream().anyMatch(pattern -> pattern.contains(source.address())));
        }
        // Two nodes may see each other because of a rule in the other direction.
        return rules.node(new NodeId(1))
                .orElseThrow()
                .sourceRules()
                .meets(rules.node(new NodeId(2)).orElseThrow().destinationRules());
    }

    private static NodeRoutes node(int id, PolicyDifference.Party party, boolean exit) {
        Owner owner = party.user()
                .<Owner>map(user -> Owner.user(user.id()))
                .orElse(party.tags().isEmpty() ? Owner.user(new UserId("stranger")) : new Owner.Tagged(party.tags()));
        Node.Builder node = Node.builder(new NodeId(id), "n" + id, owner);
        TreeSet<Prefix> routes = new TreeSet<>();
        switch (party.place()) {
            case NODE -> node.address(party.address());
            case BEHIND_ROUTER -> routes.add(party.address().toPrefix());
            case BEHIND_EXIT_NODE -> routes.addAll(List.of(Prefix.parse("0.0.0.0/0"), Prefix.parse("::/0")));
            case OUTSIDE -> node.noAddresses();
        }
        if (exit) {
            routes.addAll(List.of(Prefix.parse("0.0.0.0/0"), Prefix.parse("::/0")));
        }
        return new NodeRoutes(node.build(), routes);
    }

    private static boolean isApproved(PolicyDifference.Approval approval, RoutingPolicy policy) {
        User user = approval.exampleOwnerOrNull();
        Owner owner = user == null
                ? new Owner.Tagged(new TreeSet<>(List.of(approval.exampleTag().orElseThrow())))
                : Owner.user(user.id());
        return AutoApproval.compile(policy, user == null ? Users.of() : Users.of(user))
                .review(owner, approval.examplePrefix(), Approvals.none())
                .isApproved();
    }
}
