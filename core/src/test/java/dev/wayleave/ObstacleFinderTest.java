package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.access.RuleId;
import dev.wayleave.approval.Verdict;
import dev.wayleave.explanation.Hop.ExitNode;
import dev.wayleave.explanation.Hop.Peer;
import dev.wayleave.explanation.Hop.Router;
import dev.wayleave.explanation.NearRule;
import dev.wayleave.explanation.NearRule.OtherAddresses;
import dev.wayleave.explanation.NearRule.OtherSources;
import dev.wayleave.explanation.NearRule.OtherTraffic;
import dev.wayleave.explanation.Obstacle.NoRoute;
import dev.wayleave.explanation.Obstacle.NoRuleAt;
import dev.wayleave.explanation.Obstacle.NotApproved;
import dev.wayleave.explanation.Obstacle.RouteWithheld;
import dev.wayleave.explanation.Obstacle.ViaOverridden;
import dev.wayleave.explanation.Reachability.CarrierOffline;
import dev.wayleave.explanation.Reachability.ExitNodesShown;
import dev.wayleave.explanation.Reachability.Path;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Traffic;
import dev.wayleave.visibility.Withheld;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What an answer about traffic leaves out: routers, rules and notes that have nothing to do with the question. */
class ObstacleFinderTest extends TrafficFixture {

    private static final Withheld.Reason NOT_ADMITTED = new Withheld.NotAdmitted();

    private TrafficFixture grants(String... grants) {
        return policy("{'tagOwners': {'tag:a': [], 'tag:b': []}, 'grants': [" + String.join(",", grants) + "]}");
    }

    private NoRuleAt noRuleAt(String carrier, String prefix) {
        return new NoRuleAt(new Router(id(carrier), prefix(prefix), true));
    }

    private RouteWithheld withheld(String holder, String prefix) {
        return new RouteWithheld(id(holder), prefix(prefix), NOT_ADMITTED);
    }

    // Routes

    @Test
    void aStandbyOfTheSameRouteIsNotNamedAsMissing() {
        grants("{'src': ['ann@'], 'dst': ['10.0.0.0/8'], 'ip': ['tcp:443']}")
                .node("pc", "ann")
                .node("a", "tag:a", "10.0.0.0/8")
                .node("b", "tag:a", "10.0.0.0/8");

        assertThat(tcp("pc", "10.1.2.3", 22).missing()).containsExactly(noRuleAt("a", "10.0.0.0/8"));
    }

    @Test
    void aRouteToOtherAddressesIsNotNamedAsMissing() {
        grants("{'src': ['ann@'], 'dst': ['10.0.0.0/8'], 'ip': ['tcp:443']}")
                .node("pc", "ann")
                .node("a", "tag:a", "10.0.0.0/8")
                .node("b", "tag:b", "192.168.0.0/16");

        assertThat(tcp("pc", "10.1.2.3", 22).missing()).containsExactly(noRuleAt("a", "10.0.0.0/8"));
    }

    @Test
    void aWithheldRouteInsideTheDestinationHidesNotTheOneAroundIt() {
        grants().node("pc", "ann").node("a", "tag:a", "10.0.0.0/8").node("b", "tag:b", "10.1.7.0/24");

        assertThat(tcp("pc", "10.1.0.0/16", 22).missing())
                .containsExactlyInAnyOrder(withheld("a", "10.0.0.0/8"), withheld("b", "10.1.7.0/24"));
    }

    @Test
    void ofTheWithheldRoutesAroundTheDestinationTheNarrowestIsNamed() {
        grants().node("pc", "ann").node("a", "tag:a", "10.0.0.0/8").node("b", "tag:b", "10.1.0.0/16");

        assertThat(tcp("pc", "10.1.2.3", 22).missing()).containsExactly(withheld("b", "10.1.0.0/16"));
    }

    @Test
    void aWithheldExitRouteIsThatOfTheFamilyOfTheDestination() {
        grants().node("pc", "ann").node("exit", "tag:a", "0.0.0.0/0");

        assertThat(tcp("pc", "9.9.9.9", 22).missing()).containsExactly(withheld("exit", "0.0.0.0/0"));
    }

