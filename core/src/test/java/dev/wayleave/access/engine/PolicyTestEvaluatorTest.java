package dev.wayleave.access.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.access.PolicyTestFailure;
import dev.wayleave.access.RuleId;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.policy.AclRule;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.PortRange;
import dev.wayleave.policy.Selector;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tests of a policy hold by its rules and the users alone. */
class PolicyTestEvaluatorTest {

    private static final Users USERS = Users.of(user("1", "ann@example.com"), user("2", "ben@example.com"));

    private static final String POLICY = """
            {
              "groups": {"group:dev": ["ann@example.com", "ben@example.com"], "group:empty": []},
              "hosts": {"office": "10.1.0.0/24", "printer": "10.1.0.9"},
              "ipsets": {"ipset:two": ["10.8.0.0/24", "10.8.1.0/24"]},
              "tagOwners": {"tag:db": [], "tag:web": []},
              "grants": [
                {"src": ["ann@example.com"], "dst": ["tag:db"], "ip": ["tcp:5432"]},
                {"src": ["group:dev"], "dst": ["office"], "ip": ["22", "8000-8080"], "via": ["tag:web"]},
                {"src": ["tag:web"], "dst": ["10.2.0.0/25"], "ip": ["*"]},
                {"src": ["tag:web"], "dst": ["10.2.0.128/25"], "ip": ["*"]},
                {"src": ["autogroup:member"], "dst": ["autogroup:internet"], "ip": ["*"]},
                {"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["tcp:22"]},
                {"src": ["10.9.0.0/16"], "dst": ["tag:db"], "ip": ["*"]},
                {"src": ["100.64.0.0/10"], "dst": ["10.7.0.1"], "ip": ["icmp:*"]},
                {"src": ["ben@example.com"], "dst": ["ipset:two"], "app": {"example.com/cap/x": [{}]}},
                {"src": ["ben@example.com"], "dst": ["ipset:two"], "ip": ["53"]},
                {"src": ["100.96.0.0/11"], "dst": ["10.6.0.1"], "ip": ["*"]},
                {"src": ["ben@example.com"], "dst": ["100.64.128.0/17"], "ip": ["9100"]},
                {"src": ["ben@example.com"], "dst": ["100.64.1.1"], "ip": ["9200"]}
              ],
              "tests": [%s]
            }
            """;

    private static User user(String id, String email) {
        return User.builder(new UserId(id), email.substring(0, email.indexOf('@')))
                .email(email)
                .build();
    }

