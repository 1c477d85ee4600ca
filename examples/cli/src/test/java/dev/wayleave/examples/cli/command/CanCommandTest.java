package dev.wayleave.examples.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.cli.Run;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Help.Ansi;

class CanCommandTest {

    private static final String ADMINS =
            "grants[3], line 50 (group:admins → berlin-office, cloud-network, lisbon-shop, porto-shop and 1 more)";

    @TempDir
    Path folder;

    private static Run can(String source, String destination, String... more) {
        String[] args = new String[5 + more.length];
        System.arraycopy(new String[] {"can", source, destination, "--case", Run.SAMPLE}, 0, args, 0, 5);
        System.arraycopy(more, 0, args, 5, more.length);
        return Run.of(args);
    }

    @Test
    void theAnswerIsYesThroughTheRouterByTheRule() {
        assertThat(can("ben-laptop", "intranet:443")).isEqualTo(new Run(0, """
                        yes: ben-laptop (100.64.0.8) → 10.20.1.80, tcp 443

                          route     10.20.0.0/16 through berlin-a, the primary
                          rule      grants[0], line 45 (group:staff → intranet tcp:80, tcp:443)
                        """, ""));
    }

    @Test
    void theAnswerIsNoBecauseOfThePortAndNamesTheRulesThatComeNear() {
        assertThat(can("ben-laptop", "intranet:22")).isEqualTo(new Run(1, """
                        no: ben-laptop (100.64.0.8) → 10.20.1.80, tcp 22

                          route     10.20.0.0/16 through berlin-a, the primary
                          missing   a rule that lets tcp 22 from ben-laptop in at berlin-a
                          near      grants[0], line 45 (group:staff → intranet tcp:80, tcp:443) opens tcp 80, 443 only
                          near      %s is for group:admins only
                        """.formatted(ADMINS), ""));
    }

    @Test
    void theAnswerIsNoBecauseOfTheProtocol() {
        assertThat(can("ben-laptop", "intranet:443", "--protocol", "udp"))
                .satisfies(run -> assertThat(run.code()).isEqualTo(1))
                .satisfies(run -> assertThat(run.out()).contains("a rule that lets udp 443 from ben-laptop in"));
    }

    @Test
    void theAnswerIsNoBecauseTheRouteIsWithheld() {
        assertThat(can("ben-laptop", "172.31.0.10:22")).isEqualTo(new Run(1, """
                        no: ben-laptop (100.64.0.8) → 172.31.0.10, tcp 22

                          no route  172.31.0.0/16 through cloud: no rule lets ben-laptop reach it there
                          near      %s is for group:admins only
                        """.formatted(ADMINS), ""));
    }

    @Test
    void theAnswerIsNoBecauseTheRouteIsNotApproved() {
        assertThat(can("ada-desktop", "10.28.0.1:80").out())
                .contains(
                        "  route     none: no node advertises an approved route to 10.28.0.1\n",
                        "  missing   approval of 10.28.0.0/16 at berlin-b: no key of `autoApprovers.routes` covers "
                                + "it, and no administrator approved it\n");
    }

    @Test
    void theAnswerIsNoBecauseNoNodeAdvertisesARouteThere() {
        assertThat(can("ada-desktop", "10.99.0.1:80").out())
                .contains("  missing   a node that advertises a route there\n");
    }

    @Test
    void anApprovedRouteThatIsNotAdvertisedIsNotCalledUnapproved() {
        String file = Run.file(folder, "case.json", """
                {"policy": {},
                 "nodes": [{"id": 1, "name": "a", "tags": ["tag:a"], "ipv4": "100.64.0.1"},
                           {"id": 2, "name": "b", "tags": ["tag:a"], "approvedInitially": ["10.0.0.0/8"]}]}
                """);
        assertThat(Run.of("can", "a", "10.1.2.3:80", "--case", file).out())
                .contains("  missing   a node that advertises a route there\n")
                .doesNotContain("no approved route");
    }

    @Test
    void theClosedRestOfAPrefixIsSetApartFromTheOpenPart() {
        String out = can("ada-desktop", "10.0.0.0/8").out();
        assertThat(out).startsWith("partly: ").containsSubsequence("  open to ", "  rule ", "  closed ", "  missing ");
        assertThat(out)
                .contains("  closed    the rest of 10.0.0.0/8:\n")
                .endsWith("  missing   a node that advertises a route there\n");
    }

    @Test
    void theAnswerIsNoBecauseTheTailnetHasNoExitNode() {
        String none = Run.file(folder, "none.json", tailnet("[]"));
        assertThat(Run.of("can", "a", "8.8.8.8:53", "--case", none).out())
                .endsWith("  missing   a node that advertises a route there, or offers itself as an exit node\n");
        String offered = Run.file(folder, "offered.json", tailnet("""
                ["0.0.0.0/0", "::/0"]"""));
        assertThat(Run.of("can", "a", "8.8.8.8:53", "--case", offered).out())
                .contains("  missing   approval of 0.0.0.0/0 at b: ");
    }

