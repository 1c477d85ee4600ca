package dev.wayleave.examples.benchmarks;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approver;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.StateRows;
import dev.wayleave.row.TailnetRow;
import dev.wayleave.settings.RoutingSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Tailnets in which every node is a router of ten prefixes, three distinct ones for each node. */
public final class RoutingTailnet {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final int ROUTES_PER_NODE = 10;

    private static final Actor HOST = new Actor("host");

    private RoutingTailnet() {}

    /** The distribution of prefixes over nodes. */
    public enum Layout {
        /** Each node's prefixes, and who shares them, at random: the worst case for caches. */
        SCATTERED,
        /** Groups of one to five routers carry the same ten neighbouring prefixes: real life. */
        GROUPS
    }

    static StateRows rows(int nodes, Layout layout) {
        Random random = new Random(42);
        Approval approval = new Approval(new Approver.Administrator(HOST), START);
        List<NodeRow> nodeRows = new ArrayList<>(nodes);
        List<RouteRow> routeRows = new ArrayList<>(nodes * ROUTES_PER_NODE);
        Set<Prefix> served = new HashSet<>();
        int group = 0;
        int left = 0;
        for (int id = 1; id <= nodes; id++) {
            NodeId node = new NodeId(id);
            nodeRows.add(new NodeRow(
                    Node.builder(node, "node-" + id, Owner.tags("tag:router"))
                            .registeredAt(START.minusSeconds(nodes - id))
                            .build(),
                    null,
                    true,
                    null));
            if (left == 0) {
                left = 1 + group % 5;
                group++;
            }
            left--;
            for (Prefix prefix : prefixes(nodes, layout, random, group)) {
                routeRows.add(new RouteRow(node, prefix, START, new RouteRow.Approved(approval), served.add(prefix)));
            }
        }
        TailnetRow tailnet = new TailnetRow(
                new TailnetId("example.com"),
                // however long a benchmark runs, no node falls silent
                RoutingSettings.builder()
                        .grace(java.time.Duration.ZERO)
                        .silenceLimit(RoutingSettings.LONGEST)
                        .build(),
                RoutingPolicy.builder().build());
        return new StateRows(tailnet, List.of(), nodeRows, routeRows);
    }

    /** The same rows with nothing approved and no primary. */
    static StateRows undecided(StateRows rows) {
        return new StateRows(
                rows.tailnet(),
                rows.users(),
                rows.nodes(),
                rows.routes().stream()
                        .map(row -> new RouteRow(row.node(), row.prefix(), START, new RouteRow.Undecided(), false))
                        .toList());
    }

    private static Set<Prefix> prefixes(int nodes, Layout layout, Random random, int group) {
        Set<Prefix> prefixes = new TreeSet<>();
        for (int i = 0; prefixes.size() < ROUTES_PER_NODE; i++) {
            int number = layout == Layout.SCATTERED ? random.nextInt(nodes * 3) : group * ROUTES_PER_NODE + i;
            int bits = 10 << 24 | number << 4;
            prefixes.add(Prefix.parse(IpAddress.parse(
                            (bits >>> 24) + "." + (bits >>> 16 & 255) + "." + (bits >>> 8 & 255) + "." + (bits & 255))
                    + "/28"));
        }
        return prefixes;
    }

    static Submission connect(long node) {
        return Submission.of(HOST, new Command.ConnectSession(new NodeId(node), session(node)));
    }

    static Submission disconnect(long node) {
        return Submission.of(HOST, new Command.DisconnectSession(new NodeId(node), session(node)));
    }

    static Submission keepAlive(long node) {
        return Submission.of(HOST, new Command.KeepAlive(new NodeId(node), session(node)));
    }

    private static SessionId session(long node) {
        return new SessionId("session-of-" + node);
    }

    /** All nodes are online. */
    static RoutingState online(StateRows rows) {
        RoutingState state = RoutingState.restore(rows, START);
        List<Submission> all = new ArrayList<>();
        for (NodeRow row : rows.nodes()) {
            all.add(connect(row.facts().id().value()));
        }
        return Routing.step(state, all, START).next();
    }
}
