package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.access.NodeRoutes;
import dev.wayleave.access.RuleId;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.explanation.Hop;
import dev.wayleave.explanation.Obstacle;
import dev.wayleave.explanation.Reachability;
import dev.wayleave.explanation.TrafficQuestion;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Grant;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.testing.NaivePackets;
import dev.wayleave.testing.NaivePackets.Packet;
import dev.wayleave.testing.NaivePackets.Way;
import dev.wayleave.testing.NaiveTailnet;
import dev.wayleave.testing.NaiveVisibility;
import dev.wayleave.visibility.engine.ElectedRoute;
import dev.wayleave.visibility.engine.Tailnets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

/**
 * {@link RoutingViews#can}, against packets that are sent one by one through the views and filters of the slow twin.
 */
class ReachabilityPropertyTest {

    private static final boolean SLOW = Boolean.getBoolean("wayleave.slow");

    private static final int TAILNETS = 30;

    private static final int WITH_VIA = 20;

    /** Of the few tailnets with more nodes or destinations than this, so many are asked about, anew for each. */
    private static final int MOST = 60;

    /** A tailnet in the state machine, and the slow twin's packets in it. */
    private record Case(NaiveTailnet tailnet, RoutingViews views, NaivePackets packets) {

        /** Whether one of the packets that a question means arrives. */
        boolean arrives(TrafficQuestion question, IpAddress to) {
            Way way = packets.way(question.viewer(), to);
            return packetsOf(question, to).stream().anyMatch(packet -> packets.arrives(packet, way));
        }

        Reachability can(TrafficQuestion question) {
            return views.can(question).orElseThrow();
        }
    }

    private static int tries(int few) {
        return SLOW ? 20 * few : few;
    }

