package dev.wayleave.access;

import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.Owner;
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
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The rules at one node, straight from rules 3 to 5 of the recorded answers' README: every selector spelled out as ranges of
 * addresses, nothing shared, nothing looked up.
 */
public final class NaiveFilter {

    /** A range of addresses of one family. */
    public record Span(IpAddress first, IpAddress last) {

        static Span of(String text) {
            if (text.contains("/")) {
                return of(Prefix.parse(text));
            }
            String[] ends = text.split("-");
            return new Span(IpAddress.parse(ends[0]), IpAddress.parse(ends[ends.length - 1]));
        }

        static Span of(Prefix prefix) {
            return new Span(prefix.first(), prefix.last());
        }

        static Span of(IpAddress address) {
            return new Span(address, address);
        }

        boolean overlaps(Span other) {
            return first.isIpv4() == other.first.isIpv4()
                    && first.compareTo(other.last) <= 0
                    && other.first.compareTo(last) <= 0;
        }

        boolean contains(Span other) {
            return first.isIpv4() == other.first.isIpv4()
                    && first.compareTo(other.first) <= 0
                    && other.last.compareTo(last) <= 0;
        }
    }

    /** A source or a destination: how the filter writes it, what it covers, and whether it stands for a node. */
    public record Item(String text, List<Span> spans, boolean ofNode) {

        Item(String text, List<Span> spans) {
            this(text, spans, false);
        }

        static Item of(IpAddress address) {
            return new Item(address.toString(), List.of(Span.of(address)), true);
        }

        static Item of(Prefix prefix) {
            return new Item(
                    prefix.isSingleAddress() ? prefix.first().toString() : prefix.toString(), List.of(Span.of(prefix)));
        }

        boolean overlaps(Span span) {
            return spans.stream().anyMatch(span::overlaps);
        }
    }

    /** What one entry of the policy opens at the node. */
    public record Opening(
            RuleId rule,
            List<Item> sources,
            List<Item> destinations,
            List<Traffic> traffic,
            SortedMap<String, String> app,
            boolean via,
            boolean exit) {

        public boolean admits(NodeRoutes viewer, Fault fault) {
            boolean byAddress = viewer.node().addresses().stream()
                    .anyMatch(a -> sources.stream().anyMatch(s -> s.overlaps(Span.of(a))));
            return byAddress
                    || (fault != Fault.SUBNETS_BEHIND_THE_VIEWER_DO_NOT_COUNT
                            && subnetRoutes(viewer).stream().anyMatch(route -> isSource(route, fault)));
        }

        public boolean isSource(Prefix prefix, Fault fault) {
            return sources.stream()
                    .filter(s -> !s.ofNode() || fault != Fault.A_TAG_AS_SOURCE_IS_NOT_FOUND_BEHIND_A_ROUTE)
                    .anyMatch(s -> s.overlaps(Span.of(prefix)));
        }

        public boolean reaches(Prefix prefix, Fault fault) {
            return destinations.stream()
                    .filter(d ->
                            !d.ofNode() || fault != Fault.A_ROUTE_OVER_THE_ROUTERS_OWN_ADDRESS_IS_NOT_OPENED_BY_ITS_TAG)
                    .anyMatch(d -> d.overlaps(Span.of(prefix)));
        }
    }

    private static final List<Item> PUBLIC = List.of(
                    "0.0.0.0-9.255.255.255",
                    "11.0.0.0-100.63.255.255",
                    "100.128.0.0-169.253.255.255",
                    "169.255.0.0-172.15.255.255",
                    "172.32.0.0-192.167.255.255",
                    "192.169.0.0-255.255.255.255",
                    "2000::-3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")
            .stream()
            .map(text -> new Item(text, List.of(Span.of(text))))
            .toList();

    private static final List<Item> OVERLAY =
            List.of("100.64.0.0-100.115.91.255", "100.115.94.0-100.127.255.255", "fd7a:115c:a1e0::/48").stream()
                    .map(text -> new Item(text, List.of(Span.of(text))))
                    .toList();

    private static final Item ANY = new Item("*", List.of(Span.of("0.0.0.0/0"), Span.of("::/0")));

    private final NaiveTailnet tailnet;
    private final NodeRoutes at;
    private final Fault fault;

    private NaiveFilter(NaiveTailnet tailnet, NodeRoutes at, Fault fault) {
        this.tailnet = tailnet;
        this.at = at;
        this.fault = fault;
    }

    /** Everything that is open at a node, entry by entry. */
    public static List<Opening> openings(NaiveTailnet tailnet, NodeRoutes at, Fault fault) {
        return new NaiveFilter(tailnet, at, fault).openings();
    }