    private static List<PolicyTestFailure> failures(String test) {
        return PolicyTestEvaluator.failures(PolicyReader.read(POLICY.formatted(test)), USERS, OverlayRanges.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            ann@example.com   |       | tag:db:5432
            ann@              |       | tag:db:5432
            ann@example.com   | tcp   | tag:db:5432
            group:dev         |       | office:22
            group:dev         | udp   | office:8000-8080
            ann@example.com   |       | printer:22
            ann@example.com   |       | 10.1.0.7:22,8080
            tag:web           |       | 10.2.0.0/24:*
            ann@example.com   |       | autogroup:internet:443
            ann@example.com   |       | 8.8.8.8:53
            ann@example.com   |       | autogroup:self:22
            ann@example.com   |       | ann@example.com:22
            10.9.1.0/24       |       | tag:db:80
            ann@example.com   | icmp  | 10.7.0.1:0
            tag:db            | icmp  | 10.7.0.1:0
            ben@example.com   |       | 10.8.0.0/23:53
            carl@example.com  |       | 9.9.9.9:443
            autogroup:member  |       | 9.9.9.9:443
            """)
    void aDestinationThatRulesOpenIsAcceptedAndNotDenied(String source, String protocol, String destination) {
        assertThat(failures(test(source, protocol, "accept", destination))).isEmpty();
        assertThat(failures(test(source, protocol, "deny", destination)))
                .flatExtracting(PolicyTestFailure::faults)
                .extracting(PolicyTestFailure.Fault::kind)
                .containsExactly("not-denied");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            ben@example.com   |       | tag:db:5432
            ann@example.com   | udp   | tag:db:5432
            ann@example.com   |       | tag:db:5433
            ann@example.com   |       | 10.1.1.0:22
            tag:db            |       | office:22
            ann@example.com   |       | ben@example.com:22
            ann@example.com   |       | 10.3.0.1:443
            carl@example.com  |       | tag:db:5432
            10.10.0.1         |       | tag:db:80
            tag:web           |       | autogroup:self:22
            ann@example.com   |       | 10.8.0.1:53
            """)
    void aDestinationThatNoRuleOpensIsDeniedAndNotAccepted(String source, String protocol, String destination) {
        assertThat(failures(test(source, protocol, "deny", destination))).isEmpty();
        assertThat(failures(test(source, protocol, "accept", destination)))
                .flatExtracting(PolicyTestFailure::faults)
                .extracting(PolicyTestFailure.Fault::kind)
                .containsExactly("not-accepted");
    }

    /** What is reached in part is neither reached nor kept apart. */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            tag:web           | 10.2.0.0/16:80
            ann@example.com   | office:20-30
            group:dev         | tag:db:5432
            """)
    void aDestinationThatIsOpenInPartIsNeither(String source, String destination) {
        assertThat(failures(test(source, null, "accept", destination))).hasSize(1);
        assertThat(failures(test(source, null, "deny", destination))).hasSize(1);
    }

    /** A part of the overlay has devices of every owner, as far as rules can tell. */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            ann@example.com   | 100.64.0.0/16:5432
            100.64.0.0/11     | 10.2.0.0/25:80
            tag:db            | 10.6.0.1:80
            ben@example.com   | tag:web:9100
            """)
    void aRangeOfTheOverlayHasSomeDevicesOfEachOwner(String source, String destination) {
        assertThat(failures(test(source, null, "accept", destination))).hasSize(1);
        assertThat(failures(test(source, null, "deny", destination))).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            ann@example.com   | 100.64.0.5:5432
            ben@example.com   | tag:web:9200
            ann@example.com   | fd7a:115c:a1e0:b1a:0:7:a00:0/104:22
            """)
    void aSingleAddressOfTheOverlayIsNotTakenForADevice(String source, String destination) {
        assertThat(failures(test(source, null, "deny", destination))).isEmpty();
    }

    @Test
    void aUserWhomOneTestAssumesIsNoMemberInAnother() {
        String policy = """
                {"acls": [{"action": "accept", "src": ["ann@example.com", "ben@example.com"], "dst": ["10.0.0.1:22"]}],
                 "tests": [{"src": "carl@example.com", "deny": ["10.0.0.1:22"]},
                           {"src": "autogroup:admin", "deny": ["10.0.0.1:22"]},
                           {"src": "autogroup:member", "accept": ["10.0.0.1:22"]}]}""";

        assertThat(PolicyTestEvaluator.failures(PolicyReader.read(policy), USERS, OverlayRanges.DEFAULT))
                .isEmpty();
    }

    private static String test(String source, String protocol, String word, String destination) {
        String proto = protocol == null ? "" : """
                "proto": "%s",\s""".formatted(protocol);
        return """
                {"src": "%s", %s"%s": ["%s"]}""".formatted(source, proto, word, destination);
    }

    @Test
    void aSenderThatNamesNoUserFails() {
        assertThat(failures(test("group:empty", null, "deny", "tag:db:1")))
                .flatExtracting(PolicyTestFailure::faults)
                .containsExactly(new PolicyTestFailure.NoSender());
    }

    @Test
    void postureIsNotEvaluated() {
        assertThat(failures("""
                {"src": "ann@example.com", "srcPostureAttrs": {"node:os": "linux"}, "accept": ["tag:db:5432"]}\
                """))
                .containsExactly(new PolicyTestFailure(
                        0,
                        21,
                        new Selector.UserName("ann@example.com"),
                        List.of(new PolicyTestFailure.PostureNotEvaluated(new TreeSet<>(Set.of("node:os"))))));
    }

    private static AclRule.Destination to(Selector selector, int port) {
        return new AclRule.Destination(selector, List.of(new PortRange(port, port)));
    }

    @Test
    void aFailureNamesTheTestTheSenderAndTheRule() {
        assertThat(failures("""
                        {"src": "group:dev", "accept": ["tag:db:5432", "tag:db:22"], "deny": ["office:22"]},
                        {"src": "ann@example.com", "accept": ["tag:db:5432"]}"""))
                .containsExactly(new PolicyTestFailure(
                        0,
                        21,
                        new Selector.Group("group:dev"),
                        List.of(
                                new PolicyTestFailure.NotAccepted(
                                        to(new Selector.Tagged(new Tag("tag:db")), 5432), "ben@example.com"),
                                new PolicyTestFailure.NotAccepted(
                                        to(new Selector.Tagged(new Tag("tag:db")), 22), "ann@example.com"),
                                new PolicyTestFailure.NotDenied(
                                        to(new Selector.Host("office"), 22),
                                        new RuleId(RuleId.Section.GRANTS, 1),
                                        8,
                                        "ann@example.com"))));
    }

    @Test
    void aPolicyWithoutRulesOpensEverything() {
        String policy = """
                {"tests": [{"src": "ann@example.com", "accept": ["10.0.0.1:22"]},
                           {"src": "ann@example.com", "deny": ["10.0.0.1:22"]}]}""";

        assertThat(PolicyTestEvaluator.failures(PolicyReader.read(policy), Users.none(), OverlayRanges.DEFAULT))
                .containsExactly(new PolicyTestFailure(
                        1,
                        2,
                        new Selector.UserName("ann@example.com"),
                        List.of(new PolicyTestFailure.NotDenied(
                                to(new Selector.Address(IpAddress.parse("10.0.0.1")), 22),
                                RuleId.DEFAULT,
                                null,
                                null))));
    }
}
