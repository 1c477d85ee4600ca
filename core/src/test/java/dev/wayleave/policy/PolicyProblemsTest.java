package dev.wayleave.policy;

import static org.assertj.core.api.Assertions.assertThat;

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

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake("{\"groups\": §[]}", Code.WRONG_TYPE, "groups"),
                mistake("{\"groups\": {\"group:a\": §\"alice@\"}}", Code.WRONG_TYPE, "groups[\"group:a\"]"),
                mistake("{\"groups\": {\"group:a\": [§1]}}", Code.WRONG_TYPE, "groups[\"group:a\"][0]"),
                mistake("{\"groups\": {§\"admins\": []}}", Code.MALFORMED_NAME, "groups.admins"),
                mistake("{\"groups\": {§\"group:\": []}}", Code.MALFORMED_NAME, "groups[\"group:\"]"),
                mistake(
                        "{\"groups\": {\"group:a\": [], §\"group:a\": []}}",
                        Code.DUPLICATE_NAME,
                        "groups[\"group:a\"]"),
                mistake(
                        "{\"groups\": {\"group:a\": [], \"group:b\": [§\"group:a\"]}}",
                        Code.MISPLACED_SELECTOR,
                        "groups[\"group:b\"][0]"),
                mistake("{\"groups\": {\"group:b\": [§\"tag:a\"]}}", Code.MISPLACED_SELECTOR, "groups[\"group:b\"][0]"),
                mistake("{\"groups\": {\"group:b\": [§\"alice\"]}}", Code.MISPLACED_SELECTOR, "groups[\"group:b\"][0]"),
                mistake("{\"hosts\": {\"a\": §\"10.0.0.1-10.0.0.9\"}}", Code.MALFORMED_PREFIX, "hosts.a"),
                mistake("{\"hosts\": {§\"10.0.0.1-9\": \"10.0.0.1\"}}", Code.MALFORMED_NAME, "hosts[\"10.0.0.1-9\"]"),
                mistake("{\"hosts\": {\"a\": §\"10.0.0\"}}", Code.MALFORMED_PREFIX, "hosts.a"),
                mistake("{\"hosts\": {\"a\": §\"10.0.0.0/33\"}}", Code.MALFORMED_PREFIX, "hosts.a"),
                mistake("{\"hosts\": {\"a\": §\"other\"}}", Code.MALFORMED_PREFIX, "hosts.a"),
                mistake("{\"hosts\": {\"a\": §null}}", Code.WRONG_TYPE, "hosts.a"),
                mistake("{\"hosts\": {§\"a b\": \"10.0.0.1\"}}", Code.MALFORMED_NAME, "hosts[\"a b\"]"),
                mistake("{\"hosts\": {§\"10.0.0.1\": \"10.0.0.1\"}}", Code.MALFORMED_NAME, "hosts[\"10.0.0.1\"]"),
                mistake("{\"hosts\": {§\"\": \"10.0.0.1\"}}", Code.MALFORMED_NAME, "hosts[\"\"]"),
                mistake("{\"hosts\": {\"a\": \"10.0.0.1\", §\"a\": \"10.0.0.1\"}}", Code.DUPLICATE_NAME, "hosts.a"),
                mistake("{\"tagOwners\": {§\"router\": []}}", Code.MALFORMED_NAME, "tagOwners.router"),
                mistake("{\"tagOwners\": {§\"tag:1\": []}}", Code.MALFORMED_NAME, "tagOwners[\"tag:1\"]"),
                mistake("{\"tagOwners\": {\"tag:a\": [§\"tag:b\"]}}", Code.UNKNOWN_TAG, "tagOwners[\"tag:a\"][0]"),
                mistake("{\"tagOwners\": {\"tag:a\": [§\"group:b\"]}}", Code.UNKNOWN_GROUP, "tagOwners[\"tag:a\"][0]"),
                mistake("{\"tagOwners\": {\"tag:a\": [§\"*\"]}}", Code.MISPLACED_SELECTOR, "tagOwners[\"tag:a\"][0]"),
                mistake(
                        "{\"tagOwners\": {\"tag:a\": [§\"autogroup:tagged\"]}}",
                        Code.MISPLACED_SELECTOR,
                        "tagOwners[\"tag:a\"][0]"),
                mistake(
                        "{\"tagOwners\": {\"tag:a\": [§\"autogroup:shared\"]}}",
                        Code.MISPLACED_SELECTOR,
                        "tagOwners[\"tag:a\"][0]"),
                mistake("{\"autoApprovers\": {§\"route\": {}}}", Code.UNKNOWN_FIELD, "autoApprovers.route"),
                mistake(
                        "{\"autoApprovers\": {\"routes\": {§\"10.0.0.0-10.0.0.255\": []}}}",
                        Code.MALFORMED_PREFIX,
                        "autoApprovers.routes[\"10.0.0.0-10.0.0.255\"]"),
                mistake(
                        "{\"autoApprovers\": {\"routes\": {\"10.0.0.0/8\": [], §\"10.0.0.1/8\": []}}}",
                        Code.DUPLICATE_NAME,
                        "autoApprovers.routes[\"10.0.0.1/8\"]"),
                mistake(
                        "{\"autoApprovers\": {\"routes\": {§\"10.0.0.1\": []}}}",
                        Code.MALFORMED_PREFIX,
                        "autoApprovers.routes[\"10.0.0.1\"]"),
                mistake(
                        "{\"autoApprovers\": {\"routes\": {\"fd00::/8\": [], §\"FD00:0::/8\": []}}}",
                        Code.DUPLICATE_NAME,
                        "autoApprovers.routes[\"FD00:0::/8\"]"),
                mistake(
                        "{\"autoApprovers\": {\"exitNode\": [§\"tag:a\"]}}",
                        Code.UNKNOWN_TAG,
                        "autoApprovers.exitNode[0]"),
                mistake(
                        "{\"autoApprovers\": {\"exitNode\": [§\"*\"]}}",
                        Code.MISPLACED_SELECTOR,
                        "autoApprovers.exitNode[0]"),
                mistake(
                        "{\"autoApprovers\": {\"exitNode\": [§\"user:*@example.com\"]}}",
                        Code.MISPLACED_SELECTOR,
                        "autoApprovers.exitNode[0]"),
                mistake("{§\"nonsense\": 1}", Code.UNKNOWN_FIELD, "nonsense"),
                mistake("{§\"defaultSrcPosture\": []}", Code.NOT_SUPPORTED, "defaultSrcPosture"),
                mistake("{\"acls\": [], §\"ACLs\": []}", Code.DUPLICATE_NAME, "ACLs"),
                mistake("{\"acls\": §null}", Code.WRONG_TYPE, "acls"),
                mistake("{\"acls\": [§\"*\"]}", Code.WRONG_TYPE, "acls[0]"),
                acl("§{\"action\": \"accept\", \"src\": [\"*\"]}", Code.MISSING_FIELD, ""),
                acl("§{\"action\": \"accept\", \"dst\": [\"*:*\"]}", Code.MISSING_FIELD, ""),
                acl("§{\"src\": [\"*\"], \"dst\": [\"*:*\"]}", Code.MISSING_FIELD, ""),
                acl(rule("§\"drop\"", "\"*\"", "\"*:*\""), Code.UNKNOWN_ACTION, ".action"),
                acl(rule("\"accept\", §\"srcPosture\": []", "\"*\"", "\"*:*\""), Code.NOT_SUPPORTED, ".srcPosture"),
                acl(rule("\"accept\", §\"port\": []", "\"*\"", "\"*:*\""), Code.UNKNOWN_FIELD, ".port"),
                acl(
                        "{\"action\": \"accept\", \"users\": [\"*\"], §\"src\": [\"*\"], \"dst\": [\"*:*\"]}",
                        Code.DUPLICATE_NAME,
                        ".src"),
                acl(rule("\"accept\", \"proto\": §\"*\"", "\"*\"", "\"*:*\""), Code.UNKNOWN_PROTOCOL, ".proto"),
                acl(rule("\"accept\", \"proto\": §\"0\"", "\"*\"", "\"*:*\""), Code.UNKNOWN_PROTOCOL, ".proto"),
                acl(rule("\"accept\", \"proto\": §\"06\"", "\"*\"", "\"*:*\""), Code.UNKNOWN_PROTOCOL, ".proto"),
                acl(rule("\"accept\", \"proto\": §\"256\"", "\"*\"", "\"*:*\""), Code.UNKNOWN_PROTOCOL, ".proto"),
                acl(rule("\"accept\", \"proto\": §6", "\"*\"", "\"*:*\""), Code.WRONG_TYPE, ".proto"),
                acl(
                        rule("\"accept\", \"proto\": \"icmp\"", "\"*\"", "§\"*:80\""),
                        Code.PROTOCOL_WITHOUT_PORTS,
                        ".dst[0]"),
                acl(rule("\"accept\"", "§\"tag:a\"", "\"*:*\""), Code.UNKNOWN_TAG, ".src[0]"),
                acl(rule("\"accept\"", "§\"group:a\"", "\"*:*\""), Code.UNKNOWN_GROUP, ".src[0]"),
                acl(rule("\"accept\"", "§\"alice\"", "\"*:*\""), Code.UNKNOWN_HOST, ".src[0]"),
                acl(rule("\"accept\"", "\"*\", §\"\"", "\"*:*\""), Code.MALFORMED_SELECTOR, ".src[1]"),
                acl(rule("\"accept\"", "§\" *\"", "\"*:*\""), Code.MALFORMED_SELECTOR, ".src[0]"),
                acl(rule("\"accept\"", "§\"tag:a b\"", "\"*:*\""), Code.MALFORMED_SELECTOR, ".src[0]"),
                acl(rule("\"accept\"", "§\"user:alice@\"", "\"*:*\""), Code.MALFORMED_SELECTOR, ".src[0]"),
                acl(rule("\"accept\"", "§\"10.0.0.1-10.0.0.9\"", "\"*:*\""), Code.MALFORMED_PREFIX, ".src[0]"),
                acl(rule("\"accept\"", "\"*\"", "§\"10.0.0.1-10.0.0.9:443\""), Code.MALFORMED_PREFIX, ".dst[0]"),
                acl(rule("\"accept\"", "\"*\"", "§\"10.0.0.9-10.0.0.1:443\""), Code.MALFORMED_PREFIX, ".dst[0]"),
                acl(rule("\"accept\"", "\"*\"", "§\"10.0.0.1-9:443\""), Code.MALFORMED_PREFIX, ".dst[0]"),
                acl(rule("\"accept\"", "\"*\"", "§\"fd00::1-fd00::9:443\""), Code.MALFORMED_PREFIX, ".dst[0]"),
                acl(rule("\"accept\"", "\"*\"", "§\"[fd00::1]-[fd00::9]:443\""), Code.MALFORMED_PREFIX, ".dst[0]"),
                acl(rule("\"accept\"", "§\"10.0.0.256\"", "\"*:*\""), Code.MALFORMED_PREFIX, ".src[0]"),
                acl(rule("\"accept\"", "§\"fd00::g\"", "\"*:*\""), Code.MALFORMED_PREFIX, ".src[0]"),
                acl(rule("\"accept\"", "§\"ipset:a\"", "\"*:*\""), Code.UNKNOWN_IP_SET, ".src[0]"),
                acl(rule("\"accept\"", "\"*\"", "§\"ipset:a:*\""), Code.UNKNOWN_IP_SET, ".dst[0]"),
                acl(rule("\"accept\"", "\"*\"", "§\"ipset:a\""), Code.MALFORMED_PORTS, ".dst[0]"),
                acl(rule("\"accept\"", "\"*\"", "§\"svc:a:443\""), Code.NOT_SUPPORTED, ".dst[0]"),
                acl(rule("\"accept\"", "§\"autogroup:everybody\"", "\"*:*\""), Code.UNKNOWN_AUTOGROUP, ".src[0]"),
                acl(rule("\"accept\"", "\"*\"", "§\"autogroup:shared:*\""), Code.MISPLACED_SELECTOR, ".dst[0]"),
                acl(
                        rule("\"accept\"", "§\"autogroup:shared\"", "\"autogroup:self:*\""),
                        Code.SELF_WITHOUT_USER,
                        ".src[0]"),
                acl(rule("\"accept\"", "§\"autogroup:self\"", "\"*:*\""), Code.MISPLACED_SELECTOR, ".src[0]"),
                acl(rule("\"accept\"", "§\"autogroup:internet\"", "\"*:*\""), Code.MISPLACED_SELECTOR, ".src[0]"),
                acl(rule("\"accept\"", "\"*\"", "§\"autogroup:danger-all:*\""), Code.MISPLACED_SELECTOR, ".dst[0]"),
                acl(rule("\"accept\"", "\"*\"", "§\"*\""), Code.MALFORMED_PORTS, ".dst[0]"),
                acl(rule("\"accept\"", "\"*\"", "§\"tag:a\""), Code.MALFORMED_PORTS, ".dst[0]"),
                acl(rule("\"accept\"", "\"*\"", "§\"*:\""), Code.MALFORMED_PORTS, ".dst[0]"),
                acl(rule("\"accept\"", "\"*\"", "§\"*:http\""), Code.MALFORMED_PORTS, ".dst[0]"),
                acl(rule("\"accept\"", "\"*\"", "§\"*:22,\""), Code.MALFORMED_PORTS, ".dst[0]"),
                acl(rule("\"accept\"", "\"*\"", "§\"*:22, 80\""), Code.MALFORMED_PORTS, ".dst[0]"),
                acl(rule("\"accept\"", "\"*\"", "§\"*:65536\""), Code.MALFORMED_PORTS, ".dst[0]"),
                acl(rule("\"accept\"", "\"*\"", "§\"*:80-22\""), Code.MALFORMED_PORTS, ".dst[0]"),
                acl(rule("\"accept\"", "\"*\"", "§\"*:-22\""), Code.MALFORMED_PORTS, ".dst[0]"),
                acl(rule("\"accept\"", "\"*\"", "§\"*:22,0\""), Code.PORT_ZERO, ".dst[0]"),
                acl(rule("\"accept\"", "\"*\"", "§\"*:0-65535\""), Code.PORT_ZERO, ".dst[0]"),
                acl(rule("\"accept\"", "\"*\"", "§\"fd00::1:80\""), Code.MALFORMED_SELECTOR, ".dst[0]"),
                acl(rule("\"accept\"", "\"*\"", "§\"[10.0.0.1]:80\""), Code.MALFORMED_SELECTOR, ".dst[0]"),
                acl(rule("\"accept\"", "\"*\"", "§\"[fd00::/8]:80\""), Code.MALFORMED_SELECTOR, ".dst[0]"),
                acl(rule("\"accept\"", "§\"10.0.0.1\"", "\"autogroup:self:*\""), Code.SELF_WITHOUT_USER, ".src[0]"),
                acl(
                        rule("\"accept\"", "§\"autogroup:tagged\"", "\"autogroup:self:*\""),
                        Code.SELF_WITHOUT_USER,
                        ".src[0]"),
                grant("§{\"src\": [\"*\"], \"dst\": [\"*\"]}", Code.IP_AND_APP_EMPTY, ""),
                grant("§{\"src\": [\"*\"], \"dst\": [\"*\"], \"ip\": []}", Code.IP_AND_APP_EMPTY, ""),
                grant("§{\"src\": [\"*\"], \"dst\": [\"*\"], \"app\": {}}", Code.IP_AND_APP_EMPTY, ""),
                grant("§{\"src\": [\"*\"], \"dst\": [\"*\"], \"app\": {\"#\": 1}}", Code.IP_AND_APP_EMPTY, ""),
                grant("§{\"dst\": [\"*\"], \"ip\": [\"*\"]}", Code.MISSING_FIELD, ""),
                grant(to("\"*\"", "\"ip\": [§\"icmp\"]"), Code.MALFORMED_PORTS, ".ip[0]"),
                grant(to("\"*\"", "\"ip\": [§\"tcp:0\"]"), Code.PORT_ZERO, ".ip[0]"),
                grant(to("\"*\"", "\"ip\": [§\"gre:80\"]"), Code.PROTOCOL_WITHOUT_PORTS, ".ip[0]"),
                grant(to("\"*\"", "\"ip\": [§\"tpc:80\"]"), Code.UNKNOWN_PROTOCOL, ".ip[0]"),
                grant(to("\"*\"", "\"ip\": [§\"tcp:80:81\"]"), Code.MALFORMED_PORTS, ".ip[0]"),
                grant(to("\"*\"", "\"ip\": [§\"*:443\"]"), Code.UNKNOWN_PROTOCOL, ".ip[0]"),
                grant(to("\"*\"", "\"ip\": [§\"*:*\"]"), Code.UNKNOWN_PROTOCOL, ".ip[0]"),
                grant(to("\"*\"", "\"ip\": [\"*\"], §\"proto\": \"tcp\""), Code.UNKNOWN_FIELD, ".proto"),
                grant(to("\"*\"", "\"ip\": [\"*\"], §\"srcPosture\": []"), Code.NOT_SUPPORTED, ".srcPosture"),
                grant(to("\"*\"", "\"ip\": [\"*\"], \"via\": [§\"autogroup:tagged\"]"), Code.VIA_NOT_A_TAG, ".via[0]"),
                grant(to("\"*\"", "\"ip\": [\"*\"], \"via\": [§\"tag:a\"]"), Code.UNKNOWN_TAG, ".via[0]"),
                grant(to("§\"0.0.0.0/0\"", "\"ip\": [\"*\"]"), Code.ALL_ADDRESSES, ".dst[0]"),
                grant(to("§\"::/0\"", "\"ip\": [\"*\"]"), Code.ALL_ADDRESSES, ".dst[0]"),
                mistake(
                        "{\"hosts\": {\"all\": \"::/0\"}, \"grants\": [" + to("§\"all\"", "\"ip\": [\"*\"]") + "]}",
                        Code.ALL_ADDRESSES,
                        "grants[0].dst[0]"),
                grant(to("§\"autogroup:internet\"", "\"app\": {\"a.b/c\": []}"), Code.APP_TO_INTERNET, ".dst[0]"),
                grant(
                        "{\"src\": [§\"*\"], \"dst\": [\"autogroup:self\"], \"ip\": [\"*\"]}",
                        Code.SELF_WITHOUT_USER,
                        ".src[0]"),
                grant(to("\"*\"", "\"app\": {\"a.b/c\": §{}}"), Code.WRONG_TYPE, ".app[\"a.b/c\"]"),
                grant(to("\"*\"", "\"app\": {§\"https://a.b/c\": []}"), Code.MALFORMED_NAME, ".app[\"https://a.b/c\"]"),
                grant(to("\"*\"", "\"app\": {§\"a.b\": []}"), Code.MALFORMED_NAME, ".app[\"a.b\"]"),
                grant(
                        to("\"*\"", "\"app\": {\"a.b/c\": [{\"x\": 1, §\"x\": 2}]}"),
                        Code.DUPLICATE_NAME,
                        ".app[\"a.b/c\"][0].x"),
                mistake("§", Code.NO_POLICY, ""),
                mistake("// {}\n§", Code.NO_POLICY, ""),
                mistake("§[]", Code.WRONG_TYPE, ""),
                mistake("§null", Code.WRONG_TYPE, ""));
    }

    private static Arguments mistake(String marked, Code code, String path) {
        return Arguments.of(marked, code, path);
    }

    private static Arguments acl(String marked, Code code, String path) {
        return Arguments.of("{\n \"acls\": [" + marked + "]}", code, "acls[0]" + path);
    }

    private static Arguments grant(String marked, Code code, String path) {
        return Arguments.of("{\r\n \"grants\": [\r" + marked + "]}", code, "grants[0]" + path);
    }

    private static String rule(String action, String src, String dst) {
        return "{\"action\": " + action + ", \"src\": [" + src + "], \"dst\": [" + dst + "]}";
    }

    private static String to(String dst, String rest) {
        return "{\"src\": [\"*\"], \"dst\": [" + dst + "], " + rest + "}";
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void pointsAtTheOffendingToken(String marked, Code code, String path) {
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
    void reportsAllProblemsInTheirOrder() {
        List<PolicyProblem> problems = Refusals.of("""
                {
                  "acls": [{"action": "drop", "src": ["tag:nowhere"], "dst": ["*:0"]}],
                  "groups": {"group:a": ["tag:b"]},
                  "hosts": {"lan": "10.0.0.1/33"}
                }
                """);
        assertThat(problems)
                .extracting(PolicyProblem::toString)
                .containsExactly(
                        "2:23: action `drop` is not known: write `accept`; what no rule accepts is dropped",
                        "2:39: tag `tag:nowhere` is not defined: add it to `tagOwners`",
                        "2:63: port range `0` has port 0: name ports from 1 to 65535, or write `*` for every port",
                        "3:26: `tag:b` cannot be the member of a group: only users (`alice@example.com` or `alice@`) can",
                        "4:20: `10.0.0.1/33` is not a prefix: the length is above 32");
    }

    @Test
    void doesNotBlameTheUsesOfAHostForItsValue() {
        assertThat(Refusals.theOnly("{\"hosts\": {\"a\": \"10.0.0.1/33\"}, \"grants\": ["
                                + "{\"src\": [\"a\"], \"dst\": [\"a\"], \"ip\": [\"*\"]}]}")
                        .code())
                .isEqualTo(Code.MALFORMED_PREFIX);
    }

    @Test
    void namesThePrefixesThatMakeUpARange() {
        assertThat(Refusals.theOnly("{\"hosts\": {\"a\": \"10.0.0.1-10.0.0.9\"}}")
                        .message())
                .contains("`10.0.0.1/32`, `10.0.0.2/31`, `10.0.0.4/30`, `10.0.0.8/31`");
        assertThat(Refusals.theOnly("{\"hosts\": {\"a\": \"0.0.0.1-255.255.255.254\"}}")
                        .message())
                .contains("`0.0.0.1/32`")
                .endsWith("and 54 more");
    }

    @Test
    void saysThatIdentifiersOfProvidersAreNoUsers() {
        assertThat(Refusals.theOnly("{\"groups\": {\"group:a\": [\"https://idp.example/7@\"]}}")
                        .message())
                .contains("write the e-mail address");
    }

    @Test
    void saysHowPortsOfEveryProtocolAreWritten() {
        String grant = "{\"grants\": [{\"src\": [\"*\"], \"dst\": [\"*\"], \"ip\": [\"%s\"]}]}";
        assertThat(Refusals.theOnly(grant.formatted("*:443")).message()).contains("write `443`");
        assertThat(Refusals.theOnly(grant.formatted("*:80-90,443")).message()).contains("write `80-90,443`");
        assertThat(Refusals.theOnly(grant.formatted("*:*")).message()).contains("write `*`");
        assertThat(Refusals.theOnly("{\"acls\": [" + rule("\"accept\", \"proto\": \"*\"", "\"*\"", "\"*:*\"") + "]}")
                        .message())
                .contains("leave `proto` out");
    }

    @Test
    void countsColumnsInUtf16CodeUnitsAndNotTheByteOrderMark() {
        PolicyProblem problem = Refusals.theOnly("\ufeff{/* 🚇 */ \"x\": 1}");
        assertThat(problem.column()).isEqualTo(11);
    }

    @Test
    void tellsThePathOfPoliciesWithoutText() {
        assertThat(new PolicyProblem(Code.UNKNOWN_TAG, "acls[0].src[1]", 0, 0, "no such tag"))
                .hasToString("acls[0].src[1]: no such tag");
    }

    @Test
    void summarisesItselfInTheMessage() {
        assertThat(new PolicyException(Refusals.of("{\"x\": 1, \"y\": 2}")))
                .hasMessageStartingWith("the policy has 2 problems, the first of them: 1:2: `x` means nothing");
        assertThat(new PolicyException(Refusals.of("{\"x\": 1}")))
                .hasMessageStartingWith("the policy has a problem: 1:2: `x` means nothing");
    }

    @Test
    void shortensAndEscapesThePolicysWords() {
        PolicyProblem problem = Refusals.theOnly("{\"x\\u000a" + "y".repeat(500) + "\": 1}");
        assertThat(problem.message()).startsWith("`x\\u000a" + "y".repeat(78) + "…`");
    }
}