    static SortedSet<Prefix> subnetRoutes(NodeRoutes node) {
        SortedSet<Prefix> routes = new TreeSet<>(node.effective());
        routes.removeIf(Prefix::isExitRoute);
        return routes;
    }

    private List<Opening> openings() {
        RoutingPolicy policy = tailnet.policy();
        List<Opening> openings = new ArrayList<>();
        if (policy.acls().isEmpty() && policy.grants().isEmpty()) {
            openings.add(new Opening(
                    RuleId.DEFAULT,
                    sources(List.of(new Selector.Everything())),
                    List.of(ANY),
                    List.of(Traffic.ALL),
                    new TreeMap<>(),
                    false,
                    at.isExitNode()));
            return openings;
        }
        List<Grant> grants = policy.grants().orElse(List.of());
        for (int i = 0; i < grants.size(); i++) {
            RuleId id = new RuleId(RuleId.Section.GRANTS, i);
            Grant grant = grants.get(i);
            for (Selector destination : grant.destinations()) {
                add(openings, id, grant, destination);
            }
        }
        List<AclRule> acls = policy.acls().orElse(List.of());
        for (int i = 0; i < acls.size(); i++) {
            RuleId id = new RuleId(RuleId.Section.ACLS, i);
            AclRule acl = acls.get(i);
            for (AclRule.Destination destination : acl.destinations()) {
                Traffic traffic = new Traffic(acl.protocol(), destination.ports());
                Grant grant = new Grant(
                        acl.sources(),
                        List.of(destination.selector()),
                        List.of(traffic),
                        new TreeMap<>(),
                        new TreeSet<>());
                add(openings, id, grant, destination.selector());
            }
        }
        return openings;
    }

    private void add(List<Opening> openings, RuleId id, Grant grant, Selector destination) {
        boolean via = !grant.via().isEmpty();
        if (via
                && fault != Fault.VIA_HOLDS_AT_EVERY_NODE
                && grant.via().stream().noneMatch(at.node()::hasTag)) {
            return;
        }
        List<Item> sources = destination == Autogroup.SELF ? sourcesOfSelf(grant.sources()) : sources(grant.sources());
        List<Item> destinations = via ? viaDestinations(destination) : destinations(destination);
        if (sources.isEmpty() || destinations.isEmpty()) {
            return;
        }
        boolean exit = at.isExitNode() && namesTheInternet(destination);
        if (!grant.ip().isEmpty()) {
            openings.add(new Opening(id, sources, destinations, grant.ip(), new TreeMap<>(), via, exit));
        }
        if (!grant.app().isEmpty()) {
            boolean shows = exit && fault == Fault.APP_GRANTS_SHOW_EXIT_ROUTES;
            openings.add(new Opening(id, sources, destinations, List.of(), grant.app(), via, shows));
        }
        boolean reachable = tailnet.exitRule() == ExitRule.REACHABLE
                && at.isExitNode()
                && !via
                && !exit
                && grant.ip().contains(Traffic.ALL)
                && destinations.stream()
                        .anyMatch(d -> at.node().addresses().stream().anyMatch(a -> d.overlaps(Span.of(a))));
        if (reachable) {
            openings.add(new Opening(id, sources, PUBLIC, List.of(Traffic.ALL), new TreeMap<>(), false, true));
        }
    }

    // Rule 3.

    private List<Item> sources(List<Selector> selectors) {
        Set<Item> items = new LinkedHashSet<>();
        for (Selector selector : selectors) {
            if (selector instanceof Selector.Everything) {
                items.addAll(OVERLAY);
                if (fault != Fault.THE_WILDCARD_AS_SOURCE_FORGETS_ROUTES) {
                    tailnet.nodes().forEach(n -> subnetRoutes(n).forEach(route -> items.add(Item.of(route))));
                }
            } else if (selector == Autogroup.DANGER_ALL) {
                items.add(ANY);
            } else {
                literal(selector).ifPresent(prefix -> items.add(Item.of(prefix)));
                named(selector).forEach(n -> n.addresses().forEach(a -> items.add(Item.of(a))));
            }
        }
        return List.copyOf(items);
    }

    private List<Item> sourcesOfSelf(List<Selector> selectors) {
        if (!(at.node().owner() instanceof Owner.OfUser) && fault != Fault.SELF_COUNTS_TAGGED_NODES) {
            return List.of();
        }
        List<Item> named = sources(selectors);
        Set<Item> items = new LinkedHashSet<>();
        for (NodeRoutes other : tailnet.nodes()) {
            Node node = other.node();
            boolean same = node.owner().equals(at.node().owner())
                    || (fault == Fault.SELF_KNOWS_NO_USERS && node.owner() instanceof Owner.OfUser);
            boolean isNamed =
                    node.addresses().stream().anyMatch(a -> named.stream().anyMatch(s -> s.overlaps(Span.of(a))));
            if (same && isNamed) {
                node.addresses().forEach(a -> items.add(Item.of(a)));
            }
        }
        return List.copyOf(items);
    }

