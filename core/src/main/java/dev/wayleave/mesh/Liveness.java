package dev.wayleave.mesh;

import java.util.Optional;

/** Whether a node's control session is up. */
public enum Liveness {
    /** A session is up. */
    ONLINE,
    /** The last session went down a moment ago: the node keeps what it carries and gets nothing new. */
    GRACE,
    /** No session: the grace is over, or none has come since the node was registered. */
    OFFLINE,
    /**
     * Not known: the node was registered before the control plane restarted, the restart grace runs, the node is no
     * router, and no session of it came yet. A router is in {@link #GRACE} or {@link #OFFLINE} then, because its last
     * presence is stored. Without sessions of their own ({@code RoutingState.restoreWithoutSessions}) processes do not
     * know it for as long as they run, also of a node that they register themselves.
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
