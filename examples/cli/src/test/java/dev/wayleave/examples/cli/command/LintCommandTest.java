package dev.wayleave.examples.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.cli.Facts;
import dev.wayleave.examples.cli.Run;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is odd about a tailnet, for people, programs and code hosts. */
class LintCommandTest {

    @TempDir
    Path folder;

    private String tailnet(boolean withVia) {
        String via = withVia ? """
                , "via": ["tag:router"]""" : "";
        return Run.file(folder, "case.json", """
                {
                  "policy": {
                    "tagOwners": {"tag:router": []},
                    "grants": [
                      {"src": ["ada@example.com"], "dst": ["10.0.0.0/8"], "ip": ["*"]%s},
                    ],
                  },
                  "users": [{"id": 1, "name": "ada", "email": "ada@example.com"}],
                  "nodes": [
                    {"id": 1, "name": "gw", "user": null, "tags": ["tag:router"], "ipv4": "100.64.0.1",
                     "advertised": ["10.1.0.0/16", "127.0.0.0/8"], "approvedInitially": ["10.1.0.0/16"]},
                    {"id": 2, "name": "laptop", "user": "ada", "tags": [], "ipv4": "100.64.0.2",
                     "advertised": [], "approvedInitially": []},
                  ],
                }
                """.formatted(via));
    }

    @Test
    void eachFindingHasTheLineTheCodeAndTheRemedy() {
        String file = tailnet(true);

        String options = Run.file(folder, "lint.json", """
                {"waitingForDays": 0}""");

        Run run = Run.of("lint", "--case", file, "--config", options);

        assertThat(run.code()).isEqualTo(11);
        Facts.assertLines(run.out().replaceAll("grants [0-9a-f]{8}", "grants SUBJECT"), """
                FILE: error: … `127.0.0.0/8` … `gw` … loopback … [reserved-prefix: 127.0.0.0/8 gw]
                advertise …
                FILE:5: info: `grants[0]` … `tag:router` … `gw` … [via-single-router: grants SUBJECT]
                … second router …
                FILE: info: `127.0.0.0/8` … `gw` … 1970-01-01T00:00:00.002Z, 0 days: … key … `autoApprovers.routes` … \
                [waiting-for-approval: 127.0.0.0/8 gw]
                approve …
                FILE: 1 error, 0 warnings, 2 infos
                """.replace("FILE", file));
    }

    @Test
    void theExitCodeSaysHowGraveItIs() {
        String file = tailnet(false);
        String accepting = Run.file(folder, "lint.json", """
                {"severities": {"waiting-for-approval": "warning"}, "waitingForDays": 0, // watched closely here
                 "accepted": [{"code": "reserved-prefix", "about": "127.0.0.0/8 gw", "reason": "a test network"}]}
                """);
        String quiet = Run.file(folder, "quiet.json", """
                {"severities": {"reserved-prefix": "off"}}
                """);

        assertThat(Run.of("lint", "--case", file).code()).isEqualTo(11);
        assertThat(Run.of("lint", "--case", file, "--config", accepting).code()).isEqualTo(10);
        assertThat(Run.of("lint", "--case", file, "--config", quiet).code()).isZero();
        assertThat(Run.of("lint", "--case", file, "--config", accepting).out())
                .doesNotContain("reserved-prefix")
                .contains("1 accepted");
        assertThat(Run.of("lint", "--case", file, "--config", accepting, "--accepted")
                        .out())
                .contains("accepted: prefix `127.0.0.0/8`", "    reason: a test network\n");
    }

    @Test
    void theJsonIsADocumentForPrograms() {
        assertThat(Run.of("lint", "--case", tailnet(true), "--output", "json").out())
                .contains("""
                        "code": "via-single-router"
                        "severity": "info"
                        "entry": "grants[0]"
                        "line": 5
                        "advice": "
                        """.lines().toList());
    }

    @Test
    void sarifIsPrintedForCodeHosts() {
        String file = tailnet(true);
        String accepting = Run.file(folder, "lint.json", """
                {"accepted": [{"code": "reserved-prefix", "reason": "a test network"}]}
                """);

        assertThat(Run.of("lint", "--case", file, "--sarif", "--policy-file", "policy.hujson", "--config", accepting)
                        .out())
                .contains("""
                        "$schema": "https://json.schemastore.org/sarif-2.1.0.json"
                        "version": "2.1.0"
                        "ruleId": "via-single-router"
                        "uri": "policy.hujson"
                        "startLine": 5
                        "level": "note"
                        "justification": "a test network"
                        """.lines().toList());
    }

    @Test
    void sarifNamesTheFileByAUri() {
        String file = tailnet(true);

        assertThat(Run.of("lint", "--case", file, "--sarif", "--policy-file", "our policies\\100%.hujson")
                        .out())
                .contains("\"uri\": \"our%20policies/100%25.hujson\"");
        assertThat(Run.of("lint", "--case", file, "--sarif", "--policy-file", "c:policy.hujson")
                        .out())
                .contains("\"uri\": \"./c:policy.hujson\"");
    }

    @Test
    void aConfigurationThatIsWrongIsRefused() {
        String file = tailnet(false);
        assertRefused(file, """
                {"severities": {"unrelated": "off"}}""", "`unrelated` … codes … `unrelated-routers`, `");
        assertRefused(file, """
                {"severities": {"no-fallback": "grave"}}""", """
                `grave` … `no-fallback` … `error`, `warning`, `info` or `off`""");
        assertRefused(file, """
                {"accepted": [{"code": "no-fallback"}]}""", "`accepted` … `code` … `reason`");
        assertRefused(file, """
                {"accepted": [null]}""", "`accepted` … `code` … `reason`");
        assertRefused(file, """
                {"acepted": []}""", "field `acepted`");
        assertRefused(file, "null", "object … null");
        assertRefused(file, """
                {"keyExpiresWithinDays": -1}""", "`keyExpiresWithinDays` … -1 … 0");
    }

    private void assertRefused(String tailnet, String config, String facts) {
        Run.of("lint", "--case", tailnet, "--config", Run.file(folder, "lint.json", config))
                .assertRefused("lint.json: … " + facts);
    }

    /** Nothing is wrong with the sample: it has what it has on purpose. */
    @Test
    void theSampleHasNothingThatIsWrong() {
        Run run = Run.of("lint", "--case", Run.SAMPLE);

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("via-single-router").endsWith(": 0 errors, 0 warnings, 1 info\n");
    }
}