    @Test
    void anUnapprovedExitRouteIsMissingForPublicAddressesOfItsFamilyOnly() {
        grants().node("pc", "ann").node("exit", "tag:a");
        tailnet.advertise("exit", "0.0.0.0/0", "::/0");

        assertThat(tcp("pc", "9.9.9.9", 22).missing())
                .containsExactly(new NotApproved(id("exit"), KnownRanges.EXIT_IPV4, new Verdict.NoExitNodeApprover()));
        assertThat(tcp("pc", "10.9.9.9", 22).missing()).containsExactly(new NoRoute(false));
    }

    // A plain rule and via

    @Test
    void thePlainRuleThatOverridesViaIsOneForTheViewer() {
        grants(
                        "{'src': ['bob@'], 'dst': ['10.0.0.0/8'], 'ip': ['tcp:80']}",
                        "{'src': ['ann@'], 'dst': ['10.0.0.0/8'], 'ip': ['udp:53'], 'via': ['tag:a']}",
                        "{'src': ['ann@'], 'dst': ['10.0.0.0/8'], 'ip': ['tcp:80']}",
                        "{'src': ['ann@'], 'dst': ['10.0.0.0/8'], 'ip': ['tcp:443'], 'via': ['tag:b']}")
                .node("pc", "ann")
                .node("bobs", "bob")
                .node("a", "tag:a", "10.0.0.0/8")
                .node("b", "tag:b", "10.0.0.0/8");

        assertThat(tcp("pc", "10.1.2.3", 443).missing())
                .containsExactly(noRuleAt("a", "10.0.0.0/8"), new ViaOverridden(grant(3), id("b"), grant(2), id("a")));
    }

    @Test
    void aRuleWithViaOverridesNoOtherRuleWithVia() {
        grants(
                        "{'src': ['ann@'], 'dst': ['10.0.0.0/8'], 'ip': ['tcp:80'], 'via': ['tag:a']}",
                        "{'src': ['ann@'], 'dst': ['10.0.0.0/8'], 'ip': ['tcp:443'], 'via': ['tag:b']}")
                .node("pc", "ann")
                .node("a", "tag:a", "10.0.0.0/8")
                .node("b", "tag:b", "10.0.0.0/8");

        assertThat(tcp("pc", "10.1.2.3", 443).missing()).containsExactly(noRuleAt("a", "10.0.0.0/8"));
    }

    @Test
    void aRuleWithViaIsOverriddenOnlyWhereItWouldLetTheTrafficIn() {
        grants(
                        "{'src': ['ann@'], 'dst': ['10.0.0.0/8'], 'ip': ['tcp:80']}",
                        "{'src': ['bob@'], 'dst': ['10.0.0.0/8'], 'ip': ['tcp:443'], 'via': ['tag:b']}",
                        "{'src': ['ann@'], 'dst': ['10.0.0.0/8'], 'ip': ['udp:53'], 'via': ['tag:b']}")
                .node("pc", "ann")
                .node("bobs", "bob")
                .node("a", "tag:a", "10.0.0.0/8")
                .node("b", "tag:b", "10.0.0.0/8");

        assertThat(tcp("pc", "10.1.2.3", 443).missing()).containsExactly(noRuleAt("a", "10.0.0.0/8"));
    }

    @Test
    void aRuleWithViaIsNotOverriddenAtARouterWithoutARouteToTheDestination() {
        grants(
                        "{'src': ['ann@'], 'dst': ['10.0.0.0/8'], 'ip': ['tcp:80']}",
                        "{'src': ['ann@'], 'dst': ['10.0.0.0/8'], 'ip': ['tcp:443'], 'via': ['tag:b']}")
                .node("pc", "ann")
                .node("a", "tag:a", "10.0.0.0/8")
                .node("b", "tag:b", "10.1.0.0/16");

        assertThat(tcp("pc", "10.2.3.4", 443).missing()).containsExactly(noRuleAt("a", "10.0.0.0/8"));
    }

