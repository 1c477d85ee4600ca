package dev.wayleave.testing;

import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.AclRule;
import dev.wayleave.policy.AppConnector;
import dev.wayleave.policy.AutoApprovers;
import dev.wayleave.policy.Grant;
import dev.wayleave.policy.PolicyTestCase;
import dev.wayleave.policy.PortRange;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.RoutingPolicyBuilder;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Selector.Autogroup;
import dev.wayleave.policy.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * Valid policies that make trouble: few names that are used again and again, empty groups and rules, users who share an
 * e-mail address, nested and equal prefixes of both families, 4via6, {@code via} beside plain grants for the same
 * destination, tags that own tags.
 *
 * <p>All policies speak of the names below, and define all groups, hosts and tags among them.
 */
public final class PolicyArbitraries {

    /** The tags of all policies. */
    public static final List<String> TAGS =
            List.of("tag:router", "tag:router-b", "tag:exit", "tag:client", "tag:unused");

    /** The groups of all policies. */
    public static final List<String> GROUPS = List.of("group:empty", "group:some", "group:all");

    /** How policies name users: two names mean one user, one name means two, and one means none. */
    public static final List<String> USER_TEXTS =
            List.of("alice@example.com", "alice@", "bob@", "shared@example.org", "carol@example.org", "nobody@");

    /** The IP sets of all policies. */
    public static final List<String> IP_SETS = List.of("ipset:office", "ipset:all");

    /** The hosts of all policies. */
    public static final List<String> HOSTS = List.of("web", "lan", "site");

    /** Prefixes that nodes may well advertise: nested, equal in two families, public, 4via6, exit routes. */
    public static final List<Prefix> PREFIXES = List.of(
            Prefix.parse("10.0.0.0/8"),
            Prefix.parse("10.33.0.0/16"),
            Prefix.parse("10.33.1.0/24"),
            Prefix.parse("10.33.1.5/32"),
            Prefix.parse("192.168.1.0/24"),
            Prefix.parse("100.64.0.0/12"),
            Prefix.parse("100.115.92.0/23"),
            Prefix.parse("8.8.8.0/24"),
            Prefix.parse("0.0.0.0/0"),
            Prefix.parse("fd00::/8"),
            Prefix.parse("fd00:1::/64"),
            Prefix.parse("fd7a:115c:a1e0:b1a:0:7::/96"),
            Prefix.parse("fd7a:115c:a1e0:b1a:0:7:a21:0/112"),
            Prefix.parse("2001:db8::/32"),
            Prefix.parse("::/0"));

    private PolicyArbitraries() {}

    /**
     * The users of whom all policies speak: {@code 1} alice, {@code 2} bob, {@code 3} and {@code 4} share an address.
     */
    public static Users users() {
        return Users.of(
                user("1", "alice", "alice@example.com", Role.MEMBER),
                user("2", "bob", "bob@example.com", Role.ADMIN),
                user("3", "carol", "carol@example.org", Role.NETWORK_ADMIN),
                user("4", "dora", "shared@example.org", Role.OWNER),
                user("5", "emil", "shared@example.org", Role.MEMBER));
    }

    /** Some of five users, whose names, addresses in either case, roles and membership differ from draw to draw. */
    public static Arbitrary<Users> someUsers() {
        Arbitrary<User> user = Combinators.combine(
                        Arbitraries.of("1", "2", "3", "4", "5"),
                        Arbitraries.of("alice", "bob", "carol", "dora"),
                        Arbitraries.of("alice@example.com", "Bob@Example.com", "carol@example.org")
                                .injectNull(0.3),
                        Arbitraries.of(Role.class),
                        Arbitraries.of(true, false, false, false))
                .as((id, name, email, role, shared) -> {
                    User.Builder builder =
                            User.builder(new UserId(id), name).role(role).sharedIn(shared);
                    return email == null
                            ? builder.build()
                            : builder.email(email).build();
                });
        return user.list().uniqueElements(User::id).ofMaxSize(5).map(Users::of);
    }

    private static User user(String id, String name, String email, Role role) {
        return User.builder(new UserId(id), name).email(email).role(role).build();
    }

