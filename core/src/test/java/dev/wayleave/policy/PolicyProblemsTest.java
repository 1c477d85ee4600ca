package dev.wayleave.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.wayleave.policy.PolicyProblem.Code;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every cause of refusal, with its place and its message. A {@code §} marks the offending token. */
class PolicyProblemsTest {

    private static final String POLICIES = """
            WRONG_TYPE         | groups                          | {"groups": §[]}
            WRONG_TYPE         | groups["group:a"]               | {"groups": {"group:a": §"alice@"}}
            WRONG_TYPE         | groups["group:a"][0]            | {"groups": {"group:a": [§1]}}
            MALFORMED_NAME     | groups.admins                   | {"groups": {§"admins": []}}
            MALFORMED_NAME     | groups["group:"]                | {"groups": {§"group:": []}}
            DUPLICATE_NAME     | groups["group:a"]               | {"groups": {"group:a": [], §"group:a": []}}
            MISPLACED_SELECTOR | groups["group:b"][0]            | {"groups": {"group:a": [], "group:b": [§"group:a"]}}
            MISPLACED_SELECTOR | groups["group:b"][0]            | {"groups": {"group:b": [§"tag:a"]}}
            MISPLACED_SELECTOR | groups["group:b"][0]            | {"groups": {"group:b": [§"alice"]}}
            MALFORMED_PREFIX   | hosts.a                         | {"hosts": {"a": §"10.0.0.1-10.0.0.9"}}
            MALFORMED_NAME     | hosts["10.0.0.1-9"]             | {"hosts": {§"10.0.0.1-9": "10.0.0.1"}}
            MALFORMED_PREFIX   | hosts.a                         | {"hosts": {"a": §"10.0.0"}}
            MALFORMED_PREFIX   | hosts.a                         | {"hosts": {"a": §"10.0.0.0/33"}}
            MALFORMED_PREFIX   | hosts.a                         | {"hosts": {"a": §"other"}}
            WRONG_TYPE         | hosts.a                         | {"hosts": {"a": §null}}
            MALFORMED_NAME     | hosts["a b"]                    | {"hosts": {§"a b": "10.0.0.1"}}
            MALFORMED_NAME     | hosts["10.0.0.1"]               | {"hosts": {§"10.0.0.1": "10.0.0.1"}}
            MALFORMED_NAME     | hosts[""]                       | {"hosts": {§"": "10.0.0.1"}}
            DUPLICATE_NAME     | hosts.a                         | {"hosts": {"a": "10.0.0.1", §"a": "10.0.0.1"}}
            MALFORMED_NAME     | tagOwners.router                | {"tagOwners": {§"router": []}}
            MALFORMED_NAME     | tagOwners["tag:1"]              | {"tagOwners": {§"tag:1": []}}
            UNKNOWN_TAG        | tagOwners["tag:a"][0]           | {"tagOwners": {"tag:a": [§"tag:b"]}}
            UNKNOWN_GROUP      | tagOwners["tag:a"][0]           | {"tagOwners": {"tag:a": [§"group:b"]}}
            MISPLACED_SELECTOR | tagOwners["tag:a"][0]           | {"tagOwners": {"tag:a": [§"*"]}}
            MISPLACED_SELECTOR | tagOwners["tag:a"][0]           | {"tagOwners": {"tag:a": [§"autogroup:tagged"]}}
            MISPLACED_SELECTOR | tagOwners["tag:a"][0]           | {"tagOwners": {"tag:a": [§"autogroup:shared"]}}
            UNKNOWN_FIELD      | autoApprovers.route             | {"autoApprovers": {§"route": {}}}
            MALFORMED_PREFIX   | autoApprovers.routes["10.0.0.0-10.0.0.255"] \
                               | {"autoApprovers": {"routes": {§"10.0.0.0-10.0.0.255": []}}}
            DUPLICATE_NAME     | autoApprovers.routes["10.0.0.1/8"] \
                               | {"autoApprovers": {"routes": {"10.0.0.0/8": [], §"10.0.0.1/8": []}}}
            MALFORMED_PREFIX   | autoApprovers.routes["10.0.0.1"] | {"autoApprovers": {"routes": {§"10.0.0.1": []}}}
            DUPLICATE_NAME     | autoApprovers.routes["FD00:0::/8"] \
                               | {"autoApprovers": {"routes": {"fd00::/8": [], §"FD00:0::/8": []}}}
            UNKNOWN_TAG        | autoApprovers.exitNode[0]       | {"autoApprovers": {"exitNode": [§"tag:a"]}}
            MISPLACED_SELECTOR | autoApprovers.exitNode[0]       | {"autoApprovers": {"exitNode": [§"*"]}}
            MISPLACED_SELECTOR | autoApprovers.exitNode[0] \
                               | {"autoApprovers": {"exitNode": [§"user:*@example.com"]}}
            UNKNOWN_FIELD      | nonsense                        | {§"nonsense": 1}
            NOT_SUPPORTED      | defaultSrcPosture               | {§"defaultSrcPosture": []}
            DUPLICATE_NAME     | ACLs                            | {"acls": [], §"ACLs": []}
            WRONG_TYPE         | acls                            | {"acls": §null}
            WRONG_TYPE         | acls[0]                         | {"acls": [§"*"]}
            ALL_ADDRESSES      | grants[0].dst[0] \
                               | {"hosts": {"all": "::/0"}, "grants": [{"src": ["*"], "dst": [§"all"], "ip": ["*"]}]}
            NO_POLICY          |                                 | §
            WRONG_TYPE         |                                 | §[]
            WRONG_TYPE         |                                 | §null
            """;

