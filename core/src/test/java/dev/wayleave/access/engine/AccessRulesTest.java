package dev.wayleave.access.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.access.ExitRule;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.access.PacketFilter;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.testing.NaiveOverlay;
import dev.wayleave.testing.NaiveTailnet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Packet filters written out, of a tailnet of one address family to keep them short. */
class AccessRulesTest {

    private static final int LAPTOP = 1;
    private static final int TABLET = 2;
    private static final int PHONE = 3;
    private static final int SERVER = 4;
    private static final int ROUTER = 5;
    private static final int EXIT = 6;

    private static final Users USERS = Users.of(
            User.builder(new UserId("1"), "alice").email("alice@example.com").build(),
            User.builder(new UserId("2"), "bob").email("bob@example.com").build());

    private static final List<NodeRoutes> NODES = List.of(
            node(LAPTOP, Owner.user(new UserId("1"))),
            node(TABLET, Owner.user(new UserId("1"))),
            node(PHONE, Owner.user(new UserId("2"))),
            node(SERVER, Owner.tags("tag:server")),
            node(ROUTER, Owner.tags("tag:router"), "10.0.0.0/8"),
            node(EXIT, Owner.tags("tag:exit"), "0.0.0.0/0"));

    private static final String TAGS = """
            {"tagOwners": {"tag:server": [], "tag:router": [], "tag:exit": []},\s""";

    private static NodeRoutes node(int id, Owner owner, String... effective) {
        TreeSet<Prefix> routes = new TreeSet<>();
        Arrays.stream(effective).map(Prefix::parse).forEach(routes::add);
        return new NodeRoutes(
                Node.builder(new NodeId(id), "n" + id, owner)
                        .address(IpAddress.parse("100.64.0." + id))
                        .build(),
                routes);
    }

    private static AccessRules rules(ExitRule exitRule, NaiveOverlay overlay, String sections) {
        return new NaiveTailnet(PolicyReader.read(TAGS + sections + "}"), USERS, NODES, exitRule, overlay).compile();
    }

    private static AccessRules rules(String sections) {
        return rules(ExitRule.INTERNET, NaiveOverlay.DEFAULT, sections);
    }

    /**
     * Each rule as {@code sources -> destination ports, ...} with its protocol, or
     * {@code => destinations capabilities}.
     */
    private static List<String> filter(AccessRules rules, int node) {
        List<String> texts = new ArrayList<>();
        for (PacketFilter.Rule rule : rules.filter(new NodeId(node)).rules()) {
            if (rule instanceof PacketFilter.TrafficRule traffic) {
                List<String> to = new ArrayList<>();
                traffic.destinations().forEach((pattern, ports) -> to.add(pattern + " " + ports));
                texts.add(traffic.sources() + " -> " + String.join(", ", to)
                        + traffic.protocol().map(protocol -> " " + protocol).orElse(""));
            } else if (rule instanceof PacketFilter.CapabilityRule capability) {
                texts.add(capability.sources() + " => " + capability.destinations() + " " + capability.capabilities());
            }
        }
        return texts;
    }

    @Test
    void selfOpensTheUntaggedNodesOfOneUserAmongThemselves() {
        AccessRules rules = rules("""
                "acls": [{"action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self:22"]}]""");
        assertThat(filter(rules, LAPTOP)).containsExactly("[100.64.0.1, 100.64.0.2] -> 100.64.0.1 [22]");
        assertThat(filter(rules, TABLET)).containsExactly("[100.64.0.1, 100.64.0.2] -> 100.64.0.2 [22]");
        assertThat(filter(rules, PHONE)).containsExactly("[100.64.0.3] -> 100.64.0.3 [22]");
        assertThat(filter(rules, SERVER)).isEmpty();
    }

    @Test
    void selfAsksWhomTheSourcesName() {
        AccessRules rules = rules("""
                "grants": [{"src": ["bob@example.com"], "dst": ["autogroup:self"], "ip": ["*"]}]""");
        assertThat(filter(rules, PHONE)).containsExactly("[100.64.0.3] -> 100.64.0.3 [*]");
        assertThat(filter(rules, LAPTOP)).isEmpty();
    }

    @Test
    void dangerAllIsAnyAddressAndTheWildcardIsNot() {
        AccessRules rules = rules("""
                "grants": [
                  {"src": ["autogroup:danger-all"], "dst": ["tag:server"], "ip": ["443"]},
                  {"src": ["*"], "dst": ["tag:server"], "ip": ["22"]}
                ]""");
        assertThat(filter(rules, SERVER))
                .containsExactly(
                        "[*] -> 100.64.0.4 [443]",
                        "[10.0.0.0/8, 100.64.0.0-100.115.91.255, 100.115.94.0-100.127.255.255, fd7a:115c:a1e0::/48]"
                                + " -> 100.64.0.4 [22]");
    }

    @Test
    void theWildcardAsSourceFollowsTheOverlay() {
        AccessRules rules = rules(ExitRule.INTERNET, NaiveOverlay.PRIVATE, """
                "grants": [{"src": ["*"], "dst": ["tag:server"], "ip": ["22"]}]""");
        assertThat(filter(rules, SERVER))
                .containsExactly(
                        "[10.0.0.0/8, 10.200.0.0/16, 100.64.0.1, 100.64.0.2, 100.64.0.3, 100.64.0.4, 100.64.0.5,"
                                + " 100.64.0.6, fd42::/48] -> 100.64.0.4 [22]");
    }