    /** Whole policies. */
    public static Arbitrary<RoutingPolicy> policies() {
        return Combinators.combine(
                        definitions(),
                        approvers(),
                        aclRules().list().ofMaxSize(4).injectNull(0.3),
                        grants().list().ofMaxSize(5).injectNull(0.3),
                        tests().list().ofMaxSize(2),
                        connectors().list().ofMaxSize(2))
                .as((definitions, approvers, acls, grants, tests, connectors) -> {
                    RoutingPolicyBuilder builder = definitions.toBuilder();
                    approvers.routes().forEach(builder::autoApproveRoutes);
                    builder.autoApproveExitNodes(approvers.exitNode());
                    Optional.ofNullable(acls).ifPresent(builder::acls);
                    Optional.ofNullable(grants).ifPresent(builder::grants);
                    builder.tests(tests).appConnectors(connectors);
                    return builder.build();
                });
    }

    /** Policies that define all groups, hosts and tags, and say nothing else. */
    public static Arbitrary<RoutingPolicy> definitions() {
        Arbitrary<List<String>> members = Arbitraries.of(USER_TEXTS).list().ofMaxSize(3);
        Arbitrary<List<Prefix>> hosts = Arbitraries.of(PREFIXES)
                .filter(prefix -> !prefix.isExitRoute())
                .list()
                .ofSize(HOSTS.size());
        Arbitrary<List<List<Selector>>> owners =
                tagOwners().list().ofMaxSize(2).list().ofSize(TAGS.size());
        return Combinators.combine(members, hosts, owners).as((some, prefixes, ownersOfTags) -> {
            RoutingPolicyBuilder builder = RoutingPolicy.builder()
                    .group("group:empty")
                    .group("group:some", some.toArray(new String[0]))
                    .group("group:all", USER_TEXTS.toArray(new String[0]))
                    .ipSet("ipset:office", "10.1.0.0/16", "add 10.2.0.1-10.2.0.9", "remove 10.1.9.0/24", "host:lan")
                    .ipSet("ipset:all", "add ipset:office", "fd00:1::/64", "add autogroup:internet");
            for (int i = 0; i < HOSTS.size(); i++) {
                builder.host(HOSTS.get(i), prefixes.get(i));
            }
            for (int i = 0; i < TAGS.size(); i++) {
                // a tag is owned by earlier tags only, so that there is no circle
                List<String> earlier = TAGS.subList(0, i);
                List<Selector> allowed = new ArrayList<>(ownersOfTags.get(i));
                allowed.removeIf(owner -> owner instanceof Selector.Tagged && !earlier.contains(owner.text()));
                builder.tagOwners(new Tag(TAGS.get(i)), allowed);
            }
            return builder.build();
        });
    }

    private static Arbitrary<Selector> tagOwners() {
        return selectors(PolicyArbitraries::mayBeTagOwner);
    }

    /** Entries that are allowed as a source. */
    public static Arbitrary<Selector> sourceSelectors() {
        return selectors(PolicyArbitraries::mayBeSource);
    }

    /** Entries that are allowed as an approver. */
    public static Arbitrary<Selector> approverSelectors() {
        return selectors(PolicyArbitraries::mayBeApprover);
    }

    /** The section {@code autoApprovers}. */
    public static Arbitrary<AutoApprovers> approvers() {
        Arbitrary<List<Selector>> some = approverSelectors().list().ofMaxSize(3);
        return Combinators.combine(
                        Arbitraries.maps(Arbitraries.of(PREFIXES), some).ofMaxSize(4), some)
                .as((routes, exitNode) -> new AutoApprovers(new TreeMap<>(routes), exitNode));
    }

