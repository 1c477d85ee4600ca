package dev.wayleave.examples.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.examples.cli.Background;
import dev.wayleave.examples.cli.Facts;
import dev.wayleave.examples.cli.Run;
import dev.wayleave.examples.cli.source.Databases;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.RouteController;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of operators on a database, without a control plane. */
class DatabaseCommandsTest {

    @TempDir
    Path folder;

    private String url;

    @BeforeEach
    void storeATailnet() {
        url = "jdbc:sqlite:" + folder.resolve("wayleave.db");
        NodeId berlin = new NodeId(1);
        NodeId lab = new NodeId(2);
        store(
                "acme",
                new Command.SetPolicy(PolicyReader.read("""
                        {
                          "tagOwners": {"tag:router": []},
                          "autoApprovers": {"routes": {"10.20.0.0/16": ["tag:router"]}}
                        }
                        """)),
                new Command.RegisterNode(
                        Node.builder(berlin, "berlin", Owner.tags("tag:router")).build()),
                new Command.RegisterNode(
                        Node.builder(lab, "lab", Owner.tags("tag:lab")).build()),
                new Command.ConnectSession(berlin, new SessionId("s")),
                new Command.AdvertiseRoutes(
                        berlin, List.of(Prefix.parse("10.20.0.0/16"), Prefix.parse("10.28.0.0/16"))),
                new Command.AdvertiseRoutes(lab, List.of(Prefix.parse("10.99.0.0/16"))));
    }

    private void store(String tailnet, Command... commands) {
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        try (RouteController controller = RouteController.builder(
                        Databases.storeToWrite(url), new TailnetId(tailnet), scheduler, InstantSource.system())
                .newTailnet(RoutingSettings.DEFAULT)
                .open()) {
            var stored = controller
                    .submit(Submission.of(new Actor("test"), commands))
                    .toCompletableFuture()
                    .join();
        } finally {
            scheduler.shutdown();
        }
    }

    private Run run(String command) {
        return Run.of((command + " --tailnet acme --db " + url).split(" "));
    }

    @Test
    void aRouteThatWaitsForLongIsOneFinding() {
        String lint = Run.file(folder, "lint.json", """
                {"waitingForDays": 0}""");
        assertThat(run("diagnose").out()).containsOnlyOnce("10.28.0.0/16 berlin]");
        assertThat(run("diagnose --config " + lint).out())
                .containsOnlyOnce("10.28.0.0/16 berlin]")
                .contains("10.28.0.0/16", "waits")
                .contains("wayleave nodes approve-routes --identifier 1 --routes 10.20.0.0/16,10.28.0.0/16 (");
    }

    @Test
    void aDeniedRouteDoesNotWait() {
        assertThat(run("nodes approve-routes -i 1 -r 10.28.0.0/16").code()).isZero();
        assertThat(run("diagnose").out()).doesNotContain("waiting-for-approval: 10.2", "approval-missing");
    }

    @Test
    void theTailnetsOfADatabaseAreListedWithTheirRevisions() {
        assertThat(run("nodes approve-routes -i 1 -r 10.28.0.0/16").code()).isZero();
        store("beta \u202e", new Command.SetSettings(RoutingSettings.TAILSCALE));

        assertThat(Run.of("tailnets", "--db", url)).isEqualTo(new Run(0, """
                Tailnet     | Revision
                acme        | 2
                beta \\u202e | 1
                """, ""));
        assertThat(Run.of("tailnets", "--db", url, "-o", "json")).isEqualTo(new Run(0, """
                [
                  {
                    "tailnet": "acme",
                    "revision": 2
                  },
                  {
                    "tailnet": "beta \\u202e",
                    "revision": 1
                  }
                ]
                """, ""));
    }

    @Test
    void aDatabaseThatIsNotThereIsRefusedAndNotMade() {
        Path absent = folder.resolve("absent.db");

        Run.of("tailnets", "--db", "jdbc:sqlite:" + absent).assertRefused("no file `" + absent + "`");
        assertThat(Files.exists(absent)).isFalse();
        assertThat(Run.of("tailnets", "--db", "jdbc:oracle:thin:x").err()).startsWith("wayleave: ");
        assertThat(Run.of("tailnets").err()).contains("--db");
    }

    @Test
    void theStoredRoutesAreListed() {
        Run listed = run("nodes list-routes");
        assertThat(listed.out()).isEqualTo("""
                        ID | Hostname | Approved     | Available    | Serving (Primary)
                        1  | berlin   | 10.20.0.0/16 | 10.20.0.0/16 | 10.20.0.0/16
                           |          |              | 10.28.0.0/16 |
                        2  | lab      |              | 10.99.0.0/16 |
                        """);
        assertThat(listed.err()).contains("database", "online").containsOnlyOnce("\n");
        assertThat(run("nodes list-routes -i 2 -o json").out()).contains("""
                "availableRoutes": [
                      "10.99.0.0/16"
                    ]""");
    }

