package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approver;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.StateRows;
import dev.wayleave.row.TailnetRow;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.testing.Scenario;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What it costs to follow a commit is what the commit changed, however much there is: counted, not timed. */
class FollowCostTest {

    private static final int FEW = 500;
    private static final int MANY = 32 * FEW;
    private static final RouteRow.Status APPROVED =
            new RouteRow.Approved(new Approval(new Approver.Administrator(new Actor("admin")), Scenario.START));

    /** The first route of each node waits for its approval. */
    private static RoutingState state(int nodes) {
        List<NodeRow> nodeRows = new ArrayList<>();
        List<RouteRow> routeRows = new ArrayList<>();
        for (int id = 1; id <= nodes; id++) {
            nodeRows.add(new NodeRow(
                    Node.builder(new NodeId(id), "n" + id, Owner.tags("tag:router"))
                            .build(),
                    null,
                    true,
                    null));
            for (int i = 0; i < 4; i++) {
                RouteRow.Status status = i == 0 ? new RouteRow.Undecided() : APPROVED;
                routeRows.add(new RouteRow(new NodeId(id), prefix(id, i), Scenario.START, status, i > 0));
            }
        }
        TailnetRow tailnet = new TailnetRow(
                new TailnetId("example.com"),
                RoutingSettings.DEFAULT,
                RoutingPolicy.builder().build());
        return RoutingState.restore(new StateRows(tailnet, List.of(), nodeRows, routeRows), Scenario.START);
    }

    private static Prefix prefix(int id, int i) {
        return Prefix.parse("10." + id / 256 + "." + id % 256 + "." + i * 16 + "/28");
    }

    private static RowChanges approved(int id) {
        RouteRow row = new RouteRow(new NodeId(id), prefix(id, 0), Scenario.START, APPROVED, true);
        return new RowChanges(
                null, RowChanges.Rows.none(), RowChanges.Rows.none(), new RowChanges.Rows<>(List.of(row), List.of()));
    }

    private static long bytes(Runnable run) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 50; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            run.run();
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    private static long bytesOfAState(RoutingState state) {
        RowChanges changes = approved(7);
        return bytes(
                () -> assertThat(Routing.follow(state, changes, Scenario.START)).isNotNull());
    }

    private static long bytesOfViews(RoutingState state) {
        RoutingViews views = RoutingViews.of(state);
        FollowedState followed = Routing.follow(state, approved(7), Scenario.START);
        return bytes(() ->
                assertThat(views.after(followed.next(), followed.touched())).isNotSameAs(views));
    }

    @Test
    void oneRouteThatIsApprovedAllocatesLittleHoweverManyRoutesThereAre() {
        RoutingState small = state(FEW);
        RoutingState large = state(MANY);

        long ofState = bytesOfAState(large);
        assertThat(ofState).isLessThan(20_000).isLessThan(5 * bytesOfAState(small) / 4);
        long ofViews = bytesOfViews(large);
        assertThat(ofViews).isLessThan(60_000).isLessThan(4 * bytesOfViews(small));
    }
}
