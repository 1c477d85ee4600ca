package dev.wayleave.visibility.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.access.ExitRule;
import dev.wayleave.access.RuleId;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.Withheld;
import org.junit.jupiter.api.Test;

/** The recipes of the field's documentation, each as a small tailnet. */
class RecipesTest {

    private static final RuleId GRANT_0 = new RuleId(RuleId.Section.GRANTS, 0);

    @Test
    void aServiceBehindASubnetRouterIsReachedOnTwoPortsAndTheRouterNot() {
        NamedTailnet tailnet = new NamedTailnet()
                .node("laptop", "alice")
                .node("router", "tag:router", "192.168.0.0/24")
                .policy("""
                        {
                          "tagOwners": {"tag:router": []},
                          "hosts": {"service.example.net": "192.168.0.1"},
                          "acls": [{
                            "action": "accept",
                            "src": ["alice@example.com"],
                            "dst": ["service.example.net:80,443"]
                          }]
                        }
                        """);
        assertThat(tailnet.peersOf("laptop")).containsExactly("router");
        assertThat(tailnet.routesOf("laptop")).containsExactly("router: 192.168.0.0/24");
        assertThat(tailnet.passes("laptop", "router", "192.168.0.1", 80)).isTrue();
        assertThat(tailnet.passes("laptop", "router", "192.168.0.1", 443)).isTrue();
        assertThat(tailnet.passes("laptop", "router", "192.168.0.1", 22)).isFalse();
        assertThat(tailnet.passes("laptop", "router", "192.168.0.2", 80)).isFalse();
        assertThat(tailnet.passes("laptop", "router", "100.64.0.2", 80)).isFalse();
    }

    @Test
    void anyExitNodeServesThoseWhoHaveTheInternet() {
        NamedTailnet tailnet = new NamedTailnet()
                .node("laptop", "alice")
                .node("phone", "bob")
                .node("exit-1", "tag:exit", "0.0.0.0/0", "::/0")
                .node("exit-2", "tag:exit", "0.0.0.0/0", "::/0")
                .policy("""
                        {
                          "tagOwners": {"tag:exit": []},
                          "acls": [{
                            "action": "accept",
                            "src": ["alice@example.com"],
                            "dst": ["autogroup:internet:*"]
                          }]
                        }
                        """);
        assertThat(tailnet.routesOf("laptop")).containsExactly("exit-1: 0.0.0.0/0 ::/0", "exit-2: 0.0.0.0/0 ::/0");
        assertThat(tailnet.passes("laptop", "exit-1", "8.8.8.8", 443)).isTrue();
        assertThat(tailnet.passes("laptop", "exit-1", "100.64.0.3", 443)).isFalse();
        assertThat(tailnet.peersOf("phone")).isEmpty();
        assertThat(tailnet.explain("phone", "exit-1", "::/0").withheld()).contains(new Withheld.NotAdmitted());
    }

    @Test
    void eachUserHasADedicatedExitNodeByHostAcl() {
        NamedTailnet tailnet = exitNodes().exitRule(ExitRule.REACHABLE).policy("""
                {
                  "tagOwners": {"tag:exit-1": [], "tag:exit-2": []},
                  "hosts": {"one": "100.64.0.3/32", "two": "100.64.0.4/32"},
                  "acls": [
                    {"action": "accept", "src": ["alice@example.com"], "dst": ["one:*"]},
                    {"action": "accept", "src": ["bob@example.com"], "dst": ["two:*"]}
                  ]
                }
                """);
        assertDedicatedExitNodes(tailnet);
        assertThat(tailnet.passes("laptop", "exit-1", "100.64.0.3", 22)).isTrue();
    }

