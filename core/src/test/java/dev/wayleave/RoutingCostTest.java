package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.testing.Scenario;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a step costs is what it touches: counted, not timed. */
class RoutingCostTest {

    private static final Actor HOST = new Actor("host");
    private static final int NODES = 5_000;

    private static final RoutingState MANY = online(NODES);

    private static RoutingState online(int nodes) {
        List<Command> commands = new ArrayList<>();
        for (int id = 1; id <= nodes; id++) {
            NodeId node = new NodeId(id);
            List<Prefix> prefixes = prefixes(id);
            commands.add(new Command.RegisterNode(
                    Node.builder(node, "n" + id, Owner.tags("tag:router")).build()));
            commands.add(new Command.AdvertiseRoutes(node, prefixes));
            commands.add(new Command.SetApprovedRoutes(node, prefixes));
            commands.add(new Command.ConnectSession(node, new SessionId("s" + id)));
        }
        RoutingState empty = RoutingState.empty(
                new TailnetId("t"),
                RoutingSettings.builder().grace(java.time.Duration.ZERO).build(),
                Scenario.START);
        return Routing.step(empty, List.of(Submission.of(HOST, commands.toArray(new Command[0]))), Scenario.START)
                .next();
    }

    /** Ten prefixes, which a node shares with its neighbour. */
    private static List<Prefix> prefixes(int id) {
        int group = id / 2;
        return IntStream.range(0, 10)
                .mapToObj(i -> Prefix.parse("10." + group / 256 + "." + group % 256 + "." + i * 16 + "/28"))
                .toList();
    }

    @Test
    void aFlipTouchesThatNodeAndItsPrefixesOnly() {
        Step step = Routing.step(
                MANY,
                List.of(Submission.of(HOST, new Command.DisconnectSession(new NodeId(8), new SessionId("s8")))),
                Scenario.START);

        assertThat(step.touched().nodes()).isEmpty();
        assertThat(step.touched().prefixes())
                .hasSize(10)
                .isEqualTo(step.next().nodes().get(new NodeId(8)).effective());
        long changedNodes = MANY.nodes().entrySet().stream()
                .filter(entry -> step.next().nodes().get(entry.getKey()) != entry.getValue())
                .count();
        long changedRoutes = MANY.routes().entrySet().stream()
                .filter(entry -> step.next().routes().get(entry.getKey()) != entry.getValue())
                .count();
        assertThat(changedNodes).isOne();
        assertThat(changedRoutes).isEqualTo(10);
        assertThat(step.rowChanges().nodes().upserts()).hasSize(1);
        assertThat(step.rowChanges().routes().upserts()).hasSize(20);
    }

    @Test
    void aKeepAliveAllocatesLessThanFourHundredBytes() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        List<Submission> heard =
                List.of(Submission.of(HOST, new Command.KeepAlive(new NodeId(8), new SessionId("s8"))));
        RoutingState state = MANY;
        // every one is later than the last, so that each is written down
        Instant[] now = IntStream.rangeClosed(1, 200)
                .mapToObj(Scenario.START::plusMillis)
                .toArray(Instant[]::new);
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 200; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            Step step = Routing.step(state, heard, now[i]);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            state = step.next();
            assertThat(step.rowChanges().isEmpty()).isTrue();
            assertThat(state.lastHeard(new NodeId(8))).contains(now[i]);
        }
        assertThat(least).isLessThanOrEqualTo(400);
    }

    @Test
    void anotherPolicyLooksAtNoNodeOfWhichNoRouteWaits() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        List<List<Submission>> policies = Stream.of("alice@", "bob@")
                .map(member ->
                        List.of(Submission.of(HOST, new Command.SetPolicy(PolicyReader.read("""
                        {"tagOwners": {"tag:router": []}, "groups": {"group:g": ["%s"]},
                         "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router"]}}}""".formatted(member))))))
                .toList();
        RoutingState state = MANY;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            state = Routing.step(state, policies.get(i % 2), Scenario.START).next();
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).isLessThan(10 * NODES);
    }
}
