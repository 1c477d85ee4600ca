package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approver;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.StateRows;
import dev.wayleave.row.TailnetRow;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.visibility.ViewChange;
import dev.wayleave.visibility.ViewChanges;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the views of a step cost grows with what it changes, not with how many nodes there are: counted, not timed. */
class ViewsCostTest {

    private static final Actor HOST = new Actor("host");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int TAGS = 40;
    private static final int MANY = 100_000;
    private static final int FEW = 10_000;

    private static final String GRANT = """
            {"src": ["tag:t%d"], "dst": ["tag:t%d", "10.%d.0.0/16", "10.0.0.0/9"], "ip": ["*"]}""";

    private static RoutingViews views(int nodes) {
        List<NodeRow> nodeRows = new ArrayList<>(nodes);
        List<RouteRow> routeRows = new ArrayList<>();
        Approval approval = new Approval(new Approver.Administrator(HOST), START);
        for (int id = 1; id <= nodes; id++) {
            boolean router = id % 10 == 0;
            nodeRows.add(new NodeRow(node(id), null, router, null));
            for (int i = 0; router && i < 3; i++) {
                Prefix prefix = Prefix.parse("10." + id / 10 % 250 + "." + id / 2_500 % 200 + "." + 64 * i + "/26");
                routeRows.add(new RouteRow(new NodeId(id), prefix, START, new RouteRow.Approved(approval), true));
            }
        }
        TailnetRow tailnet = new TailnetRow(new TailnetId("example.com"), RoutingSettings.DEFAULT, policy());
        return RoutingViews.of(RoutingState.restore(new StateRows(tailnet, List.of(), nodeRows, routeRows), START));
    }

    private static Node node(int id) {
        return Node.builder(new NodeId(id), "n" + id, Owner.tags("tag:t" + id % TAGS))
                .address(IpAddress.ofIpv4((100 << 24 | 64 << 16) + id))
                .address(IpAddress.parse(
                        "fd7a:115c:a1e0::" + Integer.toHexString(id >> 16) + ":" + Integer.toHexString(id & 0xffff)))
                .registeredAt(START)
                .build();
    }

    private static RoutingPolicy policy() {
        String owners =
                IntStream.range(0, TAGS).mapToObj(tag -> """
                        "tag:t%s": []\
                        """.formatted(tag)).collect(Collectors.joining(", "));
        String grants = IntStream.range(0, TAGS)
                .mapToObj(tag -> GRANT.formatted(tag, tag * 7 % TAGS, tag * 3))
                .collect(Collectors.joining(", "));
        return PolicyReader.read("""
                {"tagOwners": {%s}, "grants": [%s]}""".formatted(owners, grants));
    }

    private static ViewChanges join(RoutingViews views, int id) {
        Step step =
                Routing.step(views.state(), List.of(Submission.of(HOST, new Command.RegisterNode(node(id)))), START);
        return views.after(step).changesSince(views);
    }

    private static long bytesOfAJoin(RoutingViews views, int nodes) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        int rounds = 40;
        long begin = 0;
        for (int i = -rounds; i < rounds; i++) {
            begin = i == 0 ? threads.getThreadAllocatedBytes(thread) : begin;
            assertThat(join(views, nodes + 1 + Math.floorMod(i, 20)).isEmpty()).isFalse();
        }
        return (threads.getThreadAllocatedBytes(thread) - begin) / rounds;
    }

    @Test
    void aJoinAllocatesLittleHoweverManyNodesThereAre() {
        long few = bytesOfAJoin(views(FEW), FEW);
        long many = bytesOfAJoin(views(MANY), MANY);

        assertThat(many).isLessThan(300_000);
        assertThat(many).isLessThan(4 * few);
    }

    @Test
    void aJoinThatThousandsOfNodesSeeIsSaidByClass() {
        RoutingViews views = views(FEW);

        ViewChanges changes = join(views, FEW + 1);

        assertThat(changes.changes()).hasSizeLessThan(10 * TAGS);
        assertThat(changes.changes().stream()
                        .map(ViewChange::viewers)
                        .mapToInt(Set::size)
                        .sum())
                .isEqualTo(changes.viewers().size())
                .isGreaterThan(FEW / TAGS);
    }
}
