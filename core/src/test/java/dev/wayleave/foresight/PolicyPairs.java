package dev.wayleave.foresight;

import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.Users;
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
import dev.wayleave.testing.NaiveTailnet;
import dev.wayleave.visibility.engine.Tailnets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A random tailnet with two policies: the second is the first in other words, the first edited a little, or a foreign
 * one.
 */
final class PolicyPairs {

    private static final List<Selector> APPROVERS = List.of(
            new Selector.UserName("alice@example.com"),
            new Selector.UserName("bob@"),
            new Selector.Group("group:pair"),
            new Selector.Tagged(new Tag("tag:a")),
            new Selector.Tagged(new Tag("tag:b")),
            Autogroup.MEMBER,
            Autogroup.TAGGED,
            Autogroup.ADMIN);

    private static final List<Prefix> KEYS = List.of(
            Prefix.parse("0.0.0.0/0"),
            Prefix.parse("10.0.0.0/8"),
            Prefix.parse("10.0.0.0/16"),
            Prefix.parse("10.0.1.0/24"),
            Prefix.parse("fd00::/8"));

    private static final List<Selector> SOURCES = List.of(
            new Selector.Everything(),
            Autogroup.MEMBER,
            Autogroup.ADMIN,
            Autogroup.SHARED,
            Autogroup.DANGER_ALL,
            new Selector.Group("group:pair"),
            new Selector.Tagged(new Tag("tag:a")),
            new Selector.Network(Prefix.parse("10.0.0.0/16")));

    private final Random random;
    final Tailnets.Elected elected;
    final NaiveTailnet before;
    final NaiveTailnet after;

    PolicyPairs(Random random) {
        this.random = random;
        this.elected = small(random);
        NaiveTailnet tailnet = elected.tailnet();
        Users users = chance(70) ? tailnet.users() : withGuest(tailnet.users());
        RoutingPolicy policy = chance(50) ? tailnet.policy() : withApprovers(tailnet.policy());
        RoutingPolicy other = policy;
        if (chance(15)) {
            other = withApprovers(Tailnets.of(random).tailnet().policy());
        } else {
            for (int i = random.nextInt(3); i > 0; i--) {
                other = rewritten(other);
            }
            for (int i = chance(30) ? 0 : 1 + random.nextInt(2); i > 0; i--) {
                other = edited(other);
            }
        }
        this.before = with(tailnet, policy, users);
        this.after = with(tailnet, other, users);
    }

    /** What it takes to ask about each pair of nodes grows with the square of their number. */
    private static Tailnets.Elected small(Random random) {
        while (true) {
            Tailnets.Elected any = Tailnets.of(random);
            if (any.tailnet().nodes().size() < 10) {
                return any;
            }
        }
    }

    private static NaiveTailnet with(NaiveTailnet tailnet, RoutingPolicy policy, Users users) {
        return new NaiveTailnet(policy, users, tailnet.nodes(), tailnet.exitRule(), tailnet.overlay());
    }

