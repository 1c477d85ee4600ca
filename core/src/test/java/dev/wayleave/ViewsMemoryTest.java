package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.visibility.ViewChanges;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Ephemeral nodes join and leave: views keep nothing of a node that left. {@code -Dwayleave.slow=true} lets a million
 * nodes join and leave, and looks at the heap.
 */
class ViewsMemoryTest {

    private static final boolean SLOW = Boolean.getBoolean("wayleave.slow");
    private static final int ROUNDS = SLOW ? 1_000_000 : 5_000;
    private static final int NODES = 200;
    private static final int USERS = 300;
    private static final Actor HOST = new Actor("host");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final String POLICY = """
            {"tagOwners": {"tag:a": [], "tag:b": [], "tag:c": []},
             "grants": [{"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["*"]},
                        {"src": ["tag:a"], "dst": ["tag:b", "10.0.0.0/8"], "ip": ["*"]},
                        {"src": ["tag:b", "100.64.3.0/24"], "dst": ["tag:c"], "ip": ["tcp:443"]},
                        {"src": ["tag:c"], "dst": ["autogroup:internet"], "ip": ["*"]}]}""";

    @Test
    void nodesThatLeftLeaveNothingBehind() {
        Random random = new Random(20261130);
        RoutingViews start = tailnet();
        long heapBefore = heap();
        RoutingViews views = start;
        for (int i = 0; i < ROUNDS; i++) {
            Node node = node(NODES + 1 + random.nextInt(1_000), random);
            views = after(
                    views,
                    new Command.RegisterNode(node),
                    new Command.ConnectSession(node.id(), new SessionId("session-" + i)));
            views = after(views, new Command.RemoveNode(node.id()));
        }
        assertThat(views.viewerClassCount()).isEqualTo(start.viewerClassCount());
        assertThat(views.visibility().rules().classes().count())
                .isLessThanOrEqualTo(start.visibility().rules().classes().count() + 2);
        assertThat(views.changesSince(start)).isEqualTo(ViewChanges.NONE);
        if (SLOW) {
            long heapAfter = heap();
            System.out.printf(
                    "%,d nodes joined and left: heap of %,d kB before, %,d kB after%n",
                    ROUNDS, heapBefore / 1_000, heapAfter / 1_000);
            assertThat(heapAfter).isLessThan(heapBefore + heapBefore / 10 + 4_000_000);
        }
    }

    /** Each has a class of its own, because of the rule for the own nodes. */
    @Test
    void theClassesOfAllUsersAreGoneWithTheirNodes() {
        RoutingViews start = tailnet();
        RoutingViews views = start;
        for (int i = 0; i < USERS; i++) {
            Node node = Node.builder(new NodeId(NODES + 1 + i), "n" + i, Owner.user(new UserId("u" + i)))
                    .address(IpAddress.ofIpv4((100 << 24 | 80 << 16) + i))
                    .build();
            views = after(views, new Command.RegisterNode(node));
        }
        assertThat(views.viewerClassCount()).isGreaterThan(USERS);
        for (int i = 0; i < USERS; i++) {
            views = after(views, new Command.RemoveNode(new NodeId(NODES + 1 + i)));
        }
        assertThat(views.visibility().rules().classes().count())
                .isEqualTo(start.visibility().rules().classes().count());
        assertThat(views.visibility().rules().classes().words())
                .isEqualTo(start.visibility().rules().classes().words());
    }

    private static RoutingViews tailnet() {
        RoutingState empty = RoutingState.empty(new TailnetId("example.com"), RoutingSettings.DEFAULT, START);
        RoutingViews views = after(
                RoutingViews.of(empty),
                new Command.SetUsers(users()),
                new Command.SetPolicy(PolicyReader.read(POLICY)));
        Random random = new Random(1);
        for (int id = 1; id <= NODES; id++) {
            views = after(views, new Command.RegisterNode(node(id, random)));
        }
        return views;
    }

    private static Node node(int id, Random random) {
        return Node.builder(new NodeId(id), "n" + id, owner(id, random))
                .address(IpAddress.ofIpv4((100 << 24 | 64 << 16) + random.nextInt(1_024)))
                .registeredAt(START)
                .ephemeral(id > NODES)
                .build();
    }

    /** Nodes that stay have tags; those that come and go have tags, or one of many users. */
    private static Owner owner(int id, Random random) {
        if (id > NODES && random.nextBoolean()) {
            return Owner.user(new UserId("u" + random.nextInt(USERS)));
        }
        TreeSet<String> tags = new TreeSet<>(List.of("tag:" + (char) ('a' + random.nextInt(3))));
        if (id > NODES) {
            tags.add("tag:" + (char) ('a' + random.nextInt(3)));
        }
        return Owner.tags(tags.toArray(String[]::new));
    }

    private static Users users() {
        List<User> users = new ArrayList<>();
        for (int i = 0; i < USERS; i++) {
            users.add(User.builder(new UserId("u" + i), "u" + i).build());
        }
        return Users.of(users);
    }

    private static RoutingViews after(RoutingViews views, Command... commands) {
        Step step = Routing.step(views.state(), List.of(new Submission(HOST, null, List.of(commands))), START);
        assertThat(step.results()).hasOnlyElementsOfType(SubmissionResult.Accepted.class);
        return views.after(step);
    }

    /** The heap in use when the collector was asked several times. */
    private static long heap() {
        for (int i = 0; i < 5; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
