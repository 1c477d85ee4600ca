package dev.wayleave.foresight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.election.OfflineRule;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.testing.RoutingArbitraries;
import dev.wayleave.testing.RoutingDomain;
import dev.wayleave.testing.Scenario;
import dev.wayleave.testing.Script;
import dev.wayleave.visibility.RouteAnswer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.Domain;
import org.junit.jupiter.api.Test;

/** What depends on which router. */
@Domain(RoutingDomain.class)
class WhatIfTest {

    private final Scenario scenario = Scenario.begin()
            .user("ann")
            .policy("""
                    {"tagOwners": {"tag:router": [], "tag:cloud": []},
                     "grants": [{"src": ["ann@example.com"], "dst": ["10.0.0.0/8", "autogroup:internet"],
                                 "ip": ["*"]}]}""")
            .register(
                    "laptop", node -> node.owner(Owner.user(new UserId("ann"))).address(IpAddress.parse("100.64.0.8")))
            .register("a", node -> node.owner(Owner.tags("tag:router")))
            .register("b", node -> node.owner(Owner.tags("tag:router")))
            .register("c", node -> node.owner(Owner.tags("tag:cloud")))
            .connect("laptop")
            .connect("a")
            .connect("b")
            .connect("c")
            .advertise("a", "10.1.0.0/16")
            .approve("a", "10.1.0.0/16")
            .advertise("b", "10.1.0.0/16")
            .approve("b", "10.1.0.0/16")
            .advertise("c", "10.2.0.0/16", "0.0.0.0/0", "::/0")
            .approve("c", "10.2.0.0/16", "0.0.0.0/0", "::/0");

    private Outage.Viewers laptop() {
        return new Outage.Viewers(1, new TreeSet<>(Set.of(scenario.id("laptop"))));
    }

    private Outage.Loss loss(String prefix, String from) {
        return new Outage.Loss(Prefix.parse(prefix), scenario.id(from), laptop());
    }

    private WhatIf whatIf() {
        return WhatIf.of(RoutingViews.of(scenario.state()));
    }

    @Test
    void aRouterWithAStandbyFailsOver() {
        Outage outage = whatIf().outage(List.of(scenario.id("a")));

        assertThat(outage.failovers())
                .containsExactly(
                        new Outage.Failover(Prefix.parse("10.1.0.0/16"), scenario.id("a"), scenario.id("b"), laptop()));
        assertThat(outage.damage()).isZero();
    }

    @Test
    void bothRoutersOfAPrefixTakeItAlong() {
        assertThat(whatIf().eachPair()).singleElement().satisfies(outage -> {
            assertThat(outage.nodes()).containsExactly(scenario.id("a"), scenario.id("b"));
            assertThat(outage.losses()).containsExactly(loss("10.1.0.0/16", "a"));
        });
    }

    @Test
    void theGreatestDamageComesFirstAndCountsExitRoutes() {
        List<Outage> outages = whatIf().eachRouter();

        assertThat(outages).extracting(outage -> outage.nodes().first()).startsWith(scenario.id("c"));
        assertThat(outages.get(0).losses())
                .containsExactlyInAnyOrder(loss("10.2.0.0/16", "c"), loss("0.0.0.0/0", "c"), loss("::/0", "c"));
        assertThat(outages.get(0).damage()).isEqualTo(3);
    }

    /** Viewers go on seeing it, and no packet passes. */
    @Test
    void aPrefixThatItsLastCarrierKeepsCountsAsLost() {
        RoutingState state = scenario.state();
        Command keep = new Command.SetSettings(
                state.settings().toBuilder().offline(OfflineRule.KEEP_LAST).build());
        RoutingState keeping = Routing.step(state, List.of(Submission.of(new Actor("test"), keep)), state.now())
                .next();

        assertThat(WhatIf.of(RoutingViews.of(keeping))
                        .outage(List.of(scenario.id("c")))
                        .losses())
                .contains(loss("10.2.0.0/16", "c"));
    }

    @Test
    void anOutageIsPrintedLineByLine() {
        Outage both = whatIf().outage(List.of(scenario.id("a"), scenario.id("c")));

        assertThat(both.lines(scenario.state().names()))
                .containsExactly(
                        new PlanLine(PlanLine.Kind.LOST, "no exit node offers 0.0.0.0/0"),
                        new PlanLine(PlanLine.Kind.LOST, "10.2.0.0/16 is unserved"),
                        new PlanLine(PlanLine.Kind.LOST, "no exit node offers ::/0"),
                        new PlanLine(PlanLine.Kind.LOST, "1 viewer loses 0.0.0.0/0 through c: laptop"),
                        new PlanLine(PlanLine.Kind.LOST, "1 viewer loses 10.2.0.0/16 through c: laptop"),
                        new PlanLine(PlanLine.Kind.LOST, "1 viewer loses ::/0 through c: laptop"),
                        new PlanLine(PlanLine.Kind.MOVED, "10.1.0.0/16 fails over from a to b for laptop"));
        Outage.Viewers two = laptop().and(new Outage.Viewers(1, new TreeSet<>(Set.of(scenario.id("b")))));
        assertThat(new Outage.Loss(Prefix.parse("10.2.0.0/16"), scenario.id("c"), two)
                        .text(scenario.state().names()))
                .isEqualTo("2 viewers lose 10.2.0.0/16 through c: laptop, b");
    }