    private static String tailnet(String advertised) {
        return """
                {"policy": {"tagOwners": {"tag:a": []}},
                 "nodes": [{"id": 1, "name": "a", "tags": ["tag:a"], "ipv4": "100.64.0.1"},
                           {"id": 2, "name": "b", "tags": ["tag:a"], "ipv4": "100.64.0.2", "advertised": %s}]}
                """.formatted(advertised);
    }

    @Test
    void theAnswerIsNoBecauseTheSenderDoesNotSeeTheNode() {
        assertThat(can("ben-laptop", "lab-pi")).isEqualTo(new Run(1, """
                        no: ben-laptop (100.64.0.8) → 100.64.0.10 (lab-pi), any traffic

                          route     none: ben-laptop does not see lab-pi
                          missing   a rule that lets ben-laptop reach lab-pi
                          near      grants[2], line 48 (autogroup:member → autogroup:self) opens devices of the same \
                        user only
                        """, ""));
    }

    @Test
    void theAnswerIsNoBecauseNoExitNodeIsForTheSender() {
        assertThat(can("lab-pi", "8.8.8.8:53").out())
                .contains("  no exit   0.0.0.0/0 through frankfurt-exit: no rule lets lab-pi reach it there\n");
    }

    @Test
    void trafficToANodeGoesStraight() {
        assertThat(can("ada-desktop", "cloud:22").out())
                .startsWith("yes: ada-desktop (100.64.0.7) → 100.64.0.3 (cloud), tcp 22\n\n  route     straight to "
                        + "cloud\n");
    }

    @Test
    void trafficToTheInternetGoesThroughAnExitNode() {
        assertThat(can("ben-laptop", "8.8.8.8:53")).isEqualTo(new Run(0, """
                        yes: ben-laptop (100.64.0.8) → 8.8.8.8, tcp 53

                          route     0.0.0.0/0 through frankfurt-exit, if ben-laptop uses it as its exit node
                          rule      grants[1], line 46 (group:staff → autogroup:internet)
                        """, ""));
    }

    @Test
    void trafficGoesFromTheNetworkBehindARouterToAnother() {
        assertThat(can("10.20.3.4", "172.31.0.9:5432").out()).isEqualTo("""
                        yes: 10.20.3.4 behind berlin-a → 172.31.0.9, tcp 5432

                          route     172.31.0.0/16 through cloud, the primary
                          rule      grants[4], line 52 (berlin-office → cloud-network tcp:5432)
                        """);
        assertThat(can("berlin-a", "172.31.0.9:5432").code()).isEqualTo(1);
    }

    @Test
    void withoutAPortItSaysWhatIsOpen() {
        assertThat(can("chloe-laptop", "fd7a:115c:a1e0:b1a:0:8:c0a8:101").out())
                .startsWith("yes: chloe-laptop (fd7a:115c:a1e0::9) → fd7a:115c:a1e0:b1a:0:8:c0a8:101 (192.168.1.1 at "
                        + "site 8), any traffic\n")
                .endsWith("  open      tcp 8443\n");
        assertThat(can("chloe-laptop", "[fd7a:115c:a1e0:b1a:0:8:c0a8:101]", "-P", "icmp")
                        .code())
                .isEqualTo(1);
        assertThat(can("chloe-laptop", "[fd7a:115c:a1e0:b1a:0:8:c0a8:101]", "-P", "tcp")
                        .code())
                .isZero();
    }

    @Test
    void aRuleWithoutAProtocolLetsInThreeAndNoOther() {
        String file = Run.file(folder, "case.json", """
                {"policy": {"tagOwners": {"tag:a": [], "tag:b": []},
                            "acls": [{"action": "accept", "src": ["tag:a"], "dst": ["tag:b:443"]}]},
                 "nodes": [{"id": 1, "name": "a", "tags": ["tag:a"], "ipv4": "100.64.0.1"},
                           {"id": 2, "name": "b", "tags": ["tag:b"], "ipv4": "100.64.0.2"}]}
                """);
        Run gre = Run.of("can", "a", "b", "-P", "gre", "-c", file);
        assertThat(gre.code()).isEqualTo(1);
        assertThat(gre.out()).endsWith(" opens tcp, udp, icmp 443 only\n");
        Run icmp = Run.of("can", "a", "b", "-P", "icmp", "-c", file);
        assertThat(icmp.code()).isZero();
        assertThat(icmp.out()).endsWith("  rule      acls[0], line 2 (tag:a → tag:b:443)\n");
    }

    @Test
    void whereAllPortsAreOpenOtherProtocolsAreNot() {
        String file = Run.file(folder, "case.json", tailnet("[]"));
        assertThat(Run.of("can", "a", "b", "-c", file).out()).endsWith("  open      tcp, udp, icmp\n");
        assertThat(Run.of("can", "a", "b", "-P", "gre", "-c", file).out()).endsWith(" opens tcp, udp, icmp only\n");
    }

