package dev.wayleave.foresight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.wayleave.access.RuleId;
import dev.wayleave.command.Command;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.testing.Scenario;
import dev.wayleave.visibility.PeerChange;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The plan of a change before it is made. */
class RoutePlanTest {

    private static final String POLICY = """
            {"groups": {"group:dev": ["ann@example.com", "ben@example.com"]},
             "tagOwners": {"tag:router": []},
             "grants": [
               {"src": ["group:dev"], "dst": ["10.1.0.0/16"], "ip": ["tcp:22", "tcp:443"]},
               {"src": ["ann@example.com"], "dst": ["10.2.0.0/16"], "ip": ["*"]}
             ]}""";

    private static final String FOR_DEVELOPERS = """
            {"src": ["group:dev"], "dst": ["10.1.0.0/16"], "ip": ["tcp:22", "tcp:443"]},""";

    private final Scenario scenario = TwoRouters.under(POLICY);

    private RoutePlan plan(Command... commands) {
        return TwoRouters.plan(scenario, commands);
    }

    private RoutePlan planOf(String policy) {
        return plan(new Command.SetPolicy(PolicyReader.read(policy)));
    }

    @Test
    void aTeamThatARuleNoLongerNamesLosesItsRoutesBecauseOfThatRule() {
        RoutePlan plan = planOf(POLICY.replace("""
                "src": ["group:dev"]""", """
                "src": ["ann@example.com"]"""));

        assertThat(plan.verdict()).isEqualTo(RoutePlan.Verdict.LOSS);
        ViewerImpact ben = plan.viewers().get(0);
        assertThat(ben.viewers()).containsExactly(scenario.id("ben-laptop"));
        assertThat(ben.routesLost()).singleElement().satisfies(lost -> {
            assertThat(lost.prefix()).isEqualTo(Prefix.parse("10.1.0.0/16"));
            assertThat(lost.cause())
                    .isEqualTo(new LossCause.RuleChanged(
                            new RuleId(RuleId.Section.GRANTS, 0),
                            plan.fates().get(new RuleId(RuleId.Section.GRANTS, 0))));
            assertThat(lost.cause()
                            .text(scenario.state().names(), plan.after().state().names()))
                    .contains("grants[0], line 4")
                    .contains("no longer names `group:dev`");
        });
    }

    @Test
    void aLostRuleIsNumberedByTheOldPolicy() {
        RoutePlan plan = planOf(POLICY.replace(FOR_DEVELOPERS, ""));

        assertThat(plan.fates())
                .containsEntry(new RuleId(RuleId.Section.GRANTS, 0), new RuleFate.Removed())
                .hasEntrySatisfying(
                        new RuleId(RuleId.Section.GRANTS, 1),
                        fate -> assertThat(fate)
                                .isInstanceOfSatisfying(
                                        RuleFate.Kept.class,
                                        kept -> assertThat(kept.now())
                                                .isEqualTo(new RuleId(RuleId.Section.GRANTS, 0))));
        assertThat(plan.viewers().get(0).routesLost())
                .extracting(lost -> ((LossCause.RuleChanged) lost.cause()).rule())
                .containsOnly(new RuleId(RuleId.Section.GRANTS, 0));
    }

    /** The route stays, and one port does not: only packet filters show it. */
    @Test
    void aPortThatIsClosedIsALoss() {
        RoutePlan plan = planOf(POLICY.replace(FOR_DEVELOPERS, """
                {"src": ["group:dev"], "dst": ["10.1.0.0/16"], "ip": ["tcp:443"]},"""));

        assertThat(plan.viewers()).noneMatch(ViewerImpact::isLoss);
        assertThat(plan.verdict()).isEqualTo(RoutePlan.Verdict.LOSS);
        assertThat(plan.traffic()).singleElement().satisfies(impact -> {
            assertThat(impact.nodes()).containsExactlyInAnyOrder(scenario.id("a"), scenario.id("b"));
            assertThat(impact.gained()).isEmpty();
            assertThat(impact.lost()).singleElement().satisfies(lost -> {
                assertThat(lost.ports()).hasToString("[22]");
                assertThat(lost.sources().contains(IpAddress.parse("100.64.0.9")))
                        .isTrue();
            });
        });
    }