    @Test
    void aPlainRuleThatShowsAPeerOverridesViaForAnyRouteAroundItsAddress() {
        grants(
                        "{'src': ['ann@'], 'dst': ['bob@'], 'ip': ['tcp:80']}",
                        "{'src': ['ann@'], 'dst': ['fd7a:115c:a1e0::/64'], 'ip': ['tcp:443'], 'via': ['tag:b']}")
                .node("pc", "ann")
                .node("bobs", "bob")
                .node("b", "tag:b", "fd7a:115c:a1e0::/64");

        assertThat(tcp("pc", "fd7a:115c:a1e0::2", 443).missing())
                .containsExactly(
                        new NoRuleAt(new Peer(id("bobs"))), new ViaOverridden(grant(1), id("b"), grant(0), id("bobs")));
    }

    @Test
    void aRouteThatIsTheWayBackOverridesViaAtTheRouterOfAWiderOne() {
        grants(
                        "{'src': ['10.1.0.0/16'], 'dst': ['ann@'], 'ip': ['*']}",
                        "{'src': ['ann@'], 'dst': ['10.1.0.0/16'], 'ip': ['tcp:443'], 'via': ['tag:b']}")
                .node("pc", "ann")
                .node("a", "tag:a", "10.1.0.0/16")
                .node("b", "tag:b", "10.0.0.0/8");

        assertThat(tcp("pc", "10.1.2.3", 443).missing())
                .containsExactly(noRuleAt("a", "10.1.0.0/16"), new ViaOverridden(grant(1), id("b"), grant(0), id("a")));
    }

    @Test
    void aCarrierThatViaChoosesNeedNotBeThePrimary() {
        grants("{'src': ['ann@'], 'dst': ['10.0.0.0/8'], 'ip': ['tcp:443'], 'via': ['tag:b']}")
                .node("pc", "ann")
                .node("a", "tag:a", "10.0.0.0/8")
                .node("b", "tag:b", "10.0.0.0/8");

        assertThat(tcp("pc", "10.1.2.3", 443).paths())
                .extracting(Path::hop)
                .containsExactly(new Router(id("b"), prefix("10.0.0.0/8"), false));
    }

    // Rules that are near

    @Test
    void aRuleForOtherTrafficToOtherAddressesIsNotNear() {
        grants("{'src': ['ann@'], 'dst': ['10.1.0.0/16'], 'ip': ['tcp:443']}")
                .node("pc", "ann")
                .node("a", "tag:a", "10.0.0.0/8");

        assertThat(tcp("pc", "10.2.0.1", 22).near()).isEmpty();
    }

    @Test
    void aRuleForOtherSourcesToOtherAddressesIsNotNear() {
        grants(
                        "{'src': ['bob@'], 'dst': ['10.1.0.0/16'], 'ip': ['*']}",
                        "{'src': ['ann@'], 'dst': ['10.3.0.0/16'], 'ip': ['tcp:443']}")
                .node("pc", "ann")
                .node("bobs", "bob")
                .node("a", "tag:a", "10.0.0.0/8");

        assertThat(tcp("pc", "10.2.0.1", 22).near()).isEmpty();
    }

    @Test
    void aRuleForTheAddressesThatAreOpenIsNotNear() {
        grants(
                        "{'src': ['ann@'], 'dst': ['10.1.0.0/25'], 'ip': ['tcp:22']}",
                        "{'src': ['bob@'], 'dst': ['10.1.0.0/25'], 'ip': ['tcp:22']}")
                .node("pc", "ann")
                .node("bobs", "bob")
                .node("a", "tag:a", "10.0.0.0/8");

        assertThat(tcp("pc", "10.1.0.0/24", 22).near())
                .containsExactly(
                        new NearRule(grant(0), List.of(new OtherAddresses(AddressSet.of(prefix("10.1.0.0/25"))))));
    }

    @Test
    void aRuleIsAsNearAsAtTheNodeWhereItDiffersLeast() {
        grants("{'src': ['bob@'], 'dst': ['autogroup:internet'], 'ip': ['*'], 'via': ['tag:b']}")
                .node("pc", "ann")
                .node("bobs", "bob")
                .node("first", "tag:a", "0.0.0.0/0")
                .node("second", "tag:b", "0.0.0.0/0")
                .node("third", "tag:a", "0.0.0.0/0");

        assertThat(tcp("pc", "9.9.9.9", 22).near())
                .containsExactly(new NearRule(grant(0), List.of(new OtherSources(List.of(Selector.parse("bob@"))))));
    }

