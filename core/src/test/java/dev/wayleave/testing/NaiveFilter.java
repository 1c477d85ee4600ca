package dev.wayleave.testing;

import dev.wayleave.access.ExitRule;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.access.RuleId;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.User;
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
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The rules at one node, written from the documented rules of access and {@code core/DECISIONS.md}, not from the
 * engine: every selector is spelled out as ranges of addresses, nothing is shared, nothing is looked up.
 */
public final class NaiveFilter {

    /** Whether a permission shows the node's exit routes to those whom it admits. */
    public enum Exit {
        HIDDEN,
        /** To those whom no grant with via leads elsewhere. */
        SHOWN,
        SHOWN_DESPITE_VIA
    }

    /** Whether a permission holds at every router alike. */
    public enum Kind {
        PLAIN,
        /** At nodes with a tag of the grant only. */
        VIA,
        /** At an exit node only, because its own addresses are open: {@link ExitRule#REACHABLE}. */
        REACHABLE
    }

    /**
     * What one entry of the policy opens at the node. {@code leadsTo} are the destinations that show the node's subnet
     * routes: all of them, but none where a grant gives capabilities alone and is for {@code *}.
     */
    public record Permission(
            RuleId rule,
            List<NaiveItem> sources,
            List<NaiveItem> destinations,
            List<NaiveItem> leadsTo,
            List<Traffic> traffic,
            SortedMap<String, String> app,
            Kind kind,
            Exit exit) {

        public boolean via() {
            return kind == Kind.VIA;
        }

        public boolean admits(NodeRoutes viewer, Fault fault) {
            boolean byAddress = viewer.node().addresses().stream()
                    .anyMatch(a -> sources.stream().anyMatch(s -> s.overlaps(NaiveItem.Span.of(a))));
            return byAddress
                    || (fault != Fault.SUBNETS_BEHIND_THE_VIEWER_DO_NOT_COUNT
                            && subnetRoutes(viewer).stream().anyMatch(route -> isSource(route, fault)));
        }

        /**
         * Whether a packet gets in. Ports are not asked of ICMP; a rule that names no protocol is for TCP, UDP and ICMP
         * of both families.
         */
        public boolean passes(IpAddress from, IpAddress to, Protocol protocol, int port) {
            boolean control = protocol.number() == 1 || protocol.number() == 58;
            boolean usual = control || protocol.number() == 6 || protocol.number() == 17;
            return sources.stream().anyMatch(s -> s.overlaps(NaiveItem.Span.of(from)))
                    && destinations.stream().anyMatch(d -> d.overlaps(NaiveItem.Span.of(to)))
                    && traffic.stream()
                            .filter(each ->
                                    each.protocol().map(protocol::equals).orElse(usual))
                            .anyMatch(each -> control || each.ports().stream().anyMatch(ports -> ports.contains(port)));
        }

        public boolean isSource(Prefix prefix, Fault fault) {
            return sources.stream()
                    .filter(s -> !s.ofNode() || fault != Fault.A_TAG_AS_SOURCE_IS_NOT_FOUND_BEHIND_A_ROUTE)
                    .anyMatch(s -> s.overlaps(NaiveItem.Span.of(prefix)));
        }

        /** Whether it opens some of a subnet route; packets to the addresses of a named node go to the node itself. */
        public boolean reaches(Prefix prefix, Fault fault) {
            return leadsTo.stream()
                    .filter(d ->
                            !d.ofNode() || fault == Fault.A_ROUTE_OVER_THE_ROUTERS_OWN_ADDRESS_IS_OPENED_BY_ITS_TAG)
                    .anyMatch(d -> d.overlaps(NaiveItem.Span.of(prefix)));
        }
    }

    private static final NaiveItem ANY =
            new NaiveItem("*", List.of(NaiveItem.Span.of("0.0.0.0/0"), NaiveItem.Span.of("::/0")));

    private final NaiveTailnet tailnet;
    final NodeRoutes at;
    private final Fault fault;
    private final List<NaiveItem> overlay;
    private final List<NaiveItem> internet;

    NaiveFilter(NaiveTailnet tailnet, NodeRoutes at, Fault fault) {
        this.tailnet = tailnet;
        this.at = at;
        this.fault = fault;
        NaiveOverlay ranges = fault == Fault.THE_OVERLAY_IS_THE_DEFAULT_ONE ? NaiveOverlay.DEFAULT : tailnet.overlay();
        this.overlay = items(ranges.own());
        this.internet = items(ranges.internet());
    }

