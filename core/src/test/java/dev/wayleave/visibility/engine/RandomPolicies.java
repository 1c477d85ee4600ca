package dev.wayleave.visibility.engine;

import dev.wayleave.mesh.Tag;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.AclRule;
import dev.wayleave.policy.Grant;
import dev.wayleave.policy.PortRange;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.RoutingPolicyBuilder;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Selector.Autogroup;
import dev.wayleave.policy.Traffic;
import dev.wayleave.testing.NaiveOverlay;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Random policies for {@link Tailnets}: few rules over few words, so that they meet; now and then with many rules
 * between them that name no user, so that the rules which do are far apart.
 */
final class RandomPolicies {

    /** Prefixes that hold all of the internet of their family; those of length 0 are not destinations of grants. */
    private static final List<Prefix> WHOLE = Tailnets.prefixes("2000::/3", "::/2", "0.0.0.0/0", "::/0");

    private static final List<Tag> TAGS = List.of(new Tag("tag:a"), new Tag("tag:b"), new Tag("tag:c"));

    private static final Tag NO_NODE_HAS_IT = new Tag("tag:none");

    private static final List<Selector> NODES = List.of(
            new Selector.UserName("Alice@Example.com"),
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
            new Selector.Address(IpAddress.parse("2001:db8:1::1")));

    private static final List<Protocol> PINGS = List.of(Protocol.ICMP, Protocol.IPV6_ICMP);

    private static final List<Protocol> PROTOCOLS =
            List.of(Protocol.TCP, Protocol.TCP, Protocol.UDP, Protocol.UDP, Protocol.ICMP, Protocol.IPV6_ICMP);

    /** Who may reach {@code autogroup:self}; in an ACL {@code *} may too. */
    private static final Set<Selector> MAY_HAVE_SELF =
            Set.of(NODES.get(0), NODES.get(1), NODES.get(4), Autogroup.MEMBER, Autogroup.ADMIN);

    private final Random random;
    private final NaiveOverlay overlay;
    private final List<Prefix> prefixes;
    private final @Nullable Prefix crowded;
    private final boolean self;

