package dev.wayleave.examples.benchmarks;

import dev.wayleave.RoutingState;
import dev.wayleave.row.StateRows;
import java.util.Locale;
import org.openjdk.jol.info.GraphLayout;

/** Prints the heap that a state of 100,000 nodes with 1,000,000 effective routes takes, all in. */
public final class RoutingStateSize {

    private RoutingStateSize() {}

    public static void main(String[] args) {
        int nodes = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
        for (RoutingTailnet.Layout layout : RoutingTailnet.Layout.values()) {
            StateRows rows = RoutingTailnet.rows(nodes, layout);
            long begin = System.nanoTime();
            RoutingState state = RoutingState.restore(rows, RoutingTailnet.START);
            long first = System.nanoTime() - begin;
            state = RoutingTailnet.online(rows);
            long bytes = GraphLayout.parseInstance(state).totalSize();
            System.out.printf(
                    Locale.ROOT,
                    "%s: %d nodes, %d prefixes, %d MB, %d bytes a route; first restore %d ms%n",
                    layout,
                    nodes,
                    state.routes().size(),
                    bytes >> 20,
                    bytes / ((long) nodes * RoutingTailnet.ROUTES_PER_NODE),
                    first / 1_000_000);
        }
    }
}
