package dev.wayleave.mesh;

/** Whether a node's control session is up. */
public enum Liveness {
    /** A session is up. */
    ONLINE,
    /** The last session went down a moment ago: the node keeps what it carries and gets nothing new. */
    GRACE,
    /** No session, and the grace is over. */
    OFFLINE
}
