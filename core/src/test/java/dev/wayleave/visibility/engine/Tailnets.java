package dev.wayleave.visibility.engine;

import dev.wayleave.access.ExitRule;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.election.Candidate;
import dev.wayleave.election.CandidateClass;
import dev.wayleave.election.ElectionOrder;
import dev.wayleave.election.ElectionRule;
import dev.wayleave.election.FailBack;
import dev.wayleave.election.OfflineRule;
import dev.wayleave.election.Outcome;
import dev.wayleave.election.PrimaryElection;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.testing.Fault;
import dev.wayleave.testing.NaiveOverlay;
import dev.wayleave.testing.NaiveTailnet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/**
 * Random tailnets, nearly all small, in which everything that has ever gone wrong is likely: nested and equal prefixes
 * on several nodes, both families, 4via6, routes over tailnet addresses, public prefixes, via groups beside plain
 * grants, nodes with both tags of a pair, groups without members, nodes without addresses or outside the overlay, exit
 * nodes of one family, prefixes without candidates, candidates of every kind in any order, and overlays that are
 * private or on public addresses. A few are larger than a word of bits: more users with a node each than there are
 * bits, all with rules of their own.
 */
@SuppressWarnings("exports") // the twins are not part of the module, and neither is this
public final class Tailnets {

    /** The candidates of a prefix in any order, and what their election came to. */
    public record Election(List<Candidate> candidates, ElectionOrder order, Outcome outcome) {}

    /** A tailnet and its elections. */
    public record Elected(NaiveTailnet tailnet, Map<Prefix, Election> elections) {

        /** What visibility reads of the elections. */
        public Map<Prefix, ElectedRoute> routes() {
            Map<Prefix, ElectedRoute> routes = new TreeMap<>();
            elections.forEach((prefix, election) -> routes.put(
                    prefix,
                    ElectedRoute.of(
                            election.outcome().primary().orElse(null), election.candidates(), election.order())));
            return routes;
        }

        /** The same by the slow twin. */
        public Map<Prefix, ElectedRoute> naiveRoutes(Fault fault) {
            Map<Prefix, ElectedRoute> routes = new TreeMap<>();
            elections.forEach((prefix, election) -> routes.put(prefix, NaiveElectedRoute.of(election, fault)));
            return routes;
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("exit rule " + tailnet.exitRule() + ", overlay "
                    + tailnet.overlay().own() + "\n");
            tailnet.policy().acls().ifPresent(rules -> append(text, "acls", rules));
            tailnet.policy().grants().ifPresent(rules -> append(text, "grants", rules));
            tailnet.nodes()
                    .forEach(node -> text.append(node.node().id() + " "
                            + node.node().owner() + " " + node.node().addresses() + " " + node.effective() + "\n"));
            return text.append(elections).toString();
        }

        /** A line for each rule with its place, so that rules with many rules between them can be read. */
        private static void append(StringBuilder text, String section, List<?> rules) {
            for (int i = 0; i < rules.size(); i++) {
                if (i == 0 || !rules.get(i).equals(rules.get(i - 1))) {
                    text.append(section + "[" + i + "] " + rules.get(i) + "\n");
                }
            }
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
            "100.115.92.0/24",
            "203.0.113.0/24",
            "8.0.0.0/5",
            "8.8.8.0/24",
            "44.0.0.0/24",
            "32.0.0.0/3",
            "fd00::/8",
            "fd00:1::/64",
            "2001:db8::/32",
            "2001:db8:1::/48",
            "2000::/3",
            "fd7a:115c:a1e0:b1a:0:7:a00:0/112",
            "fd7a:115c:a1e0:b1a:0:7:a00:100/120");

    /**
     * Such as {@code autogroup:internet} leads to without an exit node; the first is public as a whole, the second in
     * part.
     */
    private static final List<Prefix> PUBLIC = prefixes("203.0.113.0/24", "8.0.0.0/5", "8.8.8.0/24", "2001:db8:1::/48");

    private static final List<Prefix> EXIT_ROUTES = prefixes("0.0.0.0/0", "::/0");

    private static final List<User> USERS = List.of(
            User.builder(new UserId("u1"), "alice").email("alice@example.com").build(),
            User.builder(new UserId("u2"), "bob")
                    .email("bob@EXAMPLE.com")
                    .role(Role.ADMIN)
                    .build(),
            User.builder(new UserId("u3"), "carol").email("carol@example.org").build());