    @Test
    void rulesThatAreOnlyWrittenOtherwiseChangeNothing() {
        RoutePlan plan = planOf("""
                {"groups": {"group:engineers": ["ben@example.com", "ann@example.com"]},
                 "tagOwners": {"tag:router": []},
                 "grants": [
                   {"src": ["ann@example.com"], "dst": ["10.2.0.0/16"], "ip": ["*"]},
                   {"src": ["group:engineers"], "dst": ["10.1.0.0/16"], "ip": ["tcp:443"]},
                   {"src": ["group:engineers"], "dst": ["10.1.0.0/17", "10.1.128.0/17"], "ip": ["tcp:22"]}
                 ]}""");

        assertThat(plan.viewers()).isEmpty();
        assertThat(plan.traffic()).isEmpty();
        assertThat(plan.verdict()).isNotEqualTo(RoutePlan.Verdict.LOSS);
    }

    @Test
    void aGroupThatMeansSomethingElseIsNamed() {
        RoutePlan plan = planOf(POLICY.replace(", \"ben@example.com\"]", "]"));

        assertThat(plan.viewers().get(0).routesLost().get(0).cause())
                .isInstanceOfSatisfying(
                        LossCause.RuleChanged.class,
                        cause -> assertThat(cause.fate())
                                .isInstanceOfSatisfying(
                                        RuleFate.Kept.class,
                                        kept -> assertThat(kept.redefined()).containsExactly("group:dev")));
    }

    @Test
    void aDrainMovesRoutesAndTakesNoneAway() {
        RoutePlan plan = plan(new Command.DrainNode(scenario.id("a"), null, true));

        assertThat(plan.primaries())
                .extracting(RouteEvent::kind, RouteEvent.OfElection::prefix)
                .contains(tuple("primary-moved", Prefix.parse("10.1.0.0/16")));
        assertThat(plan.viewers())
                .allSatisfy(impact -> assertThat(impact.routesLost())
                        .noneMatch(lost -> lost.prefix().equals(Prefix.parse("10.1.0.0/16"))));
        assertThat(plan.viewers().get(0).routesMoved())
                .extracting(ViewerImpact.RouteMoved::to)
                .containsExactly(scenario.id("b"));
    }

    @Test
    void aRevokedRouteOfTheLastCarrierIsLostForAll() {
        RoutePlan plan = plan(new Command.RevokeRoutes(scenario.id("a"), List.of(Prefix.parse("10.2.0.0/16"))));

        assertThat(plan.approvals()).extracting(RouteEvent::kind).containsExactly("route-revoked", "route-denied");
        assertThat(plan.primaries()).extracting(RouteEvent::kind).containsExactly("prefix-unserved");
        assertThat(plan.viewers().get(0).routesLost())
                .singleElement()
                .satisfies(lost -> assertThat(lost.cause()).isInstanceOf(LossCause.RouteWithheld.class));
        assertThat(plan.verdict()).isEqualTo(RoutePlan.Verdict.LOSS);
    }

    @Test
    void aNodeThatIsRemovedIsLostForItsPeers() {
        RoutePlan plan = plan(new Command.RemoveNode(scenario.id("b")));

        assertThat(plan.removedNodes()).containsExactly(scenario.id("b"));
        assertThat(plan.viewers().get(0).peersLost())
                .extracting(ViewerImpact.PeersLost::cause)
                .containsExactly(new LossCause.NodeGone());
        assertThat(plan.verdict()).isEqualTo(RoutePlan.Verdict.LOSS);
    }

    @Test
    void aRefusedCommandChangesNothingAndIsNamed() {
        RoutePlan plan = plan(new Command.RemoveNode(new NodeId(99)), new Command.SetUsers(Users.none()));

        assertThat(plan.refusals()).containsOnlyKeys(0);
        assertThat(plan.verdict()).isEqualTo(RoutePlan.Verdict.NOTHING_CHANGES);
    }

    @Test
    void thePolicyThatIsInForceChangesNothing() {
        assertThat(planOf(POLICY).verdict()).isEqualTo(RoutePlan.Verdict.NOTHING_CHANGES);
    }

    // What explains a loss

    /** Two peers are lost for two causes, and one of them is the viewer itself. */
    @Test
    void aViewerNeverLosesItself() {
        scenario.policy("""
                {"tagOwners": {"tag:router": []},
                 "grants": [
                   {"src": ["ann@example.com"], "dst": ["ben@example.com"], "ip": ["*"]},
                   {"src": ["ann@example.com", "ben@example.com"], "dst": ["tag:router"], "ip": ["*"]},
                   {"src": ["ann@example.com"], "dst": ["ann@example.com"], "ip": ["*"]}
                 ]}""");

        RoutePlan plan = plan(new Command.RemoveNode(scenario.id("b")), new Command.SetPolicy(PolicyReader.read("""
                {"tagOwners": {"tag:router": []}, "grants": []}""")));

        for (ViewerImpact impact : plan.viewers()) {
            for (NodeId viewer : impact.viewers()) {
                assertThat(impact.peersLost()).noneMatch(lost -> lost.peers().equals(Set.of(viewer)));
            }
        }
    }

