package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.mesh.Users;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.testing.PolicyTestChecks;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The tests of a policy as tests of JUnit. */
class PolicyTestChecksTest {

    private static List<PolicyTestChecks.Check> checks(String tests) {
        String policy = """
                {"acls": [{"action": "accept", "src": ["ann@example.com"], "dst": ["10.0.0.0/24:22"]}],
                 "tests": [%s]}""";
        return PolicyTestChecks.of(PolicyReader.read(policy.formatted(tests)), Users.none(), OverlayRanges.DEFAULT);
    }

    @TestFactory
    Stream<DynamicTest> thePolicyOpensWhatItSays() {
        String tests = """
                {"src": "ann@example.com", "accept": ["10.0.0.7:22"], "deny": ["10.0.0.7:80"]},
                {"src": "ben@example.com", "deny": ["10.0.0.7:22"]}""";
        return checks(tests).stream().map(check -> DynamicTest.dynamicTest(check.name(), check::run));
    }

    @Test
    void aCheckFailsWithWhatDoesNotHold() {
        PolicyTestChecks.Check check = checks("""
                {"src": "ben@example.com", "accept": ["10.0.0.7:22"]}""").get(0);

        assertThat(check.name()).isEqualTo("tests[0] ben@example.com reaches [10.0.0.7:22]");
        assertThatThrownBy(check::run)
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll("tests[0], line 2: ", "`ben@example.com`", "`10.0.0.7:22`");
    }
}
