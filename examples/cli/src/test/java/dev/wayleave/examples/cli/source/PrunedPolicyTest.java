package dev.wayleave.examples.cli.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EmptySource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of a policy of Tailscale whose rules ask for device postures, or name services. */
class PrunedPolicyTest {

    private static final String PLAIN = """
            {"action": "accept", "src": ["*"], "dst": ["10.0.0.0/24:*"]}""";

    private static String acl(String fields, String... destinations) {
        return """
                {"action": "accept", "src": ["*"], "dst": ["%s"]%s}\
                """.formatted(String.join("\", \"", destinations), fields);
    }

    private static String acls(String... rules) {
        return """
                {"acls": [%s]}""".formatted(String.join(",\n", rules));
    }

    private static final String ASKING = acl("""
            , "srcPosture": ["posture:mac"]""", "*:*");

    private static RoutingPolicy read(PrunedPolicy pruned) {
        return PolicyReader.read(pruned.text());
    }

    @Test
    void aRuleThatAsksForAPostureIsLeftOut() {
        PrunedPolicy pruned = PrunedPolicy.of(acls(ASKING, PLAIN, ASKING));
        assertThat(pruned.postures()).isEqualTo(2);
        assertThat(read(pruned)).isEqualTo(PolicyReader.read(acls(PLAIN)));
    }

    @Test
    void aPolicyOfNothingButSuchRulesOpensNothing() {
        assertThat(read(PrunedPolicy.of(acls(ASKING))).acls()).contains(List.of());
    }

    @Test
    void aGrantThatAsksForAPostureIsLeftOut() {
        PrunedPolicy pruned = PrunedPolicy.of("""
                {"Grants": [{"SRCPOSTURE": ["posture:mac"], "src": ["*"], "dst": ["*"], "ip": ["*"]},]}""");
        assertThat(pruned.postures()).isEqualTo(1);
        assertThat(read(pruned).grants()).contains(List.of());
    }

    @Test
    void aDefaultPostureHoldsForEveryRule() {
        PrunedPolicy pruned = PrunedPolicy.of("""
                {"acls": [%s, %s], "defaultSrcPosture": ["posture:mac"]}\
                """.formatted(PLAIN, acl(", \"srcPosture\": []", "*:*")));
        assertThat(pruned.postures()).isEqualTo(2);
        assertThat(read(pruned).acls()).contains(List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null"})
    void anEmptyPostureAsksForNone(String empty) {
        String rule = acl("""
                , "srcPosture": %s""".formatted(empty), "*:*");
        PrunedPolicy pruned = PrunedPolicy.of("""
                {"defaultSrcPosture": %s, "acls": [%s]}""".formatted(empty, rule));
        assertThat(pruned.postures()).isZero();
        assertThat(pruned.leftOut()).isEmpty();
        assertThat(read(pruned)).isEqualTo(PolicyReader.read(acls(acl("", "*:*"))));
    }

    @Test
    void aServiceIsNoDestination() {
        PrunedPolicy pruned = PrunedPolicy.of(acls(acl("", "svc:web:443"), acl("", "svc:web:443", "10.0.0.0/24:*")));
        assertThat(pruned.services()).isEqualTo(2);
        assertThat(read(pruned)).isEqualTo(PolicyReader.read(acls(PLAIN)));
    }

    @Test
    void testsGoWithTheFirstRule() {
        String policy = """
                {"tests": [{"src": "ann@example.com", "accept": ["10.0.0.1:22"]}], "acls": [%s]}""";
        assertThat(read(PrunedPolicy.of(policy.formatted(ASKING))).tests()).isEmpty();
        assertThat(read(PrunedPolicy.of(policy.formatted(PLAIN))).tests()).hasSize(1);
    }

    @Test
    void allElseKeepsItsLine() {
        String written = """
                // of the office
                {"acls": [
                  {"action": "accept", "src": ["*"],
                   "srcPosture": ["posture:mac"], // }, not the end
                   "dst": ["*:*"]} /* , */ , /*/ ,*/
                  {"action": "accept", "src": ["*"], "dst": ["10.0.0.0/24:*"]},
                ]}
                """;
        String left = PrunedPolicy.of(written).text();
        assertThat(left.lines().toList().get(5))
                .isEqualTo(written.lines().toList().get(5));
        assertThat(left.lines().count()).isEqualTo(written.lines().count());
        assertThat(PolicyReader.read(left)).isEqualTo(PolicyReader.read(acls(PLAIN)));
    }

    @ParameterizedTest
    @EmptySource
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            []
            {"acls": {}}
            {"acls": [1, {"dst": 2}]}
            {"acls": [{
            {"x": 1}
            """)
    void anotherDocumentIsLeftToTheReader(String text) {
        assertThat(PrunedPolicy.of(text)).isEqualTo(new PrunedPolicy(text, 0, 0));
    }
}
