package dev.wayleave.examples.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.cli.Background;
import dev.wayleave.examples.cli.FakeControlPlane;
import dev.wayleave.examples.cli.Run;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Help.Ansi;

class ServerCommandsTest {

    private static final String TWO_NODES = """
            {"nodes": [
              {"id": "1", "name": "myrouter", "givenName": "myrouter", "approvedRoutes": ["10.0.0.0/8", "192.168.0.0/24"],
               "availableRoutes": ["10.0.0.0/8", "192.168.0.0/24"], "subnetRoutes": ["10.0.0.0/8", "192.168.0.0/24"]},
              {"id": "2", "name": "laptop", "givenName": "laptop", "approvedRoutes": [], "availableRoutes": [], "subnetRoutes": []},
              {"id": "12", "name": "other", "givenName": "other", "approvedRoutes": [], "availableRoutes": ["::/0"], "subnetRoutes": []}]}
            """;
    private static final String OWN_NODES =
            "{\"nodes\": [{\"id\": 1, \"name\": \"berlin-a\"}, {\"id\": 2, \"name\": \"berlin-b\"}, {\"id\": 3, \"name\": \"1\"}]}";

    @TempDir
    Path folder;

    private FakeControlPlane server;

    @BeforeEach
    void startServer() throws IOException {
        server = new FakeControlPlane()
                .on("GET /api/v1/node", 200, TWO_NODES)
                .on("GET /api/wayleave/v1/nodes", 200, OWN_NODES);
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Test
    void listsRoutesAsHeadscaleDoes() {
        assertThat(server.run("nodes", "list-routes")).isEqualTo(new Run(0, """
                        ID | Hostname | Approved       | Available      | Serving (Primary)
                        1  | myrouter | 10.0.0.0/8     | 10.0.0.0/8     | 10.0.0.0/8
                           |          | 192.168.0.0/24 | 192.168.0.0/24 | 192.168.0.0/24
                        12 | other    |                | ::/0           |
                        """, ""));
        assertThat(server.next().key()).isEqualTo("Bearer wlk_test");
    }

    @ParameterizedTest
    @CsvSource({"12, other", "0, myrouter", "99, myrouter"})
    void anIdentifierKeepsOneNodeAndAnUnknownOneAll(String identifier, String hostname) {
        String out = server.run("nodes", "lsr", "-i", identifier).out();
        assertThat(out).contains(hostname);
        assertThat(out.contains("myrouter")).isEqualTo(hostname.equals("myrouter"));
    }

    @Test
    void printsTheNodesAsTheyCameForPrograms() {
        assertThat(server.run("nodes", "list-routes", "-i", "12", "-o", "json").out())
                .isEqualTo("""
                [
                  {
                    "id": "12",
                    "name": "other",
                    "givenName": "other",
                    "approvedRoutes": [],
                    "availableRoutes": [
                      "::/0"
                    ],
                    "subnetRoutes": []
                  }
                ]
                """);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -r 10.0.0.0/8,::/0               | [ "10.0.0.0/8", "::/0" ]
            -r 10.0.0.0/8 --routes 10.1.0.0/16 | [ "10.0.0.0/8", "10.1.0.0/16" ]
            --routes=                        | []
                                             | []
            """)
    void approvesTheListThatReplacesTheNodesOwn(String options, String list) {
        server.on("POST /api/v1/node/7/approve_routes", 200, "{\"node\": {\"id\": \"7\"}}");
        String command = "nodes approve-routes --identifier 7" + (options == null ? "" : " " + options);
        assertThat(server.run(command.split(" "))).isEqualTo(new Run(0, "Node updated\n", ""));
        assertThat(server.next().body()).isEqualTo("{ \"routes\": " + list + " }");
    }

    @Test
    void saysWhatTheServerSaysThatAnApprovalChanged() {
        server.on(
                "POST /api/v1/node/7/approve_routes",
                200,
                "{\"node\": {\"id\": \"7\"}, \"changes\": {\"text\": \"rome (7)\\n  approved   10.0.0.0/8\\n\"}}");
        assertThat(server.run("nodes", "approve-routes", "-i", "7", "-r", "10.0.0.0/8"))
                .isEqualTo(new Run(0, "rome (7)\n  approved   10.0.0.0/8\n", ""));
    }

    @Test
    void tellsInOneLineWhatTheServerRefuses() {
        server.on("POST /api/v1/node/7/approve_routes", 400, """
                {"title": "Bad Request", "status": 400, "detail": "parsing route", "errors": [{"message": "no '/'"}]}""");
        assertThat(server.run("nodes", "approve-routes", "-i", "7", "-r", "10.0.0.1"))
                .isEqualTo(new Run(2, "", "wayleave: parsing route: no '/'\n"));
        assertThat(server.run("nodes", "approve-routes", "-i", "7", "-r", "10.0.0.1", "-o", "json"))
                .as("as Headscale's tool does for programs")
                .isEqualTo(new Run(2, "", "{\"error\":\"parsing route: no '/'\"}\n"));
    }

    @Test
    void explainsWhatTheServerKnows() {
        server.on(
                "GET /api/wayleave/v1/explain?node=2&prefix=10.20.0.0%2F16",
                200, "{\"serving\": false, \"text\": \"10.20.0.0/16 on node 2 is not served\\n  advertised: yes\\n\"}");
        assertThat(server.run("explain", "-n", "berlin-b", "-p", "10.20.0.0/16").out())
                .isEqualTo("10.20.0.0/16 on node 2 is not served\n  advertised: yes\n");
        assertThat(server.run("explain", "-n", "2", "-p", "10.20.0.0/16", "-o", "json")
                        .out())
                .startsWith("{\n  \"serving\": false,");
    }

    @Test
    void aNameGoesBeforeANumber() {
        server.on("GET /api/wayleave/v1/explain?node=3&prefix=10.20.0.0%2F16", 200, "{\"text\": \"the third\"}");
        assertThat(server.run("explain", "-n", "1", "-p", "10.20.0.0/16").out()).isEqualTo("the third");
    }

    @Test
    void aMisspeltNodeIsNamedWithItsNeighbours() {
        assertThat(server.run("explain", "-n", "berlin-c", "-p", "10.20.0.0/16").err())
                .isEqualTo("wayleave: there is no node `berlin-c`; did you mean `berlin-a` or `berlin-b`?\n");
    }

    @Test
    void aFileGoesBeforeAServer() {
        Run run = server.run("explain", "--case", Run.SAMPLE, "-n", "berlin-a", "-p", "10.20.0.0/16");
        assertThat(run.out()).startsWith("10.20.0.0/16 at berlin-a");
    }

    @Test
    void drainsAndEndsADrain() {
        server.on("POST /api/wayleave/v1/nodes/1/drain", 200, "{}")
                .on("POST /api/wayleave/v1/nodes/1/undrain", 200, "{}");
        assertThat(server.run("drain", "berlin-a", "--force").out()).isEqualTo("berlin-a is being drained\n");
        server.next();
        assertThat(server.next().body()).isEqualTo("{ \"forced\": true }");
        assertThat(server.run("drain", "berlin-a", "--for", "30m").out())
                .startsWith("berlin-a is being drained until 2");
        server.next();
        assertThat(server.next().body()).matches("\\{ \"until\": \"\\S+Z\", \"forced\": false }");
        assertThat(server.run("drain", "berlin-a", "--end").out()).isEqualTo("berlin-a is no longer drained\n");
    }

    @Test
    void aDrainThatLeavesPrefixesNamesThem() {
        server.on("POST /api/wayleave/v1/nodes/1/drain", 409, """
                {"title": "Conflict", "status": 409, "detail": "node `1` cannot be drained",
                 "problems": [{"code": "drain-leaves-prefixes", "message": "no other can carry `10.20.0.0/16`", "line": null}]}""");
        assertThat(server.run("drain", "berlin-a"))
                .isEqualTo(new Run(2, "", "wayleave: node `1` cannot be drained: no other can carry `10.20.0.0/16`\n"));
    }

    @ParameterizedTest
    @CsvSource({"soon", "-3m", "0s", "5"})
    void refusesALengthOfTimeThatIsNone(String length) {
        assertThat(server.run("drain", "berlin-a", "--for", length).err()).contains("is no length of time");
    }

    @Test
    void setsAPolicyThatTheServerAccepts() {
        String file = Run.file(folder, "policy.hujson", "{ // all\n}");
        server.on("PUT /api/wayleave/v1/policy", 200, "{\"policy\": \"\"}");
        assertThat(server.run("policy", "set", file)).isEqualTo(new Run(0, "Policy updated\n", ""));
        assertThat(server.next().body()).isEqualTo("{ \"policy\": \"{ // all\\n}\" }");
    }

    @Test
    void printsTheProblemsThatTheServerFoundWithTheirPlaces() {
        String file = Run.file(folder, "policy.hujson", "{}");
        String problems = "\"problems\": [{\"code\": \"X\", \"line\": 3, \"column\": 16, \"message\": \"no such tag\"},"
                + " {\"code\": \"Y\", \"line\": null, \"column\": null, \"message\": \"two users\"}]";
        Run refused = new Run(1, file + ":3:16: no such tag\n" + file + ": two users\n", "");
        server.on("PUT /api/wayleave/v1/policy", 422, "{\"status\": 422, \"detail\": \"no\", " + problems + "}");
        assertThat(server.run("policy", "set", file)).isEqualTo(refused);
        server.on("POST /api/wayleave/v1/policy/check", 200, "{\"ok\": false, " + problems + ", \"notRead\": []}");
        assertThat(server.run("policy", "check", file)).isEqualTo(refused);
    }

    @Test
    void printsTheNoticesOfTheServerAndCountsThemWhereItIsStrict() {
        String file = Run.file(folder, "policy.hujson", "{}");
        server.on(
                "POST /api/wayleave/v1/policy/check",
                200,
                "{\"ok\": true, \"problems\": [], \"notRead\": [], \"notices\": [{\"code\": \"UNMATCHED_NAME\","
                        + " \"line\": 2, \"column\": 7, \"message\": \"no node has the tag `tag:a`\"}]}");
        String out = file + ":2:7: notice: no node has the tag `tag:a`\n" + file + ": no problems\n";
        assertThat(server.run("policy", "check", file)).isEqualTo(new Run(0, out, ""));
        assertThat(server.run("policy", "check", file, "--strict")).isEqualTo(new Run(1, out, ""));
    }

    @Test
    void checksAtTheServerThePolicyInsideAFileWithThePlacesOfTheFile() {
        String file = Run.file(folder, "case.json", "{\n \"id\": \"x\", \"policy\": {\n},\n \"nodes\": []}");
        server.on(
                        "POST /api/wayleave/v1/policy/check",
                        200,
                        "{\"ok\": true, \"problems\": [], \"notRead\": [\"ssh\"], \"notices\": [{\"code\": \"X\","
                                + " \"line\": 1, \"column\": 2, \"message\": \"first\"}, {\"code\": \"Y\","
                                + " \"line\": 2, \"column\": 1, \"message\": \"second\"}, {\"code\": \"Z\","
                                + " \"line\": null, \"column\": null, \"message\": \"third\"}]}")
                .on(
                        "POST /api/wayleave/v1/policy/check",
                        200,
                        "{\"ok\": false, \"problems\": [{\"code\": \"X\", \"line\": 1, \"column\": 2,"
                                + " \"message\": \"wrong\"}], \"notRead\": [], \"notices\": []}");

        assertThat(server.run("policy", "check", file))
                .isEqualTo(new Run(
                        0,
                        file + ":2:24: notice: first\n" + file + ":3:1: notice: second\n" + file + ": notice: third\n"
                                + file + ": no problems\n",
                        ""));
        assertThat(server.next().body()).isEqualTo("{ \"policy\": \"{\\n}\" }");
        assertThat(server.run("policy", "check", file)).isEqualTo(new Run(1, file + ":2:24: wrong\n", ""));
        assertThat(server.run("policy", "check", "-o", "json", file).out()).contains("\"line\": 2,", "\"column\": 24");
    }

    @Test
    void printsThePolicyAsItCameForPrograms() {
        String file = Run.file(folder, "policy.hujson", "{}");
        String document = "{\n  \"policy\": \"{}\",\n  \"revision\": 3\n}\n";
        server.on("GET /api/wayleave/v1/policy", 200, document)
                .on("PUT /api/wayleave/v1/policy", 200, document)
                .on("POST /api/wayleave/v1/policy/check", 200, "{\"ok\": true, \"problems\": []}");
        assertThat(server.run("policy", "get", "-o", "json")).isEqualTo(new Run(0, document, ""));
        assertThat(server.run("policy", "set", file, "-o", "json")).isEqualTo(new Run(0, document, ""));
        assertThat(server.run("policy", "check", file, "-o", "json"))
                .isEqualTo(new Run(
                        0, "{\n  \"ok\": true,\n  \"problems\": [],\n  \"notices\": [],\n  \"notRead\": []\n}\n", ""));
    }

    @Test
    void aPolicyIsPrintedAsItWasWrittenAndCannotSteerTheTerminal() {
        server.on("GET /api/wayleave/v1/policy", 200, "{\"policy\": \"{\\r\\n\\t// \\u001b[31m\\n}\"}");
        assertThat(server.run("policy", "get").out()).isEqualTo("{\n\t// \\u001b[31m\n}");
    }

    @Test
    void printsThePastWithItsReasons() {
        server.on("GET /api/wayleave/v1/events?limit=5&node=1&prefix=10.20.0.0%2F16", 200, """
                {"events": [{"seq": 17, "time": "2026-11-25T19:00:25Z", "kind": "primary-moved", "actor": null,
                             "text": "10.20.0.0/16 moved from berlin-a to berlin-b", "reason": "node 2, the only candidate"},
                            {"seq": 18, "time": "2026-11-25T19:00:26Z", "kind": "route-approved", "actor": "key 1",
                             "text": "x is approved", "reason": "by hand"}]}""");
        String[] command = {"events", "--limit", "5", "-n", "berlin-a", "-p", "10.20.0.0/16"};
        assertThat(server.run(command).out()).isEqualTo("""
                2026-11-25T19:00:25Z  10.20.0.0/16 moved from berlin-a to berlin-b: node 2, the only candidate
                2026-11-25T19:00:26Z  x is approved: by hand (key 1)
                """);
        assertThat(Run.with(Ansi.ON, server.args(command)).out()).contains("\u001B[32m");
    }

    @Test
    void followsAndTakesTheStreamUpWhereItBroke() {
        server
                .on("GET /api/wayleave/v1/events?limit=20", 200, "{\"events\": [{\"seq\": 3, \"text\": \"past\"}]}")
                .busy("GET /api/wayleave/v1/events/stream?after=3", 1)
                .stream("GET /api/wayleave/v1/events/stream?after=3", event(4, "first"), false)
                .stream(
                        "GET /api/wayleave/v1/events/stream?after=4",
                        ": \n\n" + event(4, "again") + event(5, "second"),
                        true);
        try (Background command = new Background(server.args("events", "-f", "-o", "json"))) {
            command.await(printed -> printed.out().contains("second"));
            assertThat(command.out()).isEqualTo("""
                    {"seq":3,"text":"past"}
                    {"seq":4,"text":"first"}
                    {"seq":5,"text":"second"}
                    """);
            assertThat(command.err()).contains("the connection is lost", "connected again");
            // closes the stream, so that the command can be interrupted between two tries
            server.close();
        }
    }

    private static String event(int seq, String text) {
        return "id: " + seq + "\nevent: event\ndata: {\"seq\": " + seq + ", \"text\": \"" + text + "\"}\n\n";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nodes list-routes                             | there is no server to ask: name it by --server, or in WAYLEAVE_SERVER
            nodes list-routes --server x --key k          | `x` is no address of a server: write it as http://127.0.0.1:8080
            nodes list-routes --server http://localhost   | the server wants a key: give it by --key, or in WAYLEAVE_KEY
            explain -n a -p 10.0.0.0/8                    | there is nothing to ask: name a file by --case, a server by --server, or a database by --db
            agent --server http://localhost --key k       | a node belongs to tags or to a user: name them by --tag or --user
            agent --nodes 0 --tag tag:a                   | --nodes is a number from 1 to 10000
            events --limit 1001                           | --limit is a number from 0 to 1000
            events --follow --node a                      | --follow prints all events: leave --node and --prefix out
            """)
    void saysWhatIsMissing(String command, String complaint) {
        assertThat(Run.of(command.split(" "))).isEqualTo(new Run(2, "", "wayleave: " + complaint + "\n"));
    }

    @Test
    void aServerThatIsNotThereIsNoFaultOfTheProgram() {
        server.close();
        Run run = server.run("nodes", "list-routes");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("cannot be reached", "is it running?").containsOnlyOnce("\n");
    }

    @Test
    void aKeyThatTheServerDoesNotKnowIsSaidToBeThat() {
        server.on("GET /api/wayleave/v1/policy", 401, "{\"status\": 401, \"detail\": \"no such key\"}");
        assertThat(server.run("policy", "get").err())
                .isEqualTo("wayleave: the server does not know this key: give another by --key, or in WAYLEAVE_KEY\n");
    }
}
