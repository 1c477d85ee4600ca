package dev.wayleave.storage;

import dev.wayleave.row.RowChanges;
import java.util.Objects;

/**
 * The sum of the changes that the commits of a tailnet made after a known revision.
 *
 * <p>{@link RowChanges#applyTo} turns the rows of the known revision into those of the newest one. Each changed row is
 * listed once, as it is now, so the list does not show the commits in between. A row that commits wrote may be listed
 * even if it is as it was before, and a key even if its row was both made and deleted since. A row that no commit wrote
 * is never listed.
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