    private static final String ACLS = """
            MISSING_FIELD          | acls[0]            | §{"action": "accept", "src": ["*"]}
            MISSING_FIELD          | acls[0]            | §{"action": "accept", "dst": ["*:*"]}
            MISSING_FIELD          | acls[0]            | §{"src": ["*"], "dst": ["*:*"]}
            UNKNOWN_ACTION         | acls[0].action     | {"action": §"drop", "src": ["*"], "dst": ["*:*"]}
            NOT_SUPPORTED          | acls[0].srcPosture \
                                   | {"action": "accept", §"srcPosture": [], "src": ["*"], "dst": ["*:*"]}
            UNKNOWN_FIELD          | acls[0].port \
                                   | {"action": "accept", §"port": [], "src": ["*"], "dst": ["*:*"]}
            DUPLICATE_NAME         | acls[0].src \
                                   | {"action": "accept", "users": ["*"], §"src": ["*"], "dst": ["*:*"]}
            UNKNOWN_PROTOCOL       | acls[0].proto \
                                   | {"action": "accept", "proto": §"*", "src": ["*"], "dst": ["*:*"]}
            UNKNOWN_PROTOCOL       | acls[0].proto \
                                   | {"action": "accept", "proto": §"0", "src": ["*"], "dst": ["*:*"]}
            UNKNOWN_PROTOCOL       | acls[0].proto \
                                   | {"action": "accept", "proto": §"06", "src": ["*"], "dst": ["*:*"]}
            UNKNOWN_PROTOCOL       | acls[0].proto \
                                   | {"action": "accept", "proto": §"256", "src": ["*"], "dst": ["*:*"]}
            WRONG_TYPE             | acls[0].proto \
                                   | {"action": "accept", "proto": §6, "src": ["*"], "dst": ["*:*"]}
            PROTOCOL_WITHOUT_PORTS | acls[0].dst[0] \
                                   | {"action": "accept", "proto": "icmp", "src": ["*"], "dst": [§"*:80"]}
            UNKNOWN_TAG            | acls[0].src[0]     | {"action": "accept", "src": [§"tag:a"], "dst": ["*:*"]}
            UNKNOWN_GROUP          | acls[0].src[0]     | {"action": "accept", "src": [§"group:a"], "dst": ["*:*"]}
            UNKNOWN_HOST           | acls[0].src[0]     | {"action": "accept", "src": [§"alice"], "dst": ["*:*"]}
            MALFORMED_SELECTOR     | acls[0].src[1]     | {"action": "accept", "src": ["*", §""], "dst": ["*:*"]}
            MALFORMED_SELECTOR     | acls[0].src[0]     | {"action": "accept", "src": [§" *"], "dst": ["*:*"]}
            MALFORMED_SELECTOR     | acls[0].src[0]     | {"action": "accept", "src": [§"tag:a b"], "dst": ["*:*"]}
            MALFORMED_SELECTOR     | acls[0].src[0]     | {"action": "accept", "src": [§"user:alice@"], "dst": ["*:*"]}
            MALFORMED_PREFIX       | acls[0].src[0] \
                                   | {"action": "accept", "src": [§"10.0.0.1-10.0.0.9"], "dst": ["*:*"]}
            MALFORMED_PREFIX       | acls[0].dst[0] \
                                   | {"action": "accept", "src": ["*"], "dst": [§"10.0.0.1-10.0.0.9:443"]}
            MALFORMED_PREFIX       | acls[0].dst[0] \
                                   | {"action": "accept", "src": ["*"], "dst": [§"10.0.0.9-10.0.0.1:443"]}
            MALFORMED_PREFIX       | acls[0].dst[0]     | {"action": "accept", "src": ["*"], "dst": [§"10.0.0.1-9:443"]}
            MALFORMED_PREFIX       | acls[0].dst[0] \
                                   | {"action": "accept", "src": ["*"], "dst": [§"fd00::1-fd00::9:443"]}
            MALFORMED_PREFIX       | acls[0].dst[0] \
                                   | {"action": "accept", "src": ["*"], "dst": [§"[fd00::1]-[fd00::9]:443"]}
            MALFORMED_PREFIX       | acls[0].src[0]     | {"action": "accept", "src": [§"10.0.0.256"], "dst": ["*:*"]}
            MALFORMED_PREFIX       | acls[0].src[0]     | {"action": "accept", "src": [§"fd00::g"], "dst": ["*:*"]}
            UNKNOWN_IP_SET         | acls[0].src[0]     | {"action": "accept", "src": [§"ipset:a"], "dst": ["*:*"]}
            UNKNOWN_IP_SET         | acls[0].dst[0]     | {"action": "accept", "src": ["*"], "dst": [§"ipset:a:*"]}
            MALFORMED_PORTS        | acls[0].dst[0]     | {"action": "accept", "src": ["*"], "dst": [§"ipset:a"]}
            NOT_SUPPORTED          | acls[0].dst[0]     | {"action": "accept", "src": ["*"], "dst": [§"svc:a:443"]}
            UNKNOWN_AUTOGROUP      | acls[0].src[0] \
                                   | {"action": "accept", "src": [§"autogroup:everybody"], "dst": ["*:*"]}
            MISPLACED_SELECTOR     | acls[0].dst[0] \
                                   | {"action": "accept", "src": ["*"], "dst": [§"autogroup:shared:*"]}
            SELF_WITHOUT_USER      | acls[0].src[0] \
                                   | {"action": "accept", "src": [§"autogroup:shared"], "dst": ["autogroup:self:*"]}
            MISPLACED_SELECTOR     | acls[0].src[0] \
                                   | {"action": "accept", "src": [§"autogroup:self"], "dst": ["*:*"]}
            MISPLACED_SELECTOR     | acls[0].src[0] \
                                   | {"action": "accept", "src": [§"autogroup:internet"], "dst": ["*:*"]}
            MISPLACED_SELECTOR     | acls[0].dst[0] \
                                   | {"action": "accept", "src": ["*"], "dst": [§"autogroup:danger-all:*"]}
            MALFORMED_PORTS        | acls[0].dst[0]     | {"action": "accept", "src": ["*"], "dst": [§"*"]}
            MALFORMED_PORTS        | acls[0].dst[0]     | {"action": "accept", "src": ["*"], "dst": [§"tag:a"]}
            MALFORMED_PORTS        | acls[0].dst[0]     | {"action": "accept", "src": ["*"], "dst": [§"*:"]}
            MALFORMED_PORTS        | acls[0].dst[0]     | {"action": "accept", "src": ["*"], "dst": [§"*:http"]}
            MALFORMED_PORTS        | acls[0].dst[0]     | {"action": "accept", "src": ["*"], "dst": [§"*:22,"]}
            MALFORMED_PORTS        | acls[0].dst[0]     | {"action": "accept", "src": ["*"], "dst": [§"*:22, 80"]}
            MALFORMED_PORTS        | acls[0].dst[0]     | {"action": "accept", "src": ["*"], "dst": [§"*:65536"]}
            MALFORMED_PORTS        | acls[0].dst[0]     | {"action": "accept", "src": ["*"], "dst": [§"*:80-22"]}
            MALFORMED_PORTS        | acls[0].dst[0]     | {"action": "accept", "src": ["*"], "dst": [§"*:-22"]}
            PORT_ZERO              | acls[0].dst[0]     | {"action": "accept", "src": ["*"], "dst": [§"*:22,0"]}
            PORT_ZERO              | acls[0].dst[0]     | {"action": "accept", "src": ["*"], "dst": [§"*:0-65535"]}
            MALFORMED_SELECTOR     | acls[0].dst[0]     | {"action": "accept", "src": ["*"], "dst": [§"fd00::1:80"]}
            MALFORMED_SELECTOR     | acls[0].dst[0]     | {"action": "accept", "src": ["*"], "dst": [§"[10.0.0.1]:80"]}
            MALFORMED_SELECTOR     | acls[0].dst[0]     | {"action": "accept", "src": ["*"], "dst": [§"[fd00::/8]:80"]}
            SELF_WITHOUT_USER      | acls[0].src[0] \
                                   | {"action": "accept", "src": [§"10.0.0.1"], "dst": ["autogroup:self:*"]}
            SELF_WITHOUT_USER      | acls[0].src[0] \
                                   | {"action": "accept", "src": [§"autogroup:tagged"], "dst": ["autogroup:self:*"]}
            """;

