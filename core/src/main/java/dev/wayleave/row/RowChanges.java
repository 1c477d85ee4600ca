package dev.wayleave.row;

import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a step changed: what a host writes in one transaction, and nothing more.
 *
 * <p>All lists are in the order of the keys. Sessions, health and timers are not stored, except the absence of routers
 * and ephemeral nodes; where several processes share the tailnet, the sessions and the health of these nodes are
 * stored, too. A step that changes only what is not stored has an empty change.
 *
 * @param tailnetOrNull the row of the tailnet; null if it did not change
 * @param users users, by their keys
 * @param nodes nodes, by their numbers
 * @param routes prefixes on nodes
 */
public record RowChanges(
        @Nullable TailnetRow tailnetOrNull,
        Rows<User, UserId> users,
        Rows<NodeRow, NodeId> nodes,
        Rows<RouteRow, RouteKey> routes) {

    public RowChanges {
        Objects.requireNonNull(users, "users");
        Objects.requireNonNull(nodes, "nodes");
        Objects.requireNonNull(routes, "routes");
    }

    /** {@return the row of the tailnet; empty if it did not change} */
    public Optional<TailnetRow> tailnet() {
        return Optional.ofNullable(tailnetOrNull);
    }

    private static final RowChanges NONE = new RowChanges(null, Rows.none(), Rows.none(), Rows.none());

    /**
     * The changed rows of one table.
     *
     * @param upserts rows to insert, or to write over the row with the same key
     * @param deletes keys of rows to delete; with a node also those of its routes
     * @param <R> a row
     * @param <K> its key
     */
    public record Rows<R, K>(List<R> upserts, List<K> deletes) {

        public Rows {
            upserts = Copies.list(upserts, "upserts");
            deletes = Copies.list(deletes, "deletes");
        }

        /**
         * Returns the change of a table of which no row changed.
         *
         * @param <R> a row
         * @param <K> its key
         * @return no rows
         */
        public static <R, K> Rows<R, K> none() {
            return new Rows<>(List.of(), List.of());
        }

        /** {@return whether no row of the table changed} */
        public boolean isEmpty() {
            return upserts.isEmpty() && deletes.isEmpty();
        }

        private List<R> applyTo(List<R> rows, Function<R, K> key, Comparator<K> order) {
            Map<K, R> byKey = new TreeMap<>(order);
            rows.forEach(row -> byKey.put(key.apply(row), row));
            deletes.forEach(byKey::remove);
            upserts.forEach(row -> byKey.put(key.apply(row), row));
            return List.copyOf(byKey.values());
        }
    }

    /** {@return the change of a step that changes no row} */
    public static RowChanges none() {
        return NONE;
    }

    /** {@return whether there is nothing to write} */
    public boolean isEmpty() {
        return tailnetOrNull == null && users.isEmpty() && nodes.isEmpty() && routes.isEmpty();
    }

    /**
     * Returns what a store holds after it has written this change: the meaning of a change, for stores in memory and
     * for tests. {@code O(n log n)} in the rows.
     *
     * @param rows what it held before
     * @return the rows afterwards, in the order of the keys
     */
    public StateRows applyTo(StateRows rows) {
        Objects.requireNonNull(rows, "rows");
        return new StateRows(
                tailnet().orElse(rows.tailnet()),
                users.applyTo(rows.users(), User::id, Comparator.naturalOrder()),
                nodes.applyTo(rows.nodes(), row -> row.facts().id(), Comparator.naturalOrder()),
                routes.applyTo(rows.routes(), RouteRow::key, Comparator.naturalOrder()));
    }
}