    /** Rules of ACLs. */
    public static Arbitrary<AclRule> aclRules() {
        Arbitrary<List<AclRule.Destination>> destinations = Combinators.combine(
                        selectors(PolicyArbitraries::mayBeDestination), ports())
                .as(AclRule.Destination::new)
                .list()
                .ofMaxSize(3);
        return Combinators.combine(
                        selectors(PolicyArbitraries::mayBeSource).list().ofMaxSize(3),
                        protocols().optional(),
                        destinations)
                .as((sources, protocol, where) -> {
                    boolean withPorts =
                            protocol.map(PolicyArbitraries::hasPorts).orElse(true);
                    List<AclRule.Destination> allowed = where.stream()
                            .map(each ->
                                    withPorts ? each : new AclRule.Destination(each.selector(), List.of(PortRange.ALL)))
                            .toList();
                    boolean self = allowed.stream().anyMatch(each -> each.selector() == Selector.Autogroup.SELF);
                    return new AclRule(self ? withSelf(sources, true) : sources, protocol.orElse(null), allowed);
                });
    }

    /** Entries of {@code tests}. */
    static Arbitrary<PolicyTestCase> tests() {
        Arbitrary<TreeMap<String, String>> attributes = Arbitraries.maps(
                        Arbitraries.of("node:os", "custom:x"), Arbitraries.of("\"linux\"", "[ 1.50 ]", "null"))
                .ofMaxSize(1)
                .map(TreeMap::new);
        return Combinators.combine(
                        selectors(PolicyArbitraries::mayBeSource),
                        protocols().optional(),
                        selectors(PolicyArbitraries::mayBeDestination).list().ofMaxSize(2),
                        ports(),
                        attributes)
                .as((source, protocol, destinations, ports, posture) -> {
                    List<PortRange> tested =
                            protocol.map(PolicyArbitraries::hasPorts).orElse(true)
                                    ? ports
                                    : List.of(new PortRange(0, 0));
                    List<AclRule.Destination> all = destinations.stream()
                            .map(each -> new AclRule.Destination(each, tested))
                            .toList();
                    return new PolicyTestCase(
                            source, protocol.orElse(null), all, all.subList(0, all.size() / 2), posture);
                });
    }

    /** App connectors. */
    static Arbitrary<AppConnector> connectors() {
        return Combinators.combine(
                        Arbitraries.of("", "shop"),
                        Arbitraries.of("*", "group:all", "svc:x").list().ofMaxSize(2),
                        selectors(PolicyArbitraries::mayBeConnector).list().ofMaxSize(2),
                        Arbitraries.of("example.com", "*.example.com").list().ofMaxSize(2),
                        Arbitraries.of(PREFIXES).list().ofMaxSize(3))
                .as((name, targets, connectors, domains, routes) ->
                        new AppConnector(name, targets, connectors, domains, new TreeSet<>(routes)));
    }

