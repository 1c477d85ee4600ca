package dev.wayleave.mesh;

/**
 * The rights of a user in the tailnet's administration; policies name the role as {@code autogroup:admin} and the like.
 */
public enum Role {
    // the tables of storage-jdbc check the names: add a new one to `users_role` in all three dialects
    /** An ordinary user. */
    MEMBER,
    /** May change everything except the owner. */
    ADMIN,
    /** May change access rules and routes. */
    NETWORK_ADMIN,
    /** The one who owns the tailnet. */
    OWNER,
    /** May manage users and nodes. */
    IT_ADMIN,
    /** May change what the tailnet costs. */
    BILLING_ADMIN,
    /** May see everything and change nothing. */
    AUDITOR
}