    private Users withGuest(Users users) {
        User guest = pick(users.all());
        List<User> all = new ArrayList<>(users.all());
        all.set(all.indexOf(guest), guest.toBuilder().sharedIn(true).build());
        return Users.of(all);
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    // Otherwise written

    private RoutingPolicy rewritten(RoutingPolicy policy) {
        RoutingPolicyBuilder builder = policy.toBuilder();
        policy.grants().ifPresent(grants -> {
            List<Grant> all = new ArrayList<>();
            grants.forEach(grant -> all.addAll(split(grant)));
            if (chance(50)) {
                Collections.shuffle(all, random);
            }
            builder.grants(all);
        });
        policy.acls().ifPresent(acls -> {
            List<AclRule> all = new ArrayList<>();
            acls.forEach(acl -> all.addAll(split(acl)));
            Collections.shuffle(all, random);
            builder.acls(all);
        });
        return builder.build();
    }

    private List<Grant> split(Grant grant) {
        List<Grant> all = new ArrayList<>();
        switch (random.nextInt(4)) {
            case 0 ->
                grant.sources()
                        .forEach(source -> all.add(new Grant(
                                members(source), grant.destinations(), grant.ip(), grant.app(), grant.via())));
            case 1 ->
                grant.destinations()
                        .forEach(destination -> all.add(new Grant(
                                grant.sources(), List.of(destination), grant.ip(), grant.app(), grant.via())));
            case 2 ->
                grant.ip()
                        .forEach(traffic -> all.add(new Grant(
                                grant.sources(), grant.destinations(), List.of(traffic), grant.app(), grant.via())));
            default -> all.add(grant);
        }
        return all.isEmpty() ? List.of(grant) : all;
    }

    private List<AclRule> split(AclRule acl) {
        List<AclRule> all = new ArrayList<>();
        if (chance(50)) {
            acl.sources()
                    .forEach(source -> all.add(new AclRule(members(source), acl.protocolOrNull(), acl.destinations())));
        } else {
            acl.destinations()
                    .forEach(destination ->
                            all.add(new AclRule(acl.sources(), acl.protocolOrNull(), List.of(destination))));
        }
        return all;
    }

    private List<Selector> members(Selector source) {
        return source.text().equals("group:pair") && chance(50)
                ? List.of(new Selector.UserName("bob@"), new Selector.UserName("ALICE@example.com"))
                : List.of(source);
    }

    // Edited

    private RoutingPolicy edited(RoutingPolicy policy) {
        RoutingPolicyBuilder builder = policy.toBuilder();
        if (chance(15)) {
            return withApprovers(policy);
        }
        if (chance(8)) {
            return builder.group("group:pair", chance(50) ? "bob@" : "carol@example.org")
                    .build();
        }
        if (chance(8)) {
            return builder.host("net", pick(KEYS.subList(1, KEYS.size()))).build();
        }
        List<Grant> grants = new ArrayList<>(policy.grants().orElse(List.of()));
        List<AclRule> acls = new ArrayList<>(policy.acls().orElse(List.of()));
        if (!grants.isEmpty() && (acls.isEmpty() || chance(60))) {
            int at = random.nextInt(grants.size());
            Grant grant = grants.remove(at);
            if (chance(70)) {
                grants.add(at, edited(grant));
            }
            return builder.grants(grants).build();
        }
        if (!acls.isEmpty()) {
            int at = random.nextInt(acls.size());
            AclRule acl = acls.remove(at);
            if (chance(70)) {
                acls.add(at, edited(acl));
            }
            return builder.acls(acls).build();
        }
        return builder.grants(List.of()).build();
    }

    private Grant edited(Grant grant) {
        List<Traffic> ip = grant.ip();
        List<Selector> sources = grant.sources();
        List<Selector> destinations = grant.destinations();
        TreeSet<Tag> via = new TreeSet<>(grant.via());
        switch (random.nextInt(5)) {
            case 0 -> ip = ip.isEmpty() ? List.of(Traffic.ALL) : List.of(traffic());
            case 1 -> sources = sources(sources, destinations);
            case 2 -> destinations = without(destinations);
            case 3 ->
                via = via.isEmpty() && !destinations.contains(Autogroup.SELF)
                        ? new TreeSet<>(List.of(new Tag(pick(List.of("tag:a", "tag:b")))))
                        : new TreeSet<>();
            default -> sources = without(sources);
        }
        return new Grant(sources, destinations, ip, new TreeMap<>(grant.app()), via);
    }

    private AclRule edited(AclRule acl) {
        return switch (random.nextInt(4)) {
            case 0 -> new AclRule(acl.sources(), acl.protocolOrNull(), without(acl.destinations()));
            case 1 ->
                new AclRule(
                        sources(
                                acl.sources(),
                                acl.destinations().stream()
                                        .map(AclRule.Destination::selector)
                                        .toList()),
                        acl.protocolOrNull(),
                        acl.destinations());
            case 2 -> new AclRule(without(acl.sources()), acl.protocolOrNull(), acl.destinations());
            default ->
                new AclRule(
                        acl.sources(),
                        chance(50) ? null : Protocol.TCP,
                        acl.destinations().stream()
                                .map(each -> new AclRule.Destination(each.selector(), List.of(pick(ports()))))
                                .toList());
        };
    }

    private List<Selector> sources(List<Selector> sources, List<Selector> destinations) {
        if (destinations.contains(Autogroup.SELF)) {
            return List.of(Autogroup.MEMBER);
        }
        List<Selector> all = new ArrayList<>(sources);
        all.set(random.nextInt(all.size()), pick(SOURCES));
        return all;
    }

    private <T> List<T> without(List<T> list) {
        if (list.size() < 2) {
            return list;
        }
        List<T> rest = new ArrayList<>(list);
        rest.remove(random.nextInt(rest.size()));
        return rest;
    }

    private Traffic traffic() {
        return pick(List.of(
                Traffic.ALL,
                Traffic.parse("443"),
                Traffic.parse("tcp:22"),
                Traffic.parse("tcp:1-65535"),
                Traffic.parse("icmp:*"),
                Traffic.parse("80-443")));
    }

    private static List<PortRange> ports() {
        return List.of(PortRange.ALL, new PortRange(22, 22), new PortRange(80, 443), new PortRange(1, 65_535));
    }

    private RoutingPolicy withApprovers(RoutingPolicy policy) {
        RoutingPolicyBuilder builder = policy.toBuilder();
        for (Prefix key : KEYS) {
            if (chance(40)) {
                builder.autoApproveRoutes(key, approvers());
            }
        }
        return chance(50) ? builder.autoApproveExitNodes(approvers()).build() : builder.build();
    }

    private List<Selector> approvers() {
        List<Selector> approvers = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            approvers.add(pick(APPROVERS));
        }
        return approvers;
    }
}
