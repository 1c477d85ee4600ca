package dev.wayleave.foresight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.RoutingState;
import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approver;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.StateRows;
import dev.wayleave.row.TailnetRow;
import dev.wayleave.settings.RoutingSettings;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The processor time of lint grows little faster than the tailnet. */
class LintSpeedTest {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    /** Half as many routes as nodes, one of ten under a wider one of two routers, and one rule for a hundred nodes. */
    private static RoutingState tailnet(int nodes) {
        String rules = IntStream.range(0, nodes / 100)
                .mapToObj(i -> """
                        {"src": ["user-%s@example.com"], "dst": ["10.%s\
                        .0.0/16"], "ip": ["*"], "via": ["tag:router"]}""".formatted(2 * i + 1, i % 250))
                .collect(Collectors.joining(",", """
                        {"tagOwners": {"tag:router": []}, "grants": [""", "]}"));
        TailnetRow tailnet = new TailnetRow(new TailnetId("t"), RoutingSettings.DEFAULT, PolicyReader.read(rules));
        List<User> users = new ArrayList<>();
        List<NodeRow> nodeRows = new ArrayList<>();
        List<RouteRow> routeRows = new ArrayList<>();
        RouteRow.Approved approved = new RouteRow.Approved(new Approval(new Approver.Import("x"), NOW));
        for (int i = 0; i < nodes; i++) {
            boolean router = i % 2 == 0;
            if (!router) {
                users.add(User.builder(new UserId("u" + i), "user-" + i)
                        .email("user-" + i + "@example.com")
                        .build());
            }
            Owner owner = router ? Owner.tags("tag:router") : Owner.user(new UserId("u" + i));
            nodeRows.add(new NodeRow(
                    Node.builder(new NodeId(i + 1), "node-" + i, owner)
                            .address(IpAddress.ofIpv4((100 << 24) + (64 << 16) + i))
                            .build(),
                    null,
                    router,
                    null));
            if (router) {
                Prefix prefix = i % 20 == 0
                        ? Prefix.truncating(IpAddress.ofIpv4((10 << 24) + i * 64), 16)
                        : Prefix.truncating(IpAddress.ofIpv4((10 << 24) + i * 64), 26);
                routeRows.add(new RouteRow(new NodeId(i + 1), prefix, NOW, approved, false));
            }
        }
        return RoutingState.restore(new StateRows(tailnet, users, nodeRows, routeRows), NOW);
    }

    private static Duration best(RoutingState state) {
        Duration best = Duration.ofDays(1);
        for (int i = 0; i < 5; i++) {
            long began = THREADS.getCurrentThreadCpuTime();
            assertThat(Lint.of(state, NOW)).isNotEmpty();
            Duration took = Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - began);
            best = took.compareTo(best) < 0 ? took : best;
        }
        return best;
    }

    @Test
    void tenTimesTheTailnetTakesAtMostTwentyTimesAsLong() {
        RoutingState small = tailnet(1_000);
        Duration warm = best(small);
        Duration large = best(tailnet(10_000));

        System.out.println("lint: " + best(small).toMillis() + " ms for 1,000 nodes, " + large.toMillis()
                + " ms for 10,000 nodes and 5,000 routes; first " + warm.toMillis() + " ms");
        assertThat(large).isLessThan(best(small).multipliedBy(20).plusMillis(50));
    }
}
