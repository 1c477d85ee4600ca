package dev.wayleave;

import dev.wayleave.mesh.NodeId;

/** The earliest time at which a timer of a node is due: each node has at most one in the state. */
record Deadline(long at, NodeId node) implements Comparable<Deadline> {

    /** No deadline: later than everything. */
    static final long NEVER = Long.MAX_VALUE;

    @Override
    public int compareTo(Deadline other) {
        int byTime = Long.compare(at, other.at);
        return byTime != 0 ? byTime : node.compareTo(other.node);
    }
}