    @Test
    void underTheDefaultExitRuleAHostAclGivesNoExitNode() {
        NamedTailnet tailnet = exitNodes().policy("""
                {
                  "hosts": {"one": "100.64.0.3/32"},
                  "acls": [{"action": "accept", "src": ["alice@example.com"], "dst": ["one:*"]}]
                }
                """);
        assertThat(tailnet.peersOf("laptop")).containsExactly("exit-1");
        assertThat(tailnet.routesOf("laptop")).isEmpty();
        assertThat(tailnet.passes("laptop", "exit-1", "8.8.8.8", 443)).isFalse();
    }

    @Test
    void aRuleForSomePortsGivesNoExitNode() {
        NamedTailnet tailnet = exitNodes().exitRule(ExitRule.REACHABLE).policy("""
                {
                  "hosts": {"one": "100.64.0.3/32"},
                  "acls": [{"action": "accept", "src": ["alice@example.com"], "dst": ["one:22"]}]
                }
                """);
        assertThat(tailnet.routesOf("laptop")).isEmpty();
        assertThat(tailnet.passes("laptop", "exit-1", "8.8.8.8", 22)).isFalse();
    }

    @Test
    void eachUserHasADedicatedExitNodeByVia() {
        NamedTailnet tailnet = exitNodes().policy("""
                {
                  "tagOwners": {"tag:exit-1": [], "tag:exit-2": []},
                  "grants": [
                    {
                      "src": ["alice@example.com"],
                      "dst": ["autogroup:internet"],
                      "ip": ["*"],
                      "via": ["tag:exit-1"]
                    },
                    {
                      "src": ["bob@example.com"],
                      "dst": ["autogroup:internet"],
                      "ip": ["*"],
                      "via": ["tag:exit-2"]
                    }
                  ]
                }
                """);
        assertDedicatedExitNodes(tailnet);
        assertThat(tailnet.explain("laptop", "exit-2", "0.0.0.0/0").withheld())
                .contains(new Withheld.ViaOtherRouter(GRANT_0, null));
    }

    @Test
    void aPlainGrantForTheInternetOverridesVia() {
        NamedTailnet tailnet = exitNodes().policy("""
                {
                  "tagOwners": {"tag:exit-1": []},
                  "grants": [
                    {
                      "src": ["alice@example.com"],
                      "dst": ["autogroup:internet"],
                      "ip": ["*"],
                      "via": ["tag:exit-1"]
                    },
                    {"src": ["*"], "dst": ["autogroup:internet"], "ip": ["*"]}
                  ]
                }
                """);
        assertThat(tailnet.routesOf("laptop")).containsExactly("exit-1: 0.0.0.0/0 ::/0", "exit-2: 0.0.0.0/0 ::/0");
    }

    private static final String ALICE_VIA_1 = """
            {
              "src": ["alice@example.com"],
              "dst": ["autogroup:internet"],
              "ip": ["*"],
              "via": ["tag:exit-1"]
            }
            """;

    @Test
    void aRuleForOnePublicAddressDoesNotOverrideVia() {
        NamedTailnet tailnet = exitNodes().policy("""
                {
                  "tagOwners": {"tag:exit-1": []},
                  "grants": [%s, {"src": ["*"], "dst": ["8.8.8.8"], "ip": ["53"]}]
                }
                """.formatted(ALICE_VIA_1));
        assertThat(tailnet.peersOf("laptop")).containsExactly("exit-1", "exit-2");
        assertThat(tailnet.routesOf("laptop")).containsExactly("exit-1: 0.0.0.0/0 ::/0");
        assertThat(tailnet.explain("laptop", "exit-2", "0.0.0.0/0").withheld())
                .contains(new Withheld.ViaOtherRouter(GRANT_0, null));
        assertThat(tailnet.routesOf("phone")).containsExactly("exit-1: 0.0.0.0/0 ::/0", "exit-2: 0.0.0.0/0 ::/0");
    }

