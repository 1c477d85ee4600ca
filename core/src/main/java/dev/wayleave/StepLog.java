package dev.wayleave;

import dev.wayleave.event.Origin;
import dev.wayleave.event.Reason;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** The record of what a step, or one submission of it, has touched; for one thread. */
final class StepLog {

    /** Nodes that were registered, changed or removed. */
    final TreeSet<NodeId> nodes = new TreeSet<>();

    /** Nodes that were removed; they may have registered again since. */
    final TreeSet<NodeId> removed = new TreeSet<>();

    /** Why each node is now online, in its grace or offline, and who caused it. */
    final TreeMap<NodeId, Cause> liveness = new TreeMap<>();

    final List<RouteEvent> events = new ArrayList<>();

    record Cause(Reason reason, Origin origin) {}

    void addAll(StepLog later) {
        nodes.addAll(later.nodes);
        removed.addAll(later.removed);
        liveness.keySet().removeAll(later.removed);
        liveness.putAll(later.liveness);
        events.addAll(later.events);
    }
}
