package dev.wayleave.storage;

import java.time.Instant;
import java.util.Objects;

/**
 * A commit in the log of a tailnet: which commit made a revision, and when.
 *
 * @param revision the revision that it made, 1 or more
 * @param token the token that it left
 * @param at the time of its step, in whole milliseconds
 */
public record LoggedCommit(Revision revision, CommitToken token, Instant at) {

    public LoggedCommit {
        Objects.requireNonNull(revision, "revision");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(at, "at");
    }
}