    @Test
    void theToolApprovesAsTheControlPlaneWould() {
        Run run = run("nodes approve-routes -i 1 -r 10.28.0.0/16");
        assertThat(run).returns(0, Run::code).returns("", Run::err);
        Facts.assertLines(run.out(), """
                berlin (1)
                approved 10.28.0.0/16
                revoked 10.20.0.0/16
                denied 10.20.0.0/16; …
                """);

        assertThat(run("nodes list-routes -i 1").out()).isEqualTo("""
                ID | Hostname | Approved     | Available    | Serving (Primary)
                1  | berlin   | 10.28.0.0/16 | 10.20.0.0/16 | 10.28.0.0/16
                   |          |              | 10.28.0.0/16 |
                """);
        assertThat(run("explain -n berlin -p 10.20.0.0/16").out())
                .as("what the list left out is denied, and stays so")
                .contains("10.20.0.0/16 at berlin (1, tag:router)", "denied by `wayleave`");
    }

    @Test
    void theToolRefusesAnApprovalThatTheControlPlaneWouldRefuse() {
        assertThat(run("nodes approve-routes -i 9 -r 10.28.0.0/16").err())
                .startsWith("wayleave: ")
                .contains("`9`");
        assertThat(run("nodes approve-routes -i 1 -r 10.28.0.1/16").err()).contains("10.28.0.0/16");
        assertThat(run("explain -n berlim -p 10.20.0.0/16").err()).contains("`berlim`", "`berlin`");
    }

    @Test
    void theToolDrainsAsTheControlPlaneWould() {
        Run refused = run("drain berlin");
        refused.assertRefused("drain of berlin … `10.20.0.0/16` … --force … database … online");
        assertThat(run("events").out()).doesNotContain("drain");

        Run drained = run("drain berlin --force");
        assertThat(drained.code()).isZero();
        assertThat(drained.err()).isEmpty();
        assertThat(drained.out()).contains("berlin").endsWith("\n");
        assertThat(run("events").out())
                .as("the words of the event")
                .contains(drained.out().strip());
        assertThat(run("drain 1 --for 30m --force").out()).contains("berlin", "until 2");
        assertThat(run("drain berlin --end -o json").out()).contains("""
                "id": "1"
                "name": "berlin"
                """.lines().toList());
        assertThat(run("events").out().lines().filter(line -> line.contains("ends")))
                .singleElement()
                .asString()
                .contains("berlin");
    }

    @Test
    void theEventsArePrinted() {
        String line = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:[\\d.]+Z  .+";
        assertThat(run("events").out().lines())
                .allMatch(each -> each.matches(line))
                .anyMatch(each -> Facts.match(each, "… 10.20.0.0/16 on berlin … approved: …"))
                .anyMatch(each -> Facts.match(each, "… 10.99.0.0/16 on lab waits … approval: …"));
        assertThat(run("events -n lab").out().lines()).isNotEmpty().allMatch(each -> each.contains("lab"));
        assertThat(run("events -p 10.99.0.0/16 -o json").out().lines())
                .hasSize(2)
                .allMatch(each -> each.contains("""
                        "nodeName":"lab","prefix":"10.99.0.0/16"\
                        """));
        assertThat(run("events --limit 1").out().lines()).hasSize(1);
        run("events -n paris").assertRefused("no node `paris`");
        assertThat(run("events -p 10.0.0.1/8").err()).contains("10.0.0.0/8");
    }

    @Test
    void newEventsAreFollowed() {
        try (Background events = new Background("events", "-f", "--limit", "1", "--tailnet", "acme", "--db", url)) {
            events.await(printed -> printed.out().contains("\n"));
            assertThat(run("nodes approve-routes -i 1 -r 10.28.0.0/16").code()).isZero();
            events.await(printed ->
                    printed.out().lines().anyMatch(line -> Facts.match(line, "… 10.28.0.0/16 on berlin … approved…")));
        }
    }

    @Test
    void aTailnetThatIsDeletedAndMadeAgainIsFollowed() {
        try (Background events = new Background("events", "-f", "--limit", "1", "--tailnet", "acme", "--db", url)) {
            events.await(printed -> printed.out().contains("\n"));
            Databases.storeToWrite(url).delete(new TailnetId("acme"));
            NodeId paris = new NodeId(1);
            store(
                    "acme",
                    new Command.RegisterNode(
                            Node.builder(paris, "paris", Owner.tags("tag:new")).build()),
                    new Command.AdvertiseRoutes(paris, List.of(Prefix.parse("10.77.0.0/16"))));
            events.await(printed -> printed.out().contains("paris advertises 10.77.0.0/16"));
        }
    }