    @Test
    void ofTwoNodesWhereARuleDiffersAsMuchTheFirstCounts() {
        tailnet.policy("""
                {"acls": [{"action": "accept", "src": ["bob@"], "dst": ["100.64.0.3:80", "100.64.0.4:443"]}]}""");
        node("pc", "ann").node("bobs", "bob").node("x", "cyd").node("y", "cyd");

        assertThat(tcp("pc", "100.64.0.0/24", 22).near())
                .containsExactly(new NearRule(
                        new RuleId(RuleId.Section.ACLS, 0),
                        List.of(
                                new OtherSources(List.of(Selector.parse("bob@"))),
                                new OtherTraffic(List.of(Traffic.parse("80"))))));
    }

    // Notes and ends

    @Test
    void allExitNodesAreAWayToTheInternet() {
        grants("{'src': ['ann@'], 'dst': ['autogroup:internet'], 'ip': ['*']}")
                .node("pc", "ann")
                .node("first", "tag:a", "0.0.0.0/0")
                .node("second", "tag:b", "0.0.0.0/0");

        assertThat(tcp("pc", "9.9.9.9", 443).paths())
                .extracting(Path::hop)
                .containsExactly(
                        new ExitNode(id("first"), KnownRanges.EXIT_IPV4),
                        new ExitNode(id("second"), KnownRanges.EXIT_IPV4));
    }

    @Test
    void aCarrierThatIsOfflineIsNoted() {
        grants("{'src': ['ann@'], 'dst': ['bob@'], 'ip': ['*']}")
                .node("pc", "ann")
                .node("bobs", "bob");
        tailnet.disconnect("bobs").sleep(Duration.ofMinutes(1));

        assertThat(tcp("pc", "100.64.0.2", 22).passes()).isTrue();
        assertThat(tcp("pc", "100.64.0.2", 22).notes()).containsExactly(new CarrierOffline(id("bobs")));
    }

    @Test
    void exitNodesOfTheOtherFamilyAreNoNote() {
        grants("{'src': ['ann@'], 'dst': ['203.0.113.0/24', '2606:4700::/32'], 'ip': ['*']}")
                .node("pc", "ann")
                .node("a", "tag:a", "203.0.113.0/24")
                .node("exit", "tag:a", "::/0");

        assertThat(tcp("pc", "203.0.113.7", 443).passes()).isTrue();
        assertThat(tcp("pc", "203.0.113.7", 443).notes()).isEmpty();
    }

    @Test
    void exitNodesAreShownByTheFirstRuleThatOpensTrafficToTheViewer() {
        grants(
                        "{'src': ['bob@'], 'dst': ['203.0.113.0/24'], 'ip': ['*']}",
                        "{'src': ['ann@'], 'dst': ['203.0.113.0/24'], 'app': {'example.com/cap/x': []}}",
                        "{'src': ['ann@'], 'dst': ['203.0.113.0/24'], 'ip': ['*']}")
                .node("pc", "ann")
                .node("bobs", "bob")
                .node("a", "tag:a", "203.0.113.0/24")
                .node("exit", "tag:b", "0.0.0.0/0");

        assertThat(tcp("pc", "203.0.113.7", 443).notes())
                .containsExactly(new ExitNodesShown(grant(2), new TreeSet<>(Set.of(id("exit")))));
    }

    @Test
    void theDestinationIsANodeWhereItIsOneAddressOfIt() {
        grants().node("pc", "ann").node("bobs", "bob");

        assertThat(tcp("pc", "100.64.0.2", 22).endpoints().destinationNode()).contains(id("bobs"));
        assertThat(tcp("pc", "100.64.0.0/24", 22).endpoints().destinationNode()).isEmpty();
        assertThat(tcp("pc", "100.64.0.0/32", 22).endpoints().destinationNode()).isEmpty();
        assertThat(tcp("pc", "10.1.2.3", 22).endpoints().destinationNode()).isEmpty();
    }
}