    private static final String GRANTS = """
            IP_AND_APP_EMPTY       | grants[0]                      | §{"src": ["*"], "dst": ["*"]}
            IP_AND_APP_EMPTY       | grants[0]                      | §{"src": ["*"], "dst": ["*"], "ip": []}
            IP_AND_APP_EMPTY       | grants[0]                      | §{"src": ["*"], "dst": ["*"], "app": {}}
            IP_AND_APP_EMPTY       | grants[0]                      | §{"src": ["*"], "dst": ["*"], "app": {"#": 1}}
            MISSING_FIELD          | grants[0]                      | §{"dst": ["*"], "ip": ["*"]}
            MALFORMED_PORTS        | grants[0].ip[0]                | {"src": ["*"], "dst": ["*"], "ip": [§"icmp"]}
            PORT_ZERO              | grants[0].ip[0]                | {"src": ["*"], "dst": ["*"], "ip": [§"tcp:0"]}
            PROTOCOL_WITHOUT_PORTS | grants[0].ip[0]                | {"src": ["*"], "dst": ["*"], "ip": [§"gre:80"]}
            UNKNOWN_PROTOCOL       | grants[0].ip[0]                | {"src": ["*"], "dst": ["*"], "ip": [§"tpc:80"]}
            MALFORMED_PORTS        | grants[0].ip[0]                | {"src": ["*"], "dst": ["*"], "ip": [§"tcp:80:81"]}
            UNKNOWN_PROTOCOL       | grants[0].ip[0]                | {"src": ["*"], "dst": ["*"], "ip": [§"*:443"]}
            UNKNOWN_PROTOCOL       | grants[0].ip[0]                | {"src": ["*"], "dst": ["*"], "ip": [§"*:*"]}
            UNKNOWN_FIELD          | grants[0].proto \
                                   | {"src": ["*"], "dst": ["*"], "ip": ["*"], §"proto": "tcp"}
            NOT_SUPPORTED          | grants[0].srcPosture \
                                   | {"src": ["*"], "dst": ["*"], "ip": ["*"], §"srcPosture": []}
            VIA_NOT_A_TAG          | grants[0].via[0] \
                                   | {"src": ["*"], "dst": ["*"], "ip": ["*"], "via": [§"autogroup:tagged"]}
            UNKNOWN_TAG            | grants[0].via[0] \
                                   | {"src": ["*"], "dst": ["*"], "ip": ["*"], "via": [§"tag:a"]}
            ALL_ADDRESSES          | grants[0].dst[0]               | {"src": ["*"], "dst": [§"0.0.0.0/0"], "ip": ["*"]}
            ALL_ADDRESSES          | grants[0].dst[0]               | {"src": ["*"], "dst": [§"::/0"], "ip": ["*"]}
            APP_TO_INTERNET        | grants[0].dst[0] \
                                   | {"src": ["*"], "dst": [§"autogroup:internet"], "app": {"a.b/c": []}}
            SELF_WITHOUT_USER      | grants[0].src[0] \
                                   | {"src": [§"*"], "dst": ["autogroup:self"], "ip": ["*"]}
            WRONG_TYPE             | grants[0].app["a.b/c"] \
                                   | {"src": ["*"], "dst": ["*"], "app": {"a.b/c": §{}}}
            MALFORMED_NAME         | grants[0].app["https://a.b/c"] \
                                   | {"src": ["*"], "dst": ["*"], "app": {§"https://a.b/c": []}}
            MALFORMED_NAME         | grants[0].app["a.b"]           | {"src": ["*"], "dst": ["*"], "app": {§"a.b": []}}
            DUPLICATE_NAME         | grants[0].app["a.b/c"][0].x \
                                   | {"src": ["*"], "dst": ["*"], "app": {"a.b/c": [{"x": 1, §"x": 2}]}}
            """;

