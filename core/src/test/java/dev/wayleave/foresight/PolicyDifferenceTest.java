package dev.wayleave.foresight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.access.ExitRule;
import dev.wayleave.foresight.PolicyDifference.Access;
import dev.wayleave.foresight.PolicyDifference.Approval;
import dev.wayleave.foresight.PolicyDifference.Cause;
import dev.wayleave.foresight.PolicyDifference.Effect;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Traffic;
import dev.wayleave.settings.RoutingSettings;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What two policies allow differently, each difference in the words of policies. */
class PolicyDifferenceTest {

    private static final String DEFINITIONS = """
            "groups": {"group:dev": ["ann@example.com", "bob@example.com"]},
            "hosts": {"lan": "10.1.0.0/16"},
            "tagOwners": {"tag:a": [], "tag:b": []},
            """;

    private static RoutingPolicy policy(String sections) {
        return PolicyReader.read("{" + DEFINITIONS + sections + "}");
    }

    private static RoutingPolicy grants(String grants) {
        return policy("""
                "grants": [%s]""".formatted(grants));
    }

    private static List<String> differences(String before, String after) {
        return texts(PolicyDifference.of(grants(before), grants(after)));
    }

    private static List<String> texts(PolicyDifference difference) {
        return difference.access().stream().map(PolicyDifferenceTest::text).toList();
    }

    private static String text(Access access) {
        String what = access.traffic().stream().map(Traffic::toString).collect(Collectors.joining(", "));
        return (access.isGain() ? "+ " : "- ") + String.join(", ", access.sources()) + " > "
                + String.join(", ", access.destinations()) + " " + what
                + String.join("", access.capabilities())
                + (access.effects().isEmpty() ? "" : access.effects());
    }

    private static String grant(String source, String destination, String ip) {
        return """
                {"src": ["%s"], "dst": ["%s"], "ip": ["%s"]},""".formatted(source, destination, ip);
    }

    @Test
    void orderNamesAndTheWayRulesAreSplitMakeNoDifference() {
        RoutingPolicy before = PolicyReader.read("""
                {
                  "groups": {"group:dev": ["ann@example.com", "bob@example.com"]},
                  "hosts": {"lan": "10.1.0.0/16"},
                  "tagOwners": {"tag:a": []},
                  "grants": [
                    {"src": ["group:dev"], "dst": ["lan", "tag:a"], "ip": ["tcp:22", "tcp:80-90"]},
                    {"src": ["tag:a"], "dst": ["*"], "ip": ["*"]},
                  ],
                }
                """);
        RoutingPolicy after = PolicyReader.read("""
                {
                  // the same
                  "groups": {"group:engineers": ["bob@example.com"]},
                  "hosts": {"net": "10.1.128.0/17"},
                  "tagOwners": {"tag:a": []},
                  "acls": [
                    {"action": "accept", "src": ["tag:a"], "dst": ["*:1-65535"]},
                    {"action": "accept", "proto": "tcp", "src": ["ANN@example.com"], "dst": ["tag:a:22,80-85,86-90"]},
                    {"action": "accept", "proto": "tcp", "src": ["group:engineers"], "dst": ["tag:a:22,80-90"]},
                  ],
                  "grants": [
                    {"src": ["group:engineers", "ann@example.com"], "dst": ["net"], "ip": ["tcp:80-90", "tcp:22"]},
                    {"src": ["ann@example.com", "bob@example.com"], "dst": ["10.1.0.0/17"], "ip": ["tcp:22,80-90"]},
                  ],
                }
                """);

        PolicyDifference difference = PolicyDifference.of(before, after);

        assertThat(difference.isEmpty()).as("%s", difference).isTrue();
        assertThat(difference.losesAnything()).isFalse();
    }

    @Test
    void aRuleThatAnotherOneCoversIsNoLoss() {
        String wide = grant("*", "10.0.0.0/8", "*");

        assertThat(differences(wide + grant("group:dev", "lan", "tcp:22"), wide))
                .isEmpty();
    }

