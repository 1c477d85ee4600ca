package dev.wayleave.election;

/** The treatment of a prefix whose candidates are all gone. */
public enum OfflineRule {
    /** It has no primary and is withdrawn from every viewer. */
    WITHDRAW,
    /**
     * The last primary stays primary, marked as kept, so that viewers' traffic for the prefix leads nowhere rather than
     * elsewhere (as Tailscale does).
     */
    KEEP_LAST
}
