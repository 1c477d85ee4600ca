package dev.wayleave.storage;

import dev.wayleave.row.StateRows;
import java.util.Objects;

/**
 * The content of a store for one tailnet at one revision.
 *
 * @param revision the revision that the rows have, 1 or more
 * @param token the token of the commit that made this revision
 * @param rows the durable part of the state
 */
public record StoredTailnet(Revision revision, CommitToken token, StateRows rows) {

    public StoredTailnet {
        Objects.requireNonNull(revision, "revision");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(rows, "rows");
    }
}
