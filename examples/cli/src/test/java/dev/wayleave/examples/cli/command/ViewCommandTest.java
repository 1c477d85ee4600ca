package dev.wayleave.examples.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.cli.Facts;
import dev.wayleave.examples.cli.Run;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ViewCommandTest {

    @TempDir
    Path folder;

    private static String view(String node, String... more) {
        return viewIn(Run.SAMPLE, node, more);
    }

    private static String viewIn(String file, String node, String... more) {
        String[] args = new String[5 + more.length];
        System.arraycopy(new String[] {"view", "--case", file, "--node", node}, 0, args, 0, 5);
        System.arraycopy(more, 0, args, 5, more.length);
        Run run = Run.of(args);
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        return run.out();
    }

    @Test
    void peersAreListedWithTheRoutesThatTheViewerMayUse() {
        assertThat(view("ben-laptop")).isEqualTo("""
                        ben-laptop (8, ben)

                          addresses  100.64.0.8, fd7a:115c:a1e0::8
                          offers     none
                          primary    none

                        ID | Peer           | Addresses         | Routes
                        1  | berlin-a       | 100.64.0.1        | 10.20.0.0/16
                           |                | fd7a:115c:a1e0::1 |
                        2  | berlin-b       | 100.64.0.2        |
                           |                | fd7a:115c:a1e0::2 |
                        3  | cloud          | 100.64.0.3        | 2001:db8:31::/56
                           |                | fd7a:115c:a1e0::3 |
                        6  | frankfurt-exit | 100.64.0.6        | 0.0.0.0/0
                           |                | fd7a:115c:a1e0::6 | ::/0
                        """);
    }

    @Test
    void theViewSaysWhyAndWhyNot() {
        String[] parts = view("ben-laptop", "--why").split("\n(?=Why )");
        assertThat(parts).hasSize(4);
        Facts.assertLines(parts[1], """
                Why … peers
                berlin-a grants[0], line 45 (group:staff → intranet tcp:80, tcp:443)
                berlin-b grants[0], line 45 (group:staff → intranet tcp:80, tcp:443)
                cloud grants[1], line 46 (group:staff → autogroup:internet)
                frankfurt-exit grants[1], line 46 (group:staff → autogroup:internet)
                """);
        Facts.assertLines(parts[2], """
                Why … routes
                10.20.0.0/16 … berlin-a grants[0], line 45 (group:staff → intranet tcp:80, tcp:443) … ben-laptop …
                2001:db8:31::/56 … cloud grants[1], line 46 (group:staff → autogroup:internet) … ben-laptop …
                0.0.0.0/0 … frankfurt-exit grants[1], line 46 (group:staff → autogroup:internet) … ben-laptop …
                ::/0 … frankfurt-exit grants[1], line 46 (group:staff → autogroup:internet) … ben-laptop …
                """);
        Facts.assertSomeLines(parts[3], """
                Why … not … routes
                10.20.0.0/16 … berlin-b berlin-a … primary
                172.31.0.0/16 … cloud no rule … ben-laptop …
                """);
    }

    @Test
    void aRouterSeesItsOwnRoutesAndTheNetworkThatMayReachIts() {
        Facts.assertSomeLines(view("cloud", "--why"), """
                offers 172.31.0.0/16, 2001:db8:31::/56
                primary 172.31.0.0/16, 2001:db8:31::/56
                10.20.0.0/16 … berlin-a grants[4], line 52 (berlin-office → cloud-network tcp:5432) … cloud … back
                """);
    }

    @Test
    void theViewSaysThatANodeSeesNoPeer() {
        assertThat(view("lab-pi")).endsWith("no peer.\n");
    }

    @Test
    void theGrantThatLeadsElsewhereIsNamed() {
        String file = Run.file(folder, "case.json", """
                {"policy": {"tagOwners": {"tag:a": [], "tag:b": [], "tag:c": []},
                            "autoApprovers": {"routes": {"10.0.0.0/8": ["autogroup:tagged"]}},
                            "grants": [{"src": ["tag:c"], "dst": ["10.0.0.0/8"], "ip": ["*"], "via": ["tag:b"]}]},
                 "nodes": [{"id": 1, "name": "a", "tags": ["tag:a"], "ipv4": "100.64.0.1", \
                "advertised": ["10.0.0.0/8"]},
                           {"id": 2, "name": "b", "tags": ["tag:b"], "ipv4": "100.64.0.2", \
                "advertised": ["10.0.0.0/8"]},
                           {"id": 3, "name": "c", "tags": ["tag:c"], "ipv4": "100.64.0.3"}]}
                """);
        Facts.assertSomeLines(viewIn(file, "c", "--why"), """
                2 | b | 100.64.0.2 | 10.0.0.0/8
                10.0.0.0/8 … a grants[0], line 3 (tag:c → 10.0.0.0/8 via tag:b) … c elsewhere … b
                """);
        Facts.assertSomeLines(Run.of("can", "c", "10.1.1.1:80", "-c", file).out(), "route 10.0.0.0/8 … b … chosen … c");
    }

    @Test
    void eachFamilysExitRouteIsCreditedToItsOwnRule() {
        String file = Run.file(folder, "case.json", EXIT_BY_FAMILY);
        Facts.assertSomeLines(viewIn(file, "pc", "--why"), """
                0.0.0.0/0 … exit acls[0], line 2 (eve@ → 0.0.0.0/0:*) … pc …
                ::/0 … exit acls[1], line 3 (eve@ → all-of-ipv6:*) … pc …
                """);
    }

    @Test
    void theViewSaysWhyAPublicDestinationShowsAnExitNode() {
        String file = Run.file(folder, "case.json", EXIT_BY_FAMILY.replace("0.0.0.0/0:*", "198.51.100.0/24:*"));
        Facts.assertSomeLines(
                viewIn(file, "pc", "--why"),
                "0.0.0.0/0 … exit acls[0], line 2 (eve@ → 198.51.100.0/24:*) … 198.51.100.0/24: … public …");
    }

    static final String EXIT_BY_FAMILY = """
            {"policy": {"hosts": {"all-of-ipv6": "::/0"},
                        "acls": [{"action": "accept", "src": ["eve@"], "dst": ["0.0.0.0/0:*"]},
                                 {"action": "accept", "src": ["eve@"], "dst": ["all-of-ipv6:*"]}]},
             "users": [{"id": 1, "name": "eve"}, {"id": 2, "name": "rob"}],
             "nodes": [{"id": 1, "name": "pc", "user": "eve", "ipv4": "100.64.0.1", "ipv6": "fd7a:115c:a1e0::1"},
                       {"id": 2, "name": "exit", "user": "rob", "ipv4": "100.64.0.2", "ipv6": "fd7a:115c:a1e0::2",
                        "advertised": ["0.0.0.0/0", "::/0"], "approvedInitially": ["0.0.0.0/0", "::/0"]}]}
            """;

    @Test
    void theJsonIsANetmap() {
        assertThat(view("lab-pi", "-o", "json")).isEqualTo("""
                        {
                          "SelfNode": {
                            "ID": 10,
                            "Name": "lab-pi",
                            "Addresses": [
                              "100.64.0.10/32",
                              "fd7a:115c:a1e0::a/128"
                            ],
                            "AllowedIPs": [
                              "100.64.0.10/32",
                              "fd7a:115c:a1e0::a/128"
                            ],
                            "PrimaryRoutes": [],
                            "Tags": [
                              "tag:lab"
                            ],
                            "Online": true
                          },
                          "Peers": []
                        }
                        """);
        assertThat(view("ben-laptop", "-o", "json")).contains("""
                              "ID": 1,
                              "Name": "berlin-a",
                              "Addresses": [
                                "100.64.0.1/32",
                                "fd7a:115c:a1e0::1/128"
                              ],
                              "AllowedIPs": [
                                "10.20.0.0/16",
                                "100.64.0.1/32",
                                "fd7a:115c:a1e0::1/128"
                              ],
                              "PrimaryRoutes": [
                                "10.20.0.0/16"
                              ],
                        """);
    }

    @Test
    void reasonsAreWrittenIntoTheNetmapOnRequest() {
        JsonNode netmap = JsonMapper.shared().readTree(view("ben-laptop", "-o", "json", "--why"));
        assertThat(netmap.findValues("Reason"))
                .allSatisfy(reason -> assertThat(reason.stringValue()).isNotBlank());
        assertThat(netmap.findParents("Reason"))
                .filteredOn(entry -> entry.at("/Peer").stringValue().equals("berlin-b")
                        && entry.at("/Prefix").stringValue().equals("10.20.0.0/16"))
                .singleElement()
                .satisfies(entry ->
                        assertThat(entry.at("/Given").booleanValue(true)).isFalse())
                .satisfies(entry ->
                        assertThat(entry.at("/Reason").stringValue()).containsSubsequence("berlin-a", "primary"));
    }

    @Test
    void anUnknownNodeIsRefused() {
        Run.of("view", "-c", Run.SAMPLE, "-n", "berlin").assertRefused("node `berlin` … `berlin-a` … `berlin-b`");
    }
}