    /** With a prefix to which a grant leads, and, if {@code self}, always with a rule for each user's own nodes. */
    RandomPolicies(Random random, NaiveOverlay overlay, List<Prefix> prefixes, @Nullable Prefix crowded, boolean self) {
        this.random = random;
        this.overlay = overlay;
        this.prefixes = prefixes;
        this.crowded = crowded;
        this.self = self;
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    RoutingPolicy policy() {
        RoutingPolicyBuilder policy = RoutingPolicy.builder()
                .group("group:pair", List.of(new Selector.UserName("alice@example.com"), new Selector.UserName("bob@")))
                .group("group:empty", List.of())
                .host("one", Prefix.parse("10.0.1.7/32"))
                .host("net", Prefix.parse("10.0.0.0/16"))
                .host("node", Prefix.parse(overlay.ipv4() + "2/32"));
        TAGS.forEach(tag -> policy.tagOwners(tag, List.of(Autogroup.MEMBER)));
        policy.tagOwners(NO_NODE_HAS_IT, List.of());
        if (chance(3)) {
            return policy.build();
        }
        if (crowded != null && chance(50)) {
            return policy.grants(List.of(leadingTo(crowded))).build();
        }
        if (chance(60)) {
            List<AclRule> acls = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                acls.add(acl());
            }
            policy.acls(spread(
                    acls,
                    idle -> new AclRule(
                            idle, null, List.of(new AclRule.Destination(idle.get(0), List.of(PortRange.ALL))))));
        }
        List<Grant> grants = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            grants.add(grant());
        }
        if (crowded != null) {
            grants.add(leadingTo(crowded));
        }
        if (self) {
            grants.add(grant(List.of(Autogroup.MEMBER), List.of(Autogroup.SELF)));
        }
        return policy.grants(spread(grants, idle -> grant(idle, idle))).build();
    }

    /**
     * The policy with a rule more, which has no {@code via}, anywhere among those that are there; often one about a
     * subnet route.
     */
    RoutingPolicy withOneMore(RoutingPolicy policy, List<Prefix> subnetRoutes) {
        boolean related = !subnetRoutes.isEmpty() && chance(60);
        if (policy.acls().isEmpty() || (policy.grants().isPresent() && chance(60))) {
            Grant plain = related ? about(pick(subnetRoutes)) : grant();
            Grant added = new Grant(plain.sources(), plain.destinations(), plain.ip(), plain.app(), new TreeSet<>());
            return policy.toBuilder()
                    .grants(inserted(policy.grants().orElseThrow(), added))
                    .build();
        }
        return policy.toBuilder().acls(inserted(policy.acls().get(), acl())).build();
    }

    /** A grant to a subnet route or to one address of it, or back from it. */
    private Grant about(Prefix route) {
        Selector one = new Selector.Address(route.first());
        Selector all = new Selector.Network(route);
        List<Selector> from = chance(50) ? List.of(new Selector.Everything()) : sources();
        return chance(60)
                ? new Grant(
                        from,
                        List.of(chance(70) ? one : all),
                        List.of(new Traffic(null, ports(null))),
                        new TreeMap<>(),
                        new TreeSet<>())
                : grant(List.of(all), destinations(List.of(all), false, true));
    }

    private <T> List<T> inserted(List<T> rules, T added) {
        List<T> all = new ArrayList<>(rules);
        all.add(random.nextInt(all.size() + 1), added);
        return all;
    }

    private static Grant grant(List<Selector> sources, List<Selector> destinations) {
        return new Grant(sources, destinations, List.of(Traffic.ALL), new TreeMap<>(), new TreeSet<>());
    }

    /** The rules in their order, in some policies with up to 200 between them that name no user. */
    private <T> List<T> spread(List<T> rules, Function<List<Selector>, T> idle) {
        List<T> all = new ArrayList<>(rules);
        if (chance(10)) {
            T ofEmptyGroup = idle.apply(List.of(new Selector.Group("group:empty")));
            for (int i = random.nextInt(201); i > 0; i--) {
                all.add(random.nextInt(all.size() + 1), ofEmptyGroup);
            }
        }
        return all;
    }

    private Grant leadingTo(Prefix prefix) {
        return new Grant(
                sources(),
                List.of(new Selector.Network(prefix)),
                List.of(Traffic.ALL),
                new TreeMap<>(),
                new TreeSet<>(List.of(pick(TAGS), pick(TAGS))));
    }

    private AclRule acl() {
        List<Selector> sources = sources();
        Protocol protocol = protocol();
        List<AclRule.Destination> destinations = destinations(sources, true, true).stream()
                .map(selector -> new AclRule.Destination(selector, ports(protocol)))
                .toList();
        return new AclRule(sources, protocol, destinations);
    }

    private Grant grant() {
        List<Selector> sources = sources();
        boolean app = chance(20);
        List<Traffic> ip = new ArrayList<>();
        for (int i = app ? random.nextInt(2) : 1 + random.nextInt(2); i > 0; i--) {
            ip.add(chance(60) ? Traffic.ALL : traffic());
        }
        TreeMap<String, String> capabilities = new TreeMap<>();
        if (app) {
            capabilities.put(chance(70) ? "example.com/cap/test" : "example.com/cap/other", "[{}]");
        }
        TreeSet<Tag> via = new TreeSet<>();
        for (int i = chance(35) ? 1 + random.nextInt(2) : 0; i > 0; i--) {
            via.add(chance(15) ? NO_NODE_HAS_IT : pick(TAGS));
        }
        List<Selector> destinations = destinations(sources, false, !app);
        if (app && chance(20)) {
            destinations = List.of(new Selector.Everything());
        } else if (!app && !via.isEmpty() && chance(15)) {
            destinations = List.of(Autogroup.INTERNET);
        }
        return new Grant(sources, destinations, ip, capabilities, via);
    }

    private Traffic traffic() {
        Protocol protocol = protocol();
        return new Traffic(protocol, ports(protocol));
    }

    private @Nullable Protocol protocol() {
        return chance(70) ? null : pick(PROTOCOLS);
    }

    private List<PortRange> ports(@Nullable Protocol protocol) {
        if (chance(60) || (protocol != null && PINGS.contains(protocol))) {
            return List.of(PortRange.ALL);
        }
        return chance(30) ? List.of(new PortRange(1, 65_535)) : List.of(new PortRange(22, 22), new PortRange(80, 443));
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
            } else if (kind < 55) {
                destinations.add(new Selector.Network(pick(acl ? WHOLE : WHOLE.subList(0, 2))));
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
        if (chance(8)) {
            String own = chance(50) ? overlay.ipv4() + 1 : overlay.ipv6() + 3;
            return new Selector.Address(IpAddress.parse(own));
        }
        return chance(30) ? pick(LITERALS) : new Selector.Network(pick(chance(50) ? prefixes.subList(0, 5) : prefixes));
    }
}
