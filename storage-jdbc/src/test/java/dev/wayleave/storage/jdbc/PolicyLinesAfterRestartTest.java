package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.RoutingViews;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.explanation.Reachability;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.RouteControllerBuilder;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A policy of a thousand lines is stored, the process ends, and another process names the lines by which traffic
 * passes.
 */
class PolicyLinesAfterRestartTest {

    private static final int RULES = 1_000;

    /** One rule a line, from line 3; each opens one port. A comment and an old name are among them. */
    private static final String POLICY = IntStream.range(0, RULES)
            .mapToObj(i -> """
                    {"action": "accept", "%s": ["tag:pc"], "dst": ["tag:pc:%s"]}, // rule %s\
                    """.formatted(i == 500 ? "users" : "src", 1 + i, i))
            .collect(Collectors.joining("\n", """
                    // a thousand rules
                    {"tagOwners": {"tag:pc": []}, "acls": [
                    """, "\n]}\n"));

    private static final NodeId ONE = new NodeId(1);
    private static final NodeId OTHER = new NodeId(2);

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();

    @TempDir
    Path folder;

    @AfterEach
    void end() {
        scheduler.shutdown();
    }

    @Test
    void answersNameTheLinesOfTheRulesAsTheyWereWritten() {
        DataSource database = DataSources.ofUrl("jdbc:sqlite:" + folder.resolve("tailnet.db"));
        JdbcSchema.of(database).migrate();
        try (RouteController controller = open(database, true)) {
            var unused = controller
                    .submit(Submission.of(
                            new Actor("ada"),
                            new Command.SetPolicy(PolicyReader.read(POLICY)),
                            new Command.RegisterNode(pc(ONE)),
                            new Command.RegisterNode(pc(OTHER))))
                    .toCompletableFuture()
                    .join();
        }

        try (RouteController controller = open(database, false)) {
            RoutingPolicy policy = controller.current().state().policy();
            assertThat(policy.text()).isEqualTo(POLICY);
            assertThat(policy.notices()).extracting(notice -> notice.line()).containsExactly(503);
            RoutingViews views = RoutingViews.of(controller.current().state());
            for (int port : new int[] {1, 500, 1_000}) {
                Reachability answer = views.can(ONE, Prefix.parse("100.64.0.2/32"), new Protocol(6), port)
                        .orElseThrow();
                assertThat(answer)
                        .isInstanceOfSatisfying(
                                Reachability.Yes.class,
                                yes -> assertThat(yes.paths().get(0).rules())
                                        .extracting(rule -> rule.toString(policy))
                                        .containsExactly("acls[" + (port - 1) + "], line " + (port + 2)));
            }
        }
    }

    private RouteController open(DataSource database, boolean first) {
        RouteControllerBuilder builder = RouteController.builder(
                JdbcRoutingStore.open(database), Host.TAILNET, scheduler, InstantSource.system());
        return (first ? builder.newTailnet(RoutingSettings.DEFAULT) : builder).open();
    }

    private static Node pc(NodeId id) {
        return Node.builder(id, "pc-" + id, Owner.tags(Set.of(new Tag("tag:pc"))))
                .address(IpAddress.parse("100.64.0." + id))
                .build();
    }
}