    /** The policy changes elsewhere, and a new owner takes the route away. */
    @Test
    void anEntryThatSaysTheSameAsBeforeIsNoCause() {
        RoutePlan plan = plan(
                new Command.SetPolicy(PolicyReader.read(POLICY.replace("tcp:443", "tcp:8443"))),
                new Command.UpdateNode(
                        scenario.state().node(scenario.id("ann-laptop")).orElseThrow().facts().toBuilder()
                                .owner(Owner.tags("tag:router"))
                                .build()));

        assertThat(plan.viewers().get(0).routesLost())
                .filteredOn(lost -> lost.prefix().equals(Prefix.parse("10.2.0.0/16")))
                .extracting(ViewerImpact.RouteLost::cause)
                .containsExactly(new LossCause.RuleEnded(
                        new RuleId(RuleId.Section.GRANTS, 1), PeerChange.EndCause.VIEWER_CHANGED));
    }

    @Test
    void aRouteThatViaTakesAwayNamesTheGrant() {
        RoutePlan plan = planOf("""
                {"tagOwners": {"tag:router": [], "tag:far": []},
                 "groups": {"group:dev": ["ann@example.com", "ben@example.com"]},
                 "grants": [
                   {"src": ["group:dev"], "dst": ["10.1.0.0/16"], "ip": ["tcp:22", "tcp:443"], "via": ["tag:far"]},
                   {"src": ["ann@example.com"], "dst": ["10.2.0.0/16"], "ip": ["*"]}
                 ]}""");

        assertThat(plan.viewers().get(0).routesLost())
                .extracting(lost -> lost.cause()
                        .text(
                                plan.before().state().names(),
                                plan.after().state().names()))
                .allSatisfy(text -> assertThat(text).contains("grants[0]").contains("tag:far"));
    }

    @Test
    void anEntryThatIsSplitInTwoLosesNothing() {
        RoutePlan plan = planOf(POLICY.replace(FOR_DEVELOPERS, """
                {"src": ["group:dev"], "dst": ["10.1.0.0/16"], "ip": ["tcp:22"]},
                {"src": ["group:dev"], "dst": ["10.1.0.0/16"], "ip": ["tcp:443"]},
                """));

        assertThat(plan.fates().get(new RuleId(RuleId.Section.GRANTS, 0)))
                .isInstanceOfSatisfying(RuleFate.Changed.class, fate -> {
                    assertThat(fate.goneSources()).isEmpty();
                    assertThat(fate.goneDestinations()).isEmpty();
                });
    }

    /** The new entry shares the sources of all three, and opens nothing of what they open. */
    @Test
    void oneNewEntryIsTheSuccessorOfOneEntryAtMostWhereItSharesNoAccess() {
        String policy = """
                {"tagOwners": {"tag:router": []},
                 "grants": [%s]}""";
        String entry = """
                {"src": ["ann@example.com"], "dst": ["%s"], "ip": ["*"]}""";
        scenario.policy(policy.formatted(String.join(
                ",", entry.formatted("10.1.0.0/16"), entry.formatted("10.2.0.0/16"), entry.formatted("10.3.0.0/16"))));

        RoutePlan plan = planOf(policy.formatted(entry.formatted("10.9.0.0/16")));

        assertThat(plan.fates().values()).extracting(RuleFate::kind).containsExactly("changed", "removed", "removed");
    }

    @Test
    void entriesThatAreMergedIntoOneAreAllChanged() {
        String policy = """
                {"tagOwners": {"tag:router": []},
                 "grants": [%s]}""";
        String entry = """
                {"src": ["%s"], "dst": ["10.1.0.0/16", "%s"], "ip": ["*"]}""";
        scenario.policy(policy.formatted(entry.formatted("ann@example.com", "10.2.0.0/16") + ","
                + entry.formatted("ben@example.com", "10.3.0.0/16")));

        RoutePlan plan = planOf(policy.formatted("""
                {"src": ["ann@example.com", "ben@example.com"],
                 "dst": ["10.1.0.0/16", "10.4.0.0/16"], "ip": ["*"]}"""));

        assertThat(plan.fates().values()).extracting(RuleFate::kind).containsExactly("changed", "changed");
    }

