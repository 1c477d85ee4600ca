package dev.wayleave.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.wayleave.mesh.Tag;
import dev.wayleave.net.Prefix;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyReaderTest {

    private static final String EVERY_SECTION = """
            // who may do what
            {
              "groups": {"group:admins": ["alice@example.com", "bob@"], "group:empty": []},
              "hosts": {"web": "10.0.0.1", "lan": "192.168.0.0/16", "six": "fd00::1"},
              "tagOwners": {"tag:router": ["group:admins"], "tag:child": ["tag:router", "autogroup:admin"]},
              "autoApprovers": {
                "routes": {"10.0.0.0/8": ["tag:router", "alice@example.com"]},
                "exitNode": ["autogroup:network-admin"], /* both families */
              },
              "acls": [
                {"action": "accept", "src": ["*"], "dst": ["web:80,443", "*:*"]},
                {"action": "accept", "src": ["group:admins"], "proto": "TCP", "dst": ["tag:router:22"]},
              ],
              "grants": [
                {"src": ["autogroup:member"], "dst": ["lan"], "ip": ["tcp:22", "53", "*"], "via": ["tag:router"]},
                {"src": ["bob@"], "dst": ["tag:child"], "app": {"example.com/cap/x": [{"b": [1.50, null], "a": ""}]}},
              ],
            }
            """;

    @Test
    void groupsAreReadWithTheirMembers() {
        assertThat(PolicyReader.read(EVERY_SECTION).groups())
                .containsOnlyKeys("group:admins", "group:empty")
                .containsEntry(
                        "group:admins",
                        List.of(new Selector.UserName("alice@example.com"), new Selector.UserName("bob@")));
    }

    @Test
    void anAddressOfAHostIsReadAsAPrefixOfFullLength() {
        assertThat(PolicyReader.read(EVERY_SECTION).hosts())
                .containsEntry("web", Prefix.parse("10.0.0.1/32"))
                .containsEntry("lan", Prefix.parse("192.168.0.0/16"))
                .containsEntry("six", Prefix.parse("fd00::1/128"));
    }

    @Test
    void tagOwnersAreReadByTag() {
        assertThat(PolicyReader.read(EVERY_SECTION).tagOwners())
                .containsEntry(new Tag("tag:router"), List.of(new Selector.Group("group:admins")))
                .containsEntry(
                        new Tag("tag:child"),
                        List.of(new Selector.Tagged(new Tag("tag:router")), Selector.Autogroup.ADMIN));
    }

    @Test
    void autoApproversAreReadByPrefix() {
        AutoApprovers approvers = PolicyReader.read(EVERY_SECTION).autoApprovers();
        assertThat(approvers.routes())
                .containsEntry(
                        Prefix.parse("10.0.0.0/8"),
                        List.of(
                                new Selector.Tagged(new Tag("tag:router")),
                                new Selector.UserName("alice@example.com")));
        assertThat(approvers.exitNode()).containsExactly(Selector.Autogroup.NETWORK_ADMIN);
    }

    @Test
    void aclsAreReadInTheirOrder() {
        assertThat(PolicyReader.read(EVERY_SECTION).acls().orElseThrow())
                .containsExactly(
                        AclRule.accept(List.of("*"), List.of("web:80,443", "*:*")),
                        AclRule.accept(List.of("group:admins"), List.of("tag:router:22"))
                                .withProtocol(Protocol.TCP));
    }

    @Test
    void grantsAreReadInTheirOrder() {
        assertThat(PolicyReader.read(EVERY_SECTION).grants().orElseThrow())
                .containsExactly(
                        Grant.from("autogroup:member")
                                .to("lan")
                                .ip("tcp:22", "53", "*")
                                .via("tag:router")
                                .build(),
                        Grant.from("bob@")
                                .to("tag:child")
                                .app("example.com/cap/x", """
                                        [{"a":"","b":[1.50,null]}]""")
                                .build());
    }

    @Test
    void absentSectionsAreDistinguishedFromEmptySections() {
        assertThat(PolicyReader.read("{}").acls()).isEmpty();
        assertThat(PolicyReader.read("{}").grants()).isEmpty();
        assertThat(PolicyReader.read("""
                {"acls": []}""").acls()).contains(List.of());
        assertThat(PolicyReader.read("""
                {"grants": []}""").grants()).contains(List.of());
    }

    @Test
    void knownSectionsThatAreNotReadAreListed() {
        RoutingPolicy policy = PolicyReader.read("""
                {"SSH": [{"anything": {"at": "all"}}], "sshTests": 1, "nodeAttrs": [{"attr": []}], "postures": {},
                 "attrConfig": {"custom:x": {}}, "derpMap": {}, "disableIPv4": true, "OneCGNATRoute": "",
                 "randomizeClientPort": false}
                """);
        assertThat(policy.sectionsNotRead())
                .containsExactly(
                        "OneCGNATRoute",
                        "attrConfig",
                        "derpMap",
                        "disableIPv4",
                        "nodeAttrs",
                        "postures",
                        "randomizeClientPort",
                        "ssh",
                        "sshTests");
    }

    @Test
    void namesOfFieldsMatchWithoutRegardToCase() {
        RoutingPolicy policy = PolicyReader.read("""
                {"TAGOWNERS": {"tag:r": []}, "AutoApprovers": {"Routes": {"10.0.0.0/8": ["tag:r"]}, \
                "exitnode": ["tag:r"]},
                 "ACLs": [{"Action": "accept", "SRC": ["*"], "Dst": ["*:*"], "PROTO": "udp"}],
                 "Grants": [{"Src": ["*"], "DST": ["*"], "IP": ["*"], "App": {}, "Via": []}]}
                """);
        assertThat(policy.autoApprovers().routes()).hasSize(1);
        assertThat(policy.autoApprovers().exitNode()).hasSize(1);
        assertThat(policy.acls().orElseThrow()).hasSize(1);
        assertThat(policy.grants().orElseThrow()).hasSize(1);
    }

    @Test
    void namesThatThePolicyGivesMatchExactly() {
        assertThat(Refusals.theOnly("""
                {
                  "groups": {"group:A": []},
                  "acls": [{"action": "accept", "src": ["group:a"], "dst": ["*:*"]}]
                }
                """).code()).isEqualTo(PolicyProblem.Code.UNKNOWN_GROUP);
    }

    @Test
    void anEmptyProtocolIsTakenForNone() {
        RoutingPolicy policy = PolicyReader.read("""
                {"acls": [{"action": "accept", "proto": "", "src": [], "dst": []}]}""");
        assertThat(policy.acls().orElseThrow().get(0).protocol()).isEmpty();
    }

    /** Recorded as accepted: such a rule lets nothing pass (captures grant-h4, grant-h5). */
    @Test
    void rulesWithoutSourcesOrDestinationsAreRead() {
        assertThat(PolicyReader.read("""
                {"grants": [{"src": [], "dst": [], "ip": ["*"]}]}""").grants().orElseThrow())
                .containsExactly(Grant.from().ip("*").build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "\ufeff{}", "  // nothing\n{ /* at all */ } // here\n"})
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"acls": [],}
            {"acls": [{"action": "accept", "src": ["*",], "dst": [],},],}
            {"groups": {"group:\\u0061": []}}
            """)
    void huJsonIsRead(String text) {
        assertThatCode(() -> PolicyReader.read(text)).doesNotThrowAnyException();
    }

    @Test
    void everyKindOfSelectorIsRead() {
        RoutingPolicy policy = PolicyReader.read("""
                {"groups": {"group:a": []}, "tagOwners": {"tag:a": []}, "hosts": {"h": "10.0.0.1"},
                 "grants": [{"ip": ["*"],
                   "src": ["*", "a@b.c", "a@", "user:*@b.c", "group:a", "tag:a", "h", "10.0.0.1", "fd00::1", \
                "10.0.0.0/8",
                           "fd00::/8", "0.0.0.0/0", "autogroup:member", "autogroup:tagged", "autogroup:danger-all",
                           "autogroup:admin", "autogroup:network-admin", "autogroup:owner"],
                   "dst": ["*", "a@b.c", "a@", "user:*@b.c", "group:a", "tag:a", "h", "10.0.0.1", "fd00::1", \
                "10.0.0.0/8",
                           "fd00::/8", "autogroup:member", "autogroup:tagged", "autogroup:internet", "autogroup:admin",
                           "autogroup:network-admin", "autogroup:owner"]}]}
                """);
        Grant grant = policy.grants().orElseThrow().get(0);
        assertThat(grant.sources()).hasSize(18).doesNotHaveDuplicates();
        assertThat(grant.destinations()).hasSize(17).doesNotHaveDuplicates();
        assertThat(grant.sources()).contains(new Selector.UserDomain("b.c"), new Selector.Host("h"));
    }

    @Test
    void aclDestinationsOfAllAddressesAreRead() {
        assertThat(PolicyReader.read("""
                {"acls": [{"action": "accept", "src": ["*"], "dst": ["0.0.0.0/0:*", "::/0:443"]}]}\
                """).acls().orElseThrow().get(0).destinations())
                .containsExactly(
                        new AclRule.Destination(
                                new Selector.Network(Prefix.parse("0.0.0.0/0")), List.of(PortRange.ALL)),
                        new AclRule.Destination(
                                new Selector.Network(Prefix.parse("::/0")), List.of(new PortRange(443, 443))));
    }

    @Test
    void trafficWithoutProtocolIsKeptApartFromThatWithOne() {
        assertThat(PolicyReader.read("""
                {"grants": [{"src": [], "dst": [], "ip": ["80", "tcp:80"]}]}""").grants().orElseThrow().get(0).ip())
                .containsExactly(
                        new Traffic(null, List.of(new PortRange(80, 80))),
                        new Traffic(Protocol.TCP, List.of(new PortRange(80, 80))));
    }
}
