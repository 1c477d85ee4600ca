package dev.wayleave.storage.jdbc;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.RowChanges;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.jdbc.Column.Kind;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The table of the keys of deleted rows, each with the revision whose commit deleted it, so that a process that follows
 * the tailnet deletes them, too. A deleted route has a row here besides its row in the table of routes, which the
 * deletion of its node or a purge takes away.
 */
final class DeletionTable {

    private static final String USER = "user";
    private static final String NODE = "node";
    private static final String ROUTE = "route";

    private DeletionTable() {}

    /** A row without tailnet and revision: the key of a route is its node and its prefix, with a blank between them. */
    record Deletion(String kind, String key) {

        @Override
        public String toString() {
            return kind + " " + key;
        }
    }

    static ImmutableList<Column> columns() {
        return ImmutableList.of(
                Column.key("tailnet", Kind.TEXT),
                Column.key("revision", Kind.NUMBER),
                Column.key("kind", Kind.TEXT),
                Column.key("row_key", Kind.TEXT));
    }

    // ---- writing

    /** {@return the deletions of a commit, each once} */
    static List<Deletion> deletions(RowChanges change) {
        ImmutableSet.Builder<Deletion> deletions = ImmutableSet.builder();
        change.users().deletes().forEach(user -> deletions.add(new Deletion(USER, user.value())));
        change.nodes().deletes().forEach(node -> deletions.add(new Deletion(NODE, node.toString())));
        change.routes().deletes().forEach(route -> deletions.add(new Deletion(ROUTE, text(route))));
        return deletions.build().asList();
    }

    private static String text(RouteKey route) {
        return route.node() + " " + route.prefix();
    }

    static void fill(Parameters parameters, TailnetId tailnet, Revision revision, Deletion deletion)
            throws SQLException {
        parameters
                .text(tailnet.value())
                .number(revision.value())
                .text(deletion.kind())
                .text(deletion.key())
                .endOfRow();
    }

    // ---- reading

    static String select(Tables tables) {
        return "select kind, row_key from " + tables.deletion + " where tailnet = ?";
    }

    /** The keys that commits deleted. Rows with these keys may have been written again afterwards. */
    record Deleted(SortedSet<UserId> users, SortedSet<NodeId> nodes, SortedSet<RouteKey> routes) {

        Deleted() {
            this(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
        }

        /** Adds the key of a row. Refuses what no commit writes. */
        void add(Deletion deletion) {
            String key = deletion.key();
            switch (deletion.kind()) {
                case USER -> users.add(new UserId(key));
                case NODE -> nodes.add(node(key));
                case ROUTE -> {
                    String[] parts = key.split(" ", 2);
                    if (parts.length < 2) {
                        throw new IllegalArgumentException(
                                "row_key `" + key + "` is not a node and a prefix with a blank between them");
                    }
                    routes.add(new RouteKey(node(parts[0]), Prefix.parse(parts[1])));
                }
                default ->
                    throw new IllegalArgumentException(
                            "kind `" + deletion.kind() + "` is none of `user`, `node` and `route`");
            }
        }

        private static NodeId node(String number) {
            return new NodeId(Long.parseLong(number));
        }
    }
}