    @Test
    void theRouterThatLostAPrefixIsNamedAndItsNameFindsTheEvent() {
        store(
                "acme",
                new Command.AdvertiseRoutes(new NodeId(2), List.of(Prefix.parse("10.28.0.0/16"))),
                new Command.SetApprovedRoutes(new NodeId(2), List.of(Prefix.parse("10.28.0.0/16"))),
                new Command.SetApprovedRoutes(new NodeId(1), List.of(Prefix.parse("10.28.0.0/16"))),
                new Command.ConnectSession(new NodeId(2), new SessionId("t")),
                new Command.ConnectSession(new NodeId(1), new SessionId("s")));
        store("acme", new Command.RevokeRoutes(new NodeId(1), List.of(Prefix.parse("10.28.0.0/16"))));

        Facts.assertSomeLines(run("events -n berlin -p 10.28.0.0/16").out(), "… 10.28.0.0/16 … from berlin to lab …");
        assertThat(run("events -n berlin -p 10.28.0.0/16 -o json").out()).contains("""
                "previousNode":1""");
    }

    @Test
    void theToolSetsAPolicyAndDecidesByIt() {
        String file = Run.file(folder, "policy.hujson", """
                {
                  "tagOwners": {"tag:router": []},
                  "autoApprovers": {"routes": {"10.28.0.0/16": ["tag:router"]}}
                }
                """);

        assertThat(run("policy set " + file)).isEqualTo(new Run(0, "Policy updated\n", ""));

        assertThat(run("nodes list-routes -i 1").out())
                .contains("berlin   | 10.20.0.0/16", "| 10.28.0.0/16 | 10.28.0.0/16");
        assertThat(run("policy get").out()).contains("10.28.0.0/16").doesNotContain("10.20.0.0/16");
        assertThat(run("policy get -o json").out()).contains("""
                "policy":\s
                "notRead": []
                """.lines().toList());
    }

    @Test
    void namesThatMatchNothingInTheStoredTailnetAreNotices() {
        String file = Run.file(folder, "policy.hujson", """
                {"tagOwners": {"tag:routre": []},
                 "hosts": {"lan": "10.99.7.0/24"}}""");
        Run check = run("policy check " + file);
        assertThat(check.code()).isZero();
        Facts.assertLines(
                check.out().lines().findFirst().orElseThrow(), file + ":1:16: notice: … `tag:routre` … `tag:router`");
        assertThat(check.out()).doesNotContain("`lan`");
        assertThat(run("policy check --strict " + file).code()).isEqualTo(1);
    }

    @Test
    void answersNameTheLinesOfAPolicyOfAThousandRules() {
        store("lines", node(1, "pc", "100.64.0.1"), node(2, "web", "100.64.0.2"));
        String rules = IntStream.rangeClosed(1, 1_000)
                .mapToObj(port -> """
                        {"action": "accept", "%s": ["tag:pc"], "dst": ["tag:web:%s"]}, // %s
                        """.formatted(port == 500 ? "users" : "src", port, port))
                .collect(Collectors.joining());
        String file = Run.file(folder, "policy.hujson", """
                // a thousand rules
                {"tagOwners": {"tag:pc": [], "tag:web": []}, "acls": [
                %s]}
                """.formatted(rules));
        List<String> there = List.of("--tailnet", "lines", "--db", url);

        Facts.assertLines(run(there, "policy", "set", file).out(), """
                FILE:502:… `src` …
                Policy updated
                """.replace("FILE", file));

        assertThat(run(there, "policy", "check", file).out())
                .startsWith(file + ":502:")
                .contains("`src`", "1000 access");
        assertThat(run(there, "policy", "get").out())
                .startsWith("// a thousand rules\n")
                .contains("}, // 1000\n]}");
        for (int port : new int[] {1, 500, 1_000}) {
            assertThat(run(there, "can", "pc", "100.64.0.2:" + port).out())
                    .contains("acls[" + (port - 1) + "], line " + (port + 2) + " ");
        }
    }

    private static Command node(long id, String name, String address) {
        return new Command.RegisterNode(Node.builder(new NodeId(id), name, Owner.tags("tag:" + name))
                .address(IpAddress.parse(address))
                .build());
    }

    private static Run run(List<String> source, String... command) {
        return Run.of(Stream.concat(Stream.of(command), source.stream()).toArray(String[]::new));
    }

    @Test
    void aPolicyWithProblemsChangesNothing() {
        String file = Run.file(folder, "policy.hujson", """
                {
                  "aclz": []
                }""");
        Run check = run("policy check " + file);
        assertThat(check.code()).isEqualTo(1);
        assertThat(check.out()).startsWith(file + ":2:3: ");
        assertThat(run("policy set " + file)).isEqualTo(check);
        assertThat(run("policy set -o json " + file).out())
                .startsWith("{\n  \"ok\": false,")
                .contains("""
                        "line": 2,
                        "column": 3
                        """.lines().toList());
        assertThat(run("policy get").out()).contains("10.20.0.0/16");
    }

    @Test
    void theToolMakesNoDatabaseWhereThereIsNone() {
        Path absent = folder.resolve("absent.db");
        Run run = Run.of("nodes", "list-routes", "--db", "jdbc:sqlite:" + absent);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).startsWith("wayleave: ").containsOnlyOnce("\n");
        assertThat(Files.exists(absent)).isFalse();
        assertThat(Run.of("nodes", "list-routes", "--db", url).err())
                .startsWith("wayleave: ")
                .contains("`default`", "--tailnet");
    }
}