    @Test
    void aUserWhoIsSharedInIsNoMember() {
        String members = grant("autogroup:member", "10.0.0.0/8", "*");

        assertThat(differences(members + grant("group:dev", "lan", "tcp:22"), members))
                .containsExactly("- group:dev (if shared in) > lan (10.1.0.0/16) tcp:22");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            group:dev     | lan        | tcp:22 | - group:dev > lan (10.1.0.0/16) tcp:22
            bob@          | tag:a      | *      | - bob@ > tag:a *
            *             | 10.0.0.1   | 443    | - * > 10.0.0.1 443
            tag:a         | *          | *      | - tag:a > * *
            autogroup:admin | group:dev | icmp:* | - autogroup:admin > group:dev icmp:*
            autogroup:danger-all | tag:b | udp:53 | - autogroup:danger-all > tag:b udp:53
            10.2.0.0/16   | ann@example.com | tcp:1-9 | - 10.2.0.0/16 > ann@example.com tcp:1-9
            autogroup:member | autogroup:internet | * | - autogroup:member > autogroup:internet *
            autogroup:member | autogroup:self     | * | - autogroup:member > autogroup:self *
            """)
    void aRuleThatGoesIsNamedByItsSelectors(String source, String destination, String ip, String difference) {
        assertThat(differences(grant(source, destination, ip), "")).containsExactly(difference);
    }

    @Test
    void aNarrowedRuleIsCauseOfTheLossAndTheNewRuleIsListedBesideIt() {
        PolicyDifference difference = PolicyDifference.of(
                grants("\n" + grant("group:dev", "lan", "tcp:22-443")),
                grants("\n\n" + grant("group:dev", "lan", "tcp:443")));

        assertThat(texts(difference)).containsExactly("- group:dev > lan (10.1.0.0/16) tcp:22-442");
        assertThat(difference.access().get(0).causes()).containsExactly(new Cause("grants[0]", 5));
        assertThat(difference.access().get(0).others()).containsExactly(new Cause("grants[0]", 6));
    }

    @Test
    void exceptionsAreShorterThanWhatIsLeft() {
        String narrow = grant("autogroup:member", "10.1.2.0/24", "*");

        assertThat(differences(narrow + grant("autogroup:member", "10.0.0.0/8", "*"), narrow))
                .containsExactly("- autogroup:member > 10.0.0.0/8 except 10.1.2.0/24 *");
    }

    /** "Any other address" as an exception leaves the reader to guess what is left. */
    @Test
    void addressesThatNoSelectorStandsForAreNoException() {
        String via = """
                {"src": ["bob@"], "dst": ["autogroup:internet"], "ip": ["*"], "via": ["tag:%s"]},""";
        String before = via.formatted("a") + via.formatted("b") + grant("*", "2001:db8::/32", "*");

        assertThat(differences(before, before + grant("ann@", "autogroup:internet", "*")))
                .isNotEmpty()
                .noneMatch(text -> text.contains("except any other"));
    }

    @Test
    void oneMemberWhoLeavesAGroupLosesWhatOtherRulesDoNotGive() {
        PolicyDifference difference = PolicyDifference.of(
                grants(grant("group:dev", "tag:a", "tcp:22") + grant("bob@example.com", "tag:a", "tcp:20-30")),
                PolicyReader.read("""
                        {%s "grants": [%s %s]}\
                        """.formatted(
                                DEFINITIONS.replace(", \"bob@example.com\"", ""),
                                grant("group:dev", "tag:a", "tcp:22"),
                                grant("bob@example.com", "tag:a", "tcp:25-30"))));

        assertThat(texts(difference)).containsExactly("- bob@example.com > tag:a tcp:20-24");
    }

    @Test
    void viaIsADifferenceAtTheRouters() {
        String via = """
                {"src": ["group:dev"], "dst": ["lan"], "ip": ["*"], "via": ["tag:%s"]},""";

        assertThat(differences(via.formatted("a"), via.formatted("b")))
                .containsExactlyInAnyOrder(
                        "- group:dev > lan (10.1.0.0/16) via tag:a *", "+ group:dev > lan (10.1.0.0/16) via tag:b *");
        assertThat(differences(grant("group:dev", "lan", "*"), via.formatted("a")))
                .containsExactly("- group:dev > lan (10.1.0.0/16) at routers without tag:a *");
    }

    @Test
    void aPolicyWithoutRulesAllowsEverything() {
        assertThat(texts(PolicyDifference.of(policy(""), grants("")))).containsExactly("- * > * *");
        assertThat(PolicyDifference.of(policy(""), grants("")).access().get(0).causes())
                .containsExactly(new Cause("no policy", null));
    }

    @Test
    void capabilitiesAreDifferencesToo() {
        String app = """
                {"src": ["group:dev"], "dst": ["tag:a"], "app": {"example.com/cap/x": [{"n": %s}]}},""";

        assertThat(differences(app.formatted("1"), app.formatted("2")))
                .containsExactlyElementsOf("""
                        - group:dev > tag:a example.com/cap/x [{"n":1}]
                        + group:dev > tag:a example.com/cap/x [{"n":2}]
                        """.lines().toList());
    }

    @Test
    void allPortsOfANodeMatterWhereTheyOpenTheInternet() {
        RoutingSettings reachable =
                RoutingSettings.DEFAULT.toBuilder().exit(ExitRule.REACHABLE).build();
        RoutingPolicy before = grants(grant("group:dev", "tag:a", "*"));
        RoutingPolicy after = policy("""
                "grants": [{"src": ["group:dev"], "dst": ["tag:a"], "ip": ["1-100", "101-65535"]}]""");

        assertThat(PolicyDifference.of(before, after).isEmpty()).isTrue();
        assertThat(PolicyDifference.of(before, after, reachable).access())
                .singleElement()
                .satisfies(access -> assertThat(access.effects()).contains(Effect.EXIT_NODE));
    }

    // Approvals

    private static RoutingPolicy approvers(String sections) {
        return policy("""
                "autoApprovers": {%s},""".formatted(sections));
    }

    @Test
    void approvalsOfPrefixesAndExitRoutesAreCompared() {
        RoutingPolicy before = approvers("""
                "routes": {"10.0.0.0/8": ["tag:a", "group:dev"], "10.1.0.0/16": ["tag:b"]},
                "exitNode": ["tag:a"]""");
        RoutingPolicy after = approvers("""
                "routes": {"10.0.0.0/8": ["tag:a"], "10.1.0.0/16": ["bob@example.com", "tag:b"]},
                "exitNode": ["tag:b"]""");

        PolicyDifference difference = PolicyDifference.of(before, after);

        assertThat(difference.approvals().stream().map(PolicyDifferenceTest::text))
                .containsExactly(
                        "- [10.0.0.0/8] without [10.1.0.0/16] group:dev",
                        "- [10.1.0.0/16] without [] ann@example.com",
                        "- [] without [] tag:a",
                        "+ [] without [] tag:b");
        assertThat(difference.access()).isEmpty();
    }

    private static String text(Approval approval) {
        return (approval.isGain() ? "+ " : "- ") + approval.prefixes() + " without " + approval.except() + " "
                + String.join(", ", approval.owners());
    }

    @Test
    void aKeyThatAWiderOneCoversMakesNoDifference() {
        RoutingPolicy both = approvers("""
                "routes": {"10.0.0.0/8": ["tag:a"], "10.1.0.0/16": ["tag:a"]}, "exitNode": []""");
        RoutingPolicy wider = approvers("""
                "routes": {"10.0.0.0/8": ["tag:a"]}, "exitNode": []""");

        assertThat(PolicyDifference.of(both, wider).isEmpty()).isTrue();
    }

    @Test
    void theKeyForEverythingIsNoExitRoute() {
        RoutingPolicy everything = approvers("""
                "routes": {"0.0.0.0/0": ["tag:a"]}, "exitNode": []""");
        RoutingPolicy none = approvers("""
                "routes": {}, "exitNode": []""");

        PolicyDifference difference = PolicyDifference.of(everything, none);

        assertThat(difference.approvals()).singleElement().satisfies(approval -> {
            assertThat(approval.prefixes()).containsExactly(Prefix.parse("0.0.0.0/0"));
            assertThat(approval.examplePrefix()).isEqualTo(Prefix.parse("0.0.0.0/1"));
        });
    }

    @Test
    void sectionsThatAreNotComparedAreNamed() {
        PolicyDifference difference = PolicyDifference.of(
                policy(""), PolicyReader.read("{" + DEFINITIONS.replace("\"tag:a\": []", """
                        "tag:a": ["bob@"]""") + "}"));

        assertThat(difference.isEmpty()).isTrue();
        assertThat(difference.notCompared()).containsExactly("tagOwners");
    }
}
