package dev.wayleave.foresight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.approval.ApprovalRule;
import dev.wayleave.approval.WithdrawalRule;
import dev.wayleave.mesh.Owner;
import dev.wayleave.testing.Scenario;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What lint finds in rules and in approvals, at the borders of each kind. */
class PolicyLintTest {

    private static final String LAN = "10.1.0.0/16";
    private static final String EVERYTHING = """
            {"src": ["*"], "dst": ["*"], "ip": ["*"]}""";

    private final Scenario exitNode = Scenario.begin().router("a", "0.0.0.0/0", "::/0", LAN);

    private static List<LintFinding> findings(Scenario scenario, LintCode code) {
        return Lint.of(scenario.state(), scenario.now()).stream()
                .filter(finding -> finding.code() == code)
                .toList();
    }

    private List<LintFinding> exitNodeWith(String policy, LintCode code) {
        return findings(exitNode.policy(policy), code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}]}
            {"grants": [{"src": ["autogroup:danger-all"], "dst": ["*"], "ip": ["tcp:443"]}]}
            {"acls": [{"action": "accept", "src": ["*"], "dst": ["*:22"]}]}
            {"acls": [{"action": "accept", "src": ["0.0.0.0/0"], "dst": ["0.0.0.0/0:*"]}]}
            """)
    void aRuleFromEverywhereToEverythingOpensExitNodesAndRoutes(String policy) {
        assertThat(exitNodeWith(policy, LintCode.EXIT_NODE_NETWORK_OPEN)).hasSize(1);
        assertThat(exitNodeWith(policy, LintCode.OPEN_TO_EVERY_NODE)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"grants": [{"src": ["*"], "dst": ["*"], "app": {"example.com/cap/x": [{}]}}]}
            {"grants": [{"src": ["*"], "dst": ["10.1.0.0/16"], "ip": ["*"]}]}
            {"acls": [{"action": "accept", "src": ["::/0"], "dst": ["::/0:*"]}]}
            """)
    void aRuleThatPassesNothingThereOrNamesTheNetworkIsNoFinding(String policy) {
        assertThat(exitNodeWith(policy, LintCode.EXIT_NODE_NETWORK_OPEN)).isEmpty();
        assertThat(exitNodeWith(policy, LintCode.OPEN_TO_EVERY_NODE)).isEmpty();
    }

    private List<LintFinding> exitNodeWithSet(String definition, LintCode code) {
        return exitNodeWith("""
                {"ipsets": {"ipset:set": [%s]},
                 "acls": [{"action": "accept", "src": ["ipset:set"], "dst": ["ipset:set:*"]}]}
                """.formatted(definition), code);
    }

    @Test
    void anIpSetOfAWholeFamilyOpensExitNodesAndRoutes() {
        String halves = """
                "0.0.0.0/1", "128.0.0.0/1\"""";
        assertThat(exitNodeWithSet(halves, LintCode.EXIT_NODE_NETWORK_OPEN)).hasSize(1);
        assertThat(exitNodeWithSet(halves, LintCode.OPEN_TO_EVERY_NODE)).hasSize(1);
    }

    @Test
    void anIpSetWithoutAPartOfTheFamilyIsNoFinding() {
        String most = """
                "0.0.0.0/0", "remove 10.9.0.0/16\"""";
        assertThat(exitNodeWithSet(most, LintCode.EXIT_NODE_NETWORK_OPEN)).isEmpty();
        assertThat(exitNodeWithSet(most, LintCode.OPEN_TO_EVERY_NODE)).isEmpty();
    }

    @Test
    void aPolicyWithoutRulesOpensExitNodesAndRoutes() {
        for (LintCode code : List.of(LintCode.EXIT_NODE_NETWORK_OPEN, LintCode.OPEN_TO_EVERY_NODE)) {
            assertThat(findings(exitNode, code)).singleElement().satisfies(finding -> {
                assertThat(finding.message()).startsWith("a policy without rules ");
                assertThat(finding.entry()).isEmpty();
                assertThat(finding.line()).isEmpty();
            });
        }
    }

    @Test
    void eachRuleThatOpensAnExitNodeIsReported() {
        String other = """
                {"src": ["tag:router"], "dst": ["*"], "ip": ["*"]}""";

        assertThat(findings(exitNode.policy("""
                {"tagOwners": {"tag:router": []}, "grants": [%s, %s]}\
                """.formatted(EVERYTHING, other)), LintCode.EXIT_NODE_NETWORK_OPEN))
                .extracting(LintFinding::entryOrNull)
                .containsExactly("grants[0]", "grants[1]");
    }

    private static Scenario via(String destination) {
        return Scenario.begin().policy("""
                {"tagOwners": {"tag:router": []}, "hosts": {"lan": "10.1.0.0/24"},
                 "grants": [{"src": ["*"], "dst": ["%s"], "ip": ["*"], "via": ["tag:router"]}]}
                """.formatted(destination));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.1.0.0/16", "10.0.0.0/8", "10.1.2.3", "lan"})
    void viaCountsRoutersWithARouteToTheDestination(String destination) {
        Scenario scenario = via(destination).router("a", LAN).router("other", "10.2.0.0/17", "0.0.0.0/0", "::/0");
        boolean both = destination.equals("10.0.0.0/8");

        assertThat(findings(scenario, LintCode.VIA_SINGLE_ROUTER)).hasSize(both ? 0 : 1);
        assertThat(findings(scenario.remove("a"), LintCode.VIA_WITHOUT_ROUTER)).hasSize(both ? 0 : 1);
    }

    @Test
    void viaToTheInternetCountsExitNodesAndRoutersOfPublicPrefixes() {
        Scenario scenario = via("autogroup:internet").router("a", LAN);
        assertThat(findings(scenario, LintCode.VIA_WITHOUT_ROUTER))
                .extracting(LintFinding::message)
                .singleElement()
                .asString()
                .contains("`grants[0]`", "`tag:router`");
        assertThat(findings(scenario.router("b", "0.0.0.0/0", "::/0"), LintCode.VIA_SINGLE_ROUTER))
                .hasSize(1);
        scenario.router("c", "8.8.8.0/24");
        assertThat(findings(scenario, LintCode.VIA_SINGLE_ROUTER)).isEmpty();
        assertThat(findings(scenario, LintCode.VIA_WITHOUT_ROUTER)).isEmpty();
    }

    /** The router is there: the advice must not be to give a tag to a router. */
    @Test
    void aRouterWhoseRouteIsDeniedHasTheTag() {
        Scenario scenario = via("10.1.0.0/16").router("a", LAN).revoke("a", LAN);

        assertThat(findings(scenario, LintCode.VIA_WITHOUT_ROUTER))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message())
                        .endsWith("no router with such a tag has an approved route to its destinations"));
        assertThat(findings(via("10.1.0.0/16").register("laptop"), LintCode.VIA_WITHOUT_ROUTER))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).endsWith("no router has such a tag"));
    }

    /** One network behind two sites: each has a router of its own, on purpose. */
    @Test
    void routersToWhichRulesLeadEachAreNoAccidentalPair() {
        String rule = """
                {"src": ["*"], "dst": ["%s"], "ip": ["*"], "via": ["tag:%s"]}""";
        String policy = """
                {"tagOwners": {"tag:london": [], "tag:paris": []}, "grants": [%s, %s]}""";
        Scenario scenario = Scenario.begin();
        for (String site : List.of("london", "paris")) {
            scenario.register(site, node -> node.owner(Owner.tags("tag:" + site)))
                    .advertise(site, LAN)
                    .approve(site, LAN);
        }
        assertThat(findings(scenario, LintCode.UNRELATED_ROUTERS)).hasSize(1);

        scenario.policy(policy.formatted(rule.formatted(LAN, "london"), rule.formatted("10.9.0.0/16", "paris")));
        assertThat(findings(scenario, LintCode.UNRELATED_ROUTERS)).hasSize(1);
        scenario.policy(policy.formatted(rule.formatted(LAN, "london"), rule.formatted("10.1.2.0/24", "paris")));
        assertThat(findings(scenario, LintCode.UNRELATED_ROUTERS)).isEmpty();
    }

    private static String approvers(String prefix, String tag) {
        return """
                {"tagOwners": {"tag:router": [], "tag:other": []}, "autoApprovers": {"routes": {"%s": ["%s"]}}}\
                """.formatted(prefix, tag);
    }

    @Test
    void aRouteWaitsWhereThePolicyWouldApproveItAndDoesNotLookBack() {
        Scenario scenario = Scenario.begin()
                .settings(settings -> settings.approval(new ApprovalRule(WithdrawalRule.KEEP_APPROVAL, false, true)))
                .register("a")
                .advertise("a", LAN)
                .policy(approvers("10.0.0.0/8", "tag:router"))
                .sleep(Duration.ofDays(7));

        assertThat(findings(scenario, LintCode.WAITING_FOR_APPROVAL))
                .extracting(LintFinding::message)
                .singleElement()
                .asString()
                .contains(
                        "`10.1.0.0/16`",
                        "`a`",
                        "2026-01-01T00:00:00Z",
                        "7 days",
                        "`10.0.0.0/8`",
                        "`tag:router`",
                        "line 1");
        assertThat(findings(scenario.advertise("a").advertise("a", LAN), LintCode.WAITING_FOR_APPROVAL))
                .isEmpty();
    }

    private final Scenario stale = Scenario.begin()
            .policy(approvers(LAN, "tag:router"))
            .router("a", LAN)
            .policy(approvers(LAN, "tag:other"));

    @Test
    void anApprovalThatAReviewWouldGiveAgainIsNotStale() {
        assertThat(findings(stale, LintCode.STALE_APPROVAL)).hasSize(1);
        stale.policy(approvers("10.0.0.0/8", "tag:router"));
        assertThat(findings(stale, LintCode.STALE_APPROVAL)).isEmpty();
    }

    @Test
    void anApprovalByHandAfterARevocationMendsAStaleOne() {
        stale.approve("a", LAN);
        assertThat(findings(stale, LintCode.STALE_APPROVAL)).hasSize(1);
        stale.revoke("a", LAN).approve("a", LAN);
        assertThat(findings(stale, LintCode.STALE_APPROVAL)).isEmpty();
    }
}
