package dev.wayleave.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.wayleave.policy.PolicyNotice.Code;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The section {@code tests}: read, kept and printed. */
class PolicyTestCaseTest {

    private static final RoutingPolicy POLICY = PolicyReader.read("""
            {"tagOwners": {"tag:db": []}, "hosts": {"web": "10.0.0.7"},
             "tests": [
               {"src": "ann@x.example", "accept": ["tag:db:5432", "web:80-90,443"], "deny": ["10.0.0.0/8:22"]},
               {"src": "tag:db", "proto": "icmp", "accept": ["web:0"],
                "srcPostureAttrs": {"node:os": "linux", "custom:level": [1.50]}},
             ]}
            """);

    @Test
    void testsAreReadInTheirOrder() {
        assertThat(POLICY.tests()).hasSize(2);
        PolicyTestCase first = POLICY.tests().get(0);
        assertThat(first.source()).isEqualTo(Selector.parse("ann@x.example"));
        assertThat(first.protocol()).isEmpty();
        assertThat(first.accept())
                .extracting(AclRule.Destination::toString)
                .containsExactly("tag:db:5432", "web:80-90,443");
        assertThat(first.deny()).extracting(AclRule.Destination::toString).containsExactly("10.0.0.0/8:22");
        assertThat(POLICY.tests().get(1).postureAttributes())
                .containsEntry("node:os", "\"linux\"")
                .containsEntry("custom:level", "[1.50]");
        assertThat(POLICY.sectionsNotRead()).isEmpty();
        assertThat(POLICY.notices()).isEmpty();
    }

    @Test
    void portZeroOfAProtocolWithoutPortsIsAPacketOfIt() {
        PolicyTestCase ping = POLICY.tests().get(1);
        assertThat(ping.protocol()).contains(new Protocol(1));
        assertThat(ping.accept())
                .containsExactly(new AclRule.Destination(new Selector.Host("web"), List.of(new PortRange(0, 0))));
        assertThat(ping.accept().get(0)).hasToString("web:0");
    }

    @Test
    void aTestHasTheLineOnWhichItBegins() {
        assertThat(POLICY.lineOfTest(0)).hasValue(3);
        assertThat(POLICY.lineOfTest(1)).hasValue(4);
        assertThat(POLICY.lineOfTest(2)).isEmpty();
    }

    @Test
    void oldNamesAreReadWithANotice() {
        RoutingPolicy old = PolicyReader.read("""
                {"tests": [{"user": "ann@", "allow": ["10.0.0.1:22"], "deny": []}]}""");
        assertThat(old).isEqualTo(PolicyReader.read("""
                {"tests": [{"src": "ann@", "accept": ["10.0.0.1:22"]}]}"""));
        assertThat(old.notices())
                .extracting(PolicyNotice::code, PolicyNotice::element)
                .containsExactly(tuple(Code.OLD_NAME, "tests[0].user"), tuple(Code.OLD_NAME, "tests[0].allow"));
    }

    @Test
    void testsCountForEquality() {
        assertThat(POLICY.toBuilder().tests(List.of()).build()).isNotEqualTo(POLICY);
        assertThat(POLICY.toBuilder().build()).isEqualTo(POLICY).hasSameHashCodeAs(POLICY);
        assertThat(POLICY.toBuilder()
                        .tests(List.of(POLICY.tests().get(1), POLICY.tests().get(0)))
                        .build())
                .isNotEqualTo(POLICY);
    }

    @Test
    void canonicalJsonHasTheTests() {
        assertThat(POLICY.toJson()).endsWith("""
                "tests":[\
                {"accept":["tag:db:5432","web:80-90,443"],"deny":["10.0.0.0/8:22"],"src":"ann@x.example"},\
                {"accept":["web:0"],"proto":"icmp","src":"tag:db",\
                "srcPostureAttrs":{"custom:level":[1.50],"node:os":"linux"}}]}""");
        assertThat(PolicyReader.read(POLICY.toJson())).isEqualTo(POLICY);
    }

    @Test
    void undefinedNamesAreNotices() {
        RoutingPolicy policy = PolicyReader.read("""
                {"tests": [{"src": "group:a", "accept": ["tag:b:22", "host-c:22", "ipset:d:22", "ann@:22"],
                            "deny": ["group:a:22"]}]}
                """);
        assertThat(policy.tests()).hasSize(1);
        assertThat(policy.notices())
                .extracting(PolicyNotice::code, PolicyNotice::element)
                .containsExactly(
                        tuple(Code.UNDEFINED_NAME, "tests[0].src"),
                        tuple(Code.UNDEFINED_NAME, "tests[0].accept[0]"),
                        tuple(Code.UNDEFINED_NAME, "tests[0].accept[1]"),
                        tuple(Code.UNDEFINED_NAME, "tests[0].accept[2]"),
                        tuple(Code.UNDEFINED_NAME, "tests[0].deny[0]"));
        assertThat(PolicyReader.read(policy.toJson())).isEqualTo(policy);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            null|WRONG_TYPE
            [1]|WRONG_TYPE
            [{"accept": []}]  |MISSING_FIELD
            [{"src": "ann@"}]    |MISSING_FIELD
            [{"src": ["ann@"], "accept": []}]      |WRONG_TYPE
            [{"src": "", "accept": []}]      |MALFORMED_SELECTOR
            [{"src": "autogroup:self", "accept": []}]      |MISPLACED_SELECTOR
            [{"src": "ann@", "accept": ["tag:a"]}]        |MALFORMED_PORTS
            [{"src": "ann@", "accept": ["bob@:0"]}]        |PORT_ZERO
            [{"src": "ann@", "proto": "tcp", "deny": ["bob@:0"]}]            |PORT_ZERO
            [{"src": "ann@", "proto": "icmp", "deny": ["bob@:22"]}]            |PROTOCOL_WITHOUT_PORTS
            [{"src": "ann@", "proto": "none", "deny": []}]          |UNKNOWN_PROTOCOL
            [{"src": "ann@", "deny": ["svc:a:22"]}]        |NOT_SUPPORTED
            [{"src": "ann@", "deny": [], "why": 1}]        |UNKNOWN_FIELD
            [{"src": "ann@", "allow": [], "accept": []}]        |DUPLICATE_NAME
            [{"src": "ann@", "accept": [], "srcPostureAttrs": {"a": {"b": 1, "b": 2}}}]              |DUPLICATE_NAME
            """)
    void anythingButATestIsRefused(String section, PolicyProblem.Code code) {
        assertThat(Refusals.theOnly("""
                {"tests": %s}""".formatted(section)).code()).isEqualTo(code);
    }

    @Test
    void aPolicyThatIsBuiltRefusesWhatItCouldNotReadBack() {
        TreeMap<String, String> attributes = new TreeMap<>();
        attributes.put("#os", "\"linux\"");
        PolicyTestCase test = new PolicyTestCase(Selector.parse("ann@"), null, List.of(), List.of(), attributes);
        assertThat(Refusals.by(
                        () -> RoutingPolicy.builder().tests(List.of(test)).build()))
                .extracting(PolicyProblem::code)
                .containsExactly(PolicyProblem.Code.MALFORMED_NAME);
    }
}
