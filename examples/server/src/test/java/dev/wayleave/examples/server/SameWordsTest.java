package dev.wayleave.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.RoutingState;
import dev.wayleave.command.Command;
import dev.wayleave.examples.cli.Wayleave;
import dev.wayleave.examples.cli.source.CaseFile;
import dev.wayleave.examples.cli.text.SourceText;
import dev.wayleave.examples.server.web.Limits;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.net.Prefix;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Help.Ansi;

/** The tool gives one answer about one tailnet, whether it reads a file, the database of a server, or the server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SameWordsTest {

    private static final String SAMPLE = Path.of(System.getProperty("basedir", "."))
            .resolveSibling("cli/sample/tailnet.json")
            .toAbsolutePath()
            .normalize()
            .toString();
    private static final Actor ADMINISTRATOR = new Actor("administrator");
    private static final Prefix BY_HAND = Prefix.parse("2001:db8:31::/56");
    private static final SessionId SESSION = new SessionId("s");

    @TempDir
    private static Path folder;

    private TestServer server;

    @BeforeAll
    void startServer() {
        server = TestServer.onSqlite(Limits.DEFAULT, folder);
        fill(CaseFile.of(SourceText.read(Path.of(SAMPLE))).read().state());
    }

    @AfterAll
    void stopServer() {
        server.close();
    }

    private void submit(Command command) {
        var unused = server.plane.submit(ADMINISTRATOR, command);
    }

    private void fill(RoutingState tailnet) {
        submit(new Command.SetSettings(server.plane.state().settings().toBuilder()
                .withoutSilenceLimit()
                .build()));
        submit(new Command.SetUsers(tailnet.users()));
        submit(new Command.SetPolicy(tailnet.policy()));
        tailnet.nodes().forEach((id, node) -> {
            submit(new Command.RegisterNode(node.facts()));
            submit(new Command.ConnectSession(id, SESSION));
            if (node.approvals().approved().containsKey(BY_HAND)) {
                submit(new Command.ApproveRoutes(id, List.of(BY_HAND)));
            }
            submit(new Command.AdvertiseRoutes(id, node.advertised()));
        });
    }

    private record Printed(int code, String out, String err) {}

    private static Printed run(String command, String... source) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] args =
                Stream.concat(Stream.of(command.split(" ")), Stream.of(source)).toArray(String[]::new);
        int code = Wayleave.run(new PrintWriter(out), new PrintWriter(err), Ansi.OFF, args);
        return new Printed(code, out.toString(), err.toString());
    }

    private static Printed onFile(String command) {
        return run(command, "--case", SAMPLE);
    }

    private Printed onDatabase(String command) {
        return run(command, "--db", "jdbc:sqlite:" + folder.resolve("wayleave.db"), "--tailnet", tailnet());
    }

    private String tailnet() {
        return server.plane.state().tailnet().value();
    }

    private Printed onServer(String command) {
        return run(command, "--server", server.uri("/").toString(), "--key", server.reader);
    }

    /** Without the times of approvals and registrations, which a file does not have. */
    private static String timeless(String text) {
        return text.replaceAll("registered at \\S+, (\\S+) at \\S+Z", "$1 registered earlier")
                .replaceAll(" at \\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z", "")
                .replaceAll("""
                        "at": "[^"]*"\
                        """, "\"at\": …");
    }

    /** Also without whether nodes are online that carry nothing, which a database does not say. */
    private static String routersOnly(String text) {
        return timeless(text)
                .replaceAll("(?i)\"online\": (true|false)", "\"online\": …")
                .replaceAll("\"liveness\": \"\\w+\"", """
                        "liveness": …""");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "routes",
                "nodes list-routes -i 3",
                "view -n ben-laptop --why",
                "view -n cloud",
                "can ben-laptop intranet:443",
                "can ben-laptop intranet:22",
                "can 10.20.3.4 172.31.0.9:5432",
                "can ada-desktop 10.28.0.1:80",
                "explain -n berlin-a -p 10.20.0.0/16",
                "explain -n berlin-b -p 10.20.0.0/16",
                "explain -n cloud -p 2001:db8:31::/56",
                "explain -n berlin-b -p 10.28.0.0/16",
                "explain -n 6 -p ::/0",
                "filter -n porto --why",
                "filter -n cloud",
                "policy get",
            })
    void everySourceGivesTheSameAnswer(String command) {
        for (String asked : List.of(command, command + " -o json")) {
            Printed file = onFile(asked);
            Printed ofServer = onServer(asked);
            Printed ofDatabase = onDatabase(asked);
            assertThat(file.err()).isEmpty();
            assertThat(timeless(ofServer.out())).isEqualTo(timeless(file.out()));
            assertThat(ofServer.err()).isEmpty();
            assertThat(routersOnly(ofDatabase.out())).isEqualTo(routersOnly(file.out()));
            assertThat(List.of(ofServer.code(), ofDatabase.code())).containsOnly(file.code());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"policy check", "policy check --strict", "policy check -o json"})
    void aPolicyMeansTheSameInEverySource(String command) throws IOException {
        Path policy = Files.writeString(folder.resolve("policy.hujson"), """
                {"tagOwners": {"tag:routr": ["ada@harbour.exmple"]}, "hosts": {"x": "10.77.0.0/16"}}""");
        Printed file = onFile(command + " " + policy);
        assertThat(file.out()).contains("tag:routr", "perhaps `tag:router`", "ada@harbour.exmple");
        assertThat(onServer(command + " " + policy)).isEqualTo(file);
        assertThat(onDatabase(command + " " + policy)).isEqualTo(file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "events --limit 40 -p 10.20.0.0/16",
                "events --limit 40 -n berlin-b -p 10.28.0.0/16",
                "events --limit 40 -p 10.20.0.0/16 -o json"
            })
    void aServerAndItsDatabaseHaveTheSameHistory(String command) {
        String ofServer = onServer(command).out();
        assertThat(ofServer).isNotEmpty();
        assertThat(ofServer).isEqualTo(onDatabase(command).out());
    }

    @Test
    void factsThatADatabaseLacksAreListedBesideTheAnswer() {
        assertThat(onDatabase("routes").err())
                .startsWith("wayleave: ")
                .contains("database", "online")
                .containsOnlyOnce("\n");
        assertThat(onDatabase("filter -n porto").err())
                .as("a filter does not depend on who is online")
                .isEmpty();
    }

    @Test
    void theToolExplainsWhatTheServerExplains() {
        NodeId berlinA = new NodeId(1);
        NodeId berlinB = new NodeId(2);
        NodeId cloud = new NodeId(3);
        submit(new Command.DisconnectSession(berlinA, SESSION));
        submit(new Command.ReportHealth(cloud, Health.UNHEALTHY));
        submit(new Command.ReportHealth(berlinB, Prefix.parse("10.20.0.0/16"), Health.UNHEALTHY));
        submit(new Command.DisconnectSession(new NodeId(10), SESSION));
        try {
            assertThat(onServer("explain -n 1 -p 10.20.0.0/16").out()).containsPattern("grace [^\\n]*2\\d{3}-");
            for (String route : List.of("1 10.20.0.0/16", "2 10.20.0.0/16", "3 172.31.0.0/16")) {
                String[] words = route.split(" ");
                String fromServer = server.get(
                                TestServer.API + "/explain?node=" + words[0] + "&prefix=" + words[1], server.reader)
                        .expect(200)
                        .json()
                        .at("/text")
                        .stringValue();
                assertThat(onServer("explain -n " + words[0] + " -p " + words[1])
                                .out())
                        .isEqualTo(fromServer);
            }
        } finally {
            submit(new Command.ConnectSession(berlinA, new SessionId("again")));
            submit(new Command.ReportHealth(cloud, Health.HEALTHY));
            submit(new Command.ReportHealth(berlinB, Prefix.parse("10.20.0.0/16"), Health.HEALTHY));
            submit(new Command.ConnectSession(new NodeId(10), new SessionId("again")));
        }
    }

    @Test
    void aKeyThatMayReadIsEnoughAndNoneIsTooLittle() {
        assertThat(onServer("routes").code()).isZero();
        assertThat(run("routes", "--server", server.uri("/").toString(), "--key", "wlk_none")
                        .err())
                .contains("--key", "WAYLEAVE_KEY");
        assertThat(server.get(TestServer.API + "/state", "").status()).isEqualTo(401);
    }
}
