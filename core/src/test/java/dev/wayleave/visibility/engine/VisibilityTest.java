package dev.wayleave.visibility.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.access.RuleId;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.PeerChange;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.RouteChange;
import dev.wayleave.visibility.ViewChange;
import dev.wayleave.visibility.ViewChanges;
import dev.wayleave.visibility.Withheld;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VisibilityTest {

    private static final String TO_10 = """
            {
              "tagOwners": {"tag:a": [], "tag:b": []},
              "grants": [{"src": ["alice@example.com"], "dst": ["10.0.0.0/8"], "ip": ["*"]}]
            }
            """;

    private static final String VIA_B = """
            {
              "tagOwners": {"tag:a": [], "tag:b": []},
              "grants": [
                {"src": ["alice@example.com"], "dst": ["10.0.0.0/8"], "ip": ["*"], "via": ["tag:b"]},
                {"src": ["bob@example.com"], "dst": ["10.0.0.0/8"], "ip": ["*"]}
              ]
            }
            """;

    private static NamedTailnet routers(String policy) {
        return new NamedTailnet()
                .node("laptop", "alice")
                .node("phone", "bob")
                .node("a", "tag:a", "10.0.0.0/8")
                .node("b1", "tag:b", "10.0.0.0/8")
                .node("b2", "tag:b", "10.0.0.0/8")
                .policy(policy);
    }

    @Test
    void theStandbyIsAPeerWithoutTheRouteAndSaysWhoCarriesIt() {
        NamedTailnet tailnet = routers(TO_10);
        assertThat(tailnet.peersOf("laptop")).containsExactly("a", "b1", "b2");
        assertThat(tailnet.routesOf("laptop")).containsExactly("a: 10.0.0.0/8");
        assertThat(tailnet.explain("laptop", "b1", "10.0.0.0/8").withheld())
                .contains(new Withheld.NotCarrier(tailnet.id("a"), Withheld.Precedence.PRIMARY));
        assertThat(tailnet.explain("phone", "a", "10.0.0.0/8").withheld()).contains(new Withheld.NotAdmitted());
        assertThat(tailnet.explain("laptop", "phone", "10.0.0.0/8").withheld()).contains(new Withheld.NotEffective());
        assertThat(tailnet.explain("a", "a", "10.0.0.0/8").withheld()).contains(new Withheld.OwnRoute());
    }

    @Test
    void viaLeadsOneViewerAndNotAnother() {
        NamedTailnet tailnet = routers(VIA_B);
        assertThat(tailnet.routesOf("laptop")).containsExactly("b1: 10.0.0.0/8");
        assertThat(tailnet.routesOf("phone")).containsExactly("a: 10.0.0.0/8");
        RuleId grant = new RuleId(RuleId.Section.GRANTS, 0);
        assertThat(tailnet.explain("laptop", "a", "10.0.0.0/8").withheld())
                .contains(new Withheld.ViaOtherRouter(grant, tailnet.id("b1")));
        assertThat(tailnet.explain("laptop", "b2", "10.0.0.0/8").withheld())
                .contains(new Withheld.NotCarrier(tailnet.id("b1"), Withheld.Precedence.FIRST_ADMITTED));
    }

    @Test
    void aHealthyMemberOfAViaGroupTakesOverFromADeadOne() {
        NamedTailnet tailnet = routers(VIA_B).elected("10.0.0.0/8", "a", "b2");
        assertThat(tailnet.routesOf("laptop")).containsExactly("b2: 10.0.0.0/8");
        assertThat(tailnet.peersOf("laptop")).containsExactly("b1", "b2");
        assertThat(tailnet.filterOf("b1").rules()).isNotEmpty();
        assertThat(routers(VIA_B)
                        .elected("10.0.0.0/8", "a")
                        .explain("laptop", "b1", "10.0.0.0/8")
                        .withheld())
                .contains(new Withheld.Unserved());
    }

    @Test
    void aCoRouterGetsThePrimaryThoughNoRuleNamesThePrefix() {
        NamedTailnet tailnet = new NamedTailnet()
                .node("one", "tag:a", "10.55.0.0/16")
                .node("two", "tag:a", "10.55.0.0/16")
                .policy("""
                        {
                          "tagOwners": {"tag:a": []},
                          "grants": [{"src": ["tag:a"], "dst": ["tag:a"], "ip": ["*"]}]
                        }
                        """);
        assertThat(tailnet.routesOf("two")).containsExactly("one: 10.55.0.0/16");
        assertThat(tailnet.routesOf("one")).isEmpty();
        assertThat(tailnet.viewer("two").self().effective()).containsExactly(Prefix.parse("10.55.0.0/16"));
        assertThat(tailnet.viewer("two").selfPrimary()).isEmpty();
        assertThat(tailnet.viewer("one").selfPrimary()).containsExactly(Prefix.parse("10.55.0.0/16"));
    }

    @Test
    void nodesThatASubnetMayReachGetTheRouteBack() {
        NamedTailnet tailnet = new NamedTailnet()
                .node("server", "tag:a")
                .node("router", "tag:b", "10.0.0.0/8")
                .policy("""
                        {
                          "tagOwners": {"tag:a": [], "tag:b": []},
                          "grants": [{"src": ["10.0.0.0/8"], "dst": ["tag:a"], "ip": ["*"]}]
                        }
                        """);
        RouteAnswer answer = tailnet.explain("server", "router", "10.0.0.0/8");
        assertThat(answer)
                .isEqualTo(new RouteAnswer.Given(
                        tailnet.id("router"),
                        Prefix.parse("10.0.0.0/8"),
                        new RouteAnswer.ReturnPath(new RuleId(RuleId.Section.GRANTS, 0))));
    }

    @Test
    void aRuleBetweenSubnetsMakesTheirRoutersPeersWithRoutes() {
        NamedTailnet tailnet = new NamedTailnet()
                .node("east", "tag:a", "10.1.0.0/16")
                .node("west", "tag:b", "10.2.0.0/16")
                .policy("""
                        {
                          "tagOwners": {"tag:a": [], "tag:b": []},
                          "grants": [{"src": ["10.1.0.0/16"], "dst": ["10.2.0.0/16"], "ip": ["*"]}]
                        }
                        """);
        assertThat(tailnet.routesOf("east")).containsExactly("west: 10.2.0.0/16");
        assertThat(tailnet.routesOf("west")).containsExactly("east: 10.1.0.0/16");
        assertThat(tailnet.filterOf("east").rules()).isEmpty();
    }

    @Test
    void aDestinationInThePublicInternetShowsExitRoutes() {
        NamedTailnet tailnet = new NamedTailnet()
                .node("laptop", "alice")
                .node("exit", "tag:a", "0.0.0.0/0", "::/0")
                .policy("""
                        {
                          "tagOwners": {"tag:a": []},
                          "grants": [{"src": ["alice@example.com"], "dst": ["8.8.8.0/24"], "ip": ["*"]}]
                        }
                        """);
        assertThat(tailnet.routesOf("laptop")).containsExactly("exit: 0.0.0.0/0 ::/0");
        assertThat(tailnet.explain("laptop", "exit", "0.0.0.0/0"))
                .isEqualTo(new RouteAnswer.Given(
                        tailnet.id("exit"),
                        Prefix.parse("0.0.0.0/0"),
                        new RouteAnswer.PublicDestination(
                                new RuleId(RuleId.Section.GRANTS, 0), Prefix.parse("8.8.8.0/24"))));
        assertThat(tailnet.passes("laptop", "exit", "8.8.8.8", 53)).isTrue();
        assertThat(tailnet.passes("laptop", "exit", "9.9.9.9", 53)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0/0:*", "::/0:*", "2000::/3:*"})
    void aRangeThatHoldsTheInternetOfItsFamilyShowsExitRoutes(String destination) {
        NamedTailnet tailnet = new NamedTailnet()
                .node("laptop", "alice")
                .node("exit", "tag:a", "0.0.0.0/0", "::/0")
                .policy("""
                        {"acls": [{"action": "accept", "src": ["alice@example.com"], "dst": ["%s"]}]}\
                        """.formatted(destination));
        assertThat(tailnet.routesOf("laptop")).containsExactly("exit: 0.0.0.0/0 ::/0");
    }

    @Test
    void aRangeThatIsPartlyPublicShowsNoExitRoutes() {
        NamedTailnet tailnet = new NamedTailnet()
                .node("laptop", "alice")
                .node("exit", "tag:a", "0.0.0.0/0", "::/0")
                .policy("""
                        {"acls": [{"action": "accept", "src": ["alice@example.com"], "dst": ["64.0.0.0/2:*"]}]}""");
        assertThat(tailnet.peersOf("laptop")).containsExactly("exit");
        assertThat(tailnet.routesOf("laptop")).isEmpty();
    }

    @Test
    void theWayBackGivesNoRouteWhereARouterAdmitsTheViewer() {
        NamedTailnet tailnet = new NamedTailnet()
                .node("server", "tag:s")
                .node("primary", "tag:p", "10.0.0.0/8")
                .node("gate", "tag:g", "10.0.0.0/8")
                .node("third", "tag:t", "10.0.0.0/8")
                .policy("""
                        {
                          "tagOwners": {"tag:s": [], "tag:g": []},
                          "grants": [
                            {"src": ["tag:s"], "dst": ["10.0.0.0/8"], "ip": ["*"], "via": ["tag:g"]},
                            {"src": ["10.0.0.0/8"], "dst": ["tag:s"], "ip": ["*"]}
                          ]
                        }
                        """);
        RuleId via = new RuleId(RuleId.Section.GRANTS, 0);
        assertThat(tailnet.routesOf("server")).containsExactly("gate: 10.0.0.0/8");
        assertThat(tailnet.passes("server", "gate", "10.1.2.3", 443)).isTrue();
        assertThat(tailnet.explain("server", "primary", "10.0.0.0/8").withheld())
                .contains(new Withheld.ViaOtherRouter(via, tailnet.id("gate")));
        NamedTailnet offline = tailnet.elected("10.0.0.0/8", "primary", "third");
        assertThat(offline.routesOf("server")).isEmpty();
        assertThat(offline.explain("server", "primary", "10.0.0.0/8").withheld())
                .contains(new Withheld.ViaOtherRouter(via, null));
    }

    @Test
    void theWayBackGivesARouteWhereAGrantLeadsToNoRouter() {
        NamedTailnet tailnet = new NamedTailnet()
                .node("server", "tag:s")
                .node("primary", "tag:p", "10.0.0.0/8")
                .node("third", "tag:t", "10.0.0.0/8")
                .policy("""
                        {
                          "tagOwners": {"tag:s": [], "tag:g": []},
                          "grants": [
                            {"src": ["tag:s"], "dst": ["10.0.0.0/8"], "ip": ["*"], "via": ["tag:g"]},
                            {"src": ["10.0.0.0/8"], "dst": ["tag:s"], "ip": ["*"]}
                          ]
                        }
                        """);
        assertThat(tailnet.routesOf("server")).containsExactly("primary: 10.0.0.0/8");
        assertThat(tailnet.explain("server", "third", "10.0.0.0/8").withheld())
                .contains(new Withheld.NotCarrier(tailnet.id("primary"), Withheld.Precedence.PRIMARY));
    }

    @Test
    void anExitNodeThatIsReachedOtherwiseHidesItsExitRoutes() {
        NamedTailnet tailnet = new NamedTailnet()
                .node("laptop", "alice")
                .node("exit", "tag:a", "0.0.0.0/0", "::/0")
                .policy("""
                        {
                          "tagOwners": {"tag:a": []},
                          "grants": [{"src": ["alice@example.com"], "dst": ["tag:a"], "ip": ["*"]}]
                        }
                        """);
        assertThat(tailnet.peersOf("laptop")).containsExactly("exit");
        assertThat(tailnet.routesOf("laptop")).isEmpty();
    }

    @Test
    void viaForEverythingOpensWhatLiesBehindTheRouterAndNotTheRouter() {
        NamedTailnet tailnet = new NamedTailnet()
                .node("laptop", "alice")
                .node("gate", "tag:a", "10.0.0.0/8", "0.0.0.0/0", "::/0")
                .node("other", "tag:b", "10.0.0.0/8")
                .policy("""
                        {
                          "tagOwners": {"tag:a": []},
                          "grants": [{"src": ["alice@example.com"], "dst": ["*"], "ip": ["*"], "via": ["tag:a"]}]
                        }
                        """);
        assertThat(tailnet.routesOf("laptop")).containsExactly("gate: 0.0.0.0/0 10.0.0.0/8 ::/0");
        assertThat(tailnet.passes("laptop", "gate", "10.9.9.9", 22)).isTrue();
        assertThat(tailnet.passes("laptop", "gate", "8.8.8.8", 22)).isTrue();
        assertThat(tailnet.passes("laptop", "gate", "100.64.0.2", 22)).isFalse();
    }

    @Test
    void viewersOfOneClassShareTheirView() {
        NamedTailnet tailnet = new NamedTailnet().node("router", "tag:a", "10.0.0.0/8");
        for (int i = 0; i < 50; i++) {
            tailnet.node("laptop-" + i, i % 2 == 0 ? "alice" : "bob");
        }
        Visibility visibility = tailnet.policy(TO_10).visibility();
        assertThat(visibility.viewerClassCount()).isEqualTo(3);
        assertThat(visibility.viewer(tailnet.id("laptop-0")).orElseThrow().routes())
                .isSameAs(
                        visibility.viewer(tailnet.id("laptop-2")).orElseThrow().routes());
    }

    @Test
    void aPrimaryThatMovesChangesTheViewsOfTheViewersThatHadItOnly() {
        NamedTailnet tailnet = routers(VIA_B);
        Visibility before = tailnet.visibility();
        Visibility after = before.with(
                before.rules(),
                Map.of(
                        Prefix.parse("10.0.0.0/8"),
                        new ElectedRoute(tailnet.id("b1"), List.of(tailnet.id("b1"), tailnet.id("b2")))),
                Presences.NONE);
        ViewChanges changes = Visibility.difference(before, after);
        assertThat(changes.viewers()).containsExactly(tailnet.id("phone"), tailnet.id("a"), tailnet.id("b1"));
        assertThat(changes.of(tailnet.id("phone")).orElseThrow().routes())
                .containsExactly(new RouteChange.Moved(
                        Prefix.parse("10.0.0.0/8"),
                        tailnet.id("a"),
                        tailnet.id("b1"),
                        new Withheld.NotCarrier(tailnet.id("b1"), Withheld.Precedence.PRIMARY),
                        new RouteAnswer.Admitted(new RuleId(RuleId.Section.GRANTS, 1))));
        assertThat(changes.of(tailnet.id("b1")).orElseThrow().self().primaryGained())
                .containsExactly(Prefix.parse("10.0.0.0/8"));
        assertThat(changes.of(tailnet.id("a")).orElseThrow().self().primaryLost())
                .containsExactly(Prefix.parse("10.0.0.0/8"));
    }

    @Test
    void anElectedNodeMustHaveThePrefix() {
        assertThatThrownBy(() -> routers(TO_10).elected("10.0.0.0/8", "laptop").visibility())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("node 1", "`10.0.0.0/8`");
        assertThat(routers(TO_10).visibility().viewer(new NodeId(99))).isEmpty();
    }

    @Test
    void anElectionOfAPrefixThatIsEffectiveNowhereIsRefused() {
        Map<Prefix, ElectedRoute> nowhere = Map.of(Prefix.parse("10.9.0.0/16"), ElectedRoute.UNSERVED);
        Map<Prefix, ElectedRoute> exit = Map.of(Prefix.parse("::/0"), ElectedRoute.UNSERVED);
        Visibility visibility = routers(TO_10).visibility();
        assertThatThrownBy(() -> Visibility.of(visibility.rules(), nowhere, Presences.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("`10.9.0.0/16`");
        assertThatThrownBy(() -> visibility.with(visibility.rules(), nowhere, Presences.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("`10.9.0.0/16`");
        assertThatThrownBy(() -> Visibility.of(visibility.rules(), exit, Presences.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("`::/0`");
    }

    @Test
    void aPeerThatIsLostSaysWhichRuleEndedAndOnWhoseAccount() {
        Visibility before = routers(TO_10).visibility();
        RuleId grant = new RuleId(RuleId.Section.GRANTS, 0);
        NamedTailnet withdrawn = new NamedTailnet()
                .node("laptop", "alice")
                .node("phone", "bob")
                .node("a", "tag:a", "10.0.0.0/8")
                .node("b1", "tag:b");
        Visibility after = withdrawn.elected("10.0.0.0/8", "a").visibility(before.rules());
        assertThat(Visibility.difference(before, after)
                        .of(withdrawn.id("laptop"))
                        .orElseThrow()
                        .peers())
                .containsExactly(
                        new PeerChange.Removed(
                                withdrawn.id("b1"), new PeerChange.NoRule(grant, PeerChange.EndCause.PEER_CHANGED)),
                        new PeerChange.Removed(new NodeId(5), new PeerChange.NodeRemoved()));
        assertThat(Visibility.difference(before, after)
                        .of(withdrawn.id("b1"))
                        .orElseThrow()
                        .peers())
                .containsExactly(new PeerChange.Removed(
                        withdrawn.id("laptop"), new PeerChange.NoRule(grant, PeerChange.EndCause.VIEWER_CHANGED)));
        assertThat(Visibility.difference(before, routers(VIA_B).visibility())
                        .of(withdrawn.id("laptop"))
                        .orElseThrow()
                        .peers())
                .containsExactly(new PeerChange.Removed(
                        withdrawn.id("a"), new PeerChange.NoRule(grant, PeerChange.EndCause.POLICY_REPLACED)));
    }

    @Test
    void filterRulesAreGainedAndLostWithTheEntriesThatOpenThem() {
        Visibility before = routers(TO_10).visibility();
        NamedTailnet tailnet = routers(VIA_B);
        Visibility after = tailnet.visibility();
        ViewChange.FilterChange change = Visibility.difference(before, after)
                .of(tailnet.id("b1"))
                .orElseThrow()
                .filter(tailnet.id("b1"));
        assertThat(change.lost()).isEmpty();
        assertThat(change.gained())
                .hasSize(1)
                .allSatisfy(rule -> assertThat(rule.entries()).containsExactly(new RuleId(RuleId.Section.GRANTS, 1)));
        ViewChange.FilterChange opposite = Visibility.difference(after, before)
                .of(tailnet.id("b1"))
                .orElseThrow()
                .filter(tailnet.id("b1"));
        assertThat(opposite.gained()).isEmpty();
        assertThat(opposite.lost()).isEqualTo(change.gained());
    }
}