    private static List<NaiveItem> items(List<String> texts) {
        return texts.stream()
                .map(text -> new NaiveItem(text, List.of(NaiveItem.Span.of(text))))
                .toList();
    }

    /** Everything that is open at a node, entry by entry. */
    public static List<Permission> permissions(NaiveTailnet tailnet, NodeRoutes at, Fault fault) {
        return new NaiveFilter(tailnet, at, fault).permissions();
    }

    static SortedSet<Prefix> subnetRoutes(NodeRoutes node) {
        SortedSet<Prefix> routes = new TreeSet<>(node.effective());
        routes.removeIf(Prefix::isExitRoute);
        return routes;
    }

    private List<Permission> permissions() {
        RoutingPolicy policy = tailnet.policy();
        List<Permission> permissions = new ArrayList<>();
        if (policy.acls().isEmpty() && policy.grants().isEmpty()) {
            permissions.add(new Permission(
                    RuleId.DEFAULT,
                    sources(List.of(new Selector.Everything())),
                    List.of(ANY),
                    List.of(ANY),
                    List.of(Traffic.ALL),
                    new TreeMap<>(),
                    Kind.PLAIN,
                    at.isExitNode() ? Exit.SHOWN_DESPITE_VIA : Exit.HIDDEN));
            return permissions;
        }
        List<Grant> grants = policy.grants().orElse(List.of());
        for (int i = 0; i < grants.size(); i++) {
            RuleId id = new RuleId(RuleId.Section.GRANTS, i);
            Grant grant = grants.get(i);
            for (Selector destination : grant.destinations()) {
                add(permissions, id, grant, destination);
            }
        }
        List<AclRule> acls = policy.acls().orElse(List.of());
        for (int i = 0; i < acls.size(); i++) {
            RuleId id = new RuleId(RuleId.Section.ACLS, i);
            AclRule acl = acls.get(i);
            for (AclRule.Destination destination : acl.destinations()) {
                Traffic traffic = new Traffic(acl.protocol().orElse(null), destination.ports());
                Grant grant = new Grant(
                        acl.sources(),
                        List.of(destination.selector()),
                        List.of(traffic),
                        new TreeMap<>(),
                        new TreeSet<>());
                add(permissions, id, grant, destination.selector());
            }
        }
        return permissions;
    }

    private void add(List<Permission> permissions, RuleId id, Grant grant, Selector destination) {
        boolean via = !grant.via().isEmpty();
        if (fault == Fault.RULES_HAVE_NO_MORE_NUMBERS_THAN_A_WORD_HAS_BITS && number(id) >= Long.SIZE) {
            return;
        }
        if (via
                && fault != Fault.VIA_HOLDS_AT_EVERY_NODE
                && grant.via().stream().noneMatch(at.node()::hasTag)) {
            return;
        }
        List<NaiveItem> sources =
                destination == Autogroup.SELF ? sourcesOfSelf(grant.sources()) : sources(grant.sources());
        List<NaiveItem> destinations = via ? viaDestinations(destination) : destinations(destination);
        if (sources.isEmpty() || destinations.isEmpty()) {
            return;
        }
        Exit exit = exit(destination, via);
        Kind kind = via ? Kind.VIA : Kind.PLAIN;
        if (!grant.ip().isEmpty()) {
            permissions.add(
                    new Permission(id, sources, destinations, destinations, grant.ip(), new TreeMap<>(), kind, exit));
        }
        if (!grant.app().isEmpty()) {
            Exit shows = fault == Fault.APP_GRANTS_SHOW_EXIT_ROUTES ? exit : Exit.HIDDEN;
            boolean leads = !(destination instanceof Selector.Everything)
                    || fault == Fault.APP_ALONE_FOR_EVERYTHING_SHOWS_SUBNET_ROUTES;
            List<NaiveItem> leadsTo = leads ? destinations : List.of();
            permissions.add(new Permission(id, sources, destinations, leadsTo, List.of(), grant.app(), kind, shows));
        }
        boolean reachable = tailnet.exitRule() == ExitRule.REACHABLE
                && at.isExitNode()
                && !via
                && !(destination instanceof Selector.Everything)
                && destination != Autogroup.INTERNET
                && grant.ip().stream().anyMatch(this::isEverything)
                && destinations.stream()
                        .anyMatch(d -> at.node().addresses().stream().anyMatch(a -> d.overlaps(NaiveItem.Span.of(a))));
        if (reachable) {
            Exit shown = fault == Fault.A_REACHABLE_EXIT_NODE_OVERRIDES_VIA ? Exit.SHOWN_DESPITE_VIA : Exit.SHOWN;
            permissions.add(new Permission(
                    id, sources, internet, internet, List.of(Traffic.ALL), new TreeMap<>(), Kind.REACHABLE, shown));
        }
    }

