package dev.wayleave.access;

/** The setting that says which rules let a viewer use the exit routes of an exit node. */
public enum ExitRule {
    /**
     * Rules for {@code *}, {@code autogroup:internet}, a prefix of the public internet, or one that holds all of it.
     */
    INTERNET,

    /**
     * These, and rules that admit the viewer to the exit node's own address on all ports of every protocol; such a rule
     * then opens the public internet at that exit node for the same sources. Headscale documents one exit node per user
     * this way.
     */
    REACHABLE
}