    /** Grants, a third of them with {@code via}. */
    public static Arbitrary<Grant> grants() {
        Arbitrary<TreeSet<Tag>> via = Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.just(new TreeSet<>())),
                Tuple.of(
                        1,
                        Arbitraries.of(TAGS)
                                .map(Tag::new)
                                .set()
                                .ofMinSize(1)
                                .ofMaxSize(2)
                                .map(TreeSet::new)));
        return Combinators.combine(
                        selectors(PolicyArbitraries::mayBeSource).list().ofMaxSize(3),
                        selectors(PolicyArbitraries::mayBeDestination).list().ofMaxSize(3),
                        traffic().list().ofMaxSize(2),
                        apps(),
                        via)
                .as(PolicyArbitraries::grant);
    }

    private static Grant grant(
            List<Selector> sources,
            List<Selector> destinations,
            List<Traffic> ip,
            TreeMap<String, String> app,
            TreeSet<Tag> via) {
        List<Selector> allowed = destinations.stream()
                .filter(each -> !(each instanceof Selector.Network network
                        && network.prefix().isExitRoute()))
                .toList();
        boolean internet = allowed.contains(Selector.Autogroup.INTERNET);
        boolean self = allowed.contains(Selector.Autogroup.SELF);
        TreeMap<String, String> capabilities = internet ? new TreeMap<>() : app;
        return new Grant(
                self ? withSelf(sources, false) : sources,
                allowed,
                ip.isEmpty() && capabilities.isEmpty() ? List.of(Traffic.ALL) : ip,
                capabilities,
                via);
    }

    private static Arbitrary<Selector> selectors(Predicate<Selector> mayStand) {
        return Arbitraries.of(everySelector().stream().filter(mayStand).toList());
    }

    /** Selectors of each kind; the names in them are those above. */
    public static List<Selector> everySelector() {
        List<Selector> all = new ArrayList<>(List.of(Selector.Autogroup.values()));
        all.add(new Selector.Everything());
        all.add(Selector.parse("user:*@example.com"));
        List.of(USER_TEXTS, GROUPS, TAGS, HOSTS, IP_SETS)
                .forEach(texts -> texts.forEach(text -> all.add(Selector.parse(text))));
        PREFIXES.forEach(prefix -> {
            all.add(new Selector.Network(prefix));
            all.add(new Selector.Address(prefix.first()));
            all.add(new Selector.Address(prefix.last()));
        });
        return all;
    }

    private static boolean mayBeSource(Selector selector) {
        return selector != Autogroup.SELF && selector != Autogroup.INTERNET;
    }

    private static boolean mayBeDestination(Selector selector) {
        return selector != Autogroup.DANGER_ALL && selector != Autogroup.SHARED;
    }

    private static boolean mayBeApprover(Selector selector) {
        return selector instanceof Autogroup
                ? mayBeSource(selector) && mayBeDestination(selector)
                : selector instanceof Selector.UserName
                        || selector instanceof Selector.Group
                        || selector instanceof Selector.Tagged;
    }

    private static boolean mayBeTagOwner(Selector selector) {
        return mayBeApprover(selector) && selector != Autogroup.TAGGED;
    }

    private static boolean mayBeConnector(Selector selector) {
        return selector instanceof Selector.Everything || selector instanceof Selector.Tagged;
    }

    /** Entries of {@code ip}. */
    public static Arbitrary<Traffic> traffic() {
        return Arbitraries.oneOf(
                Arbitraries.just(Traffic.ALL),
                Combinators.combine(protocols().optional(), ports())
                        .as((protocol, ports) -> new Traffic(
                                protocol.orElse(null),
                                protocol.map(PolicyArbitraries::hasPorts).orElse(true)
                                        ? ports
                                        : List.of(PortRange.ALL))));
    }

    private static Arbitrary<Protocol> protocols() {
        return Arbitraries.of(1, 6, 6, 17, 47, 58, 99, 132, 255).map(Protocol::new);
    }

    private static boolean hasPorts(Protocol protocol) {
        return List.of(6, 17, 132).contains(protocol.number());
    }

    /** Lists of ports: single, touching, overlapping, all. */
    public static Arbitrary<List<PortRange>> ports() {
        Arbitrary<Integer> port = Arbitraries.of(1, 22, 79, 80, 81, 443, 8080, 65_535);
        Arbitrary<PortRange> ranges = Combinators.combine(port, port)
                .as((one, other) -> new PortRange(Math.min(one, other), Math.max(one, other)));
        return Arbitraries.oneOf(
                Arbitraries.just(List.of(PortRange.ALL)),
                ranges.list().ofMinSize(1).ofMaxSize(3));
    }

    private static Arbitrary<TreeMap<String, String>> apps() {
        Arbitrary<String> parameters = Arbitraries.of("""
                []
                [{}]
                [{"b":[1.50,null,true],"a":{"":"\\"\\\\\\u0007\\ud83d\\udca1"}}]
                [ 1e400 , "*" ]
                """.lines().toList());
        return Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.just(new TreeMap<>())),
                Tuple.of(
                        1,
                        Arbitraries.maps(Arbitraries.of("example.com/cap/a", "example.com/cap/b"), parameters)
                                .ofMaxSize(2)
                                .map(TreeMap::new)));
    }

    private static List<Selector> withSelf(List<Selector> sources, boolean everything) {
        return sources.stream()
                .filter(each -> each instanceof Selector.UserName
                        || each instanceof Selector.UserDomain
                        || each instanceof Selector.Group
                        || (everything && each instanceof Selector.Everything)
                        || (each instanceof Selector.Autogroup
                                && each != Selector.Autogroup.TAGGED
                                && each != Selector.Autogroup.DANGER_ALL
                                && each != Selector.Autogroup.SHARED))
                .toList();
    }
}
