package dev.wayleave.storage.internal;

import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.RowChanges.Rows;
import dev.wayleave.storage.LoggedCommit;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.StoredChanges;
import dev.wayleave.storage.StoredTailnet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A commit in the log of a store that keeps everything in memory, with the keys of what it changed.
 *
 * @param commit the commit
 * @param writesTailnet whether it wrote the row of the tailnet
 * @param users the keys of the users that it wrote and deleted
 * @param nodes the keys of the nodes
 * @param routes the keys of the routes
 */
public record LoggedChanges(
        LoggedCommit commit, boolean writesTailnet, Set<UserId> users, Set<NodeId> nodes, Set<RouteKey> routes) {

    /**
     * {@return a commit in the log}
     *
     * @param commit the commit
     * @param changes the rows that it wrote and deleted
     */
    public static LoggedChanges of(LoggedCommit commit, RowChanges changes) {
        return new LoggedChanges(
                commit,
                changes.tailnet().isPresent(),
                keys(changes.users(), User::id),
                keys(changes.nodes(), row -> row.facts().id()),
                keys(changes.routes(), RouteRow::key));
    }

    private static <R, K> Set<K> keys(Rows<R, K> rows, Function<R, K> key) {
        Set<K> keys = new HashSet<>(rows.deletes());
        rows.upserts().forEach(row -> keys.add(key.apply(row)));
        return Set.copyOf(keys);
    }

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
        List<LoggedChanges> later = new ArrayList<>();
        Optional<LoggedCommit> known = Optional.empty();
        for (LoggedChanges logged : log) {
            int order = logged.commit().revision().compareTo(since);
            if (order == 0) {
                known = Optional.of(logged.commit());
            } else if (order > 0) {
                later.add(logged);
            }
        }
        return known.map(
                commit -> new StoredChanges(since, commit.token(), now.revision(), now.token(), merged(later, now)));
    }

    private static RowChanges merged(List<LoggedChanges> later, StoredTailnet now) {
        boolean tailnet = later.stream().anyMatch(LoggedChanges::writesTailnet);
        return new RowChanges(
                tailnet ? now.rows().tailnet() : null,
                merged(later, LoggedChanges::users, now.rows().users(), User::id),
                merged(
                        later,
                        LoggedChanges::nodes,
                        now.rows().nodes(),
                        row -> row.facts().id()),
                merged(later, LoggedChanges::routes, now.rows().routes(), RouteRow::key));
    }

    /** A changed row that is there is listed as it is now; one that is not there is listed as deleted. */
    private static <R, K extends Comparable<? super K>> Rows<R, K> merged(
            List<LoggedChanges> later, Function<LoggedChanges, Set<K>> table, List<R> now, Function<R, K> key) {
        SortedSet<K> changed = new TreeSet<>();
        later.forEach(changes -> changed.addAll(table.apply(changes)));
        List<R> upserts =
                now.stream().filter(row -> changed.contains(key.apply(row))).toList();
        upserts.forEach(row -> changed.remove(key.apply(row)));
        return new Rows<>(upserts, List.copyOf(changed));
    }
}
