package dev.wayleave.mesh;

/** The result of the host's last check whether a node still forwards traffic. */
public enum Health {
    /** It forwards, or no check has reported otherwise. */
    HEALTHY,
    /** A probe or a report found that it does not. */
    UNHEALTHY
}
