package dev.wayleave.mesh;

/** What the host last found when it asked whether a node still forwards traffic. */
public enum Health {
    /** It forwards, or no check has reported otherwise. */
    HEALTHY,
    /** A probe or a report found that it does not. */
    UNHEALTHY
}
