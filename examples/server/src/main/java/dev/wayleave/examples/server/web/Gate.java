package dev.wayleave.examples.server.web;

import java.util.Optional;

/** Finds out who is asking; does not block. */
public interface Gate {

    /**
     * A caller, known by its key.
     *
     * @param key the number of the key, which limits are counted by
     * @param scope what it may do
     * @param name who it is, for records
     * @param node the node whose agent it is; 0 for other callers
     */
    record Caller(long key, Scope scope, String name, long node) {}

    /** The rights of a key. */
    enum Scope {
        /** Speak for one node. */
        AGENT,
        /** Read. */
        READ,
        /** Everything but speaking for a node. */
        OPERATE;

        /** Returns whether a key of this scope may do what asks for another. */
        boolean covers(Scope asked) {
            return this == asked || (this == OPERATE && asked == READ);
        }
    }

    /** Returns who has a key. Takes the same time whichever key it is. */
    Optional<Caller> caller(String key);
}
