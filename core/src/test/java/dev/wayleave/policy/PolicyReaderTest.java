package dev.wayleave.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.mesh.Tag;
import dev.wayleave.net.Prefix;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PolicyReaderTest {

    @Test
    void readsEverySectionThatConcernsRouting() {
        RoutingPolicy policy = PolicyReader.read("""
                // who may do what
                {
                  "groups": {"group:admins": ["alice@example.com", "bob@"]},
                  "hosts": {"web": "10.0.0.1", "lan": "192.168.0.0/16"},
                  "tagOwners": {"tag:router": ["group:admins"]},
                  "autoApprovers": {
                    "routes": {"10.0.0.0/8": ["tag:router"]},
                    "exitNode": ["autogroup:admin"], /* both families */
                  },
                  "ACLs": [{"action": "accept", "src": ["*"], "dst": ["web:80,443"]}],
                  "grants": [{"src": ["autogroup:member"], "dst": ["lan"], "ip": ["tcp:22"], "via": ["tag:router"]}],
                  "ssh": [],
                }
                """);

        assertThat(policy.groups())
                .containsEntry(
                        "group:admins",
                        List.of(new Selector.UserName("alice@example.com"), new Selector.UserName("bob@")));
        assertThat(policy.hosts())
                .containsEntry("web", Prefix.parse("10.0.0.1/32"))
                .containsEntry("lan", Prefix.parse("192.168.0.0/16"));
        assertThat(policy.autoApprovers().routes())
                .containsEntry(Prefix.parse("10.0.0.0/8"), List.of(new Selector.Tagged(new Tag("tag:router"))));
        assertThat(policy.autoApprovers().exitNode()).containsExactly(Selector.Autogroup.ADMIN);
        assertThat(policy.acls().orElseThrow())
                .containsExactly(new AclRule(
                        List.of(new Selector.Everything()),
                        Optional.empty(),
                        List.of(new AclRule.Destination(
                                new Selector.Host("web"), List.of(new PortRange(80, 80), new PortRange(443, 443))))));
        assertThat(policy.grants().orElseThrow().get(0).via()).containsExactly(new Tag("tag:router"));
        assertThat(policy.sectionsNotRead()).containsExactly("ssh");
    }

    @Test
    void reportsAllProblemsAtOnceInTheirOrder() {
        assertThatThrownBy(() -> PolicyReader.read("""
                        {
                          "acls": [{"action": "drop", "src": ["tag:nowhere"], "dst": ["*:0"]}],
                          "hosts": {"lan": "10.0.0.1/8"}
                        }
                        """))
                .isInstanceOfSatisfying(
                        PolicyException.class,
                        e -> assertThat(e.problems())
                                .extracting(PolicyProblem::code)
                                .containsExactly(
                                        PolicyProblem.Code.UNKNOWN_ACTION,
                                        PolicyProblem.Code.UNKNOWN_TAG,
                                        PolicyProblem.Code.PORT_ZERO,
                                        PolicyProblem.Code.HOST_BITS));
    }
}
