package dev.wayleave.storage.internal;

import dev.wayleave.mesh.User;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.RowChanges.Rows;
import dev.wayleave.storage.LoggedCommit;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.StoredChanges;
import dev.wayleave.storage.StoredTailnet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A commit in the log of a store that keeps everything in memory, with what it changed.
 *
 * @param commit the commit
 * @param rowChanges the rows that it wrote and deleted
 */
public record LoggedChanges(LoggedCommit commit, RowChanges rowChanges) {

    /**
     * Merges the changes of the commits after a revision: {@code RoutingStore.changes}. {@code O(n)} in the rows of the
     * tailnet.
     *
     * @param log the commits of the tailnet, the oldest first
     * @param now the tailnet as the last of them left it
     * @param since the known revision
     * @return each row that a later commit wrote or deleted, as it is now; empty if the log does not have the revision
     */
    public static Optional<StoredChanges> since(Collection<LoggedChanges> log, StoredTailnet now, Revision since) {
        List<RowChanges> later = new ArrayList<>();
        Optional<LoggedCommit> known = Optional.empty();
        for (LoggedChanges logged : log) {
            int order = logged.commit().revision().compareTo(since);
            if (order == 0) {
                known = Optional.of(logged.commit());
            } else if (order > 0) {
                later.add(logged.rowChanges());
            }
        }
        return known.map(
                commit -> new StoredChanges(since, commit.token(), now.revision(), now.token(), merged(later, now)));
    }

    private static RowChanges merged(List<RowChanges> later, StoredTailnet now) {
        boolean tailnet = later.stream().anyMatch(changes -> changes.tailnet().isPresent());
        return new RowChanges(
                tailnet ? now.rows().tailnet() : null,
                merged(later, RowChanges::users, now.rows().users(), User::id),
                merged(
                        later,
                        RowChanges::nodes,
                        now.rows().nodes(),
                        row -> row.facts().id()),
                merged(later, RowChanges::routes, now.rows().routes(), RouteRow::key));
    }

    /** A changed row that is there is listed as it is now; one that is not there is listed as deleted. */
    private static <R, K extends Comparable<? super K>> Rows<R, K> merged(
            List<RowChanges> later, Function<RowChanges, Rows<R, K>> table, List<R> now, Function<R, K> key) {
        SortedSet<K> changed = new TreeSet<>();
        for (RowChanges changes : later) {
            table.apply(changes).upserts().forEach(row -> changed.add(key.apply(row)));
            changed.addAll(table.apply(changes).deletes());
        }
        List<R> upserts =
                now.stream().filter(row -> changed.contains(key.apply(row))).toList();
        upserts.forEach(row -> changed.remove(key.apply(row)));
        return new Rows<>(upserts, List.copyOf(changed));
    }
}
