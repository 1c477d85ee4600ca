package dev.wayleave.storage;

import dev.wayleave.row.RowChanges;
import java.util.Objects;

/**
 * What the commits of a tailnet after a known revision changed, in sum.
 *
 * <p>Immutable and safe for use by several threads. {@link RowChanges#applyTo} makes the rows of the newest revision of
 * those of the known one. Each changed row is listed once, as it is now: no commit in between can be read from it. A
 * row that was written and is as it was before may be listed, and the key of a row that was made and deleted since; a
 * row that no commit wrote is not.
 *
 * @param since the known revision
 * @param sinceToken the token of the commit that made the known revision: if it is not the token that the reader knows,
 *     the tailnet has another history than the reader's, and the changes are of no use to it
 * @param revision the newest revision; the known one if nothing was committed since
 * @param token the token of the commit that made the newest revision
 * @param rowChanges the changed rows, and the keys of the deleted ones, in the order of the keys; the routes of a
 *     deleted node are listed as well
 */
public record StoredChanges(
        Revision since, CommitToken sinceToken, Revision revision, CommitToken token, RowChanges rowChanges) {

    public StoredChanges {
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(sinceToken, "sinceToken");
        Objects.requireNonNull(revision, "revision");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(rowChanges, "rowChanges");
    }
}
