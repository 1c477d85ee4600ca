package dev.wayleave.examples.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.cli.Background;
import dev.wayleave.examples.cli.Facts;
import dev.wayleave.examples.cli.FakeControlPlane;
import dev.wayleave.examples.cli.Run;
import dev.wayleave.examples.cli.source.CaseFile;
import dev.wayleave.examples.cli.text.SourceText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Help.Ansi;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ServerCommandsTest {

    @TempDir
    Path folder;

    private FakeControlPlane server;

    @BeforeEach
    void startServer() throws IOException {
        server = new FakeControlPlane()
                .state(CaseFile.of(SourceText.read(Path.of(Run.SAMPLE))).read().state());
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Test
    void theToolListsTheRoutesOfTheServersRows() {
        Run run = server.run("nodes", "list-routes");
        assertThat(run).isEqualTo(Run.of("routes", "--case", Run.SAMPLE));
        assertThat(server.next().key()).isEqualTo("Bearer wlk_test");
    }

    @ParameterizedTest
    @CsvSource({"10, lab-pi", "0, berlin-a", "99, berlin-a"})
    void anIdentifierKeepsOneNodeAndAnUnknownOneAll(String identifier, String hostname) {
        String out = server.run("nodes", "lsr", "-i", identifier).out();
        assertThat(out).contains(hostname);
        assertThat(out.contains("berlin-a")).isEqualTo(hostname.equals("berlin-a"));
    }

    @Test
    void aServerOfAnotherVersionIsNamedAsThat() throws IOException {
        try (FakeControlPlane newer = new FakeControlPlane()) {
            newer.on("GET /api/wayleave/v1/state", 200, """
                    {"time": "2026-11-29T00:00:00Z", "rows": {"version": 2}, "presence": []}""");
            newer.run("routes").assertRefused("server … version of Wayleave … document.version");
        }
    }

    @Test
    void aServerThatIsNoControlPlaneIsNamedAsThat() throws IOException {
        try (FakeControlPlane other = new FakeControlPlane()) {
            other.on("GET /api/wayleave/v1/state", 200, "<html>");
            other.run("routes").assertRefused(other.url() + " … control plane");
            other.run("policy", "get").assertRefused(other.url() + " … control plane");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -r 10.0.0.0/8,::/0               | ["10.0.0.0/8","::/0"]
            -r 10.0.0.0/8 --routes 10.1.0.0/16 | ["10.0.0.0/8","10.1.0.0/16"]
            --routes=                        | []
                                             | []
            """)
    void anApprovalSendsTheListThatReplacesTheNodesOwn(String options, String list) {
        server.on("POST /api/v1/node/7/approve_routes", 200, """
                {"node": {"id": "7"}}""");
        String command = "nodes approve-routes --identifier 7" + (options == null ? "" : " " + options);
        assertThat(server.run(command.split(" "))).isEqualTo(new Run(0, "Node updated\n", ""));
        assertThat(server.next().body()).isEqualTo("""
                {"routes":%s}""".formatted(list));
    }

    @Test
    void theToolPrintsTheChangesThatTheServerReports() {
        server.on("POST /api/v1/node/7/approve_routes", 200, """
                {"node": {"id": "7"}, "changes": {"text": "rome (7)\\n  approved   10.0.0.0/8\\n"}}""");
        assertThat(server.run("nodes", "approve-routes", "-i", "7", "-r", "10.0.0.0/8"))
                .isEqualTo(new Run(0, "rome (7)\n  approved   10.0.0.0/8\n", ""));
    }

    @Test
    void aRefusalOfTheServerIsPrintedInOneLine() {
        server.on("POST /api/v1/node/7/approve_routes", 400, """
                {"title": "Bad Request", "status": 400, "detail": "parsing route", "errors": [{"message": "no '/'"}]}\
                """);
        assertThat(server.run("nodes", "approve-routes", "-i", "7", "-r", "10.0.0.1/32"))
                .isEqualTo(new Run(2, "", "wayleave: parsing route: no '/'\n"));
        assertThat(server.run("nodes", "approve-routes", "-i", "7", "-r", "10.0.0.1/32", "-o", "json"))
                .as("as Headscale's tool does for programs")
                .isEqualTo(new Run(2, "", """
                        {"error":"parsing route: no '/'"}
                        """));
    }

    @Test
    void aRefusalThatRepeatsItsProblemIsPrintedOnce() {
        server.on("POST /api/wayleave/v1/nodes/1/drain", 422, """
                {"title": "Unprocessable Content", "status": 422, "detail": "there is no user `ann`",
                 "problems": [{"code": "unknown-user", "message": "there is no user `ann`", "line": null}]}""");
        assertThat(server.run("drain", "berlin-a")).isEqualTo(new Run(2, "", "wayleave: there is no user `ann`\n"));
    }

    @Test
    void aMisspeltNodeIsNamedWithItsNeighbours() {
        assertThat(server.run("explain", "-n", "berlin-c", "-p", "10.20.0.0/16").err())
                .startsWith("wayleave: ")
                .contains("`berlin-c`", "`berlin-a`", "`berlin-b`");
    }

    @Test
    void twoSourcesAreOneTooMany() {
        Run run = server.run("explain", "--case", Run.SAMPLE, "-n", "berlin-a", "-p", "10.20.0.0/16");
        run.assertRefused("one source … --case … --server … --db");
    }

    @Test
    void theToolDrainsANodeAndEndsTheDrain() {
        server.on("POST /api/wayleave/v1/nodes/1/drain", 200, """
                        {"happened": ["berlin-a is draining", "10.20.0.0/16 moves"],
                         "remarks": [{"code": "some-remark", "message": "look at it"}]}""")
                .on("POST /api/wayleave/v1/nodes/1/undrain", 200, """
                        {"happened": [], "remarks": []}""");
        assertThat(server.run("drain", "berlin-a", "--force").out())
                .isEqualTo("berlin-a is draining\n10.20.0.0/16 moves\nlook at it\n");
        server.next();
        assertThat(server.next().body()).isEqualTo("""
                {"forced":true}""");
        assertThat(server.run("drain", "berlin-a", "--for", "30m").code()).isZero();
        server.next();
        JsonNode drain = JsonMapper.shared().readTree(server.next().body());
        assertThat(drain.at("/forced").booleanValue(true)).isFalse();
        assertThat(Instant.parse(drain.at("/until").stringValue()))
                .isBetween(
                        Instant.now().plus(Duration.ofMinutes(29)),
                        Instant.now().plus(Duration.ofMinutes(30)));
        assertThat(server.run("drain", "berlin-a", "--end").out()).contains("nothing");
    }

    @Test
    void aDrainThatLeavesPrefixesNamesThem() {
        server.on("POST /api/wayleave/v1/nodes/1/drain", 409, """
                {"title": "Conflict", "status": 409, "detail": "node `1` cannot be drained",
                 "problems": [{"code": "drain-leaves-prefixes", "message": "no other can carry `10.20.0.0/16`",
                               "line": null}]}""");
        assertThat(server.run("drain", "berlin-a"))
                .isEqualTo(new Run(2, "", "wayleave: node `1` cannot be drained: no other can carry `10.20.0.0/16`\n"));
    }

    @ParameterizedTest
    @CsvSource({"soon", "-3m", "0s", "5"})
    void aTextThatIsNoLengthOfTimeIsRefused(String length) {
        server.run("drain", "berlin-a", "--for", length).assertRefused("`" + length + "` … 90s, 30m or 2h");
    }

    @Test
    void theToolSetsAPolicyThatTheServerAccepts() {
        String file = Run.file(folder, "policy.hujson", "{ // all\n}");
        server.on("PUT /api/wayleave/v1/policy", 200, """
                {"policy": ""}""");
        assertThat(server.run("policy", "set", file)).isEqualTo(new Run(0, "Policy updated\n", ""));
        server.next();
        assertThat(server.next().body()).isEqualTo("""
                {"policy":"{ // all\\n}"}""");
    }

    @Test
    void aPolicyThatTheServerRefusesIsRefusedInOneLine() {
        String file = Run.file(folder, "policy.hujson", "{}");
        server.on("PUT /api/wayleave/v1/policy", 422, """
                {"status": 422, "detail": "no", "problems": [
                  {"code": "X", "line": 3, "column": 16, "message": "no such tag"},
                  {"code": "Y", "line": null, "column": null, "message": "two users"}]}""");
        assertThat(server.run("policy", "set", file))
                .isEqualTo(new Run(2, "", "wayleave: no: 3:16: no such tag; two users\n"));
    }

    @Test
    void noticesAndProblemsOfAPolicyAreThoseOfTheServersTailnet() {
        String file = Run.file(folder, "policy.hujson", """
                {"tagOwners": {"tag:routr": []},
                 "groups": {"group:a": ["adda@harbour.example"]}, "grants": []}""");
        String notices = """
                FILE:1:16: notice: … `tag:routr` … `tag:router`
                FILE:2:25: notice: … `adda@harbour.example` … `ada@harbour.example`
                """.replace("FILE", file);
        server.on("PUT /api/wayleave/v1/policy", 200, "{}");
        Facts.assertLines(server.run("policy", "check", file).out(), notices + file + """
                : no problems
                1 group, 0 hosts, 1 tag, …, 0 grants
                """);
        assertThat(server.run("policy", "check", file, "--strict").code()).isEqualTo(1);
        Run set = server.run("policy", "set", file);
        assertThat(set).returns(0, Run::code).returns("", Run::err);
        Facts.assertLines(set.out(), notices + "Policy updated");
    }

    @Test
    void aPolicyIsPrintedAsItWasWrittenAndCannotSteerTheTerminal() throws IOException {
        String file = Run.file(folder, "case.json", """
                {"nodes": [], "policy": {\r
                \t// \u009b[31m
                }}""");
        try (FakeControlPlane other = new FakeControlPlane()) {
            other.state(CaseFile.of(SourceText.read(Path.of(file))).read().state());
            assertThat(other.run("policy", "get").out()).isEqualTo("{\n\t// \\u009b[31m\n}");
            assertThat(other.run("policy", "get", "-o", "json").out())
                    .contains("""
                            "policy":\s
                            "notices": []
                            "notRead": []
                            """.lines().toList());
        }
    }

    @Test
    void pastEventsArePrintedWithTheirReasons() {
        server.on("GET /api/wayleave/v1/events?limit=5&node=1&prefix=10.20.0.0%2F16", 200, """
                {"events": [{"id": "17.0", "time": "2026-11-25T19:00:25Z", "kind": "primary-moved", "actor": null,
                             "text": "10.20.0.0/16 moved from berlin-a to berlin-b", "reason": "node 2, \
                the only candidate"},
                            {"id": "17.1", "time": "2026-11-25T19:00:26Z", "kind": "route-approved", "actor": "key 1",
                             "text": "x is approved", "reason": "by hand"},
                            {"id": "17.2", "time": "2026-11-25T19:00:27Z", "kind": "route-denied", "actor": "key 1",
                             "actorNamed": true, "text": "x is denied by `key 1`", "reason": ""}]}""");
        String[] command = {"events", "--limit", "5", "-n", "berlin-a", "-p", "10.20.0.0/16"};
        assertThat(server.run(command).out()).isEqualTo("""
                2026-11-25T19:00:25Z  10.20.0.0/16 moved from berlin-a to berlin-b: node 2, the only candidate
                2026-11-25T19:00:26Z  x is approved: by hand (key 1)
                2026-11-25T19:00:27Z  x is denied by `key 1`
                """);
        assertThat(Run.with(Ansi.ON, server.args(command)).out()).contains("\u001B[32m");
    }

    @Test
    void theToolTakesTheStreamUpWhereItBroke() {
        server
                .on("GET /api/wayleave/v1/events?limit=20", 200, """
                        {"events": [{"id": "3.0", "text": "past"}]}""")
                .busy("GET /api/wayleave/v1/events/stream?after=3.0", 1)
                .stream("GET /api/wayleave/v1/events/stream?after=3.0", event("3.1", "first"), false)
                .stream(
                        "GET /api/wayleave/v1/events/stream?after=3.1",
                        ": \n\n" + event("3.1", "again") + event("4.0", "second"),
                        true);
        try (Background command = new Background(server.args("events", "-f", "-o", "json"))) {
            command.await(printed -> printed.out().contains("second"));
            assertThat(command.out()).isEqualTo("""
                    {"id":"3.0","text":"past"}
                    {"id":"3.1","text":"first"}
                    {"id":"4.0","text":"second"}
                    """);
            assertThat(command.err()).containsSubsequence("lost", "connected");
            // closes the stream, so that the command can be interrupted between two tries
            server.close();
        }
    }

    @Test
    void theToolFollowsAnotherHistoryFromTheEventBeforeItsFirst() {
        server.on("GET /api/wayleave/v1/events?limit=20", 200, """
                        {"events": [{"id": "3.0", "text": "former"}]}""").stream(
                "GET /api/wayleave/v1/events/stream?after=3.0",
                "id: 2.0\nevent: history\ndata: {\"after\": \"2.0\"}\n\n",
                false)
                .stream("GET /api/wayleave/v1/events/stream?after=2.0", event("3.0", "other"), true);
        try (Background command = new Background(server.args("events", "-f", "-o", "json"))) {
            command.await(printed -> printed.out().contains("other"));
            assertThat(command.out()).isEqualTo("""
                    {"id":"3.0","text":"former"}
                    {"id":"3.0","text":"other"}
                    """);
            assertThat(command.err()).contains("history", "2.0");
            server.close();
        }
    }

    private static String event(String id, String text) {
        return """
                id: %s
                event: event
                data: {"id": "%s", "text": "%s"}

                """.formatted(id, id, text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nodes list-routes                             | --case … --server … --db … --headscale … --tailscale
            nodes list-routes --server http://a --server http://b --key k | one server … agent
            agent --tag tag:a                             | --server … WAYLEAVE_SERVER
            nodes list-routes --server x --key k          | `x` … http://127.0.0.1:8080
            nodes list-routes --server http://localhost   | --key … WAYLEAVE_KEY
            explain -n a -p 10.0.0.0/8                    | --case … --server … --db … --headscale … --tailscale
            agent --server http://localhost --key k       | --tag … --user
            agent --nodes 0 --tag tag:a                   | --nodes … 1 … 10000
            events --limit 1001                           | --limit … 0 … 1000
            events --follow --node a                      | --follow … --node … --prefix
            """)
    void anOptionThatIsMissingOrWrongIsNamed(String command, String complaint) {
        Run.of(command.split(" ")).assertRefused(complaint);
    }

    @Test
    void aServerThatIsNotThereIsNoFaultOfTheProgram() {
        server.close();
        Run run = server.run("nodes", "list-routes");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("cannot be reached", "is it running?").containsOnlyOnce("\n");
    }

    @Test
    void aKeyThatTheServerDoesNotKnowIsSaidToBeThat() throws IOException {
        server.close();
        server = new FakeControlPlane().on("GET /api/wayleave/v1/state", 401, """
                {"status": 401, "detail": "no such key"}""");
        assertThat(server.run("policy", "get").err()).startsWith("wayleave: ").contains("--key", "WAYLEAVE_KEY");
    }
}
