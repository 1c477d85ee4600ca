package dev.wayleave.visibility;

import dev.wayleave.access.ExitRule;
import dev.wayleave.access.NaiveTailnet;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.AclRule;
import dev.wayleave.policy.Grant;
import dev.wayleave.policy.PortRange;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Selector.Autogroup;
import dev.wayleave.policy.Traffic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/**
 * Random small tailnets in which everything that has ever gone wrong is likely: nested and equal prefixes on several nodes, both
 * families, 4via6, routes over tailnet addresses, public prefixes, via groups beside plain grants, nodes with both tags of a
 * pair, groups without members, nodes without addresses or outside the overlay, exit nodes of one family, prefixes without
 * candidates, and candidates in any order.
 */
public final class Tailnets {

    /** A tailnet and what its elections came to. */
    public record Elected(NaiveTailnet tailnet, Map<Prefix, ElectedRoute> routes) {

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("exit rule " + tailnet.exitRule() + "\n");
            tailnet.policy()
                    .acls()
                    .ifPresent(rules -> rules.forEach(rule -> text.append(rule).append('\n')));
            tailnet.policy()
                    .grants()
                    .ifPresent(rules -> rules.forEach(rule -> text.append(rule).append('\n')));
            tailnet.nodes()
                    .forEach(node -> text.append(node.node().id() + " "
                            + node.node().owner() + " " + node.node().addresses() + " " + node.effective() + "\n"));
            return text.append(routes).toString();
        }
    }

    private static final List<Prefix> PREFIXES = prefixes(
            "10.0.0.0/8",
            "10.0.0.0/16",
            "10.0.1.0/24",
            "10.0.1.0/25",
            "10.0.1.7/32",
            "192.168.1.0/24",
            "100.64.0.0/10",
            "100.64.0.0/29",
            "100.64.0.2/32",
            "100.115.92.0/24",
            "203.0.113.0/24",
            "8.0.0.0/5",
            "8.8.8.0/24",
            "fd00::/8",
            "fd00:1::/64",
            "2001:db8::/32",
            "2001:db8:1::/48",
            "fd7a:115c:a1e0::/125",
            "fd7a:115c:a1e0:b1a:0:7:a00:0/112",
            "fd7a:115c:a1e0:b1a:0:7:a00:100/120");

    private static final List<Prefix> EXIT_ROUTES = prefixes("0.0.0.0/0", "::/0");

    private static final Users USERS = Users.of(
            User.builder(new UserId("u1"), "alice").email("alice@example.com").build(),
            User.builder(new UserId("u2"), "bob")
                    .email("bob@example.com")
                    .role(Role.ADMIN)
                    .build(),
            User.builder(new UserId("u3"), "carol").email("carol@example.org").build());

    private static final List<Owner> OWNERS = List.of(
            Owner.user(new UserId("u1")),
            Owner.user(new UserId("u1")),
            Owner.user(new UserId("u2")),
            Owner.user(new UserId("u3")),
            Owner.tags("tag:a"),
            Owner.tags("tag:b"),
            Owner.tags("tag:a", "tag:b"),
            Owner.tags("tag:c"));

    private static final List<Tag> TAGS = List.of(new Tag("tag:a"), new Tag("tag:b"), new Tag("tag:c"));

    private static final List<Selector> NODES = List.of(
            new Selector.UserName("alice@example.com"),
            new Selector.UserName("bob@"),
            new Selector.UserName("nobody@example.com"),
            new Selector.UserDomain("example.com"),
            new Selector.Group("group:pair"),
            new Selector.Group("group:empty"),
            new Selector.Tagged(TAGS.get(0)),
            new Selector.Tagged(TAGS.get(1)),
            new Selector.Tagged(TAGS.get(2)),
            Autogroup.MEMBER,
            Autogroup.TAGGED,
            Autogroup.ADMIN);

    private static final List<Selector> LITERALS = List.of(
            new Selector.Host("one"),
            new Selector.Host("net"),
            new Selector.Host("node"),
            new Selector.Address(IpAddress.parse("10.0.1.7")),
            new Selector.Address(IpAddress.parse("8.8.8.8")),
            new Selector.Address(IpAddress.parse("100.64.0.1")),
            new Selector.Address(IpAddress.parse("fd7a:115c:a1e0::3")),
            new Selector.Address(IpAddress.parse("2001:db8:1::1")));

    /** Who may reach {@code autogroup:self}; in an ACL {@code *} may too. */
    private static final Set<Selector> MAY_HAVE_SELF =
            Set.of(NODES.get(0), NODES.get(1), NODES.get(4), Autogroup.MEMBER, Autogroup.ADMIN);

    private final Random random;

    private Tailnets(Random random) {
        this.random = random;
    }

    static Arbitrary<Elected> any() {
        return Arbitraries.randomValue(random -> new Tailnets(random).elected());
    }

    public static Elected of(Random random) {
        return new Tailnets(random).elected();
    }

    /** A tailnet, and the same after some changes. */
    public record Step(Elected before, Elected after) {}

    static Arbitrary<Step> steps() {
        return Arbitraries.randomValue(random -> new Tailnets(random).step());
    }

    private static List<Prefix> prefixes(String... texts) {
        return java.util.Arrays.stream(texts).map(Prefix::parse).toList();
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private Elected elected() {
        List<NodeRoutes> nodes = new ArrayList<>();
        int count = 2 + random.nextInt(7);
        for (int i = 1; i <= count; i++) {
            nodes.add(node(i));
        }
        ExitRule exitRule = chance(50) ? ExitRule.INTERNET : ExitRule.REACHABLE;
        NaiveTailnet tailnet = new NaiveTailnet(policy(), USERS, nodes, exitRule);
        return new Elected(tailnet, elections(nodes));
    }

    private Step step() {
        Elected before = elected();
        NaiveTailnet tailnet = before.tailnet();
        List<NodeRoutes> nodes = new ArrayList<>(tailnet.nodes());
        int changes = chance(40) ? 0 : 1 + random.nextInt(2);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(nodes.size() + 1);
            if (at == nodes.size()) {
                nodes.add(node(20 + i));
            } else if (chance(20) && nodes.size() > 1) {
                nodes.remove(at);
            } else if (chance(50)) {
                nodes.set(at, new NodeRoutes(nodes.get(at).node(), routes()));
            } else {
                nodes.set(at, node((int) nodes.get(at).node().id().value()));
            }
        }
        RoutingPolicy policy = chance(20) ? policy() : tailnet.policy();
        Map<Prefix, ElectedRoute> elections = elections(nodes);
        before.routes().forEach((prefix, route) -> {
            List<NodeRoutes> holders = nodes.stream()
                    .filter(node -> node.effective().contains(prefix))
                    .toList();
            boolean stands = route.candidates().stream()
                            .allMatch(id -> holders.stream()
                                    .anyMatch(node -> node.node().id().equals(id)))
                    && route.primary().stream()
                            .allMatch(id -> holders.stream()
                                    .anyMatch(node -> node.node().id().equals(id)));
            if (stands && chance(60)) {
                elections.put(prefix, route);
            }
        });
        NaiveTailnet next = new NaiveTailnet(policy, USERS, nodes, tailnet.exitRule());
        return new Step(before, new Elected(next, elections));
    }

    private NodeRoutes node(int id) {
        Node.Builder node = Node.builder(new NodeId(id), "n" + id, pick(OWNERS));
        if (!chance(8)) {
            node.address(IpAddress.parse(chance(5) ? "10.0.1." + id : "100.64.0." + id));
        }
        if (!chance(8)) {
            node.address(IpAddress.parse("fd7a:115c:a1e0::" + id));
        }
        return new NodeRoutes(node.build(), routes());
    }

    private TreeSet<Prefix> routes() {
        TreeSet<Prefix> routes = new TreeSet<>();
        if (chance(60)) {
            for (int i = random.nextInt(4); i > 0; i--) {
                routes.add(pick(chance(60) ? PREFIXES.subList(0, 5) : PREFIXES));
            }
        }
        if (chance(30)) {
            routes.addAll(chance(70) ? EXIT_ROUTES : List.of(pick(EXIT_ROUTES)));
        }
        return routes;
    }

    private Map<Prefix, ElectedRoute> elections(List<NodeRoutes> nodes) {
        Map<Prefix, ElectedRoute> elections = new TreeMap<>();
        TreeSet<Prefix> prefixes = new TreeSet<>();
        nodes.forEach(node -> prefixes.addAll(node.effective()));
        prefixes.removeIf(Prefix::isExitRoute);
        for (Prefix prefix : prefixes) {
            List<NodeId> holders = new ArrayList<>(nodes.stream()
                    .filter(node -> node.effective().contains(prefix))
                    .map(node -> node.node().id())
                    .toList());
            Collections.shuffle(holders, random);
            List<NodeId> candidates = chance(60) ? holders : holders.subList(0, random.nextInt(holders.size() + 1));
            Optional<NodeId> primary = candidates.isEmpty()
                    ? Optional.of(holders.get(0)).filter(kept -> chance(40))
                    : Optional.of(pick(candidates));
            elections.put(prefix, new ElectedRoute(primary, candidates));
        }
        return elections;
    }

    private RoutingPolicy policy() {
        RoutingPolicy.Builder policy = RoutingPolicy.builder()
                .group("group:pair", List.of(new Selector.UserName("alice@example.com"), new Selector.UserName("bob@")))
                .group("group:empty", List.of())
                .host("one", Prefix.parse("10.0.1.7/32"))
                .host("net", Prefix.parse("10.0.0.0/16"))
                .host("node", Prefix.parse("100.64.0.2/32"));
        TAGS.forEach(tag -> policy.tagOwners(tag, List.of(Autogroup.MEMBER)));
        if (chance(3)) {
            return policy.build();
        }
        if (chance(60)) {
            List<AclRule> acls = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                acls.add(acl());
            }
            policy.acls(acls);
        }
        List<Grant> grants = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            grants.add(grant());
        }
        return policy.grants(grants).build();
    }

    private AclRule acl() {
        List<Selector> sources = sources();
        List<AclRule.Destination> destinations = destinations(sources, true, true).stream()
                .map(selector -> new AclRule.Destination(selector, ports()))
                .toList();
        return new AclRule(sources, protocol(), destinations);
    }

    private Grant grant() {
        List<Selector> sources = sources();
        boolean app = chance(20);
        List<Traffic> ip = new ArrayList<>();
        for (int i = app ? random.nextInt(2) : 1 + random.nextInt(2); i > 0; i--) {
            ip.add(chance(60) ? Traffic.ALL : new Traffic(protocol(), ports()));
        }
        TreeMap<String, String> capabilities = new TreeMap<>();
        if (app) {
            capabilities.put("example.com/cap/test", "[{}]");
        }
        TreeSet<Tag> via = new TreeSet<>();
        for (int i = chance(35) ? 1 + random.nextInt(2) : 0; i > 0; i--) {
            via.add(pick(TAGS));
        }
        return new Grant(sources, destinations(sources, false, !app), ip, capabilities, via);
    }

    private Optional<Protocol> protocol() {
        return chance(70) ? Optional.empty() : Optional.of(new Protocol(chance(50) ? 6 : 17));
    }

    private List<PortRange> ports() {
        return chance(60) ? List.of(PortRange.ALL) : List.of(new PortRange(22, 22), new PortRange(80, 443));
    }

    private List<Selector> sources() {
        List<Selector> sources = new ArrayList<>();
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            int kind = random.nextInt(100);
            if (kind < 12) {
                sources.add(new Selector.Everything());
            } else if (kind < 15) {
                sources.add(Autogroup.DANGER_ALL);
            } else if (kind < 70) {
                sources.add(pick(NODES));
            } else {
                sources.add(literal());
            }
        }
        return sources;
    }

    private List<Selector> destinations(List<Selector> sources, boolean acl, boolean internet) {
        List<Selector> destinations = new ArrayList<>();
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            int kind = random.nextInt(100);
            if (kind < 8) {
                destinations.add(new Selector.Everything());
            } else if (kind < 18 && internet) {
                destinations.add(Autogroup.INTERNET);
            } else if (kind < 28 && sources.stream().allMatch(s -> mayHaveSelf(s, acl))) {
                destinations.add(Autogroup.SELF);
            } else if (kind < 50) {
                destinations.add(pick(NODES));
            } else {
                destinations.add(literal());
            }
        }
        return destinations;
    }

    private static boolean mayHaveSelf(Selector source, boolean acl) {
        return MAY_HAVE_SELF.contains(source) || (acl && source instanceof Selector.Everything);
    }

    private Selector literal() {
        return chance(30) ? pick(LITERALS) : new Selector.Network(pick(chance(50) ? PREFIXES.subList(0, 5) : PREFIXES));
    }
}
