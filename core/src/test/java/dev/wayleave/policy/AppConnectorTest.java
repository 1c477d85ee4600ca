package dev.wayleave.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyNotice.Code;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of the section {@code nodeAttrs} the app connectors: read, kept and printed. */
class AppConnectorTest {

    private static final RoutingPolicy POLICY = PolicyReader.read("""
            {"tagOwners": {"tag:c": []},
             "nodeAttrs": [
               {"target": ["*"],
                "app": {"tailscale.com/app-connectors": [
                  {"name": "shop", "connectors": ["tag:c"], "domains": ["shop.example", "*.shop.example"],
                   "routes": ["203.0.113.0/24", "198.51.100.7/32"]},
                  {"connectors": ["*"], "routes": ["2001:db8::/64"]},
                ]}},
             ]}
            """);

    @Test
    void connectorsAreReadInTheirOrder() {
        assertThat(POLICY.appConnectors()).hasSize(2);
        AppConnector shop = POLICY.appConnectors().get(0);
        assertThat(shop.name()).isEqualTo("shop");
        assertThat(shop.targets()).containsExactly("*");
        assertThat(shop.connectors()).containsExactly(Selector.parse("tag:c"));
        assertThat(shop.domains()).containsExactly("shop.example", "*.shop.example");
        assertThat(shop.routes()).containsExactly(Prefix.parse("198.51.100.7/32"), Prefix.parse("203.0.113.0/24"));
        assertThat(POLICY.sectionsNotRead()).isEmpty();
        assertThat(POLICY.notices()).isEmpty();
    }

    @Test
    void aConnectorHasTheLineOnWhichItBegins() {
        assertThat(POLICY.lineOfAppConnector(0)).hasValue(5);
        assertThat(POLICY.lineOfAppConnector(1)).hasValue(7);
        assertThat(POLICY.lineOfAppConnector(2)).isEmpty();
    }

    @Test
    void connectorsCountForEqualityAndArePrinted() {
        assertThat(POLICY.toJson()).contains("""
                {"app":{"tailscale.com/app-connectors":[{"connectors":["*"],\
                "routes":["2001:db8::/64"]}]},"target":["*"]}""");
        assertThat(PolicyReader.read(POLICY.toJson())).isEqualTo(POLICY).hasSameHashCodeAs(POLICY);
        assertThat(POLICY.toBuilder().build()).isEqualTo(POLICY);
        assertThat(POLICY.toBuilder().appConnectors(List.of()).build()).isNotEqualTo(POLICY);
    }

    @Test
    void everythingElseIsPassedOverAndListed() {
        RoutingPolicy policy = PolicyReader.read("""
                {"nodeAttrs": [{"target": ["svc:x", "ann@"], "attr": ["funnel"]}, {"ipPool": 7},
                               {"app": {"example.com/x": 1}}, {}]}
                """);
        assertThat(policy.appConnectors()).isEmpty();
        assertThat(policy.sectionsNotRead()).containsExactly("nodeAttrs");
        assertThat(policy.notices()).isEmpty();
        assertThat(PolicyReader.read("""
                {"nodeAttrs": []}""").sectionsNotRead()).isEmpty();
    }

    @Test
    void undefinedNamesAndFieldsThatAreNotReadAreNotices() {
        RoutingPolicy policy = PolicyReader.read("""
                {"ssh": [{"action": "accept", "src": ["group:s"], "dst": ["tag:s", "autogroup:self"], \
                "users": ["root"]}],
                 "sshTests": [{"src": "host-t", "dst": ["tag:t"], "accept": ["root"]}],
                 "nodeAttrs": [{"target": ["group:n"], "attr": ["x"]},
                               {"target": ["*"], "app": {"tailscale.com/app-connectors": [
                                 {"connectors": ["tag:n"], "routes": ["203.0.113.9/24"], "presetAppID": "p"}]}}]}
                """);
        assertThat(policy.notices())
                .extracting(PolicyNotice::code, PolicyNotice::element)
                .containsExactly(
                        tuple(Code.UNDEFINED_NAME, "ssh[0].src[0]"),
                        tuple(Code.UNDEFINED_NAME, "ssh[0].dst[0]"),
                        tuple(Code.UNDEFINED_NAME, "sshTests[0].src"),
                        tuple(Code.UNDEFINED_NAME, "sshTests[0].dst[0]"),
                        tuple(Code.UNDEFINED_NAME, "nodeAttrs[0].target[0]"),
                        tuple(Code.UNDEFINED_NAME, """
                                nodeAttrs[1].app["tailscale.com/app-connectors"][0].connectors[0]"""),
                        tuple(Code.HOST_BITS, """
                                nodeAttrs[1].app["tailscale.com/app-connectors"][0].routes[0]"""),
                        tuple(Code.NOT_READ, """
                                nodeAttrs[1].app["tailscale.com/app-connectors"][0].presetAppID"""));
        assertThat(policy.appConnectors().get(0).routes()).containsExactly(Prefix.parse("203.0.113.0/24"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"connectors": ["ann@"]}                          | MISPLACED_SELECTOR
            {"connectors": ["autogroup:tagged"]}              | MISPLACED_SELECTOR
            {"connectors": "*"}                               | WRONG_TYPE
            {"connectors": ["*"], "routes": ["203.0.113.0"]}  | MALFORMED_PREFIX
            {"connectors": ["*"], "routes": [1]}              | WRONG_TYPE
            {"connectors": ["*"], "Routes": [], "routes": []} | DUPLICATE_NAME
            {"name": 1}                                       | WRONG_TYPE
            7                                                 | WRONG_TYPE
            """)
    void anythingButAConnectorIsRefused(String connector, PolicyProblem.Code code) {
        assertThat(Refusals.theOnly("""
                {"nodeAttrs": [{"app": {"tailscale.com/app-connectors": [%s]}}]}\
                """.formatted(connector)).code()).isEqualTo(code);
    }
}