    @Test
    void capabilitiesHoldAtTheNodeAndForPrefixesBehindIt() {
        AccessRules rules = rules("""
                "grants": [{
                  "src": ["alice@example.com"],
                  "dst": ["tag:server", "10.1.0.0/16"],
                  "app": {"example.com/cap/test": [{"x": 1}]}
                }]""");
        assertThat(filter(rules, SERVER)).containsExactly("""
                [100.64.0.1, 100.64.0.2] => [100.64.0.4/32] {example.com/cap/test=[{"x":1}]}""");
        assertThat(filter(rules, ROUTER)).containsExactly("""
                [100.64.0.1, 100.64.0.2] => [10.1.0.0/16] {example.com/cap/test=[{"x":1}]}""");
        assertThat(filter(rules, EXIT)).isEmpty();
    }

    @Test
    void capabilitiesWithViaLeaveNoRule() {
        AccessRules rules = rules("""
                "grants": [{
                  "src": ["alice@example.com"],
                  "dst": ["10.1.0.0/16"],
                  "app": {"example.com/cap/test": [{}]},
                  "via": ["tag:router"]
                }]""");
        assertThat(filter(rules, ROUTER)).isEmpty();
    }

    @Test
    void capabilitiesOfEqualSourcesAreJoinedWhereTheyAreEqual() {
        AccessRules rules = rules("""
                "grants": [
                  {
                    "src": ["bob@example.com"],
                    "dst": ["10.2.0.0/16"],
                    "app": {"example.com/cap/b": [{}]}
                  },
                  {
                    "src": ["bob@example.com"],
                    "dst": ["10.2.0.0/16"],
                    "app": {"example.com/cap/a": [{}]}
                  },
                  {
                    "src": ["bob@example.com"],
                    "dst": ["10.1.0.0/16"],
                    "app": {"example.com/cap/a": [{}]}
                  }
                ]""");
        assertThat(filter(rules, ROUTER))
                .containsExactly(
                        "[100.64.0.3] => [10.1.0.0/16, 10.2.0.0/16] {example.com/cap/a=[{}]}",
                        "[100.64.0.3] => [10.2.0.0/16] {example.com/cap/b=[{}]}");
    }

    @Test
    void rulesStandInOneOrderHoweverThePolicyHasThem() {
        AccessRules rules = rules("""
                "grants": [
                  {"src": ["bob@example.com"], "dst": ["tag:server"], "ip": ["udp:53", "tcp:22", "80"]},
                  {
                    "src": ["alice@example.com"],
                    "dst": ["tag:server"],
                    "ip": ["22"],
                    "app": {"example.com/cap/a": [{}]}
                  },
                  {"src": ["bob@example.com"], "dst": ["tag:server"], "ip": ["443"]}
                ]""");
        assertThat(filter(rules, SERVER))
                .containsExactly(
                        "[100.64.0.1, 100.64.0.2] -> 100.64.0.4 [22]",
                        "[100.64.0.3] -> 100.64.0.4 [80, 443]",
                        "[100.64.0.3] -> 100.64.0.4 [22] tcp",
                        "[100.64.0.3] -> 100.64.0.4 [53] udp",
                        "[100.64.0.1, 100.64.0.2] => [100.64.0.4/32] {example.com/cap/a=[{}]}");
    }

    @Test
    void sourcesAreNeverMergedAndDestinationsNeverNarrowed() {
        AccessRules rules = rules("""
                "grants": [{"src": ["10.33.0.0/16", "10.0.0.0/8"], "dst": ["10.0.0.0/7"], "ip": ["*"]}]""");
        assertThat(filter(rules, ROUTER)).containsExactly("[10.0.0.0/8, 10.33.0.0/16] -> 10.0.0.0/7 [*]");
    }

    @Test
    void aReachableExitNodeLetsTheSameSourcesIntoTheInternet() {
        String acl = """
                "acls": [{"action": "accept", "src": ["bob@example.com"], "dst": ["tag:exit:%s"]}]""";
        AccessRules every = rules(ExitRule.REACHABLE, NaiveOverlay.DEFAULT, acl.formatted("*"));
        AccessRules fromOne = rules(ExitRule.REACHABLE, NaiveOverlay.DEFAULT, acl.formatted("1-65535"));
        AccessRules some = rules(ExitRule.REACHABLE, NaiveOverlay.DEFAULT, acl.formatted("1-1023"));
        assertThat(filter(every, EXIT).get(0)).startsWith("[100.64.0.3] -> 0.0.0.0-9.255.255.255 [*], ");
        assertThat(filter(fromOne, EXIT).get(0)).startsWith("[100.64.0.3] -> 0.0.0.0-9.255.255.255 [*], ");
        assertThat(filter(some, EXIT)).containsExactly("[100.64.0.3] -> 100.64.0.6 [1-1023]");
        assertThat(filter(rules(acl.formatted("*")), EXIT)).containsExactly("[100.64.0.3] -> 100.64.0.6 [*]");
    }

    @Test
    void anOverlayOnPublicAddressesIsNoPartOfTheInternet() {
        AccessRules rules = rules(ExitRule.INTERNET, NaiveOverlay.PUBLIC, """
                "grants": [{
                  "src": ["bob@example.com"],
                  "dst": ["44.1.0.0/16", "45.1.0.0/16"],
                  "ip": ["*"]
                }]""");
        assertThat(filter(rules, EXIT)).containsExactly("[100.64.0.3] -> 45.1.0.0/16 [*]");
    }
}
