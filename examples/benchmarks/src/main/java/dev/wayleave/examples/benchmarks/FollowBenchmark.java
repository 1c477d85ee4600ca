package dev.wayleave.examples.benchmarks;

import dev.wayleave.FollowedState;
import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.RowChanges;
import dev.wayleave.visibility.ViewChanges;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One commit of another process, followed at 1,000,000 routes of 100,000 nodes; each call another commit, for the
 * caches. {@link BulkLoadBenchmark#restore} shows what reading all rows costs.
 */
@State(Scope.Thread)
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xms4g", "-Xmx4g"})
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class FollowBenchmark {

    private static final int NODES = 100_000;
    private static final int COMMITS = 1_000;

    /** The change that the other process commits. */
    public enum CommitKind {
        /** One route of one node is approved. */
        ROUTE_APPROVED,
        /** A router leaves, and its ten prefixes move to another router. */
        PRIMARIES_MOVED
    }

    @Param
    private CommitKind written;

    private RoutingState state;
    private RoutingViews views;
    private final List<RowChanges> commits = new ArrayList<>();
    private int next;

    @Setup
    public void setUp() {
        RoutingState writer = RoutingTailnet.online(RoutingTailnet.rows(NODES, RoutingTailnet.Layout.GROUPS));
        if (written == CommitKind.ROUTE_APPROVED) {
            writer = approvals(writer);
        } else {
            moves(writer);
        }
        if (commits.size() != COMMITS) {
            throw new IllegalStateException("only " + commits.size() + " commits");
        }
        state = RoutingState.restoreWithoutSessions(writer.rows(), RoutingTailnet.START);
        views = RoutingViews.of(state);
    }

    /** Revokes a route of many nodes, and approves each again by a commit of its own. */
    private RoutingState approvals(RoutingState online) {
        List<Submission> revoke = new ArrayList<>();
        List<Submission> approve = new ArrayList<>();
        for (int i = 1; i <= COMMITS; i++) {
            NodeId node = new NodeId(i * (NODES / COMMITS));
            List<Prefix> prefixes = List.of(online.nodes().get(node).effective().first());
            revoke.add(Submission.of(new Actor("admin"), new Command.RevokeRoutes(node, prefixes)));
            approve.add(Submission.of(new Actor("admin"), new Command.ApproveRoutes(node, prefixes)));
        }
        RoutingState writer = Routing.step(online, revoke, RoutingTailnet.START).next();
        for (Submission each : approve) {
            commits.add(
                    Routing.step(writer, List.of(each), RoutingTailnet.START).rowChanges());
        }
        return writer;
    }

    private void moves(RoutingState online) {
        for (int id = 1; id <= NODES && commits.size() < COMMITS; id += 17) {
            Step step = Routing.step(online, List.of(RoutingTailnet.disconnect(id)), RoutingTailnet.START);
            if (step.rowChanges().routes().upserts().size() == 2 * RoutingTailnet.ROUTES_PER_NODE) {
                commits.add(step.rowChanges());
            }
        }
    }

    private RowChanges commit() {
        next = (next + 1) % COMMITS;
        return commits.get(next);
    }

    @Benchmark
    public FollowedState follow() {
        return Routing.follow(state, commit(), RoutingTailnet.START);
    }

    /** With the views of all nodes, and whose view changed. */
    @Benchmark
    public ViewChanges followWithViews() {
        FollowedState followed = Routing.follow(state, commit(), RoutingTailnet.START);
        return views.after(followed.next(), followed.touched()).changesSince(views);
    }
}
