package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.election.OfflineRule;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.StateRows;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.testing.Scenario;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the digest of a state is taken of, and what its parts print for a person. */
class CanonicalTextTest {

    private static final Prefix NET = Prefix.parse("10.0.0.0/8");

    private final Scenario scenario = Scenario.begin()
            .user("alice")
            .router("a", "10.0.0.0/8")
            .router("b", "10.0.0.0/8")
            .disconnect("b")
            .revoke("b", "192.168.0.0/16");

    @Test
    void itHoldsAllThatIsStoredAndAllThatIsNot() {
        RoutingState state = scenario.state();
        assertThat(state.canonicalText()).isEqualTo("""
                tailnet example.com at 2026-01-01T00:00:00Z
                settings \
                {"withdrawal":"KEEP_APPROVAL","retroactive":true,"rememberDenied":true,\
                "order":"PRIORITY_REGISTERED_ID","failBack":"NEVER","offline":"WITHDRAW","exit":"INTERNET",\
                "grace":"PT15S","silenceLimit":"PT2M10S","restartGrace":"PT1M","ephemeralIdle":"PT30M",\
                "limits":{"nodes":1000000,"users":1000000,"routesPerNode":1000,"routesRememberedPerNode":4000,\
                "commandsPerSubmission":100000}}
                policy {}
                user {"id":"alice","name":"alice","email":"alice@example.com"}
                node \
                {"facts":{"id":1,"name":"a","tags":["tag:router"],"registeredAt":"2026-01-01T00:00:00Z"},\
                "candidate":true}
                  ONLINE - "session-1" 2026-01-01T00:00:00Z - HEALTHY [] valid
                node \
                {"facts":{"id":2,"name":"b","tags":["tag:router"],"registeredAt":"2026-01-01T00:00:00Z"},\
                "candidate":true,"absence":{"since":"2026-01-01T00:00:00Z","graceUntil":"2026-01-01T00:00:15Z"}}
                  GRACE 2026-01-01T00:00:15Z - - 2026-01-01T00:00:00Z HEALTHY [] valid
                route \
                {"node":1,"prefix":"10.0.0.0/8","advertisedAt":"2026-01-01T00:00:00Z","status":{"kind":"approved",\
                "approval":{"by":"administrator administrator","at":"2026-01-01T00:00:00Z"}},"primary":true}
                route \
                {"node":2,"prefix":"10.0.0.0/8","advertisedAt":"2026-01-01T00:00:00Z","status":{"kind":"approved",\
                "approval":{"by":"administrator administrator","at":"2026-01-01T00:00:00Z"}},"primary":false}
                route \
                {"node":2,"prefix":"192.168.0.0/16","status":{"kind":"denied","denial":{"by":"administrator",\
                "at":"2026-01-01T00:00:00Z"}},"primary":false}
                prefix 10.0.0.0/8 1\s
                  1 HEALTHY priority 0 registered 2026-01-01T00:00:00Z steady since 2026-01-01T00:00:00Z
                  2 HEALTHY priority 0 registered 2026-01-01T00:00:00Z in grace
                """);
    }

    @Test
    void itListsPrefixesWhosePrimaryTheStoreLacks() {
        StateRows rows = scenario.stored();
        List<RouteRow> withoutPrimary = rows.routes().stream()
                .map(row -> row.prefix().equals(NET) ? row.withPrimary(false) : row)
                .toList();

        String text = RoutingState.restore(
                        new StateRows(rows.tailnet(), rows.users(), rows.nodes(), withoutPrimary), scenario.now())
                .canonicalText();

        assertThat(text).contains("prefix 10.0.0.0/8 - \n", "unsettled 10.0.0.0/8\n");
    }

    @Test
    void aPrimaryThatIsOnlyKeptIsMarkedAsSuch() {
        scenario.settings(settings -> settings.offline(OfflineRule.KEEP_LAST))
                .disconnect("a")
                .sleep(RoutingSettings.DEFAULT.grace());
        assertThat(scenario.state().canonicalText()).contains("prefix 10.0.0.0/8 1 kept\n");
    }

    @Test
    void statesPrintWhatAPersonAsksFor() {
        assertThat(scenario.node("a")).hasToString("a (1) ONLINE");
        assertThat(scenario.state().route(NET).orElseThrow()).hasToString("10.0.0.0/8 via 1");
        scenario.settings(settings -> settings.offline(OfflineRule.KEEP_LAST))
                .disconnect("a")
                .sleep(RoutingSettings.DEFAULT.grace());
        assertThat(scenario.state().route(NET).orElseThrow()).hasToString("10.0.0.0/8 kept by 1");
        scenario.settings(settings -> settings.offline(OfflineRule.WITHDRAW));
        assertThat(scenario.state().route(NET).orElseThrow()).hasToString("10.0.0.0/8 unserved");
    }
}