    @Test
    void aRuleForTheOtherExitNodeItselfDoesNotOverrideVia() {
        NamedTailnet tailnet = exitNodes().exitRule(ExitRule.REACHABLE).policy("""
                {
                  "tagOwners": {"tag:exit-1": [], "tag:exit-2": []},
                  "grants": [%s, {"src": ["*"], "dst": ["tag:exit-2"], "ip": ["*"]}]
                }
                """.formatted(ALICE_VIA_1));
        assertThat(tailnet.peersOf("laptop")).contains("exit-2");
        assertThat(tailnet.routesOf("laptop")).containsExactly("exit-1: 0.0.0.0/0 ::/0");
        assertThat(tailnet.routesOf("phone")).containsExactly("exit-2: 0.0.0.0/0 ::/0");
    }

    @Test
    void aGrantWithViaForOnePublicPrefixTakesNoExitNodeAway() {
        NamedTailnet tailnet = exitNodes()
                .node("connector", "tag:connector", "203.0.113.0/24")
                .exitRule(ExitRule.REACHABLE)
                .policy("""
                        {
                          "tagOwners": {"tag:connector": []},
                          "hosts": {"one": "100.64.0.3/32"},
                          "grants": [
                            {"src": ["alice@example.com"], "dst": ["one"], "ip": ["*"]},
                            {
                              "src": ["alice@example.com"],
                              "dst": ["203.0.113.0/24"],
                              "ip": ["443"],
                              "via": ["tag:connector"]
                            }
                          ]
                        }
                        """);
        assertThat(tailnet.routesOf("laptop")).containsExactly("exit-1: 0.0.0.0/0 ::/0", "connector: 203.0.113.0/24");
        assertThat(tailnet.passes("laptop", "exit-1", "8.8.8.8", 443)).isTrue();
        assertThat(tailnet.explain("laptop", "exit-2", "0.0.0.0/0").withheld()).contains(new Withheld.NotAdmitted());
    }

    @Test
    void aGrantWithViaForOnePublicPrefixShowsTheExitNodesThatItOpens() {
        NamedTailnet tailnet = exitNodes().policy("""
                {
                  "tagOwners": {"tag:exit-1": []},
                  "grants": [{
                    "src": ["alice@example.com"],
                    "dst": ["8.8.8.8"],
                    "ip": ["53"],
                    "via": ["tag:exit-1"]
                  }]
                }
                """);
        assertThat(tailnet.routesOf("laptop")).containsExactly("exit-1: 0.0.0.0/0 ::/0");
        assertThat(tailnet.passes("laptop", "exit-1", "8.8.8.8", 53)).isTrue();
        assertThat(tailnet.passes("laptop", "exit-1", "9.9.9.9", 53)).isFalse();
    }

    @Test
    void aRangeThatHoldsTheInternetOverridesVia() {
        NamedTailnet tailnet = exitNodes().policy("""
                {
                  "tagOwners": {"tag:exit-1": []},
                  "grants": [%s],
                  "acls": [{"action": "accept", "src": ["*"], "dst": ["0.0.0.0/0:*"]}]
                }
                """.formatted(ALICE_VIA_1));
        assertThat(tailnet.routesOf("laptop")).containsExactly("exit-1: 0.0.0.0/0 ::/0", "exit-2: 0.0.0.0/0 ::/0");
    }

    @Test
    void aTaggedRouterNeedsNoAdministrator() {
        NamedTailnet tailnet = new NamedTailnet()
                .policy("""
                        {
                          "tagOwners": {"tag:router": []},
                          "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router"]}},
                          "grants": [{"src": ["alice@example.com"], "dst": ["10.0.0.0/8"], "ip": ["*"]}]
                        }
                        """)
                .advertising("router", "tag:router", "10.1.0.0/16", "192.168.0.0/24")
                .advertising("desktop", "bob", "10.2.0.0/16")
                .node("laptop", "alice");
        assertThat(tailnet.peersOf("laptop")).containsExactly("router");
        assertThat(tailnet.routesOf("laptop")).containsExactly("router: 10.1.0.0/16");
        assertThat(tailnet.passes("laptop", "router", "10.1.2.3", 22)).isTrue();
        assertThat(tailnet.explain("laptop", "desktop", "10.2.0.0/16").withheld())
                .contains(new Withheld.NotEffective());
    }

