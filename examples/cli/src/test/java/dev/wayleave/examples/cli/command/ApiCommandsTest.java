package dev.wayleave.examples.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.examples.cli.Facts;
import dev.wayleave.examples.cli.RawServer;
import dev.wayleave.examples.cli.Run;
import dev.wayleave.examples.cli.source.ApiKey;
import dev.wayleave.examples.cli.source.LiveDocuments;
import dev.wayleave.examples.cli.text.BadInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command that asks works on a Headscale and on a tailnet of Tailscale, from recorded documents. */
class ApiCommandsTest {

    private static final String POLICY = """
            {"acls": [{"action": "accept", "src": ["odin@"], "dst": ["*:*"]}]}""";

    @TempDir
    Path folder;

    private Run run(RawServer server, boolean headscale, String command) {
        String key = Run.file(folder, "key", "secret-of-the-key\n");
        String policy = Run.file(folder, "policy.hujson", POLICY);
        Stream<String> source = headscale
                ? Stream.of("--headscale", server.url())
                : Stream.of("--tailscale", "-", "--tailscale-url", server.url());
        return Run.of(
                Stream.of(Stream.of(command.replace("POLICY", policy).split(" ")), source, Stream.of("--key-file", key))
                        .flatMap(words -> words)
                        .toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "routes, 0, 10.33.1.0/24",
        "nodes list-routes, 0, 10.33.1.0/24",
        "view -n thorbox --why, 0, exit1",
        "can thorbox 10.33.1.9:22, 0, through r1",
        "can thorbox 10.33.1.9:23, 1, missing",
        "explain -n r2 -p 10.33.1.0/24, 0, standby",
        "filter -n r1, 0, 100.64.0.4",
        "policy get, 0, group:ops",
        "policy check POLICY, 0, ''",
        "policy test, 0, ''",
        "lint, 10, half-exit-node",
        "diagnose, 10, half-exit-node",
        "plan --policy POLICY, 11, thorbox",
        "what-if, 0, r1",
        "routes -o json, 0, 10.33.1.0/24"
    })
    void everyCommandThatAsksWorksOnBothApis(String command, int code, String printed) throws IOException {
        try (RawServer server = LiveDocuments.serve()) {
            Run headscale = run(server, true, command);
            Run tailscale = run(server, false, command);
            assertThat(headscale.err() + tailscale.err()).doesNotContain("secret-of-the-key", "fault of the program");
            assertThat(headscale.code()).as(headscale.toString()).isEqualTo(code);
            assertThat(tailscale.code()).as(tailscale.toString()).isEqualTo(code);
            assertThat(headscale.out()).contains(printed);
            assertThat(tailscale.out()).contains(printed);
        }
    }

    @Test
    void everyCommandThatReadsEverySourceIsTested() throws NoSuchMethodException {
        String[] tested = ApiCommandsTest.class
                .getDeclaredMethod("everyCommandThatAsksWorksOnBothApis", String.class, int.class, String.class)
                .getAnnotation(CsvSource.class)
                .value();
        String help = Run.of("--help").out().replaceAll("\\s+", " ");
        String listed = help.substring(help.indexOf("The commands ") + 13, help.indexOf(" read every source"));
        assertThat(listed.split(", | and "))
                .allSatisfy(name -> assertThat(tested)
                        .anyMatch(line -> line.startsWith(name + " ") || line.startsWith(name + ",")));
    }

