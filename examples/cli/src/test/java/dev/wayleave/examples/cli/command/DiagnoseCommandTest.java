package dev.wayleave.examples.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.cli.Facts;
import dev.wayleave.examples.cli.RawServer;
import dev.wayleave.examples.cli.Run;
import dev.wayleave.examples.cli.source.LiveDocuments;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a control plane reports, compared with what the rules give; each symptom by documents that have it. */
class DiagnoseCommandTest {

    private static final String LAN = "10.0.0.0/24";
    private static final String EXPIRED = ", \"expiry\": \"2020-01-01T00:00:00Z\"";

    @TempDir
    Path folder;

    private RawServer server;

    @BeforeEach
    void start() throws IOException {
        server = new RawServer().on("/api/v1/user", """
                {"users": []}""").policy("""
                {"tagOwners": {"tag:r": []}, "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:r"]}}}""");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String router(
            int id, boolean online, String advertised, String approved, String carried, String more) {
        return """
                {"id": "%d", "name": "r%d", "tags": ["tag:r"], "online": %s,
                 "availableRoutes": %s, "approvedRoutes": %s, "subnetRoutes": %s%s}
                """.formatted(id, id, online, list(advertised), list(approved), list(carried), more);
    }

    private static String list(String prefixes) {
        return prefixes.isEmpty() ? "[]" : "[\"" + prefixes.replace(", ", "\", \"") + "\"]";
    }

    private Run diagnose(String... nodes) {
        server.on("/api/v1/node", """
                {"nodes": [%s]}""".formatted(String.join(", ", nodes)));
        return Run.of("diagnose", "--headscale", server.url(), "--key-file", Run.file(folder, "key", "k"));
    }

    @Test
    void aTailnetInOrderExitsWithZero() {
        Run run = diagnose(router(1, true, LAN, LAN, LAN, ""), router(2, true, LAN, LAN, "", ""));
        assertThat(run.out()).contains("127.0.0.1: 0 errors, 0 warnings, ").doesNotContain("10.0.0.0/24");
        assertThat(run.code()).isZero();
    }

    @Test
    void aPrefixThatNoNodeCarriesAlthoughARouterIsOnline() {
        Run run = diagnose(router(1, true, LAN, LAN, "", ""), router(2, false, LAN, LAN, "", ""));
        Facts.assertSomeLines(run.out(), "… error: … `10.0.0.0/24` … `r1` … [not-served: 10.0.0.0/24]");
        assertThat(run.code()).isEqualTo(11);
    }

    @Test
    void aCarrierThatIsOffline() {
        Run run = diagnose(router(1, false, LAN, LAN, LAN, ""), router(2, true, LAN, LAN, "", ""));
        Facts.assertSomeLines(run.out(), "… error: … carried by `r1` … offline … [offline-primary: 10.0.0.0/24]");
        assertThat(run.code()).isEqualTo(11);
    }

    @Test
    void aPrefixWhoseRoutersAreAllOffline() {
        Run run = diagnose(router(1, false, LAN, LAN, "", ""), router(2, false, LAN, LAN, "", ""));
        Facts.assertSomeLines(
                run.out(), "… error: … `10.0.0.0/24` … offline: `r1`, `r2` … [routers-offline: 10.0.0.0/24]");
        assertThat(run.code()).isEqualTo(11);
    }

    @Test
    void aCarrierWithoutAnApprovalIsAFinding() {
        Run run = diagnose(router(1, true, LAN, "", LAN, ""));
        assertThat(run.out()).contains("[carried-not-approved: 10.0.0.0/24]");
    }

    @Test
    void twoCarriersOfOnePrefixAreAFinding() {
        Run run = diagnose(router(1, true, LAN, LAN, LAN, ""), router(2, true, LAN, LAN, LAN, ""));
        Facts.assertSomeLines(run.out(), "… `10.0.0.0/24` … carried … `r1`, `r2` … [two-primaries: 10.0.0.0/24]");
    }

    @Test
    void aCarrierThatTheRulesDoNotElect() {
        Run run = diagnose(router(1, true, LAN, LAN, LAN, EXPIRED), router(2, true, LAN, LAN, "", ""));
        Facts.assertSomeLines(run.out(), """
                … carried by `r1` … elect `r2` … [other-primary: 10.0.0.0/24]
                … [key-expired: r1]
                """);
    }

    @Test
    void anApprovalThatThePolicyWouldHaveGivenAndHowToGiveIt() {
        Run run = diagnose(router(1, true, LAN + ", 10.1.0.0/16", LAN, LAN, ""));
        Facts.assertSomeLines(run.out(), "… warning: `r1` … `10.1.0.0/16` … [approval-missing: r1]");
        assertThat(run.out())
                .contains("headscale nodes approve-routes --identifier 1 --routes 10.0.0.0/24,10.1.0.0/16\n");
        assertThat(run.code()).isEqualTo(10);
    }

    @Test
    void aRouteThatWaitsForAnAdministratorIsNoFault() {
        Run run = diagnose(router(1, true, "192.168.0.0/24", "", "", ""));
        assertThat(run.out()).containsSubsequence("info: ", "192.168.0.0/24", "r1", "waits for");
        assertThat(run.code()).isZero();
    }

    @Test
    void aValueThatCannotBeReadIsAFinding() {
        Run run = diagnose(router(1, true, LAN + ", 10.1.2.3/16", LAN, LAN, ""));
        assertThat(run.out())
                .contains(
                        "warning: node 1: `availableRoutes` has `10.1.2.3/16`", "[unreadable: node 1 availableRoutes]");
        assertThat(run.code()).isEqualTo(10);
    }

    @Test
    void itIsADocumentToo() {
        server.on("/api/v1/node", """
                {"nodes": [%s]}""".formatted(router(1, true, LAN, LAN, "", "")));
        Run run = Run.of(
                "diagnose", "-o", "json", "--headscale", server.url(), "--key-file", Run.file(folder, "key", "k"));
        assertThat(run.out()).contains("""
                "code": "not-served"
                "severity": "error"
                "advice":\s
                """.lines().toList());
    }

    @Test
    void aTailnetThatCannotBeReadIsNoTailnetInOrder() {
        server.on("/api/v1/node", 500, "{}");
        assertThat(Run.of("diagnose", "--headscale", server.url(), "--key-file", Run.file(folder, "key", "k"))
                        .code())
                .isEqualTo(2);
    }

    /** Each command replaces the whole list: a command for each route would take away what the first approved. */
    @Test
    void allRoutesOfANodeThatWaitAreApprovedByOneCommand() {
        Run run = diagnose(router(1, true, "192.168.0.0/24, 192.168.1.0/24", "", "", ""));
        assertThat(run.out().lines().filter(line -> line.contains("approve-routes")))
                .hasSize(2)
                .allSatisfy(
                        line -> assertThat(line).contains("--identifier 1 --routes 192.168.0.0/24,192.168.1.0/24 ("));
    }

    @Test
    void theAdviceAboutAHalfExitNodeKeepsWhatThePolicyApproves() {
        Run run = diagnose(router(1, true, "0.0.0.0/0, " + LAN, "0.0.0.0/0", "", ""));
        assertThat(run.out()).contains("[half-exit-node: ", "[approval-missing: r1]");
        assertThat(run.out().lines().filter(line -> line.contains("--routes")))
                .hasSizeGreaterThan(1)
                .allSatisfy(line -> assertThat(line).endsWith("--identifier 1 --routes 0.0.0.0/0,10.0.0.0/24,::/0"));
    }

    @Test
    void noAdviceHasARouteOverTheOverlayApproved() {
        Run run = diagnose(router(1, true, "100.64.0.0/16, 192.168.1.0/24", "", "", ""));
        assertThat(run.out())
                .contains("[reserved-prefix: ", "--routes 192.168.1.0/24 (")
                .doesNotContain("[waiting-for-approval: 100.64", "--routes 100.64");
    }

    @Test
    void everyRemedyIsOneOfHeadscale() {
        Run run = diagnose(
                router(1, true, LAN, LAN, LAN, EXPIRED),
                router(2, true, LAN, LAN, "", ""),
                router(3, false, "10.3.0.0/24", "10.3.0.0/24", "", ""),
                router(4, true, "0.0.0.0/0, 192.168.0.0/24", "0.0.0.0/0", "", ""));
        assertThat(run.out())
                .contains("`tailscale up --force-reauth` on `r1`", "headscale nodes expire --identifier 1 --disable")
                .contains("`tailscale up` on `r1`", "`headscale nodes approve-routes`")
                .contains("headscale nodes approve-routes --identifier 4 --routes 0.0.0.0/0,::/0\n")
                .contains("headscale nodes approve-routes --identifier 4 --routes 0.0.0.0/0,192.168.0.0/24,::/0 (");
    }

    @Test
    void aFileIsDiagnosedToo() {
        Run run = Run.onSample("diagnose");
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("[waiting-for-approval: 10.28.0.0/16 berlin-b]");
    }

    @Test
    void theRecordedControlPlaneHasHalfAnExitNode() throws IOException {
        try (RawServer recorded = LiveDocuments.serve()) {
            Run run = Run.of("diagnose", "--headscale", recorded.url(), "--key-file", Run.file(folder, "key", "k"));
            assertThat(run.code()).isEqualTo(10);
            assertThat(run.out()).contains("half-exit-node", "[waiting-for-approval: 10.44.0.0/16 r2]");
            assertThat(run.out()).doesNotContain("error:");
        }
    }
}