    @Test
    void trafficToTheSenderItselfOrItsOwnNetworkNeedsNoRoute() {
        assertThat(can("ben-laptop", "ben-laptop").out())
                .endsWith("  route     none needed: the destination is ben-laptop itself\n");
        assertThat(can("berlin-a", "10.20.0.9:80").out())
                .endsWith("  route     none needed: 10.20.0.0/16 is behind berlin-a itself\n");
        assertThat(can("frankfurt-exit", "1.1.1.1:443").out())
                .endsWith("  route     none needed: frankfurt-exit is an exit node itself\n");
    }

    @Test
    void whereThePolicyHasNoRulesEverythingPasses() {
        String file = Run.file(folder, "case.json", """
                {"policy": {}, "nodes": [{"id": 1, "name": "a", "tags": ["tag:a"], "ipv4": "100.64.0.1"},
                                         {"id": 2, "name": "b", "tags": ["tag:a"], "ipv4": "100.64.0.2", \
                "online": false}]}
                """);
        assertThat(Run.of("can", "a", "b:22", "-c", file).out()).isEqualTo("""
                        yes: a (100.64.0.1) → 100.64.0.2 (b), tcp 22

                          route     straight to b
                          rule      a policy without rules
                          but       b is offline
                        """);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ben-laptop | intranett:80        | `intranett` is not a node, host or address; did you mean `intranet`?
            ben-lapto  | intranet            | `ben-lapto` is not a node, host or address; did you mean `ben-laptop`?
            ben-laptop | intranet:0          | `0` is not a port: write a number from 1 to 65535
            ben-laptop | intranet:65536      | `65536` is not a port: write a number from 1 to 65535
            10.77.0.1  | intranet            | no node has `10.77.0.1`, and none carries a network around it
            """)
    void aMistakeIsRefusedInOneLine(String source, String destination, String complaint) {
        assertThat(can(source, destination)).isEqualTo(new Run(2, "", "wayleave: " + complaint + "\n"));
    }

    @Test
    void aWholePrefixIsOpenInPart() {
        assertThat(can("ben-laptop", "berlin-office:443")).isEqualTo(new Run(1, """
                        partly: ben-laptop (100.64.0.8) → 10.20.0.0/16, tcp 443

                          open to   10.20.1.80 of 10.20.0.0/16
                          route     10.20.0.0/16 through berlin-a, the primary: 10.20.1.80
                          rule      grants[0], line 45 (group:staff → intranet tcp:80, tcp:443)
                          closed    the rest of 10.20.0.0/16:
                          missing   a rule that lets tcp 443 from ben-laptop in at berlin-a
                          near      grants[0], line 45 (group:staff → intranet tcp:80, tcp:443) opens 10.20.1.80 only
                          near      %s is for group:admins only
                        """.formatted(ADMINS), ""));
        assertThat(can("ada-desktop", "berlin-office:443").code()).isZero();
    }

    @Test
    void aMissingFamilyIsANoAndNotBadInput() {
        assertThat(can("10.20.1.1", "[fd7a:115c:a1e0::7]").code()).isEqualTo(1);
        assertThat(can("10.20.1.1", "[fd7a:115c:a1e0::7]").out()).contains("an IPv6 address of the sender");
    }

    @Test
    void anAddressAtASiteHasAName() {
        assertThat(can("chloe-laptop", "192-168-1-5-via-8:8443").code()).isZero();
        assertThat(can("chloe-laptop", "192.168.1.5:8443").out())
                .contains("  4via6     site 8 has 192.168.1.5 too, behind porto: ask for 192-168-1-5-via-8\n");
    }

    @Test
    void programsReadTheSameAnswer() {
        Run run = can("ben-laptop", "intranet:22", "-o", "json");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).startsWith("""
                {
                  "passes": false,
                  "answer": {
                    "kind": "no",""").contains("""
                "no-rule-at"
                "text": "no: ben-laptop
                """.lines().toList());
    }

    @Test
    void unknownProtocolsAndPortsOfIcmpAreRefused() {
        Run unknown = can("ben-laptop", "intranet", "-P", "nope");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err())
                .startsWith("wayleave: `nope` is not a protocol")
                .containsOnlyOnce("\n");
        assertThat(can("ben-laptop", "intranet:80", "-P", "icmp").err())
                .startsWith("wayleave: ")
                .contains("`icmp`", "`:80`");
    }

    @ParameterizedTest
    @CsvSource({
        "ben-laptop, intranet:443, 32, yes",
        "ada-desktop, 10.0.0.0/8, 33, partly",
        "ben-laptop, intranet:22, 31, no"
    })
    void theFirstLineHasTheColourOfTheAnswer(String source, String destination, String colour, String answer) {
        Run run = Run.with(Ansi.ON, "can", source, destination, "--case", Run.SAMPLE);
        assertThat(run.out()).startsWith("\u001B[" + colour + "m" + answer + ": " + source);
    }
}
