package dev.wayleave.visibility.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.access.ExitRule;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.access.PacketFilter;
import dev.wayleave.access.RuleId;
import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Grant;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.Withheld;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the recorded answers leave open, and the library settles (see {@code DECISIONS.md}). */
class SettledAnswersTest {

    private static final String TAGS = "'tagOwners': {'tag:a': [], 'tag:b': [], 'tag:none': []}";

    private static String grants(String... grants) {
        return "{" + TAGS + ", 'grants': [" + String.join(", ", grants) + "]}";
    }

    private static String grant(String source, String destination, String... more) {
        String fields = more.length == 0 ? "'ip': ['*']" : String.join(", ", more);
        return "{'src': ['" + source + "'], 'dst': ['" + destination + "'], " + fields + "}";
    }

    private static String via(String tag) {
        return "'ip': ['*'], 'via': ['" + tag + "']";
    }

    private static final String ALICE = "alice@example.com";
    private static final String APP = "'app': {'example.com/cap/x': [{}]}";

    private static RuleId rule(int index) {
        return new RuleId(RuleId.Section.GRANTS, index);
    }

    // autogroup:internet

    private static NamedTailnet connector() {
        return new NamedTailnet().node("laptop", "alice").node("connector", "tag:a", "198.51.100.0/24", "10.0.0.0/8");
    }

    @Test
    void theInternetIsBehindAPublicSubnetRoute() {
        NamedTailnet tailnet = connector().policy(grants(grant(ALICE, "autogroup:internet")));
        assertThat(tailnet.routesOf("laptop")).containsExactly("connector: 198.51.100.0/24");
        assertThat(tailnet.passes("laptop", "connector", "198.51.100.7", 443)).isTrue();
        assertThat(tailnet.passes("laptop", "connector", "10.0.0.7", 443)).isFalse();
    }