    /** Grants count first. */
    private int number(RuleId id) {
        int grants = tailnet.policy().grants().map(List::size).orElse(0);
        return id.section() == RuleId.Section.GRANTS ? id.index() : grants + id.index();
    }

    private Exit exit(Selector destination, boolean via) {
        if (!at.isExitNode() || !namesTheInternet(destination)) {
            return Exit.HIDDEN;
        }
        boolean lifts = via
                || literal(destination).map(this::holdsTheInternet).orElse(true)
                || fault == Fault.A_PUBLIC_PREFIX_OVERRIDES_VIA;
        return lifts ? Exit.SHOWN_DESPITE_VIA : Exit.SHOWN;
    }

    private boolean isEverything(Traffic traffic) {
        String ports = traffic.ports().toString();
        return traffic.protocol().isEmpty()
                && (ports.equals("[*]")
                        || (ports.equals("[1-65535]") && fault != Fault.PORTS_FROM_ONE_ARE_NOT_ALL_PORTS));
    }

    /** Whether a grant with via leads a viewer to all of the internet, wherever the tagged exit nodes are. */
    public static boolean isLedByVia(NaiveTailnet tailnet, NodeRoutes viewer, Fault fault) {
        NaiveFilter filter = new NaiveFilter(tailnet, viewer, fault);
        for (Grant grant : tailnet.policy().grants().orElse(List.of())) {
            if (!grant.via().isEmpty()
                    && !grant.ip().isEmpty()
                    && grant.destinations().stream().anyMatch(filter::leadsToTheInternet)
                    && fault != Fault.VIA_DOES_NOT_LEAD_TO_EXIT_ROUTES) {
                Permission permission = new Permission(
                        RuleId.DEFAULT,
                        filter.sources(grant.sources()),
                        List.of(),
                        List.of(),
                        grant.ip(),
                        new TreeMap<>(),
                        Kind.VIA,
                        Exit.HIDDEN);
                if (permission.admits(viewer, fault)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean leadsToTheInternet(Selector destination) {
        return namesTheInternet(destination)
                && (literal(destination).map(this::holdsTheInternet).orElse(true)
                        || fault == Fault.VIA_FOR_A_PUBLIC_PREFIX_LEADS_TO_EXIT_ROUTES);
    }

    /** Every range that a rule has as its destination, whatever the node: prefixes, addresses, hosts, the internet. */
    List<NaiveItem.Span> destinationRanges() {
        List<Selector> selectors = new ArrayList<>();
        tailnet.policy().grants().ifPresent(rules -> rules.forEach(rule -> selectors.addAll(rule.destinations())));
        tailnet.policy()
                .acls()
                .ifPresent(rules ->
                        rules.forEach(rule -> rule.destinations().forEach(to -> selectors.add(to.selector()))));
        List<NaiveItem.Span> ranges = new ArrayList<>(
                internet.stream().flatMap(item -> item.spans().stream()).toList());
        selectors.forEach(selector -> literal(selector).map(NaiveItem.Span::of).ifPresent(ranges::add));
        return ranges;
    }

    // Sources.

    List<NaiveItem> sources(List<Selector> selectors) {
        Set<NaiveItem> items = new LinkedHashSet<>();
        for (Selector selector : selectors) {
            if (selector instanceof Selector.Everything) {
                items.addAll(overlay);
                if (fault != Fault.NODES_OUTSIDE_THE_OVERLAY_ARE_NOT_EVERYBODY) {
                    items.addAll(addressesOutsideTheOverlay());
                }
                if (fault != Fault.THE_WILDCARD_AS_SOURCE_FORGETS_ROUTES) {
                    tailnet.nodes().forEach(n -> subnetRoutes(n).forEach(route -> items.add(NaiveItem.of(route))));
                }
            } else if (selector == Autogroup.DANGER_ALL) {
                items.add(ANY);
            } else {
                literal(selector).ifPresent(prefix -> items.add(NaiveItem.of(prefix)));
                named(selector).forEach(n -> n.addresses().forEach(a -> items.add(NaiveItem.of(a))));
            }
        }
        return List.copyOf(items);
    }

    private List<NaiveItem> addressesOutsideTheOverlay() {
        return tailnet.nodes().stream()
                .flatMap(n -> n.node().addresses().stream())
                .filter(address -> overlay.stream().noneMatch(range -> range.overlaps(NaiveItem.Span.of(address))))
                .map(NaiveItem::of)
                .toList();
    }

    List<NaiveItem> sourcesOfSelf(List<Selector> selectors) {
        if (!(at.node().owner() instanceof Owner.OfUser) && fault != Fault.SELF_COUNTS_TAGGED_NODES) {
            return List.of();
        }
        List<NaiveItem> named = sources(selectors);
        Set<NaiveItem> items = new LinkedHashSet<>();
        for (NodeRoutes other : tailnet.nodes()) {
            Node node = other.node();
            boolean same = node.owner().equals(at.node().owner())
                    || (fault == Fault.SELF_KNOWS_NO_USERS && node.owner() instanceof Owner.OfUser);
            boolean isNamed = node.addresses().stream()
                    .anyMatch(a -> named.stream().anyMatch(s -> s.overlaps(NaiveItem.Span.of(a))));
            if (same && isNamed) {
                node.addresses().forEach(a -> items.add(NaiveItem.of(a)));
            }
        }
        return List.copyOf(items);
    }

    Optional<Prefix> literal(Selector selector) {
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

    List<Node> named(Selector selector) {
        return tailnet.nodes().stream()
                .map(NodeRoutes::node)
                .filter(node -> names(selector, node.owner()))
                .toList();
    }

    private boolean names(Selector selector, Owner owner) {
        if (owner instanceof Owner.OfUser of) {
            return namesUser(selector, tailnet.users().find(of.id()).orElseThrow());
        }
        return selector == Autogroup.TAGGED
                || ((Owner.Tagged) owner)
                        .tags().stream().anyMatch(tag -> tag.toString().equals(selector.text()));
    }

    private boolean namesUser(Selector selector, User user) {
        if (selector instanceof Selector.UserName name) {
            return fits(name.text(), user)
                    && tailnet.users().all().stream()
                                    .filter(other -> fits(name.text(), other))
                                    .count()
                            == 1;
        }
        if (selector instanceof Selector.Group group) {
            return tailnet.policy().groups().getOrDefault(group.text(), List.of()).stream()
                    .anyMatch(member -> namesUser(member, user));
        }
        if (selector instanceof Selector.UserDomain domain) {
            return user.email()
                    .orElse("")
                    .toLowerCase(Locale.ROOT)
                    .endsWith("@" + domain.domain().toLowerCase(Locale.ROOT));
        }
        String role = user.role().name().toLowerCase(Locale.ROOT).replace('_', '-');
        return selector == Autogroup.MEMBER
                || (user.role() != Role.MEMBER && selector.text().equals("autogroup:" + role));
    }

    /**
     * A name that the policy gives to a user: the email address in any case, or what the host calls the user and an @.
     */
    private static boolean fits(String text, User user) {
        return user.email().filter(text::equalsIgnoreCase).isPresent() || text.equals(user.name() + "@");
    }

    // Destinations.

    private List<NaiveItem> destinations(Selector selector) {
        if (selector instanceof Selector.Everything) {
            return List.of(ANY);
        }
        if (selector == Autogroup.INTERNET) {
            return leadsToTheInternet() ? internet : List.of();
        }
        if (selector == Autogroup.SELF || named(selector).contains(at.node())) {
            return at.node().addresses().stream().map(NaiveItem::of).toList();
        }
        return literal(selector)
                .filter(prefix -> at.node().addresses().stream().anyMatch(prefix::contains)
                        || coversRoute(prefix)
                        || (at.isExitNode() && isPublic(prefix)))
                .map(prefix -> List.of(NaiveItem.of(prefix)))
                .orElse(List.of());
    }

    private List<NaiveItem> viaDestinations(Selector selector) {
        if (selector instanceof Selector.Everything) {
            List<NaiveItem> items = new ArrayList<>();
            subnetRoutes(at).forEach(route -> items.add(NaiveItem.of(route)));
            items.addAll(at.isExitNode() ? internet : List.of());
            return items;
        }
        if (selector == Autogroup.INTERNET) {
            return leadsToTheInternet() ? internet : List.of();
        }
        return literal(selector)
                .filter(prefix -> coversRoute(prefix)
                        || (at.isExitNode() && isPublic(prefix))
                        || (fault == Fault.VIA_OPENS_THE_NODES_OWN_ADDRESS
                                && at.node().addresses().stream().anyMatch(prefix::contains)))
                .map(prefix -> List.of(NaiveItem.of(prefix)))
                .orElse(List.of());
    }

    /** An exit node does, and so does a node with a subnet route that overlaps the public ranges. */
    private boolean leadsToTheInternet() {
        return at.isExitNode()
                || (fault != Fault.THE_INTERNET_IS_BEHIND_EXIT_NODES_ALONE
                        && subnetRoutes(at).stream().anyMatch(this::isPartlyPublic));
    }

    private boolean isPartlyPublic(Prefix prefix) {
        return fault == Fault.A_PARTLY_PUBLIC_ROUTE_IS_NO_WAY_TO_THE_INTERNET
                ? isPublic(prefix)
                : internet.stream().anyMatch(item -> item.overlaps(NaiveItem.Span.of(prefix)));
    }

    boolean coversRoute(Prefix prefix) {
        Collection<Prefix> routes = subnetRoutes(at);
        return fault == Fault.OVERLAP_COUNTS_ONE_WAY_ONLY
                ? routes.stream().anyMatch(route -> route.contains(prefix))
                : routes.stream().anyMatch(prefix::overlaps);
    }

    private boolean isPublic(Prefix prefix) {
        return fault != Fault.A_PUBLIC_PREFIX_DOES_NOT_REACH_EXIT_NODES
                && (internet.stream().anyMatch(item -> item.spans().get(0).contains(NaiveItem.Span.of(prefix)))
                        || holdsTheInternet(prefix));
    }

    private boolean holdsTheInternet(Prefix prefix) {
        return fault != Fault.A_PREFIX_AROUND_THE_INTERNET_IS_NOT_THE_INTERNET
                && internet.stream()
                        .map(item -> item.spans().get(0))
                        .filter(span -> span.first().isIpv4() == prefix.isIpv4())
                        .allMatch(NaiveItem.Span.of(prefix)::contains);
    }

    private boolean namesTheInternet(Selector selector) {
        return selector instanceof Selector.Everything
                || selector == Autogroup.INTERNET
                || literal(selector).filter(this::isPublic).isPresent();
    }

    /** The canonical filter: what is left of the permissions when app grants with via and splits are gone. */
    public static Set<RuleText> filter(List<Permission> permissions) {
        record Key(List<String> sources, @Nullable Protocol protocol, String app) {}
        TreeMap<String, Key> keys = new TreeMap<>();
        TreeMap<String, TreeMap<String, TreeSet<PortRange>>> joined = new TreeMap<>();
        for (Permission permission : permissions) {
            List<String> sources = texts(permission.sources());
            for (Traffic traffic : permission.traffic()) {
                Key key = new Key(sources, traffic.protocolOrNull(), "");
                keys.put(key.toString(), key);
                for (NaiveItem destination : permission.destinations()) {
                    joined.computeIfAbsent(key.toString(), k -> new TreeMap<>())
                            .computeIfAbsent(destination.text(), k -> new TreeSet<>())
                            .addAll(traffic.ports());
                }
            }
        }
        Set<RuleText> rules = new LinkedHashSet<>();
        joined.forEach((key, destinations) -> rules.add(
                new RuleText(keys.get(key).sources(), number(keys.get(key).protocol()), destinations)));
        return rules;
    }

    private static @Nullable Integer number(@Nullable Protocol protocol) {
        return protocol == null ? null : protocol.number();
    }

    private static List<String> texts(List<NaiveItem> items) {
        return items.stream().map(NaiveItem::text).distinct().sorted().toList();
    }

    /** The entries of the policy that a rule of the filter joins. */
    public static SortedSet<RuleId> entries(List<Permission> permissions, RuleText rule) {
        SortedSet<RuleId> entries = new TreeSet<>();
        permissions.stream()
                .filter(permission -> texts(permission.sources()).equals(rule.sources()))
                .filter(permission -> permission.traffic().stream()
                        .anyMatch(traffic ->
                                traffic.protocol().map(Protocol::number).equals(rule.protocol())))
                .forEach(permission -> entries.add(permission.rule()));
        return entries;
    }

    /**
     * A rule of a filter as texts, sources in the order of their texts.
     *
     * @param protocolOrNull its number; null for TCP, UDP and ICMP
     */
    public record RuleText(
            List<String> sources,
            @Nullable Integer protocolOrNull,
            SortedMap<String, TreeSet<PortRange>> destinations) {

        /** The number of its protocol. */
        public Optional<Integer> protocol() {
            return Optional.ofNullable(protocolOrNull);
        }
    }
}