    /** In so many tailnets of a thousand there are more viewer classes than a word has bits. */
    private static final int CROWDS = 2;

    private static final List<Owner> OWNERS = List.of(
            Owner.user(new UserId("u1")),
            Owner.user(new UserId("u1")),
            Owner.user(new UserId("u2")),
            Owner.user(new UserId("u3")),
            Owner.tags("tag:a"),
            Owner.tags("tag:b"),
            Owner.tags("tag:a", "tag:b"),
            Owner.tags("tag:c"));

    private final Random random;
    private final NaiveOverlay overlay;
    private final Users users;

    /** Users beyond the three, each with a node. */
    private final int crowd;

    /** Those that all tailnets may have, and some within the overlay. */
    private final List<Prefix> prefixes;

    private final RandomPolicies policies;

    /** A prefix that most nodes have and a grant with via leads to, so that who comes second and third matters. */
    private final Optional<Prefix> crowded;

    private Tailnets(Random random) {
        this.random = random;
        this.overlay = chance(60) ? NaiveOverlay.DEFAULT : pick(NaiveOverlay.ALL);
        this.prefixes = new ArrayList<>(PREFIXES);
        prefixes.addAll(prefixes(overlay.ipv4() + "0/29", overlay.ipv4() + "2/32", overlay.ipv6() + "/125"));
        this.crowded = Optional.of(chance(20) ? pick(PUBLIC) : pick(prefixes.subList(0, 5)))
                .filter(prefix -> chance(25));
        this.crowd = random.nextInt(1_000) < CROWDS ? 65 + random.nextInt(90) : 0;
        this.users = users(crowd);
        this.policies = new RandomPolicies(random, overlay, prefixes, crowded.orElse(null), crowd > 0);
    }