    @Test
    void onlyTheSetThatHoldsOtherAddressesIsRedefined() {
        String policy = """
                {"tagOwners": {"tag:router": []},
                 "ipsets": {"ipset:one": ["10.1.0.0/16"], "ipset:two": ["10.2.0.0/16"]},
                 "grants": [
                   {"src": ["ann@example.com"], "dst": ["ipset:one"], "ip": ["*"]},
                   {"src": ["ann@example.com"], "dst": ["ipset:two"], "ip": ["*"]}
                 ]}""";
        scenario.policy(policy);

        RoutePlan plan = planOf(policy.replace("""
                "ipset:two": ["10.2.0.0/16"]""", """
                "ipset:two": ["10.3.0.0/16"]"""));

        assertThat(plan.fates().get(new RuleId(RuleId.Section.GRANTS, 0)))
                .isEqualTo(new RuleFate.Kept(new RuleId(RuleId.Section.GRANTS, 0), new TreeSet<>()));
        assertThat(plan.fates().get(new RuleId(RuleId.Section.GRANTS, 1)))
                .isEqualTo(new RuleFate.Kept(new RuleId(RuleId.Section.GRANTS, 1), new TreeSet<>(Set.of("ipset:two"))));
    }

    // What nodes let in

    private static final String OWN = """
            {"tagOwners": {"tag:router": []},
             "grants": [{"src": ["ben@example.com"], "dst": ["ann@example.com"], "ip": ["tcp:22"]}]}""";

    private List<TrafficImpact.Permission> lostTraffic(String before, String after) {
        scenario.change(
                        "ann-laptop",
                        node -> node.address(IpAddress.parse("100.64.0.8"))
                                .address(IpAddress.parse("fd7a:115c:a1e0::8")))
                .policy(before);
        return planOf(after).traffic().stream()
                .flatMap(impact -> impact.lost().stream())
                .toList();
    }

    @Test
    void aPartOfTheOwnAddressesIsNotAllOfThem() {
        assertThat(lostTraffic(OWN, OWN.replace("""
                "dst": ["ann@example.com"]""", """
                "dst": ["100.64.0.0/10"]""")))
                .extracting(TrafficImpact.Permission::ownAddresses)
                .containsExactly(TrafficImpact.OwnAddresses.IPV6);
    }

    @Test
    void rulesForOtherSourcesDoNotCutALossInPieces() {
        String more = OWN.replace("}]}", """
                }
                ,
                {"src": ["tag:router"], "dst": ["100.64.0.0/10"], "ip": ["tcp:20-30"]}]}""");

        assertThat(lostTraffic(more, more.replace("[\"tcp:22\"]", "[\"tcp:443\"]")))
                .singleElement()
                .satisfies(lost -> {
                    assertThat(lost.ports()).hasToString("[22]");
                    assertThat(lost.ownAddresses()).isEqualTo(TrafficImpact.OwnAddresses.ALL);
                });
    }

    /** Each accepts its own addresses from the other already, and all other addresses now. */
    @Test
    void nodesThatDifferInTheirOwnAddressesAcceptAllOtherAddressesAlike() {
        scenario.register(
                        "ann-phone",
                        node -> node.owner(Owner.user(new UserId("ann"))).address(IpAddress.parse("100.64.0.7")))
                .policy("""
                        {"grants": [{"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["*"]}]}""");

        assertThat(planOf("{}").traffic())
                .filteredOn(impact -> impact.nodes().contains(scenario.id("ann-phone")))
                .singleElement()
                .satisfies(impact -> {
                    assertThat(impact.nodes()).containsExactly(scenario.id("ann-laptop"), scenario.id("ann-phone"));
                    assertThat(impact.gained())
                            .extracting(TrafficImpact.Permission::ownAddresses, TrafficImpact.Permission::destinations)
                            .containsExactlyInAnyOrder(
                                    tuple(TrafficImpact.OwnAddresses.NONE, KnownRanges.EVERYTHING),
                                    tuple(TrafficImpact.OwnAddresses.ALL, AddressSet.empty()));
                });
    }

    @Test
    void portZeroIsNoLoss() {
        assertThat(lostTraffic(OWN.replace("tcp:22", "tcp:*"), OWN.replace("tcp:22", "tcp:1-65535")))
                .isEmpty();
    }

    @Test
    void aNodeDoesNotLoseTrafficFromItself() {
        String self = OWN.replace("""
                "src": ["ben@example.com"]""", """
                "src": ["ann@example.com"]""");

        assertThat(lostTraffic(self, """
                {"tagOwners": {"tag:router": []}, "grants": []}""")).isEmpty();
    }
}