    @Test
    void factsThatTheApiLacksAreListedInOneLineBesideTheAnswer() throws IOException {
        try (RawServer server = LiveDocuments.serve()) {
            assertThat(run(server, true, "routes").err())
                    .startsWith("wayleave: Headscale's API ")
                    .containsOnlyOnce("\n");
            assertThat(run(server, false, "routes").err())
                    .startsWith("wayleave: Tailscale's API ")
                    .containsOnlyOnce("\n");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTailnetThatIsSaidToHaveNoPolicyIsNotAskedForIt(boolean headscale) throws IOException {
        try (RawServer server = LiveDocuments.serve()) {
            Run run = run(server, headscale, "can thorbox 10.33.1.9:23 --without-policy");
            assertThat(run.code()).as(run.toString()).isZero();
            assertThat(run.err()).contains("without a policy");
            assertThat(server.asked()).noneMatch(request -> request.contains("/policy") || request.contains("/acl"));
            run(server, headscale, "routes --without-policy --current-policy POLICY")
                    .assertRefused("one of … --current-policy … --without-policy");
        }
    }

    @ParameterizedTest
    @CsvSource({"nodes approve-routes -i 1", "drain r1", "policy set POLICY", "events"})
    void anotherControlPlaneIsOnlyRead(String command) throws IOException {
        try (RawServer server = new RawServer()) {
            Run run = run(server, true, command);
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).contains("only read");
            assertThat(server.asked()).isEmpty();
        }
    }

    @Test
    void theRemediesForATailnetOfTailscaleAreThoseOfItsMachinesPage() throws IOException {
        try (RawServer server = new RawServer()) {
            server.on("/api/v2/tailnet/-/users", """
                    {"users": []}""")
                    .on("/api/v2/tailnet/-/acl", """
                            {"autoApprovers": {"routes": {"10.5.0.0/16": ["ann@example.com"]}}}""")
                    .on("/api/v2/tailnet/-/devices?fields=all", """
                            {"devices": [
                              {"id": "1", "name": "d1", "user": "ann@example.com", "connectedToControl": true,
                               "expires": "2020-01-01T00:00:00Z",
                               "advertisedRoutes": ["10.1.0.0/16"], "enabledRoutes": ["10.1.0.0/16"]},
                              {"id": "2", "name": "d2", "user": "ann@example.com", "connectedToControl": false,
                               "expires": "2099-01-01T00:00:00Z",
                               "advertisedRoutes": ["10.2.0.0/16"], "enabledRoutes": ["10.2.0.0/16"]},
                              {"id": "3", "name": "d3", "user": "ann@example.com", "connectedToControl": true,
                               "expires": "2099-01-01T00:00:00Z",
                               "advertisedRoutes": ["0.0.0.0/0", "10.3.0.0/16"], "enabledRoutes": ["0.0.0.0/0"]},
                              {"id": "4", "name": "d4", "user": "ann@example.com", "connectedToControl": true,
                               "expires": "2099-01-01T00:00:00Z",
                               "advertisedRoutes": ["10.5.1.0/24"], "enabledRoutes": []}
                            ]}
                            """);
            Run run = run(server, false, "diagnose");
            assertThat(run.code()).as(run.toString()).isEqualTo(11);
            assertThat(run.out())
                    .contains("[key-expired: d1]", "Disable key expiry", "Machines page")
                    .contains("[routers-offline: 10.2.0.0/16]", "approve it")
                    .contains("[half-exit-node: 0.0.0.0/0 d3]", "Use as exit node")
                    .contains("[waiting-for-approval: 10.3.0.0/16 d3]", " 0.0.0.0/0,10.3.0.0/16,::/0 (")
                    .contains("[approval-missing: d4]", " 10.5.1.0/24\n")
                    .doesNotContain("headscale");
        }
    }

    @Test
    void aPlanLeavesOutOfANewPolicyWhatItLeavesOutOfTheOneInForce() throws IOException {
        String posture = POLICY.replace("\"action\"", """
                "srcPosture": ["posture:mac"], "action"\
                """);
        String file = Run.file(folder, "posture.hujson", posture);
        try (RawServer server = LiveDocuments.serve()) {
            server.on("/api/v2/tailnet/-/acl", posture);
            Run plan = run(server, false, "plan --policy " + file);
            assertThat(plan.code()).as(plan.toString()).isZero();
            assertThat(plan.err()).contains("device posture");
            assertThat(run(server, false, "policy get").out()).contains("posture:mac");
            assertThat(run(server, false, "policy check " + file).out()).contains("not supported");
            assertThat(run(server, true, "plan --policy " + file).err()).contains("not supported");
        }
    }

    @Test
    void anImportFromAHeadscaleWithoutAPolicyAsksForADecision() throws IOException {
        try (RawServer server = LiveDocuments.serve()) {
            server.on("/api/v1/policy", 500, """
                    {"message": "acl policy not found"}""");
            Run run = imported(server, "--dry-run");
            assertThat(run.code()).as(run.toString()).isEqualTo(1);
            assertThat(run.out()).contains("--without-policy");
        }
    }

    private Run imported(RawServer server, String... more) {
        return Run.of(Stream.concat(
                        Stream.of(
                                "import-headscale",
                                "--from",
                                server.url(),
                                "--key-file",
                                Run.file(folder, "key", "secret-of-the-key")),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    @Test
    void aHeadscaleThatRunsIsImported() throws IOException {
        String database = "jdbc:sqlite:" + folder.resolve("wayleave.db");
        try (RawServer server = LiveDocuments.serve()) {
            Run first = imported(server, "--to", database);
            assertThat(first.code()).as(first.toString()).isZero();
            assertThat(first.out())
                    .contains("Found in api/v1/node", "primaries kept       | 3", "Headscale's API")
                    .contains("revision 1");
            assertThat(imported(server, "--to", database).out())
                    .contains("nothing", "`default`")
                    .doesNotContain("revision");
            assertThat(Run.of("routes", "--db", database).out())
                    .isEqualTo(run(server, true, "routes").out());
        }
    }

    @Test
    void anImportHasATimeoutToo() throws IOException {
        try (RawServer server = new RawServer()) {
            imported(server, "--dry-run", "--timeout", "0").assertRefused("--timeout … seconds … 1");
        }
    }

    @Test
    void anImportNamesWhatItCannotRead() throws IOException {
        try (RawServer server = LiveDocuments.serve()) {
            server.on(
                    "/api/v1/node",
                    LiveDocuments.text("v1-node.json")
                            .replace("\"10.44.0.0/16\"", "\"10.44.1.1/16\"")
                            .replace("\"tag:exit\"", "\"tag:exit_node\""));
            assertThat(imported(server, "--dry-run").out())
                    .contains("`availableRoutes` holds `10.44.1.1/16`", "`tags` holds `tag:exit_node`");
        }
    }

    @Test
    void aPolicyThatTheImportDoesNotTakeIsNotAskedFor() throws IOException {
        try (RawServer server = LiveDocuments.serve()) {
            Run run = imported(server, "--without-policy", "--dry-run");
            assertThat(run.code()).as(run.toString()).isZero();
            Facts.assertSomeLines(run.out(), "policy: none: …");
            assertThat(server.asked()).noneMatch(request -> request.contains("/api/v1/policy"));
        }
    }

    @Test
    void oneSourceIsNamed() {
        Run.of("routes", "--headscale", "http://127.0.0.1:1", "--tailscale", "-")
                .assertRefused("one source: … --headscale … --tailscale");
        Run.onSample("routes", "--headscale", "http://127.0.0.1:1").assertRefused("one source: … --case");
    }

    @Test
    void aKeyComesFromTheEnvironmentOrAFileAndIsNeverPrinted() {
        String file = Run.file(folder, "keys", "one\ntwo\n");
        assertThat(ApiKey.find(null, "X", Map.of("X", " abc\n"))).isEqualTo("abc");
        assertThatThrownBy(() -> ApiKey.find(null, "X", Map.of()))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("as X");
        assertThatThrownBy(() -> ApiKey.find(Path.of(file), "X", Map.of("X", "abc")))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("holds no key")
                .hasMessageNotContaining("two");
    }
}