    private static Users users(int crowd) {
        List<User> all = new ArrayList<>(USERS);
        for (int i = 0; i < crowd; i++) {
            all.add(User.builder(new UserId("v" + i), "visitor" + i)
                    .email("visitor" + i + "@example.net")
                    .build());
        }
        return Users.of(all);
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

    /**
     * A tailnet, and the same again and again with other routes on a node or two: the nodes themselves stay as they
     * are.
     */
    public static List<Elected> withOtherRoutes(Random random, int steps) {
        return new Tailnets(random).routeSteps(steps);
    }

    static Arbitrary<Step> withOneRuleMore() {
        return Arbitraries.randomValue(Tailnets::withOneRuleMore);
    }

    /** A tailnet that has rules, and the same with a rule more, which has no {@code via}. */
    public static Step withOneRuleMore(Random random) {
        return new Tailnets(random).ruleAdded();
    }

    private Step ruleAdded() {
        Elected before = elected();
        while (before.tailnet().policy().acls().isEmpty()
                && before.tailnet().policy().grants().isEmpty()) {
            before = elected();
        }
        NaiveTailnet tailnet = before.tailnet();
        RoutingPolicy policy = policies.withOneMore(
                tailnet.policy(), List.copyOf(before.elections().keySet()));
        return new Step(
                before,
                new Elected(
                        new NaiveTailnet(
                                policy, tailnet.users(), tailnet.nodes(), tailnet.exitRule(), tailnet.overlay()),
                        before.elections()));
    }

    private List<Elected> routeSteps(int steps) {
        List<Elected> all = new ArrayList<>(List.of(elected()));
        for (int step = 0; step < steps; step++) {
            Elected before = all.get(all.size() - 1);
            List<NodeRoutes> nodes = new ArrayList<>(before.tailnet().nodes());
            for (int i = random.nextInt(3); i > 0; i--) {
                int at = random.nextInt(nodes.size());
                Node node = nodes.get(at).node();
                TreeSet<Prefix> effective = new TreeSet<>(nodes.get(at).effective());
                if (chance(50)) {
                    effective = routes();
                } else if (effective.isEmpty() || chance(50)) {
                    effective.add(pick(chance(20) ? EXIT_ROUTES : prefixes));
                } else {
                    effective.remove(pick(List.copyOf(effective)));
                }
                nodes.set(at, new NodeRoutes(node, effective));
            }
            all.add(new Elected(before.tailnet().withNodes(nodes), elections(before, nodes)));
        }
        return all;
    }

    /** Other elections for some prefixes, and for all whose election is no longer possible. */
    private Map<Prefix, Election> elections(Elected before, List<NodeRoutes> nodes) {
        Map<Prefix, Election> elections = elections(nodes);
        before.elections().forEach((prefix, election) -> {
            Set<NodeId> holders = nodes.stream()
                    .filter(node -> node.effective().contains(prefix))
                    .map(node -> node.node().id())
                    .collect(Collectors.toSet());
            boolean stands = election.candidates().stream().map(Candidate::node).allMatch(holders::contains)
                    && election.outcome().primary().stream().allMatch(holders::contains);
            if (stands && !holders.isEmpty() && chance(60)) {
                elections.put(prefix, election);
            }
        });
        return elections;
    }

    static List<Prefix> prefixes(String... texts) {
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
        for (int i = 0; i < crowd; i++) {
            nodes.add(node(100 + i, Owner.user(new UserId("v" + i))));
        }
        ExitRule exitRule = chance(50) ? ExitRule.INTERNET : ExitRule.REACHABLE;
        NaiveTailnet tailnet = new NaiveTailnet(policies.policy(), users, nodes, exitRule, overlay);
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
        RoutingPolicy policy = chance(20) ? policies.policy() : tailnet.policy();
        Map<Prefix, Election> elections = elections(before, nodes);
        NaiveTailnet next = new NaiveTailnet(policy, users, nodes, tailnet.exitRule(), tailnet.overlay());
        return new Step(before, new Elected(next, elections));
    }

    private NodeRoutes node(int id) {
        return node(id, pick(OWNERS));
    }

    private NodeRoutes node(int id, Owner owner) {
        Node.Builder node = Node.builder(new NodeId(id), "n" + id, owner);
        if (!chance(8)) {
            node.address(IpAddress.parse((chance(5) ? "10.0.1." : overlay.ipv4()) + id));
        }
        if (!chance(8)) {
            node.address(IpAddress.parse((chance(5) ? "fd00:1::" : overlay.ipv6()) + id));
        }
        return new NodeRoutes(node.build(), routes());
    }

    private TreeSet<Prefix> routes() {
        TreeSet<Prefix> routes = new TreeSet<>();
        if (chance(60)) {
            for (int i = random.nextInt(4); i > 0; i--) {
                routes.add(pick(chance(50) ? prefixes.subList(0, 5) : chance(30) ? PUBLIC : prefixes));
            }
        }
        crowded.filter(prefix -> chance(80)).ifPresent(routes::add);
        if (chance(30)) {
            routes.addAll(chance(70) ? EXIT_ROUTES : List.of(pick(EXIT_ROUTES)));
        }
        return routes;
    }

    private Map<Prefix, Election> elections(List<NodeRoutes> nodes) {
        ElectionRule rule = new ElectionRule(
                pick(List.of(ElectionOrder.values())), new FailBack.Never(), pick(List.of(OfflineRule.values())));
        Map<Prefix, Election> elections = new TreeMap<>();
        TreeSet<Prefix> prefixes = new TreeSet<>();
        nodes.forEach(node -> prefixes.addAll(node.effective()));
        prefixes.removeIf(Prefix::isExitRoute);
        for (Prefix prefix : prefixes) {
            List<NodeId> holders = new ArrayList<>(nodes.stream()
                    .filter(node -> node.effective().contains(prefix))
                    .map(node -> node.node().id())
                    .toList());
            Collections.shuffle(holders, random);
            List<Candidate> candidates = holders.stream()
                    .limit(chance(60) ? holders.size() : random.nextInt(holders.size() + 1))
                    .map(this::candidate)
                    .toList();
            Optional<NodeId> incumbent = Optional.of(pick(holders)).filter(had -> chance(70));
            Outcome outcome = PrimaryElection.elect(prefix, candidates, incumbent.orElse(null), rule, Instant.EPOCH);
            elections.put(prefix, new Election(candidates, rule.order(), outcome));
        }
        return elections;
    }

    /** Mostly alike, so that the later questions are asked too. */
    private Candidate candidate(NodeId id) {
        return Candidate.builder(id, Instant.ofEpochSecond(random.nextInt(3)))
                .candidateClass(chance(75) ? CandidateClass.HEALTHY : pick(List.of(CandidateClass.values())))
                .priority(chance(40) ? 0 : random.nextInt(3) - 1)
                .inGrace(chance(25))
                .build();
    }
}
