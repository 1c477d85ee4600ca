package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.wayleave.access.RuleId;
import dev.wayleave.approval.Verdict;
import dev.wayleave.explanation.Hop.ExitNode;
import dev.wayleave.explanation.Hop.Itself;
import dev.wayleave.explanation.Hop.OwnNetwork;
import dev.wayleave.explanation.Hop.Peer;
import dev.wayleave.explanation.Hop.Router;
import dev.wayleave.explanation.NearRule;
import dev.wayleave.explanation.NearRule.CapabilitiesOnly;
import dev.wayleave.explanation.NearRule.Difference;
import dev.wayleave.explanation.NearRule.OtherAddresses;
import dev.wayleave.explanation.NearRule.OtherSources;
import dev.wayleave.explanation.NearRule.OtherTraffic;
import dev.wayleave.explanation.NearRule.SameUserOnly;
import dev.wayleave.explanation.NearRule.ThroughTags;
import dev.wayleave.explanation.Obstacle;
import dev.wayleave.explanation.Obstacle.NoAddressOfFamily;
import dev.wayleave.explanation.Obstacle.NoRoute;
import dev.wayleave.explanation.Obstacle.NoRuleAt;
import dev.wayleave.explanation.Obstacle.NotApproved;
import dev.wayleave.explanation.Obstacle.NotSeen;
import dev.wayleave.explanation.Obstacle.OwnSite;
import dev.wayleave.explanation.Obstacle.RouteWithheld;
import dev.wayleave.explanation.Obstacle.ViaOverridden;
import dev.wayleave.explanation.Reachability;
import dev.wayleave.explanation.Reachability.ExistsAtSite;
import dev.wayleave.explanation.Reachability.ExitNodesShown;
import dev.wayleave.explanation.Reachability.MapsToSite;
import dev.wayleave.explanation.Reachability.Path;
import dev.wayleave.explanation.Reachability.PingOfFamily;
import dev.wayleave.explanation.TrafficQuestion;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.net.Via6;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Traffic;
import dev.wayleave.visibility.Withheld;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What {@link RoutingViews#can} answers. */
class ReachabilityTest extends TrafficFixture {

    private Reachability ping(String viewer, String destination, Protocol protocol) {
        return ask(TrafficQuestion.of(id(viewer), prefix(destination), protocol, 0));
    }

    private static RuleId acl(int index) {
        return new RuleId(RuleId.Section.ACLS, index);
    }

    private static List<Obstacle> missing(Reachability answer) {
        return answer.missing();
    }

    private static List<NearRule> near(Reachability answer) {
        return answer.near();
    }

    private static NearRule near(RuleId rule, Difference... differences) {
        return new NearRule(rule, List.of(differences));
    }

    private static OtherSources sources(String... texts) {
        return new OtherSources(Arrays.stream(texts).map(Selector::parse).toList());
    }

    private static OtherTraffic traffic(String... texts) {
        return new OtherTraffic(Arrays.stream(texts).map(Traffic::parse).toList());
    }

    private SortedSet<NodeId> nodes(String... names) {
        SortedSet<NodeId> nodes = new TreeSet<>();
        for (String name : names) {
            nodes.add(id(name));
        }
        return nodes;
    }

    @Test
    void trafficPassesThroughTheCarrierByTheRuleThatLetsItIn() {
        policy("{'tagOwners': {'tag:r': []}, 'grants': ["
                        + "{'src': ['ann@'], 'dst': ['tag:r'], 'ip': ['*']},"
                        + "{'src': ['ann@'], 'dst': ['10.0.0.0/8'], 'ip': ['tcp:443']}]}")
                .node("pc", "ann")
                .node("router", "tag:r", "10.0.0.0/8");

        Reachability answer = tcp("pc", "10.1.2.3", 443);

        assertThat(answer.passes()).isTrue();
        assertThat(answer.paths())
                .containsExactly(new Path(
                        new Router(id("router"), prefix("10.0.0.0/8"), true),
                        AddressSet.of(prefix("10.1.2.3")),
                        new TreeSet<>(Set.of(grant(1))),
                        List.of(Traffic.parse("tcp:443"))));
    }

    @Test
    void theLongestMatchDecidesAndTheRuleForTheWiderRouteIsOfNoUse() {
        policy("{'tagOwners': {'tag:r': []}, 'grants': ["
                        + "{'src': ['ann@'], 'dst': ['10.0.0.0/8'], 'ip': ['tcp:443']},"
                        + "{'src': ['ann@'], 'dst': ['10.1.9.9'], 'ip': ['*']}]}")
                .node("pc", "ann")
                .node("wide", "tag:r", "10.0.0.0/8")
                .node("narrow", "tag:r", "10.1.0.0/16");

        assertThat(tcp("pc", "10.1.2.3", 443).paths())
                .extracting(Path::hop)
                .containsExactly(new Router(id("narrow"), prefix("10.1.0.0/16"), true));
        assertThat(missing(tcp("pc", "10.1.2.3", 22)))
                .containsExactly(new NoRuleAt(new Router(id("narrow"), prefix("10.1.0.0/16"), true)));
    }

    @Test
    void aRuleIsNearThatOpensOtherTrafficOrIsForOtherSources() {
        policy("{'tagOwners': {'tag:r': []}, 'grants': ["
                        + "{'src': ['ann@'], 'dst': ['10.0.0.0/8'], 'ip': ['tcp:443']},"
                        + "{'src': ['bob@'], 'dst': ['10.0.0.0/8'], 'ip': ['tcp:22']},"
                        + "{'src': ['bob@'], 'dst': ['10.0.0.0/8'], 'ip': ['tcp:80']}]}")
                .node("pc", "ann")
                .node("bobs", "bob")
                .node("router", "tag:r", "10.0.0.0/8");

        assertThat(near(tcp("pc", "10.1.2.3", 22)))
                .containsExactly(near(grant(0), traffic("tcp:443")), near(grant(1), sources("bob@")));
    }

    @Test
    void aRuleIsNearThatOpensOtherAddressesBehindTheSameRouter() {
        policy("{'tagOwners': {'tag:r': []}, 'grants': [{'src': ['ann@'], 'dst': ['10.1.2.3'], 'ip': ['*']}]}")
                .node("pc", "ann")
                .node("router", "tag:r", "10.0.0.0/8");

        assertThat(near(tcp("pc", "10.1.2.4", 22)))
                .containsExactly(near(grant(0), new OtherAddresses(AddressSet.of(prefix("10.1.2.3")))));
    }

    @Test
    void ofSeveralRulesThoseAreNearThatDifferInTheFewestWays() {
        policy("{'tagOwners': {'tag:exit': [], 'tag:none': []}, 'grants': ["
                        + "{'src': ['ann@'], 'dst': ['autogroup:internet'], 'ip': ['tcp:443'], 'via': ['tag:none']},"
                        + "{'src': ['bob@'], 'dst': ['autogroup:internet'], 'ip': ['tcp:443']}]}")
                .node("ann-pc", "ann")
                .node("bob-pc", "bob")
                .node("cyd-pc", "cyd")
                .node("exit", "tag:exit", "0.0.0.0/0", "::/0");

        assertThat(near(tcp("bob-pc", "9.9.9.9", 22))).containsExactly(near(grant(1), traffic("tcp:443")));
        assertThat(near(tcp("cyd-pc", "9.9.9.9", 22)))
                .containsExactly(near(grant(1), sources("bob@"), traffic("tcp:443")));
        assertThat(near(tcp("ann-pc", "9.9.9.9", 443)))
                .contains(near(grant(0), new ThroughTags(new TreeSet<>(Set.of(new Tag("tag:none"))), nodes())));
    }

    @Test
    void anExitNodeCarriesWhatItsRuleOpensAndNothingElse() {
        policy("{'acls': [{'action': 'accept', 'src': ['ann@'], 'dst': ['autogroup:internet:80,443']}]}")
                .node("phone", "ann")
                .node("exit", "bob", "0.0.0.0/0", "::/0");

        ExitNode exit = new ExitNode(id("exit"), KnownRanges.EXIT_IPV4);
        assertThat(tcp("phone", "9.9.9.9", 443).paths()).extracting(Path::hop).containsExactly(exit);
        assertThat(missing(tcp("phone", "9.9.9.9", 22))).containsExactly(new NoRuleAt(exit));
        assertThat(near(tcp("phone", "9.9.9.9", 22))).containsExactly(near(acl(0), traffic("80,443")));
    }

    @Test
    void selfOpensDevicesOfTheSameUserOnly() {
        policy("{'acls': [{'action': 'accept', 'src': ['autogroup:member'], 'dst': ['autogroup:self:*']}]}")
                .node("a1", "ann")
                .node("a2", "ann")
                .node("b1", "bob");

        assertThat(tcp("a1", "100.64.0.2", 22).passes()).isTrue();
        assertThat(missing(tcp("a1", "100.64.0.3", 22))).containsExactly(new NotSeen(id("b1")));
        assertThat(near(tcp("a1", "100.64.0.3", 22))).containsExactly(near(acl(0), new SameUserOnly()));
    }

    @Test
    void capabilitiesLetNoTrafficPass() {
        policy("{'grants': [{'src': ['ann@'], 'dst': ['bob@'], 'app': {'example.com/cap/x': []}}]}")
                .node("a", "ann")
                .node("b", "bob");

        assertThat(missing(tcp("a", "100.64.0.2", 22))).containsExactly(new NoRuleAt(new Peer(id("b"))));
        assertThat(near(tcp("a", "100.64.0.2", 22))).containsExactly(near(grant(0), new CapabilitiesOnly()));
    }

    @Test
    void aFamilyThatTheViewerDoesNotHaveIsANo() {
        policy("{}").node("a", "ann", List.of("fd7a:115c:a1e0::1")).node("b", "bob", "10.0.0.0/8");

        assertThat(missing(tcp("a", "10.1.2.3", 22))).containsExactly(new NoAddressOfFamily());
        assertThat(tcp("a", "fd7a:115c:a1e0::2", 22).passes()).isTrue();
    }

    @Test
    void aPingIsMeantInTheFamilyOfItsDestination() {
        policy("{'tagOwners': {'tag:r': []}, 'grants': ["
                        + "{'src': ['ann@'], 'dst': ['2001:db8:9::/48', '10.9.0.0/16'], 'ip': ['icmp:*']}]}")
                .node("pc", "ann")
                .node("router", "tag:r", "2001:db8:9::/48", "10.9.0.0/16");

        Reachability six = ping("pc", "2001:db8:9::5", Protocol.ICMP);

        assertThat(six.passes()).isFalse();
        assertThat(six.notes()).containsExactly(new PingOfFamily(Protocol.ICMP, Protocol.IPV6_ICMP));
        assertThat(near(six)).containsExactly(near(grant(0), traffic("icmp:*")));
        assertThat(ping("pc", "10.9.0.5", Protocol.ICMP).passes()).isTrue();
        assertThat(ping("pc", "10.9.0.5", Protocol.IPV6_ICMP).passes()).isTrue();
    }

    @Test
    void aPingOfTheOtherFamilyIsNoTrafficThatPasses() {
        policy("{'tagOwners': {'tag:r': []}, 'grants': ["
                        + "{'src': ['ann@'], 'dst': ['2001:db8:9::/48', '10.9.0.0/16'], 'ip': ['icmp:*']},"
                        + "{'src': ['ann@'], 'dst': ['2001:db8:9:1::/64'], 'ip': ['icmp:*', 'tcp:443']}]}")
                .node("pc", "ann")
                .node("router", "tag:r", "2001:db8:9::/48", "10.9.0.0/16");

        Reachability closed = ask(TrafficQuestion.anything(id("pc"), prefix("2001:db8:9::5")));
        assertThat(closed.passes()).isFalse();
        assertThat(near(closed)).contains(near(grant(0), traffic("icmp:*")));
        assertThat(ask(TrafficQuestion.anything(id("pc"), prefix("10.9.0.5"))).passes())
                .isTrue();
        assertThat(ask(TrafficQuestion.anything(id("pc"), prefix("2001:db8:9:1::5")))
                        .paths())
                .extracting(Path::rules, Path::open)
                .containsExactly(tuple(new TreeSet<>(Set.of(grant(1))), List.of(Traffic.parse("tcp:443"))));
    }

    @Test
    void aRouterCannotUseTheAddressesOfItsOwnSite() {
        Via6 web = Via6.parseName("10-0-0-5-via-7");
        policy("{}").node("pc", "ann").node("router", "tag:r", "fd7a:115c:a1e0:b1a:0:7:a00:0/104", "10.0.0.0/16");

        Reachability own = tcp("router", web.toPrefix().toString(), 443);

        assertThat(missing(own)).containsExactly(new OwnSite(web));
        assertThat(own.notes()).containsExactly(new MapsToSite(web));
        assertThat(tcp("pc", web.toPrefix().toString(), 443).passes()).isTrue();
        assertThat(tcp("router", "10.0.0.5", 443).paths())
                .extracting(Path::hop)
                .containsExactly(new OwnNetwork(prefix("10.0.0.0/16")));
    }

    /** It sends what goes to the internet out itself, and may not use another exit node meanwhile. */
    @Test
    void anExitNodeNeedsNoRouteToTheInternet() {
        policy("{'grants': [{'src': ['*'], 'dst': ['autogroup:internet'], 'ip': ['*']}]}")
                .node("exit", "tag:e", "0.0.0.0/0", "::/0")
                .node("other", "tag:e", "0.0.0.0/0", "::/0");

        Reachability answer = tcp("exit", "1.1.1.1", 443);

        assertThat(answer.passes()).isTrue();
        assertThat(answer.paths()).extracting(Path::hop).containsExactly(new OwnNetwork(KnownRanges.EXIT_IPV4));
        assertThat(tcp("exit", "2606:4700::1111", 443).paths())
                .extracting(Path::hop)
                .containsExactly(new OwnNetwork(KnownRanges.EXIT_IPV6));
        assertThat(missing(tcp("exit", "10.9.9.9", 443))).containsExactly(new NoRoute(false));
        assertThat(tcp("exit", "0.0.0.0/0", 443).reachable().contains(IpAddress.parse("1.1.1.1")))
                .isTrue();
    }

    @Test
    void sitesThatHaveTheIpv4AddressAreNamed() {
        policy("{}")
                .node("pc", "ann")
                .node("lisbon", "tag:r", "fd7a:115c:a1e0:b1a:0:7:c0a8:100/120")
                .node("porto", "tag:r", "fd7a:115c:a1e0:b1a:0:8:c0a8:0/112")
                .node("faro", "tag:r", "fd7a:115c:a1e0:b1a:0:9:a00:0/104");

        assertThat(tcp("pc", "192.168.1.20", 80).notes())
                .containsExactly(
                        new ExistsAtSite(Via6.parseName("192-168-1-20-via-7"), nodes("lisbon")),
                        new ExistsAtSite(Via6.parseName("192-168-1-20-via-8"), nodes("porto")));
    }

    @Test
    void aHostBehindARouterIsNotTheRouter() {
        policy("{'tagOwners': {'tag:a': [], 'tag:b': []}, 'grants': ["
                        + "{'src': ['10.1.0.0/16'], 'dst': ['10.2.0.0/16'], 'ip': ['*']}]}")
                .node("a", "tag:a", "10.1.0.0/16")
                .node("b", "tag:b", "10.2.0.0/16");

        TrafficQuestion fromRouter = TrafficQuestion.of(id("a"), prefix("10.2.0.9"), Protocol.TCP, 80);

        assertThat(ask(fromRouter.fromBehind(IpAddress.parse("10.1.0.7"))).passes())
                .isTrue();
        assertThat(ask(fromRouter).passes()).isFalse();
    }

    @Test
    void aPrefixIsReachableAsAWholeInPartOrNotAtAll() {
        policy("{'tagOwners': {'tag:r': []}, 'grants': ["
                        + "{'src': ['ann@'], 'dst': ['10.1.0.0/16'], 'ip': ['tcp:443']}]}")
                .node("pc", "ann")
                .node("router", "tag:r", "10.0.0.0/8");

        assertThat(tcp("pc", "10.1.2.0/24", 443)).isInstanceOf(Reachability.Yes.class);
        assertThat(tcp("pc", "10.2.0.0/16", 443)).isInstanceOf(Reachability.No.class);
        Reachability part = tcp("pc", "10.0.0.0/8", 443);
        assertThat(part).isInstanceOf(Reachability.Partly.class);
        assertThat(part.reachable()).isEqualTo(AddressSet.of(prefix("10.1.0.0/16")));
        assertThat(part.passes()).isFalse();
    }

    @Test
    void aPrefixIsDividedByTheLongestMatch() {
        policy("{'tagOwners': {'tag:r': []}, 'grants': [{'src': ['ann@'], 'dst': ['10.0.0.0/8'], 'ip': ['tcp:443']}]}")
                .node("pc", "ann")
                .node("wide", "tag:r", "10.0.0.0/8")
                .node("narrow", "tag:r", "10.1.0.0/16");

        Reachability answer = tcp("pc", "10.0.0.0/14", 443);

        assertThat(answer.passes()).isTrue();
        assertThat(answer.paths())
                .extracting(Path::hop, path -> path.destinations().toString())
                .containsExactly(
                        tuple(new Router(id("narrow"), prefix("10.1.0.0/16"), true), "[10.1.0.0/16]"),
                        tuple(
                                new Router(id("wide"), prefix("10.0.0.0/8"), true),
                                AddressSet.of(prefix("10.0.0.0/16"), prefix("10.2.0.0/15"))
                                        .toString()));
    }

    @Test
    void aRouteThatIsAdvertisedAndNotApprovedIsMissingAnApproval() {
        policy("{}").node("pc", "ann").node("router", "tag:r");
        tailnet.advertise("router", "10.0.0.0/8");

        assertThat(missing(tcp("pc", "10.1.2.3", 22)))
                .containsExactly(new NotApproved(id("router"), prefix("10.0.0.0/8"), new Verdict.NoKeyCovers()));
    }

    @Test
    void whereNoNodeAdvertisesARouteOneIsMissing() {
        policy("{}").node("pc", "ann");

        assertThat(missing(tcp("pc", "10.1.2.3", 22))).containsExactly(new NoRoute(false));
        assertThat(missing(tcp("pc", "9.9.9.9", 22))).containsExactly(new NoRoute(true));
    }

    @Test
    void aRouteThatIsWithheldSaysWhy() {
        policy("{'tagOwners': {'tag:r': []}, 'grants': []}").node("pc", "ann").node("router", "tag:r", "10.0.0.0/8");

        assertThat(missing(tcp("pc", "10.1.2.3", 22)))
                .containsExactly(new RouteWithheld(id("router"), prefix("10.0.0.0/8"), new Withheld.NotAdmitted()));
    }

    @Test
    void theAnswerNamesBothRulesWhereAPlainRuleOverridesVia() {
        policy("{'tagOwners': {'tag:a': [], 'tag:b': []}, 'grants': ["
                        + "{'src': ['ann@'], 'dst': ['10.0.0.0/8'], 'ip': ['tcp:443'], 'via': ['tag:b']},"
                        + "{'src': ['ann@'], 'dst': ['10.7.0.0/16'], 'ip': ['*']}]}")
                .node("pc", "ann")
                .node("a", "tag:a", "10.0.0.0/8")
                .node("b", "tag:b", "10.0.0.0/8");

        assertThat(missing(tcp("pc", "10.1.2.3", 443)))
                .contains(new ViaOverridden(grant(0), id("b"), grant(1), id("a")));
    }

    @Test
    void aPublicDestinationBehindASubnetRouteSaysWhyExitNodesAreShown() {
        policy("{'tagOwners': {'tag:r': []}, 'grants': [{'src': ['ann@'], 'dst': ['203.0.113.0/24'], 'ip': ['*']}]}")
                .node("pc", "ann")
                .node("router", "tag:r", "203.0.113.0/24")
                .node("exit", "tag:r", "0.0.0.0/0", "::/0");

        Reachability answer = tcp("pc", "203.0.113.7", 443);

        assertThat(answer.paths())
                .extracting(Path::hop)
                .containsExactly(new Router(id("router"), prefix("203.0.113.0/24"), true));
        assertThat(answer.notes()).containsExactly(new ExitNodesShown(grant(0), nodes("exit")));
    }

    @Test
    void nothingIsNeededForAnAddressOfTheViewerItself() {
        policy("{'grants': []}").node("pc", "ann");

        assertThat(tcp("pc", "100.64.0.1", 22).paths()).extracting(Path::hop).containsExactly(new Itself());
    }
}