    @Test
    void aTaggedExitNodeNeedsNoAdministrator() {
        NamedTailnet tailnet = new NamedTailnet()
                .policy("""
                        {
                          "tagOwners": {"tag:exit": []},
                          "autoApprovers": {"exitNode": ["tag:exit"]},
                          "grants": [{"src": ["alice@example.com"], "dst": ["autogroup:internet"], "ip": ["*"]}]
                        }
                        """)
                .advertising("exit", "tag:exit", "0.0.0.0/0", "::/0")
                .advertising("desktop", "bob", "0.0.0.0/0", "::/0")
                .node("laptop", "alice");
        assertThat(tailnet.peersOf("laptop")).containsExactly("exit");
        assertThat(tailnet.routesOf("laptop")).containsExactly("exit: 0.0.0.0/0 ::/0");
        assertThat(tailnet.passes("laptop", "exit", "8.8.8.8", 443)).isTrue();
        assertThat(tailnet.passes("laptop", "desktop", "8.8.8.8", 443)).isFalse();
    }

    private static NamedTailnet exitNodes() {
        return new NamedTailnet()
                .node("laptop", "alice")
                .node("phone", "bob")
                .node("exit-1", "tag:exit-1", "0.0.0.0/0", "::/0")
                .node("exit-2", "tag:exit-2", "0.0.0.0/0", "::/0");
    }

    private static void assertDedicatedExitNodes(NamedTailnet tailnet) {
        assertThat(tailnet.peersOf("laptop")).containsExactly("exit-1");
        assertThat(tailnet.peersOf("phone")).containsExactly("exit-2");
        assertThat(tailnet.routesOf("laptop")).containsExactly("exit-1: 0.0.0.0/0 ::/0");
        assertThat(tailnet.routesOf("phone")).containsExactly("exit-2: 0.0.0.0/0 ::/0");
        assertThat(tailnet.passes("laptop", "exit-1", "8.8.8.8", 443)).isTrue();
        assertThat(tailnet.passes("phone", "exit-1", "8.8.8.8", 443)).isFalse();
        assertThat(tailnet.passes("phone", "exit-2", "8.8.8.8", 443)).isTrue();
        assertThat(tailnet.passes("laptop", "exit-2", "8.8.8.8", 443)).isFalse();
    }

    @Test
    void withoutAPolicyEveryNodeMayUseEveryApprovedRoute() {
        NamedTailnet tailnet = new NamedTailnet()
                .node("laptop", "alice")
                .node("router", "tag:router", "10.0.0.0/8")
                .node("exit", "bob", "0.0.0.0/0", "::/0");
        assertThat(tailnet.routesOf("laptop")).containsExactly("router: 10.0.0.0/8", "exit: 0.0.0.0/0 ::/0");
        assertThat(tailnet.passes("laptop", "router", "10.1.2.3", 22)).isTrue();
        assertThat(tailnet.passes("laptop", "exit", "8.8.8.8", 443)).isTrue();
        assertThat(tailnet.explain("laptop", "router", "10.0.0.0/8"))
                .isEqualTo(new RouteAnswer.Given(
                        new NodeId(2), Prefix.parse("10.0.0.0/8"), new RouteAnswer.Admitted(RuleId.DEFAULT)));
    }

    @Test
    void anEmptyListOfRulesLetsNoNodeReachAnother() {
        NamedTailnet tailnet = new NamedTailnet()
                .node("laptop", "alice")
                .node("router", "tag:router", "10.0.0.0/8")
                .policy("""
                        {"acls": []}""");
        assertThat(tailnet.peersOf("laptop")).isEmpty();
        assertThat(tailnet.routesOf("laptop")).isEmpty();
        assertThat(tailnet.filterOf("router").rules()).isEmpty();
    }
}