    static Stream<Arguments> mistakes() {
        return Stream.of(
                        mistakes("", POLICIES, ""),
                        mistakes("{\n \"acls\": [", ACLS, "]}"),
                        mistakes("{\r\n \"grants\": [\r", GRANTS, "]}"),
                        mistakes("// {}\n", "NO_POLICY | | §", ""))
                .flatMap(mistakes -> mistakes);
    }

    private static Stream<Arguments> mistakes(String before, String table, String after) {
        return table.lines()
                .map(row -> row.split(" *[|] ", 3))
                .map(cells -> Arguments.of(before + cells[2] + after, Code.valueOf(cells[0]), cells[1]));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aProblemPointsAtTheOffendingToken(String marked, Code code, String path) {
        int offset = marked.indexOf('§');
        String before = marked.substring(0, offset);
        int line = 1
                + (int) before.replace("\r\n", "\n")
                        .chars()
                        .filter(c -> c == '\n' || c == '\r')
                        .count();
        int column = offset - Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r'));

        PolicyProblem problem = Refusals.theOnly(marked.replace("§", ""));

        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.path()).isEqualTo(path);
        assertThat(problem.line()).isEqualTo(line);
        assertThat(problem.column()).isEqualTo(column);
        Refusals.areWellFormed(List.of(problem));
    }

