package dev.wayleave.mesh;

import java.util.Optional;

/** The state of a node's control session: up, in grace, down or unknown. */
public enum Liveness {
    /** A session is up. */
    ONLINE,
    /** The last session went down a moment ago: the node keeps what it carries and gets nothing new. */
    GRACE,
    /** No session: the grace is over, or the node had no session since it was registered. */
    OFFLINE,
    /**
     * Not known: the node was registered before the control plane restarted, the restart grace runs, the node is no
     * router, and no session of it came yet. A router is in {@link #GRACE} or {@link #OFFLINE} then, because its last
     * presence is stored. A process that has no sessions ({@code RoutingState.restoreWithoutSessions}) never learns it,
     * not even for nodes that it registers itself.
     */
    UNKNOWN;

    /**
     * Returns whether the netmaps of other nodes show the node as online. A node in its grace is still shown so,
     * although its session is down: for the session itself compare with {@link #ONLINE}.
     *
     * @return true for {@link #ONLINE} and {@link #GRACE}, false for {@link #OFFLINE}; empty for {@link #UNKNOWN}
     */
    public Optional<Boolean> online() {
        return this == UNKNOWN ? Optional.empty() : Optional.of(this != OFFLINE);
    }
}