    @Test
    void anOutageOfAViewerAloneHasNoLines() {
        Outage laptop = whatIf().outage(List.of(scenario.id("laptop")));

        assertThat(laptop.isEmpty()).isTrue();
        assertThat(laptop.lines(scenario.state().names())).isEmpty();
        assertThat(whatIf().outage(List.of(scenario.id("a"))).isEmpty()).isFalse();
    }

    @Test
    void theTimeOfAFailoverIsPrinted() {
        assertThat(whatIf().failoverText())
                .isEqualTo("a prefix fails over or is lost 15 s after the session of its router ends, and 145 s after "
                        + "a router falls silent");
        RoutingState state = scenario.state();
        Command noLimit = new Command.SetSettings(
                state.settings().toBuilder().withoutSilenceLimit().build());
        RoutingState deaf = Routing.step(state, List.of(Submission.of(new Actor("test"), noLimit)), state.now())
                .next();
        assertThat(WhatIf.of(RoutingViews.of(deaf)).failoverText())
                .endsWith("ends; a router that falls silent keeps its prefixes, because the tailnet has no silence "
                        + "limit");
    }

    @Test
    void prefixesThatDependOnOneRouterOrOneOwnerAreNamed() {
        assertThat(whatIf().risks())
                .containsExactly(
                        new RouteRisk.SingleRouter(Prefix.parse("0.0.0.0/0"), scenario.id("c")),
                        new RouteRisk.SharedFate(
                                Prefix.parse("10.1.0.0/16"),
                                new TreeSet<>(Set.of(scenario.id("a"), scenario.id("b"))),
                                Owner.tags("tag:router")),
                        new RouteRisk.SingleRouter(Prefix.parse("10.2.0.0/16"), scenario.id("c")),
                        new RouteRisk.SingleRouter(Prefix.parse("::/0"), scenario.id("c")));
    }

    @Test
    void oneCommonTagIsASharedFate() {
        scenario.change("b", node -> node.owner(Owner.tags("tag:cloud", "tag:router")));

        assertThat(whatIf().risks())
                .contains(new RouteRisk.SharedFate(
                        Prefix.parse("10.1.0.0/16"),
                        new TreeSet<>(Set.of(scenario.id("a"), scenario.id("b"))),
                        Owner.tags("tag:router")));
    }

    @Test
    void prefixesAndExitRoutesThatNoNodeCouldCarryAreNamed() {
        assertThat(whatIf().outage(List.of(scenario.id("c"))).unserved())
                .containsExactly(Prefix.parse("0.0.0.0/0"), Prefix.parse("10.2.0.0/16"), Prefix.parse("::/0"));
        assertThat(whatIf().outage(List.of(scenario.id("a"))).unserved()).isEmpty();
    }

    @Test
    void anOfflineViewerAndTheNodesThatGoDownLoseNothing() {
        assertThat(downWith("c", "laptop").losses()).isEmpty();

        scenario.disconnect("laptop").after(Duration.ofMinutes(1));

        assertThat(downWith("c").losses()).isEmpty();
    }

    /** Its session is not over, but ends nothing any more. */
    @Test
    void aRouterInTheGraceAfterItFellSilentGoesDown() {
        scenario.fallSilent("a")
                .after(scenario.state().settings().silenceLimit().orElseThrow());

        assertThat(downWith("a").failovers()).extracting(Outage.Failover::to).containsExactly(scenario.id("b"));
    }

    private Outage downWith(String... nodes) {
        return whatIf().outage(Stream.of(nodes).map(scenario::id).toList());
    }

    /** The tailnet's primary stays, and only viewers of the grant with {@code via} move. */
    @Test
    void aRouterToWhichViaLeadsFailsOverForItsViewers() {
        scenario.policy("""
                {"tagOwners": {"tag:router": [], "tag:cloud": [], "tag:far": []},
                 "grants": [{"src": ["ann@example.com"], "dst": ["10.1.0.0/16"], "ip": ["*"],
                             "via": ["tag:far"]}]}""")
                .change("b", node -> node.owner(Owner.tags("tag:far")))
                .change("c", node -> node.owner(Owner.tags("tag:far")))
                .advertise("c", "10.1.0.0/16")
                .approve("c", "10.1.0.0/16");

        assertThat(downWith("b").failovers())
                .containsExactly(
                        new Outage.Failover(Prefix.parse("10.1.0.0/16"), scenario.id("b"), scenario.id("c"), laptop()));
        assertThat(downWith("b").damage()).isZero();
    }