    @Test
    void theRouterOfAPublicSubnetRouteOpensAllOfTheInternet() {
        NamedTailnet tailnet = connector().policy(grants(grant(ALICE, "autogroup:internet")));
        NamedTailnet exit = new NamedTailnet()
                .node("laptop", "alice")
                .node("exit", "tag:a", "0.0.0.0/0", "::/0")
                .policy(grants(grant(ALICE, "autogroup:internet")));
        assertThat(tailnet.filterOf("connector")).isEqualTo(exit.filterOf("exit"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.0.0.0/6", "2001:db8:9::/48", "100.0.0.0/8"})
    void aSubnetRouteThatIsPartlyPublicLeadsToTheInternet(String route) {
        NamedTailnet tailnet = new NamedTailnet()
                .node("laptop", "alice")
                .node("router", "tag:a", route)
                .policy(grants(grant(ALICE, "autogroup:internet")));
        assertThat(tailnet.routesOf("laptop")).containsExactly("router: " + route);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/8", "fd00::/8", "100.64.0.0/10"})
    void aSubnetRouteThatIsNotPublicDoesNot(String route) {
        NamedTailnet tailnet = new NamedTailnet()
                .node("laptop", "alice")
                .node("router", "tag:a", route)
                .policy(grants(grant(ALICE, "autogroup:internet")));
        assertThat(tailnet.peersOf("laptop")).isEmpty();
    }

    @Test
    void viaLeadsToExitRoutesAndPublicSubnetRoutesOfNodesWithTheTagAlone() {
        NamedTailnet tailnet = new NamedTailnet()
                .node("laptop", "alice")
                .node("a", "tag:a", "198.51.100.0/24")
                .node("b", "tag:b", "198.51.100.0/24", "0.0.0.0/0", "::/0")
                .node("exit-a", "tag:a", "0.0.0.0/0", "::/0")
                .policy(grants(grant(ALICE, "autogroup:internet", via("tag:b"))));
        assertThat(tailnet.peersOf("laptop")).containsExactly("b");
        assertThat(tailnet.routesOf("laptop")).containsExactly("b: 0.0.0.0/0 198.51.100.0/24 ::/0");
        assertThat(tailnet.explain("laptop", "a", "198.51.100.0/24").withheld())
                .contains(new Withheld.ViaOtherRouter(rule(0), tailnet.id("b")));
        assertThat(tailnet.explain("laptop", "exit-a", "::/0").withheld())
                .contains(new Withheld.ViaOtherRouter(rule(0), null));
    }

    @Test
    void viaToATagThatNoRouterHasLeadsNowhereAndSaysSo() {
        NamedTailnet tailnet = new NamedTailnet()
                .node("laptop", "alice")
                .node("router", "tag:a", "198.51.100.0/24")
                .node("exit", "tag:b", "0.0.0.0/0", "::/0")
                .policy(grants(grant(ALICE, "autogroup:internet", via("tag:none"))));
        Withheld.Reason nowhere =
                new Withheld.ViaNoRouter(rule(0), new TreeSet<>(Set.of(new dev.wayleave.mesh.Tag("tag:none"))));
        assertThat(tailnet.peersOf("laptop")).isEmpty();
        assertThat(tailnet.explain("laptop", "exit", "0.0.0.0/0").withheld()).contains(nowhere);
        assertThat(tailnet.explain("laptop", "router", "198.51.100.0/24").withheld())
                .contains(nowhere);
    }

    @Test
    void aPublicDestinationShowsExitNodesBesideTheSubnetRouteAndSaysWhy() {
        NamedTailnet tailnet =
                connector().node("exit", "tag:b", "0.0.0.0/0", "::/0").policy(grants(grant(ALICE, "198.51.100.7")));
        assertThat(tailnet.routesOf("laptop")).containsExactly("connector: 198.51.100.0/24", "exit: 0.0.0.0/0 ::/0");
        RouteAnswer.GivenReason why = new RouteAnswer.PublicDestination(rule(0), Prefix.parse("198.51.100.7/32"));
        for (String route : List.of("0.0.0.0/0", "::/0")) {
            assertThat(tailnet.explain("laptop", "exit", route))
                    .isEqualTo(new RouteAnswer.Given(tailnet.id("exit"), Prefix.parse(route), why));
        }
    }

    @Test
    void eachExitRouteIsCreditedToARuleOfItsFamily() {
        NamedTailnet tailnet = new NamedTailnet()
                .node("laptop", "alice")
                .node("exit", "tag:b", "0.0.0.0/0", "::/0")
                .policy("{'acls': ["
                        + "{'action': 'accept', 'src': ['alice@example.com'], 'dst': ['0.0.0.0/0:*']},"
                        + "{'action': 'accept', 'src': ['alice@example.com'], 'dst': ['::/0:*']}]}");
        assertThat(tailnet.viewer("laptop").given())
                .extracting(given -> given.prefix() + " " + given.reason())
                .containsExactly(
                        "0.0.0.0/0 " + new RouteAnswer.Admitted(new RuleId(RuleId.Section.ACLS, 0)),
                        "::/0 " + new RouteAnswer.Admitted(new RuleId(RuleId.Section.ACLS, 1)));
        assertThat(tailnet.visibility().rules().explainedFilter(tailnet.id("exit")))
                .singleElement()
                .satisfies(rule -> assertThat(rule.entriesByDestination().toString())
                        .isEqualTo("{0.0.0.0/0=[acls[0]], ::/0=[acls[1]]}"));
    }

    @Test
    void whereOneFamilyAloneIsNamedTheOtherExitRouteSaysSo() {
        NamedTailnet tailnet = new NamedTailnet()
                .node("laptop", "alice")
                .node("exit", "tag:b", "0.0.0.0/0", "::/0")
                .policy("{'acls': [{'action': 'accept', 'src': ['alice@example.com'], 'dst': ['0.0.0.0/0:*']}]}");
        assertThat(tailnet.viewer("laptop").given())
                .extracting(RouteAnswer.Given::reason)
                .containsExactly(
                        new RouteAnswer.Admitted(new RuleId(RuleId.Section.ACLS, 0)),
                        new RouteAnswer.PublicDestination(
                                new RuleId(RuleId.Section.ACLS, 0), Prefix.parse("0.0.0.0/0")));
    }

    @Test
    void anExitRouteIsCreditedToNoDestinationThatDoesNotOverrideVia() {
        NamedTailnet tailnet = new NamedTailnet()
                .node("laptop", "alice")
                .node("exit", "tag:b", "0.0.0.0/0")
                .policy("{" + TAGS + ", 'grants': [" + grant(ALICE, "autogroup:internet", via("tag:a")) + "], 'acls': ["
                        + "{'action': 'accept', 'src': ['alice@example.com'], 'dst': ['198.51.100.7:443', "
                        + "'2000::/3:*']}]}");
        assertThat(tailnet.viewer("laptop").given())
                .extracting(RouteAnswer.Given::reason)
                .containsExactly(new RouteAnswer.PublicDestination(
                        new RuleId(RuleId.Section.ACLS, 0), Prefix.parse("2000::/3")));
    }

    // All nodes

    private static NamedTailnet elsewhere() {
        return new NamedTailnet()
                .network("10.77.0.")
                .node("laptop", "alice")
                .node("phone", "bob")
                .node("router", "tag:a", "192.168.9.0/24");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'grants': [{'src': ['*'], 'dst': ['*'], 'ip': ['*']}]}", "{}"})
    void theSelectorForAllNamesAddressesOutsideTheOverlayToo(String policy) {
        NamedTailnet tailnet = elsewhere().policy(policy);
        assertThat(tailnet.passes("laptop", "phone", "10.77.0.2", 22)).isTrue();
        assertThat(tailnet.routesOf("laptop")).containsExactly("router: 192.168.9.0/24");
        assertThat(tailnet.passes("laptop", "router", "192.168.9.9", 22)).isTrue();
        assertThat(sources(tailnet.filterOf("phone")))
                .containsExactly(
                        "10.77.0.1",
                        "10.77.0.2",
                        "10.77.0.3",
                        "100.64.0.0-100.115.91.255",
                        "100.115.94.0-100.127.255.255",
                        "192.168.9.0/24",
                        "fd7a:115c:a1e0::/48");
    }

    @Test
    void anAddressInTheOverlayIsNotWrittenAgain() {
        NamedTailnet tailnet =
                elsewhere().overlay("10.77.0.0/16", "fd7a:115c:a1e0::/48").policy(grants(grant("*", "*")));
        assertThat(sources(tailnet.filterOf("phone")))
                .containsExactly("10.77.0.0/16", "192.168.9.0/24", "fd7a:115c:a1e0::/48");
    }

    @Test
    void aNewNodeOutsideTheOverlayChangesTheFiltersThatNameAllNodes() {
        NamedTailnet tailnet = new NamedTailnet().node("laptop", "alice").node("phone", "bob");
        tailnet.policy(grants(grant("*", "alice@example.com")));
        Visibility before = tailnet.visibility();
        Visibility after = tailnet.network("10.77.0.").node("far", "bob").visibility(before.rules());
        assertThat(sources(after.rules().filter(tailnet.id("laptop")))).contains("10.77.0.3");
        assertThat(Visibility.difference(before, after)
                        .of(tailnet.id("laptop"))
                        .orElseThrow()
                        .filter(tailnet.id("laptop"))
                        .gained())
                .hasSize(1);
        assertThat(Visibility.difference(before, after).of(tailnet.id("phone"))).isEmpty();
    }

    private static List<String> sources(PacketFilter filter) {
        return filter.rules().get(0).sources().stream().map(Object::toString).toList();
    }

    // Capabilities

    @ParameterizedTest
    @ValueSource(strings = {APP, APP + ", 'via': ['tag:a']"})
    void capabilitiesForEverythingShowNoSubnetRoute(String app) {
        NamedTailnet tailnet = connector().policy(grants(grant(ALICE, "*", app)));
        assertThat(tailnet.peersOf("laptop")).containsExactly("connector");
        assertThat(tailnet.routesOf("laptop")).isEmpty();
        assertThat(tailnet.explain("laptop", "connector", "10.0.0.0/8").withheld())
                .contains(new Withheld.NotAdmitted());
    }

    @Test
    void capabilitiesForAPrefixShowItsRoute() {
        NamedTailnet tailnet = connector().policy(grants(grant(ALICE, "10.1.0.0/16", APP)));
        assertThat(tailnet.routesOf("laptop")).containsExactly("connector: 10.0.0.0/8");
    }

    @Test
    void capabilitiesOfARoutersNetworkShowTheWayBack() {
        NamedTailnet tailnet = connector().policy(grants(grant("*", "*", APP)));
        assertThat(tailnet.viewer("laptop").given())
                .extracting(RouteAnswer.Given::reason)
                .containsOnly(new RouteAnswer.ReturnPath(rule(0)));
        assertThat(tailnet.routesOf("laptop")).containsExactly("connector: 10.0.0.0/8 198.51.100.0/24");
    }

    // Rules only ever add

    private static NamedTailnet pair() {
        return new NamedTailnet()
                .node("laptop", "alice")
                .node("a", "tag:a", "10.0.0.0/8")
                .node("b", "tag:b", "10.0.0.0/8");
    }

    @Test
    void aRuleThatLetsAllNodesReachTheViewerDoesNotTakeItsRouteAway() {
        String leadsToB = grant(ALICE, "10.0.0.0/8", via("tag:b"));
        NamedTailnet alone = pair().policy(grants(leadsToB));
        NamedTailnet added = pair().policy(grants(grant("*", "autogroup:member"), leadsToB));
        for (NamedTailnet tailnet : List.of(alone, added)) {
            assertThat(tailnet.routesOf("laptop")).containsExactly("b: 10.0.0.0/8");
            assertThat(tailnet.passes("laptop", "b", "10.1.2.3", 443)).isTrue();
        }
    }

    @Test
    void aPlainRuleOverridesViaAndTheAnswerNamesBoth() {
        NamedTailnet tailnet =
                pair().policy(grants(grant(ALICE, "10.0.0.0/8", via("tag:b")), grant(ALICE, "10.7.0.0/16")));
        assertThat(tailnet.routesOf("laptop")).containsExactly("a: 10.0.0.0/8");
        assertThat(tailnet.explain("laptop", "b", "10.0.0.0/8").withheld())
                .contains(new Withheld.ViaOverridden(rule(0), rule(1), tailnet.id("a")));
    }

    @Test
    void aPlainRuleForEverythingOverridesVia() {
        NamedTailnet tailnet = pair().policy(grants(grant(ALICE, "10.0.0.0/8", via("tag:b")), grant(ALICE, "*")));
        assertThat(tailnet.routesOf("laptop")).containsExactly("a: 10.0.0.0/8");
    }

    @Test
    void whereViaLeadsToThePrimaryTooItIsNotOverridden() {
        NamedTailnet tailnet = pair().policy(grants(
                grant(ALICE, "10.0.0.0/8", "'ip': ['*'], 'via': ['tag:a', 'tag:b']"), grant(ALICE, "10.7.0.0/16")));
        assertThat(tailnet.explain("laptop", "b", "10.0.0.0/8").withheld())
                .contains(new Withheld.NotCarrier(tailnet.id("a"), Withheld.Precedence.PRIMARY));
    }

    @Test
    void aTagOrUserAsDestinationOpensNoRouteOverTheAddressesOfItsNodes() {
        NamedTailnet tailnet = new NamedTailnet()
                .node("laptop", "alice")
                .node("server", "tag:b")
                .node("router", "tag:a", "100.64.0.0/24")
                .policy(grants(grant(ALICE, "tag:b"), grant(ALICE, "tag:a")));
        assertThat(tailnet.peersOf("laptop")).containsExactly("server", "router");
        assertThat(tailnet.routesOf("laptop")).isEmpty();
    }

    // Exit routes, users

    @ParameterizedTest
    @EnumSource(ExitRule.class)
    void anExitNodeOfWhichOnePortIsOpenShowsNoExitRoute(ExitRule rule) {
        NamedTailnet tailnet = new NamedTailnet()
                .node("laptop", "alice")
                .node("exit", "tag:b", "0.0.0.0/0", "::/0")
                .exitRule(rule)
                .policy(grants(grant(ALICE, "tag:b", "'ip': ['tcp:22']")));
        assertThat(tailnet.peersOf("laptop")).containsExactly("exit");
        assertThat(tailnet.routesOf("laptop")).isEmpty();
    }

    @Test
    void aTextThatMatchesTwoUsersAdmitsNeither() {
        Users users = Users.of(
                User.builder(new UserId("1"), "ann").email("ann@corp.example").build(),
                User.builder(new UserId("2"), "bea").email("ann@corp.example").build());
        List<NodeRoutes> nodes = new ArrayList<>();
        for (int id = 1; id <= 2; id++) {
            nodes.add(new NodeRoutes(
                    Node.builder(new NodeId(id), "n" + id, Owner.user(new UserId("" + id)))
                            .address(IpAddress.parse("100.64.0." + id))
                            .build(),
                    new TreeSet<>()));
        }
        RoutingPolicy policy = RoutingPolicy.builder()
                .grants(Grant.from("ann@corp.example").to("*").ip("*").build())
                .build();
        AccessRules rules = AccessRules.compile(policy, users, nodes, OverlayRanges.DEFAULT, ExitRule.INTERNET);
        assertThat(rules.filter(new NodeId(1))).isEqualTo(PacketFilter.CLOSED);
        assertThat(policy.problemsWith(users)).isNotEmpty();
    }
}