    @Test
    void everyCauseHasAnExample() {
        Set<Code> elsewhere = EnumSet.of(
                Code.SYNTAX, // PolicySyntaxTest
                Code.TEXT_TOO_LONG, // PolicyLimitsTest
                Code.NESTED_TOO_DEEP,
                Code.TOO_MANY_ENTRIES,
                Code.TOO_MANY_PROBLEMS,
                Code.HOST_BITS, // SelectorTest
                Code.IP_SET_CYCLE, // IpSetTest
                Code.IP_SETS_TOO_DEEP,
                Code.EMPTY_IP_SET,
                Code.AMBIGUOUS_USER); // RoutingPolicyTest
        Set<Code> here = mistakes().map(mistake -> (Code) mistake.get()[1]).collect(Collectors.toSet());
        assertThat(Arrays.stream(Code.values()).filter(code -> !elsewhere.contains(code)))
                .allMatch(here::contains);
    }

    @Test
    void allProblemsAreReportedInTheirOrder() {
        List<PolicyProblem> problems = Refusals.of("""
                {
                  "acls": [{"action": "drop", "src": ["tag:nowhere"], "dst": ["*:0"]}],
                  "groups": {"group:a": ["tag:b"]},
                  "hosts": {"lan": "10.0.0.1/33"}
                }
                """);
        assertThat(problems)
                .extracting(PolicyProblem::code, PolicyProblem::line, PolicyProblem::column)
                .containsExactly(
                        tuple(Code.UNKNOWN_ACTION, 2, 23),
                        tuple(Code.UNKNOWN_TAG, 2, 39),
                        tuple(Code.PORT_ZERO, 2, 63),
                        tuple(Code.MISPLACED_SELECTOR, 3, 26),
                        tuple(Code.MALFORMED_PREFIX, 4, 20));
        assertThat(problems.get(1)).hasToString("2:39: " + problems.get(1).message());
    }