    @Property(tries = 10)
    void aPacketPassesWhereTheTwinsPacketArrives(@ForAll long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < tries(TAILNETS / 10); i++) {
            checkAddresses(random);
        }
    }

    private static void checkAddresses(Random random) {
        Case tailnet = any(random);
        for (IpAddress to : some(random, NaivePackets.destinations(tailnet.tailnet()))) {
            for (NodeRoutes viewer : some(random, tailnet.tailnet().nodes())) {
                TrafficQuestion question = question(random, viewer, to.toPrefix());
                Reachability answer = tailnet.can(question);
                assertThat(answer.passes()).as("%s", answer).isEqualTo(tailnet.arrives(question, to));
                assertSameWay(answer, tailnet.packets().way(question.viewer(), to), question.viewer());
            }
        }
    }

    @Property(tries = 10)
    void aPrefixIsReachableAsFarAsItsAddressesAre(@ForAll long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < tries(TAILNETS / 10); i++) {
            checkPrefixes(random);
        }
    }

    private static void checkPrefixes(Random random) {
        Case tailnet = any(random);
        SortedSet<IpAddress> parts = NaivePackets.destinations(tailnet.tailnet());
        for (Prefix prefix : some(random, asked(tailnet.tailnet()))) {
            List<IpAddress> inside =
                    parts.stream().filter(prefix::contains).collect(Collectors.toCollection(ArrayList::new));
            inside.add(prefix.first());
            List<NodeRoutes> nodes = tailnet.tailnet().nodes();
            TrafficQuestion question = question(random, pick(random, nodes), prefix);
            Reachability answer = tailnet.can(question);
            int arrived = 0;
            for (IpAddress to : inside) {
                boolean arrives = tailnet.arrives(question, to);
                arrived += arrives ? 1 : 0;
                assertThat(answer.reachable().contains(to))
                        .as("%s: %s", to, answer)
                        .isEqualTo(arrives);
            }
            assertThat(answer)
                    .isInstanceOf(
                            arrived == 0
                                    ? Reachability.No.class
                                    : arrived < inside.size() ? Reachability.Partly.class : Reachability.Yes.class);
        }
    }

    /**
     * Traffic that a rule with {@code via} let in, and that takes another way since a plain rule was added: the answer
     * names both rules.
     */
    @Property(tries = 10)
    @StatisticsReport(onFailureOnly = false)
    void whereAnAddedRuleOverridesViaTheAnswerNamesBoth(@ForAll long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < tries(WITH_VIA / 10); i++) {
            int overridden = checkOverridden(random, withViaOverridden(random));
            Statistics.label("via is overridden")
                    .collect(overridden > 0)
                    .coverage(all -> all.check(true).count(often -> often > 0));
            Tailnets.Step any = Tailnets.withOneRuleMore(random);
            if (hasVia(any.before().tailnet().policy())) {
                checkOverridden(
                        random, new Addition(any.before().tailnet(), any.after().tailnet()));
            }
        }
    }

    private static boolean hasVia(RoutingPolicy policy) {
        return policy.grants().stream()
                .flatMap(List::stream)
                .anyMatch(grant -> !grant.via().isEmpty());
    }

    /** A tailnet, and the same with a rule more. */
    private record Addition(NaiveTailnet before, NaiveTailnet after) {}

    /** With a grant that leads to a tagged router, and then a plain one for an address that another router has too. */
    private static Addition withViaOverridden(Random random) {
        while (true) {
            NaiveTailnet tailnet = Tailnets.of(random).tailnet();
            for (NodeRoutes router : tailnet.nodes()) {
                if (router.node().owner() instanceof Owner.Tagged owner) {
                    Tag tag = owner.tags().first();
                    List<Prefix> others = subnetRoutes(tailnet.nodes().stream()
                            .filter(node -> !node.node().hasTag(tag))
                            .toList());
                    for (Prefix route : subnetRoutes(List.of(router))) {
                        Optional<Prefix> inside =
                                others.stream().filter(route::contains).findAny();
                        if (inside.isPresent()) {
                            NaiveTailnet withVia = withGrant(
                                    tailnet,
                                    Grant.from("*")
                                            .to(route.toString())
                                            .ip("*")
                                            .via(tag.toString())
                                            .build());
                            String address = inside.get().first().toString();
                            Grant plain =
                                    Grant.from("*").to(address).ip("udp:9").build();
                            return new Addition(withVia, withGrant(withVia, plain));
                        }
                    }
                }
            }
        }
    }

    private static List<Prefix> subnetRoutes(List<NodeRoutes> nodes) {
        return nodes.stream()
                .flatMap(node -> node.effective().stream())
                .filter(prefix -> !prefix.isExitRoute())
                .toList();
    }

    private static NaiveTailnet withGrant(NaiveTailnet tailnet, Grant grant) {
        List<Grant> grants = new ArrayList<>(tailnet.policy().grants().orElse(List.of()));
        grants.add(grant);
        RoutingPolicy policy = tailnet.policy().toBuilder().grants(grants).build();
        return new NaiveTailnet(policy, tailnet.users(), tailnet.nodes(), tailnet.exitRule(), tailnet.overlay());
    }

    private static <T> T pick(Random random, List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static int checkOverridden(Random random, Addition step) {
        NaiveTailnet tailnet = step.after();
        List<NodeId> online = online(random, tailnet);
        RoutingViews before = RoutingViews.of(state(step.before(), online));
        RoutingViews after = RoutingViews.of(state(tailnet, online));
        int overridden = 0;
        for (IpAddress to : some(random, NaivePackets.destinations(tailnet))) {
            for (NodeRoutes viewer : some(random, tailnet.nodes())) {
                TrafficQuestion question = question(random, viewer, to.toPrefix());
                Reachability previous = before.can(question).orElseThrow();
                Set<Object> via = previous.paths().stream()
                        .flatMap(path -> path.rules().stream())
                        .filter(rule -> hasVia(before, rule))
                        .map(rule -> entry(before, rule))
                        .collect(Collectors.toSet());
                if (!via.isEmpty()) {
                    Reachability current = after.can(question).orElseThrow();
                    if (!current.passes()) {
                        assertThat(current.missing())
                                .as("%s\nbefore %s\nof %s", current, previous, tailnet)
                                .anyMatch(each -> each instanceof Obstacle.ViaOverridden named
                                        && via.contains(entry(after, named.via()))
                                        && !hasVia(after, named.plain()));
                        overridden++;
                    }
                }
            }
        }
        return overridden;
    }

    private static Object entry(RoutingViews views, RuleId rule) {
        RoutingPolicy policy = views.state().policy();
        return rule.section() == RuleId.Section.GRANTS
                ? policy.grants().orElseThrow().get(rule.index())
                : policy.acls().orElseThrow().get(rule.index());
    }

    private static boolean hasVia(RoutingViews views, RuleId rule) {
        return entry(views, rule) instanceof Grant grant && !grant.via().isEmpty();
    }

    private static <T> List<T> some(Random random, Collection<T> all) {
        List<T> some = new ArrayList<>(all);
        if (some.size() > MOST) {
            Collections.shuffle(some, random);
            return some.subList(0, MOST / 4);
        }
        return some;
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
            if (path.hop() instanceof Hop.Router router) {
                assertThat(way).isEqualTo(new Way(router.prefix(), new TreeSet<>(List.of(router.carrier()))));
            } else if (path.hop() instanceof Hop.ExitNode exit) {
                assertThat(way.over()).isEqualTo(exit.prefix());
                assertThat(way.routers()).contains(exit.exitNode());
            } else if (path.hop() instanceof Hop.Peer peer) {
                assertThat(way.over().isSingleAddress()).isTrue();
                assertThat(way.routers()).containsExactly(peer.peer());
            } else {
                assertThat(way.routers()).containsExactly(viewer);
            }
        }
    }

    /** A question of any kind, from the viewer or from a host behind it. */
    private static TrafficQuestion question(Random random, NodeRoutes viewer, Prefix to) {
        NodeId id = viewer.node().id();
        TrafficQuestion question = switch (random.nextInt(8)) {
            case 0 -> TrafficQuestion.of(id, to, Protocol.TCP, 22);
            case 1 -> TrafficQuestion.of(id, to, Protocol.TCP, 443);
            case 2 -> TrafficQuestion.of(id, to, Protocol.UDP, 8080);
            case 3 -> TrafficQuestion.of(id, to, Protocol.ICMP, 0);
            case 4 -> TrafficQuestion.of(id, to, Protocol.IPV6_ICMP, 0);
            case 5 -> TrafficQuestion.of(id, to, new Protocol(47), 0);
            case 6 -> new TrafficQuestion(id, null, to, Protocol.TCP, null);
            default -> TrafficQuestion.anything(id, to);
        };
        List<Prefix> behind = List.copyOf(viewer.effective());
        return behind.isEmpty() || random.nextInt(3) > 0
                ? question
                : question.fromBehind(pick(random, behind).last());
    }

    /** What a question means: a ping is one of the destination's family, and what is left open is anything. */
    private static List<Packet> packetsOf(TrafficQuestion question, IpAddress to) {
        Protocol ping = to.isIpv4() ? Protocol.ICMP : Protocol.IPV6_ICMP;
        List<Protocol> protocols = question.protocol()
                .map(asked -> List.of(List.of(1, 58).contains(asked.number()) ? ping : asked))
                .orElse(List.of(Protocol.TCP, Protocol.UDP, ping, new Protocol(47)));
        List<Integer> ports =
                question.port().isPresent() ? List.of(question.port().getAsInt()) : List.of(0, 22, 443, 8080);
        List<Packet> packets = new ArrayList<>();
        for (Protocol protocol : protocols) {
            for (int port : ports) {
                packets.add(new Packet(question.viewer(), question.behind().orElse(null), to, protocol, port));
            }
        }
        return packets;
    }

    /** A random tailnet with some of its nodes online; the state machine elects. */
    private static Case any(Random random) {
        NaiveTailnet tailnet = Tailnets.of(random).tailnet();
        RoutingViews views = RoutingViews.of(state(tailnet, online(random, tailnet)));
        Map<Prefix, ElectedRoute> elected = new TreeMap<>();
        views.state()
                .routes()
                .keySet()
                .forEach(prefix -> elected.put(prefix, views.visibility().elected(prefix)));
        return new Case(tailnet, views, NaivePackets.of(tailnet, new NaiveVisibility(tailnet, elected)));
    }

    private static List<NodeId> online(Random random, NaiveTailnet tailnet) {
        return tailnet.nodes().stream()
                .map(node -> node.node().id())
                .filter(id -> random.nextInt(4) > 0)
                .toList();
    }

    private static RoutingState state(NaiveTailnet tailnet, List<NodeId> online) {
        List<Command> commands = new ArrayList<>();
        commands.add(new Command.SetUsers(tailnet.users()));
        for (NodeRoutes node : tailnet.nodes()) {
            NodeId id = node.node().id();
            commands.add(new Command.RegisterNode(node.node()));
            commands.add(new Command.AdvertiseRoutes(id, new TreeSet<>(node.effective())));
            commands.add(new Command.SetApprovedRoutes(id, new TreeSet<>(node.effective())));
            if (online.contains(id)) {
                commands.add(new Command.ConnectSession(id, new SessionId("session of " + id)));
            }
        }
        commands.add(new Command.SetPolicy(tailnet.policy()));
        RoutingSettings settings = RoutingSettings.DEFAULT.toBuilder()
                .overlay(tailnet.overlay().ranges())
                .exit(tailnet.exitRule())
                .build();
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        Step step = Routing.step(
                RoutingState.empty(new TailnetId("example.com"), settings, now),
                List.of(Submission.of(new Actor("any"), commands.toArray(Command[]::new))),
                now);
        assertThat(step.results()).allMatch(SubmissionResult.Accepted.class::isInstance);
        return step.next();
    }
}