    @Test
    void aUserWhoIsGoneTakesTheUsersNodesAlong() {
        RoutePlan plan = whatIf().userGone(new UserId("ann"));

        assertThat(plan.removedNodes()).containsExactly(scenario.id("laptop"));
        assertThat(plan.after().state().users().all()).isEmpty();
    }

    @Provide
    static Arbitrary<Script> histories() {
        return RoutingArbitraries.scriptsUnderPolicies();
    }

    private static RoutingState end(Script script) {
        RoutingState state = script.start();
        for (Script.Moment moment : script.moments()) {
            state = Routing.step(state, moment.submissions(), moment.at()).next();
        }
        return state;
    }

    /** Nothing else happens than that the node can carry nothing any more. */
    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void aNodeThatGoesDownServesNothingAndOtherNodesStay(@ForAll("histories") Script script) {
        RoutingState state = end(script);
        WhatIf whatIf = WhatIf.of(RoutingViews.of(state));
        for (NodeId node : state.nodes().keySet()) {
            RoutingState after = whatIf.down(List.of(node)).after().state();
            after.routes().forEach((prefix, route) -> {
                assertThat(route.isKept() || !route.primary().equals(Optional.of(node)))
                        .isTrue();
                if (!state.primary(prefix).equals(Optional.of(node))
                        && state.primary(prefix).isPresent()) {
                    assertThat(route.primary()).isEqualTo(state.primary(prefix));
                }
            });
        }
    }

    /** The slow twin asks each viewer, before and after, for the carriers of its routes. */
    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void anOutageCountsWhatEachViewerLosesAndMoves(@ForAll("histories") Script script) {
        RoutingState state = end(script);
        WhatIf whatIf = WhatIf.of(RoutingViews.of(state));
        List<NodeId> nodes = List.copyOf(state.nodes().keySet());
        for (int i = 0; i < nodes.size(); i++) {
            List<NodeId> down = nodes.subList(i, Math.min(nodes.size(), i + 1 + i % 2));
            RoutePlan plan = whatIf.down(down);
            Outage outage = whatIf.outage(down, plan);
            assertThat(texts(outage)).isEqualTo(texts(plan, down));
        }
    }

    private static SortedSet<String> texts(Outage outage) {
        SortedSet<String> texts = new TreeSet<>();
        for (Outage.Loss loss : outage.losses()) {
            assertThat(loss.viewers().count()).isEqualTo(loss.viewers().first().size());
            loss.viewers().first().forEach(viewer -> texts.add(viewer + " loses " + loss.prefix() + " " + loss.from()));
        }
        for (Outage.Failover failover : outage.failovers()) {
            for (NodeId viewer : failover.viewers().first()) {
                texts.add(viewer + " moves " + failover.prefix() + " " + failover.from() + " " + failover.to());
            }
        }
        return texts;
    }

    private static SortedSet<String> texts(RoutePlan plan, List<NodeId> down) {
        RoutingState before = plan.before().state();
        SortedSet<String> texts = new TreeSet<>();
        for (NodeId viewer : before.nodes().keySet()) {
            if (isOffline(before, viewer) || down.contains(viewer)) {
                continue;
            }
            List<RouteAnswer.Given> now =
                    plan.after().viewer(viewer).orElseThrow().given();
            for (RouteAnswer.Given had :
                    plan.before().viewer(viewer).orElseThrow().given()) {
                NodeId from = had.peer();
                NodeId to = now.stream()
                        .filter(route -> route.prefix().equals(had.prefix()))
                        .filter(route ->
                                !had.prefix().isExitRoute() || route.peer().equals(from))
                        .map(RouteAnswer.Given::peer)
                        .findFirst()
                        .orElse(from);
                boolean works = now.stream()
                        .anyMatch(route -> route.prefix().equals(had.prefix())
                                && route.peer().equals(to)
                                && !down.contains(to));
                if (works && !to.equals(from)) {
                    texts.add(viewer + " moves " + had.prefix() + " " + from + " " + to);
                } else if (!works && !isOffline(before, from)) {
                    texts.add(viewer + " loses " + had.prefix() + " " + from);
                }
            }
        }
        return texts;
    }

    private static boolean isOffline(RoutingState state, NodeId node) {
        return state.node(node).orElseThrow().liveness() == Liveness.OFFLINE;
    }
}
