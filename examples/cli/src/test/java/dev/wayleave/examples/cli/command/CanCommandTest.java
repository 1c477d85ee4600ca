package dev.wayleave.examples.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.cli.Facts;
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

    private static final String NO_ROUTE = "missing … node … advertises a route there";

    @TempDir
    Path folder;

    private static Run can(String source, String destination, String... more) {
        String[] args = new String[5 + more.length];
        System.arraycopy(new String[] {"can", source, destination, "--case", Run.SAMPLE}, 0, args, 0, 5);
        System.arraycopy(more, 0, args, 5, more.length);
        return Run.of(args);
    }

    private static void assertAnswer(Run run, int code, String facts) {
        assertThat(run).returns(code, Run::code).returns("", Run::err);
        Facts.assertLines(run.out(), facts);
    }

    @Test
    void theAnswerIsYesThroughTheRouterByTheRule() {
        assertAnswer(can("ben-laptop", "intranet:443"), 0, """
                yes: ben-laptop (100.64.0.8) → 10.20.1.80, tcp 443
                route 10.20.0.0/16 … berlin-a … primary
                rule grants[0], line 45 (group:staff → intranet tcp:80, tcp:443)
                """);
    }

    private static void assertLast(String printed, String facts) {
        Facts.assertLines(printed.lines().reduce("", (first, last) -> last), facts);
    }

    @Test
    void theAnswerIsNoBecauseOfThePortAndNamesTheRulesThatComeNear() {
        assertAnswer(can("ben-laptop", "intranet:22"), 1, """
                no: ben-laptop (100.64.0.8) → 10.20.1.80, tcp 22
                route 10.20.0.0/16 … berlin-a … primary
                missing … rule … tcp 22 … ben-laptop … berlin-a
                near grants[0], line 45 (group:staff → intranet tcp:80, tcp:443) … tcp 80, 443 …
                near %s … group:admins …
                """.formatted(ADMINS));
    }

    @Test
    void theAnswerIsNoBecauseOfTheProtocol() {
        Run run = can("ben-laptop", "intranet:443", "--protocol", "udp");
        assertThat(run.code()).isEqualTo(1);
        Facts.assertSomeLines(run.out(), "missing … rule … udp 443 … ben-laptop …");
    }

    @Test
    void theAnswerIsNoBecauseTheRouteIsWithheld() {
        assertAnswer(can("ben-laptop", "172.31.0.10:22"), 1, """
                no: ben-laptop (100.64.0.8) → 172.31.0.10, tcp 22
                no route 172.31.0.0/16 … cloud … no rule … ben-laptop …
                near %s … group:admins …
                """.formatted(ADMINS));
    }

    @Test
    void theAnswerIsNoBecauseTheRouteIsNotApproved() {
        Facts.assertSomeLines(can("ada-desktop", "10.28.0.1:80").out(), """
                route none: … 10.28.0.1
                missing approval … 10.28.0.0/16 … berlin-b: … key … `autoApprovers.routes` …
                """);
    }

    @Test
    void theAnswerIsNoBecauseNoNodeAdvertisesARouteThere() {
        Facts.assertSomeLines(can("ada-desktop", "10.99.0.1:80").out(), NO_ROUTE);
    }

    @Test
    void anApprovedRouteThatIsNotAdvertisedIsNotCalledUnapproved() {
        String file = Run.file(folder, "case.json", """
                {"policy": {},
                 "nodes": [{"id": 1, "name": "a", "tags": ["tag:a"], "ipv4": "100.64.0.1"},
                           {"id": 2, "name": "b", "tags": ["tag:a"], "approvedInitially": ["10.0.0.0/8"]}]}
                """);
        String out = Run.of("can", "a", "10.1.2.3:80", "--case", file).out();
        Facts.assertSomeLines(out, NO_ROUTE);
        assertThat(out).doesNotContain("no approved route");
    }

    @Test
    void theClosedRestOfAPrefixIsSetApartFromTheOpenPart() {
        String out = can("ada-desktop", "10.0.0.0/8").out();
        assertThat(out).startsWith("partly: ").containsSubsequence("  open to ", "  rule ", "  closed ", "  missing ");
        Facts.assertSomeLines(out, "closed … 10.0.0.0/8:");
        assertLast(out, NO_ROUTE);
    }

    @Test
    void theAnswerIsNoBecauseTheTailnetHasNoExitNode() {
        String none = Run.file(folder, "none.json", tailnet("[]"));
        assertLast(Run.of("can", "a", "8.8.8.8:53", "--case", none).out(), NO_ROUTE + " … exit node");
        String offered = Run.file(folder, "offered.json", tailnet("""
                ["0.0.0.0/0", "::/0"]"""));
        Facts.assertSomeLines(
                Run.of("can", "a", "8.8.8.8:53", "--case", offered).out(), "missing approval … 0.0.0.0/0 … b: …");
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
        assertAnswer(can("ben-laptop", "lab-pi"), 1, """
                no: ben-laptop (100.64.0.8) → 100.64.0.10 (lab-pi), any traffic
                route none: ben-laptop … see lab-pi
                missing … rule … ben-laptop … lab-pi
                near grants[2], line 48 (autogroup:member → autogroup:self) … same user …
                """);
    }

    @Test
    void theAnswerIsNoBecauseNoExitNodeIsForTheSender() {
        Facts.assertSomeLines(
                can("lab-pi", "8.8.8.8:53").out(), "no exit 0.0.0.0/0 … frankfurt-exit: no rule … lab-pi …");
    }

    @Test
    void trafficToANodeGoesStraight() {
        String out = can("ada-desktop", "cloud:22").out();
        assertThat(out).startsWith("yes: ada-desktop (100.64.0.7) → 100.64.0.3 (cloud), tcp 22\n");
        Facts.assertSomeLines(out, "route straight … cloud");
    }

    @Test
    void trafficToTheInternetGoesThroughAnExitNode() {
        assertAnswer(can("ben-laptop", "8.8.8.8:53"), 0, """
                yes: ben-laptop (100.64.0.8) → 8.8.8.8, tcp 53
                route 0.0.0.0/0 … frankfurt-exit, if ben-laptop … exit node
                rule grants[1], line 46 (group:staff → autogroup:internet)
                """);
    }

    @Test
    void trafficGoesFromTheNetworkBehindARouterToAnother() {
        assertAnswer(can("10.20.3.4", "172.31.0.9:5432"), 0, """
                yes: 10.20.3.4 behind berlin-a → 172.31.0.9, tcp 5432
                route 172.31.0.0/16 … cloud … primary
                rule grants[4], line 52 (berlin-office → cloud-network tcp:5432)
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
        assertLast(gre.out(), "near acls[0], line 2 (tag:a → tag:b:443) … tcp, udp, icmp 443 …");
        Run icmp = Run.of("can", "a", "b", "-P", "icmp", "-c", file);
        assertThat(icmp.code()).isZero();
        assertThat(icmp.out()).endsWith("  rule      acls[0], line 2 (tag:a → tag:b:443)\n");
    }

    @Test
    void whereAllPortsAreOpenOtherProtocolsAreNot() {
        String file = Run.file(folder, "case.json", tailnet("[]"));
        assertThat(Run.of("can", "a", "b", "-c", file).out()).endsWith("  open      tcp, udp, icmp\n");
        assertLast(Run.of("can", "a", "b", "-P", "gre", "-c", file).out(), "near … tcp, udp, icmp …");
    }

    @Test
    void trafficToTheSenderItselfOrItsOwnNetworkNeedsNoRoute() {
        assertLast(can("ben-laptop", "ben-laptop").out(), "route none needed: … ben-laptop itself");
        assertLast(can("berlin-a", "10.20.0.9:80").out(), "route none needed: 10.20.0.0/16 … behind berlin-a itself");
        assertLast(can("frankfurt-exit", "1.1.1.1:443").out(), "route none needed: frankfurt-exit … exit node itself");
    }

    @Test
    void whereThePolicyHasNoRulesEverythingPasses() {
        String file = Run.file(folder, "case.json", """
                {"policy": {}, "nodes": [{"id": 1, "name": "a", "tags": ["tag:a"], "ipv4": "100.64.0.1"},
                                         {"id": 2, "name": "b", "tags": ["tag:a"], "ipv4": "100.64.0.2", \
                "online": false}]}
                """);
        assertAnswer(Run.of("can", "a", "b:22", "-c", file), 0, """
                yes: a (100.64.0.1) → 100.64.0.2 (b), tcp 22
                route straight … b
                rule … policy without rules
                but b … offline
                """);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ben-laptop | intranett:80        | `intranett` … node, host or address … mean `intranet`
            ben-lapto  | intranet            | `ben-lapto` … node, host or address … mean `ben-laptop`
            ben-laptop | intranet:0          | `0` … port … 1 … 65535
            ben-laptop | intranet:65536      | `65536` … port … 1 … 65535
            10.77.0.1  | intranet            | no node … `10.77.0.1` … network
            """)
    void aMistakeIsRefusedInOneLine(String source, String destination, String complaint) {
        can(source, destination).assertRefused(complaint);
    }

    @Test
    void aWholePrefixIsOpenInPart() {
        assertAnswer(can("ben-laptop", "berlin-office:443"), 1, """
                partly: ben-laptop (100.64.0.8) → 10.20.0.0/16, tcp 443
                open to 10.20.1.80 … 10.20.0.0/16
                route 10.20.0.0/16 … berlin-a … primary: 10.20.1.80
                rule grants[0], line 45 (group:staff → intranet tcp:80, tcp:443)
                closed … 10.20.0.0/16:
                missing … rule … tcp 443 … ben-laptop … berlin-a
                near grants[0], line 45 (group:staff → intranet tcp:80, tcp:443) … 10.20.1.80 …
                near %s … group:admins …
                """.formatted(ADMINS));
        assertThat(can("ada-desktop", "berlin-office:443").code()).isZero();
    }

    @Test
    void aMissingFamilyIsANoAndNotBadInput() {
        assertThat(can("10.20.1.1", "[fd7a:115c:a1e0::7]").code()).isEqualTo(1);
        assertThat(can("10.20.1.1", "[fd7a:115c:a1e0::7]").out()).contains("IPv6 address");
    }

    @Test
    void anAddressAtASiteHasAName() {
        assertThat(can("chloe-laptop", "192-168-1-5-via-8:8443").code()).isZero();
        Facts.assertSomeLines(
                can("chloe-laptop", "192.168.1.5:8443").out(),
                "4via6 site 8 … 192.168.1.5 … porto … 192-168-1-5-via-8");
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
        can("ben-laptop", "intranet", "-P", "nope").assertRefused("`nope` … protocol");
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
