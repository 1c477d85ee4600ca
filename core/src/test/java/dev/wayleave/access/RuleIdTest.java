package dev.wayleave.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.access.RuleId.Section;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import org.junit.jupiter.api.Test;

class RuleIdTest {

    private static final RoutingPolicy POLICY = PolicyReader.read("""
            {"grants": [
              {"src": ["*"], "dst": ["*"], "ip": ["22"]},
              {"src": ["*"], "dst": ["*"], "ip": ["80"]}],
             "acls": [
              {"action": "accept", "src": ["*"], "dst": ["*:443"]}]}
            """);

    @Test
    void aRuleIsNamedWithItsLine() {
        assertThat(new RuleId(Section.GRANTS, 1).toString(POLICY)).isEqualTo("grants[1], line 3");
        assertThat(new RuleId(Section.ACLS, 0).toString(POLICY)).isEqualTo("acls[0], line 5");
    }

    @Test
    void aRuleThatThePolicyDoesNotHaveIsNamedWithoutALine() {
        assertThat(new RuleId(Section.ACLS, 1).toString(POLICY)).isEqualTo("acls[1]");
        assertThat(RuleId.DEFAULT.toString(POLICY)).isEqualTo("no policy");
        assertThat(RuleId.DEFAULT.lineIn(POLICY)).isEmpty();
    }
}
