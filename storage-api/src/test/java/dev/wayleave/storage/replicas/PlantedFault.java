package dev.wayleave.storage.replicas;

/**
 * Faults that an implementation of the protocol could have. Each is planted into the model, and the search must find
 * it.
 */
enum PlantedFault {
    /** The correct protocol. */
    NONE,

    /** A commit does not compare the revision that it was decided on: it overwrites what other replicas wrote. */
    NO_REVISION_CHECK,

    /** A commit does not look for the writer's lease: a replica that was declared dead goes on writing. */
    NO_LEASE_CHECK,

    /** A lease is ended although it was renewed after the last look at it. */
    LEASE_ENDED_UNSEEN,

    /** The time in which the database did not answer counts as silence of the other replica. */
    OUTAGE_IS_SILENCE,

    /** A replica believes in its lease for its length after the answer of the renewal, and not after its request. */
    BELIEF_FROM_ANSWER,

    /** A replica that was frozen acts on its belief before it looks at its clock. */
    BELIEF_AFTER_FREEZE,

    /** A replica whose time is over reads on, and ends the leases of other replicas. */
    LEASE_ENDED_WITHOUT_BELIEF,

    /** A command whose commit is in doubt is decided again as a new one. */
    DOUBT_FORGOTTEN,

    /** A replica publishes what it has decided before the commit has succeeded. */
    PUBLISHED_TOO_EARLY,

    /** When a connection is closed, the replica ends the session of the row, although the row names a newer one. */
    ANY_SESSION_ENDED,

    /** Only the replica that ended a lease ends its sessions: if it dies in between, no replica does. */
    ENDED_BY_ONE_ALONE,

    /**
     * Leases and rows are read at different moments: the session of a replica that joined in between looks orphaned.
     */
    LEASES_READ_BEFORE_ROWS,

    /** The end of a session is written again for a router that is absent already: its grace begins anew. */
    GRACE_BEGINS_AGAIN
}