    private Optional<Prefix> literal(Selector selector) {
        if (selector instanceof Selector.Network network) {
            return Optional.of(network.prefix());
        }
        if (selector instanceof Selector.Address address) {
            return Optional.of(Prefix.of(address.address(), address.address().isIpv4() ? 32 : 128));
        }
        if (selector instanceof Selector.Host host) {
            return Optional.ofNullable(tailnet.policy().hosts().get(host.text()));
        }
        return Optional.empty();
    }

    private List<Node> named(Selector selector) {
        return tailnet.nodes().stream()
                .map(NodeRoutes::node)
                .filter(node ->
                        tailnet.policy().owners(selector, tailnet.users()).contains(node.owner()))
                .toList();
    }

    // Rules 4 and 5.

    private List<Item> destinations(Selector selector) {
        if (selector instanceof Selector.Everything) {
            return List.of(ANY);
        }
        if (selector == Autogroup.INTERNET) {
            return at.isExitNode() ? PUBLIC : List.of();
        }
        if (selector == Autogroup.SELF || named(selector).contains(at.node())) {
            return at.node().addresses().stream().map(Item::of).toList();
        }
        return literal(selector)
                .filter(prefix -> at.node().addresses().stream().anyMatch(prefix::contains)
                        || coversRoute(prefix)
                        || (at.isExitNode() && isPublic(prefix)))
                .map(prefix -> List.of(Item.of(prefix)))
                .orElse(List.of());
    }

    private List<Item> viaDestinations(Selector selector) {
        if (selector instanceof Selector.Everything) {
            List<Item> items = new ArrayList<>();
            subnetRoutes(at).forEach(route -> items.add(Item.of(route)));
            items.addAll(at.isExitNode() ? PUBLIC : List.of());
            return items;
        }
        if (selector == Autogroup.INTERNET) {
            return at.isExitNode() ? PUBLIC : List.of();
        }
        return literal(selector)
                .filter(prefix -> coversRoute(prefix)
                        || (at.isExitNode() && isPublic(prefix))
                        || (fault == Fault.VIA_OPENS_THE_NODES_OWN_ADDRESS
                                && at.node().addresses().stream().anyMatch(prefix::contains)))
                .map(prefix -> List.of(Item.of(prefix)))
                .orElse(List.of());
    }

    private boolean coversRoute(Prefix prefix) {
        Collection<Prefix> routes = subnetRoutes(at);
        return fault == Fault.OVERLAP_COUNTS_ONE_WAY_ONLY
                ? routes.stream().anyMatch(route -> route.contains(prefix))
                : routes.stream().anyMatch(prefix::overlaps);
    }

    private boolean isPublic(Prefix prefix) {
        return fault != Fault.A_PUBLIC_PREFIX_DOES_NOT_REACH_EXIT_NODES
                && PUBLIC.stream().anyMatch(item -> item.spans().get(0).contains(Span.of(prefix)));
    }

    private boolean namesTheInternet(Selector selector) {
        return selector instanceof Selector.Everything
                || selector == Autogroup.INTERNET
                || literal(selector).filter(this::isPublic).isPresent();
    }

    /** The canonical filter: what is left of the openings when app grants with via and splits are gone. */
    public static Set<RuleText> filter(List<Opening> openings) {
        record Key(List<String> sources, Optional<Protocol> protocol, String app) {}
        TreeMap<String, Key> keys = new TreeMap<>();
        TreeMap<String, TreeMap<String, TreeSet<PortRange>>> joined = new TreeMap<>();
        for (Opening opening : openings) {
            List<String> sources = opening.sources().stream()
                    .map(Item::text)
                    .distinct()
                    .sorted()
                    .toList();
            for (Traffic traffic : opening.traffic()) {
                Key key = new Key(sources, traffic.protocol(), "");
                keys.put(key.toString(), key);
                for (Item destination : opening.destinations()) {
                    joined.computeIfAbsent(key.toString(), k -> new TreeMap<>())
                            .computeIfAbsent(destination.text(), k -> new TreeSet<>())
                            .addAll(traffic.ports());
                }
            }
        }
        Set<RuleText> rules = new LinkedHashSet<>();
        joined.forEach((key, destinations) -> rules.add(
                new RuleText(keys.get(key).sources(), keys.get(key).protocol().map(Protocol::number), destinations)));
        return rules;
    }

    /** A rule of a filter as texts, sources in the order of their texts. */
    public record RuleText(
            List<String> sources, Optional<Integer> protocol, SortedMap<String, TreeSet<PortRange>> destinations) {}
}
