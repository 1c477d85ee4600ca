package dev.wayleave.mesh;

import java.util.Optional;

/** Whether a node's control session is up. */
public enum Liveness {
    /** A session is up. */
    ONLINE,
    /** The last session went down a moment ago: the node keeps what it carries and gets nothing new. */
    GRACE,
    /** No session, and the grace is over. */
    OFFLINE,
    /**
     * Not known: the control plane restarted a moment ago, the node is no router, and no session of it came yet. A
     * router is in {@link #GRACE} or {@link #OFFLINE} then, because its last presence is stored. Without sessions of
     * their own ({@code RoutingState.restoreWithoutSessions}) processes do not know it for as long as they run.
     */
    UNKNOWN;

    /**
     * Returns what the netmaps of other nodes say of the node: a node in its grace is still shown as online.
     *
     * @return true for online and in grace, false for offline; empty if it is not known
     */
    public Optional<Boolean> online() {
        return this == UNKNOWN ? Optional.empty() : Optional.of(this != OFFLINE);
    }
}