    @Test
    void theUsesOfAHostAreNotBlamedForItsValue() {
        assertThat(Refusals.theOnly("""
                {"hosts": {"a": "10.0.0.1/33"}, "grants": [{"src": ["a"], "dst": ["a"], "ip": ["*"]}]}\
                """).code()).isEqualTo(Code.MALFORMED_PREFIX);
    }

    @Test
    void theRefusalOfARangeNamesThePrefixesThatMakeItUp() {
        assertThat(Refusals.theOnly("""
                {"hosts": {"a": "10.0.0.1-10.0.0.9"}}""").message())
                .contains("`10.0.0.1/32`, `10.0.0.2/31`, `10.0.0.4/30`, `10.0.0.8/31`");
        assertThat(Refusals.theOnly("""
                {"hosts": {"a": "0.0.0.1-255.255.255.254"}}\
                """).message()).contains("`0.0.0.1/32`").endsWith("and 54 more");
    }

    @Test
    void theRefusalOfAnIdentifierOfAProviderSaysThatItIsNoUser() {
        assertThat(Refusals.theOnly("""
                {"groups": {"group:a": ["https://idp.example/7@"]}}\
                """).message()).contains("write the e-mail address");
    }

    @Test
    void theRefusalSaysHowPortsOfEveryProtocolAreWritten() {
        String grant = """
                {"grants": [{"src": ["*"], "dst": ["*"], "ip": ["%s"]}]}""";
        assertThat(Refusals.theOnly(grant.formatted("*:443")).message()).contains("write `443`");
        assertThat(Refusals.theOnly(grant.formatted("*:80-90,443")).message()).contains("write `80-90,443`");
        assertThat(Refusals.theOnly(grant.formatted("*:*")).message()).contains("write `*`");
        assertThat(Refusals.theOnly("""
                {"acls": [{"action": "accept", "proto": "*", "src": ["*"], "dst": ["*:*"]}]}\
                """).message()).contains("leave `proto` out");
    }

    @Test
    void columnsCountUtf16CodeUnitsAndNotTheByteOrderMark() {
        PolicyProblem problem = Refusals.theOnly("""
                \ufeff{/* 🚇 */ "x": 1}""");
        assertThat(problem.column()).isEqualTo(11);
    }

    @Test
    void problemsOfPoliciesWithoutTextHaveAPath() {
        assertThat(new PolicyProblem(Code.UNKNOWN_TAG, "acls[0].src[1]", 0, 0, "no such tag"))
                .hasToString("acls[0].src[1]: no such tag");
    }

    @Test
    void anExceptionSummarisesItsProblemsInTheMessage() {
        assertThat(new PolicyException(Refusals.of("""
                {"x": 1, "y": 2}"""))).hasMessageContainingAll("2 problems", "1:2: ", "`x`");
        assertThat(new PolicyException(Refusals.of("""
                {"x": 1}"""))).hasMessageContainingAll("a problem", "1:2: ", "`x`");
    }

    @Test
    void aProblemShortensAndEscapesThePolicysWords() {
        PolicyProblem problem = Refusals.theOnly("""
                {"x\\u000a%s": 1}""".formatted("y".repeat(500)));
        assertThat(problem.message()).startsWith("`x\\u000a" + "y".repeat(78) + "…`");
    }
}
