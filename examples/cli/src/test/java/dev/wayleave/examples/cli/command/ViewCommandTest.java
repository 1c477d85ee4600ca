package dev.wayleave.examples.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.cli.Run;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        assertThat(view("ben-laptop", "--why"))
                .contains(
                        """

                        Why it sees these peers
                          berlin-a        grants[0], line 45 (group:staff → intranet tcp:80, tcp:443)
                          berlin-b        grants[0], line 45 (group:staff → intranet tcp:80, tcp:443)
                          cloud           grants[1], line 46 (group:staff → autogroup:internet)
                          frankfurt-exit  grants[1], line 46 (group:staff → autogroup:internet)

                        Why it has these routes
                          10.20.0.0/16 through berlin-a     grants[0], line 45 (group:staff → intranet tcp:80, \
                        tcp:443) lets ben-laptop reach it there
                          2001:db8:31::/56 through cloud    grants[1], \
                        line 46 (group:staff → autogroup:internet) lets ben-laptop reach it there
                          0.0.0.0/0 through frankfurt-exit  grants[1], \
                        line 46 (group:staff → autogroup:internet) lets ben-laptop reach it there
                          ::/0 through frankfurt-exit       grants[1], \
                        line 46 (group:staff → autogroup:internet) lets ben-laptop reach it there

                        Why it does not have other routes
                        """,
                        "  10.20.0.0/16 through berlin-b                       berlin-a carries it, the primary\n",
                        "  172.31.0.0/16 through cloud                         no rule lets ben-laptop reach it "
                                + "there\n");
    }

    @Test
    void aRouterSeesItsOwnRoutesAndTheNetworkThatMayReachIts() {
        assertThat(view("cloud", "--why"))
                .contains(
                        "  offers     172.31.0.0/16, 2001:db8:31::/56\n",
                        "  primary    172.31.0.0/16, 2001:db8:31::/56\n",
                        "10.20.0.0/16 through berlin-a  grants[4], line 52 (berlin-office → cloud-network tcp:5432)"
                                + " lets it reach cloud or what is behind it, and this is the way back\n");
    }

    @Test
    void theViewSaysThatANodeSeesNoPeer() {
        assertThat(view("lab-pi")).endsWith("\n\nIt sees no peer.\n");
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
        assertThat(viewIn(file, "c", "--why"))
                .contains("2  | b    | 100.64.0.2 | 10.0.0.0/8\n")
                .endsWith("  10.0.0.0/8 through a  grants[0], line 3 (tag:c → 10.0.0.0/8 via tag:b) leads c elsewhere, "
                        + "to b\n");
        assertThat(Run.of("can", "c", "10.1.1.1:80", "-c", file).out())
                .contains("  route     10.0.0.0/8 through b, chosen for c\n");
    }

    @Test
    void eachFamilysExitRouteIsCreditedToItsOwnRule() {
        String file = Run.file(folder, "case.json", EXIT_BY_FAMILY);
        assertThat(viewIn(file, "pc", "--why"))
                .contains(
                        "  0.0.0.0/0 through exit  acls[0], line 2 (eve@ → 0.0.0.0/0:*) lets pc reach it there\n",
                        "  ::/0 through exit       acls[1], line 3 (eve@ → all-of-ipv6:*) lets pc reach it there\n");
    }

    @Test
    void theViewSaysWhyAPublicDestinationShowsAnExitNode() {
        String file = Run.file(folder, "case.json", EXIT_BY_FAMILY.replace("0.0.0.0/0:*", "198.51.100.0/24:*"));
        assertThat(viewIn(file, "pc", "--why"))
                .contains("  0.0.0.0/0 through exit  acls[0], line 2 (eve@ → 198.51.100.0/24:*) is for "
                        + "198.51.100.0/24: a public destination goes to every exit node, also where a "
                        + "subnet route carries it\n");
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
        assertThat(view("ben-laptop", "-o", "json", "--why")).contains("""
                            {
                              "Peer": "berlin-b",
                              "Prefix": "10.20.0.0/16",
                              "Given": false,
                              "Reason": "berlin-a carries it, the primary"
                            },
                        """);
    }

    @Test
    void anUnknownNodeIsRefused() {
        assertThat(Run.of("view", "-c", Run.SAMPLE, "-n", "berlin"))
                .isEqualTo(new Run(
                        2, "", "wayleave: there is no node `berlin`; did you mean `berlin-a` or `berlin-b`?\n"));
    }
}
