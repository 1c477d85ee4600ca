package dev.wayleave.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.net.Prefix;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyLinesTest {

    private static final RoutingPolicy POLICY = PolicyReader.read("""
            {
              // two rules of each kind
              "acls": [
                {"action": "accept", "src": ["*"], "dst": ["*:22"]},

                {"action": "accept",
                 "src": ["*"], "dst": ["*:443"]},
              ],
              "tagOwners": {"tag:a": [], "tag:b": []},
              "autoApprovers": {
                "routes": {"10.0.0.0/8": ["tag:a",
                  "tag:b"]},
                "exitNode": [
                  "tag:a",
                  "tag:b",
                ],
              },
              "grants": [
                {"src": ["*"], "dst": ["*"], "ip": ["*"]}, {"src": ["*"], "dst": ["tag:a"], "ip": ["*"]},
              ],
            }
            """);

    @Test
    void aRuleHasTheLineOnWhichItBegins() {
        assertThat(POLICY.lineOfAcl(0)).hasValue(4);
        assertThat(POLICY.lineOfAcl(1)).hasValue(6);
        assertThat(POLICY.lineOfGrant(0)).hasValue(19);
        assertThat(POLICY.lineOfGrant(1)).hasValue(19);
    }

    @Test
    void anApproverHasTheLineOnWhichItStands() {
        Prefix key = Prefix.parse("10.0.0.0/8");
        assertThat(POLICY.lineOfRouteApprover(key, Selector.parse("tag:a"))).hasValue(11);
        assertThat(POLICY.lineOfRouteApprover(key, Selector.parse("tag:b"))).hasValue(12);
        assertThat(POLICY.lineOfExitNodeApprover(Selector.parse("tag:b"))).hasValue(15);
    }

    @Test
    void anEntryThatIsNotThereHasNoLine() {
        assertThat(POLICY.lineOfAcl(2)).isEmpty();
        assertThat(POLICY.lineOfAcl(-1)).isEmpty();
        assertThat(POLICY.lineOfGrant(2)).isEmpty();
        assertThat(POLICY.lineOfExitNodeApprover(Selector.parse("bob@"))).isEmpty();
        assertThat(POLICY.lineOfRouteApprover(Prefix.parse("10.0.0.0/8"), Selector.parse("bob@")))
                .isEmpty();
        assertThat(POLICY.lineOfRouteApprover(Prefix.parse("10.0.0.0/9"), Selector.parse("tag:a")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void everyUsualEndOfLineCountsOnce(String end) {
        String text = IntStream.range(0, 1_000)
                .mapToObj(i -> """
                        {"src": ["*"], "dst": ["*"], "ip": ["*"]}""")
                .collect(Collectors.joining("," + end, """
                        {"grants": [%s""".formatted(end), "]}"));
        RoutingPolicy policy = PolicyReader.read(text);
        assertThat(IntStream.range(0, 1_000).map(i -> policy.lineOfGrant(i).orElseThrow()))
                .containsExactlyElementsOf(IntStream.range(2, 1_002).boxed().toList());
    }

    @Test
    void linesDoNotCountForEquality() {
        RoutingPolicy onOneLine = PolicyReader.read(POLICY.toJson());
        assertThat(onOneLine).isEqualTo(POLICY).hasSameHashCodeAs(POLICY);
        assertThat(onOneLine.lineOfAcl(1)).hasValue(1);
        assertThat(onOneLine.toJson()).isEqualTo(POLICY.toJson());
    }

    @Test
    void aBuiltPolicyHasTheOneLineOfItsCanonicalText() {
        assertThat(POLICY.toBuilder().build().lineOfAcl(1)).hasValue(1);
        assertThat(POLICY.toBuilder().build().lineOfExitNodeApprover(Selector.parse("tag:b")))
                .hasValue(1);
    }
}
