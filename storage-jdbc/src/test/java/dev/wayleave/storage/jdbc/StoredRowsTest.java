package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.StorageException;
import dev.wayleave.storage.StoredRowsException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rows that another program wrote past the library and that no state can have: refused by table and key, and left as
 * they are. The tables' own checks are off here: an operator can drop them, and {@link TableChecksTest} is about them.
 */
class StoredRowsTest {

    private static final String ROUTE = "node 1, 10.20.0.0/16";

    @TempDir
    private static Path folder;

    private static final Map<Database, DataSource> DATABASES = new EnumMap<>(Database.class);
    private static int tests;

    private final TailnetId tailnet = new TailnetId("tailnet-" + tests++);

    /** One database for all tests, in which each has its own tailnet. */
    private DataSource stored(Database database) {
        DataSource dataSource = DATABASES.computeIfAbsent(database, kind -> {
            DataSource created = kind.create(folder);
            JdbcSchema.of(created).migrate();
            database.dropChecks(created);
            return created;
        });
        Host.ofNew(JdbcRoutingStore.open(dataSource), tailnet)
                .router(1, "10.20.0.0/16")
                .router(2, "10.20.0.0/16", "::/0")
                .approves(1, "10.20.0.0/16")
                .approves(2, "10.20.0.0/16", "::/0");
        return dataSource;
    }

    /** The change, the key that is named, and the facts that the message has in this order. */
    static Stream<Arguments> changes() {
        List<String[]> changes = List.of(
                new String[] {
                    "update wayleave_route set approved = false, approved_by = null, approved_at = null where node = 1",
                    ROUTE,
                    "primary … approved"
                },
                new String[] {
                    "update wayleave_route set advertised = false where node = 1", ROUTE, "primary … advertised"
                },
                new String[] {
                    "update wayleave_route set advertised_at = null where node = 1", ROUTE, "advertised_at … advertised"
                },
                new String[] {
                    "update wayleave_route set is_primary = true where node = 2 and prefix = '10.20.0.0/16'",
                    "node 2, 10.20.0.0/16",
                    "prefix … node 1"
                },
                new String[] {
                    "update wayleave_route set is_primary = true where prefix = '::/0' and node = 2",
                    "node 2, ::/0",
                    "exit routes … none"
                },
                new String[] {
                    "update wayleave_route set approved = false, approved_by = null, denied = true, denied_by = 'bob', "
                            + "denied_at = approved_at, approved_at = null where prefix = '::/0' and node = 2",
                    "node 2, ::/0",
                    "one … exit routes … denied"
                },
                new String[] {
                    "update wayleave_node set owner_user = '7', tags = null where node = 2",
                    "2",
                    "owner `7` … `wayleave_users`"
                },
                new String[] {"update wayleave_route set approved_by = 'the cat' where node = 1", ROUTE, "`the cat`"},
                new String[] {
                    "update wayleave_route set approved_by = 'policy routes 10.0.0.0/8 *:*' where node = 1",
                    ROUTE,
                    "`*:*`"
                },
                new String[] {"update wayleave_route set approved_by = null where node = 1", ROUTE, "approved_by"},
                new String[] {"update wayleave_route set deleted_at = updated_at where node = 1", ROUTE, "deleted"},
                new String[] {"update wayleave_route set denied = true where node = 1", ROUTE, "more than one of"},
                new String[] {"update wayleave_route set withdrawn = true where node = 1", ROUTE, "more than one of"},
                new String[] {
                    "update wayleave_route set denied_by = 'bob' where node = 1", ROUTE, "denied_by and denied_at"
                },
                new String[] {
                    "update wayleave_route set advertised = false, approved = false, approved_by = null, "
                            + "approved_at = null where prefix = '::/0' and node = 2",
                    "node 2, ::/0",
                    "advertised nor"
                },
                new String[] {"update wayleave_node set registered_at = 'once' where node = 2", "2", "once"},
                new String[] {
                    "update wayleave_node set grace_until = updated_at where node = 2", "2", "grace_until needs"
                },
                new String[] {"update wayleave_node set absent_since = updated_at where node = 2", "2", "candidate"},
                new String[] {"update wayleave_node set tags = 'router' where node = 2", "2", "`router` … tag"},
                new String[] {"update wayleave_node set tags = null where node = 2", "2", "owner_user or tags"},
                new String[] {"update wayleave_node set owner_user = '7' where node = 2", "2", "and not both"},
                new String[] {"update wayleave_node set host_key = '1' where node = 2", "2", "the same host_key"},
                new String[] {"update wayleave_node set ipv4 = 'fd00::1' where node = 2", "2", "the other family"},
                new String[] {"update wayleave_node set drain_by = 'bob' where node = 2", "2", "go together"},
                new String[] {
                    "insert into wayleave_users (tailnet, user_id, name, role, shared_in, revision, created_at, "
                            + "updated_at) values ('example.com', '7', 'bob', 'KING', false, 1, "
                            + "'2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')",
                    "7",
                    "role `KING`"
                },
                new String[] {"update wayleave_tailnet set settings = '{'", "", "settings"},
                new String[] {"""
                        update wayleave_tailnet set policy = '{"acls": 5}'""", "", "expected a list"},
                new String[] {"update wayleave_tailnet set revision = 0", "", "revision `0`"},
                new String[] {"update wayleave_tailnet set commit_token = 'a b'", "", "commit token"});
        return Database.all().stream()
                .flatMap(database ->
                        changes.stream().map(change -> Arguments.of(database, change[0], change[1], change[2])));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("changes")
    void aRowThatContradictsItselfOrOthersIsRefused(Database database, String change, String key, String reason) {
        DataSource dataSource = stored(database);
        change(dataSource, change);
        assertRefused(dataSource, change.replaceAll(".*(wayleave_\\w+).*", "$1"), key, reason);
    }

    private void change(DataSource dataSource, String change) {
        String ours = "tailnet = '" + tailnet + "'";
        Database.execute(
                dataSource,
                dataSource == DATABASES.get(Database.SQLITE) ? "pragma ignore_check_constraints = on" : "select 1",
                change.startsWith("insert")
                        ? change.replace("example.com", tailnet.value())
                        : change + (change.contains(" where ") ? " and " : " where ") + ours);
    }

    private void assertRefused(DataSource dataSource, String table, String key, String reason) {
        List<String> before = dump(dataSource);
        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource);
        assertThatThrownBy(() -> store.load(tailnet))
                .isInstanceOfSatisfying(
                        StoredRowsException.class,
                        e -> assertThat(e.rows()).singleElement().satisfies(row -> {
                            assertThat(row.table()).isEqualTo(table);
                            assertThat(row.key()).startsWith(tailnet.value()).endsWith(key);
                            assertThat(row.reason()).containsSubsequence(reason.split(" … "));
                        }))
                .isInstanceOf(StorageException.class);
        assertThat(dump(dataSource)).isEqualTo(before);
    }

    private static List<String> dump(DataSource dataSource) {
        return Stream.of("tailnet", "users", "node", "route")
                .flatMap(table -> Database.query(dataSource, "select updated_at from wayleave_" + table).stream())
                .toList();
    }

    /** PostgreSQL refuses these before they are stored. */
    static List<Database> withoutPrefixes() {
        return List.of(Database.SQLITE, Database.H2);
    }

    @ParameterizedTest
    @MethodSource("withoutPrefixes")
    void aPrefixWithHostBitsIsRefused(Database database) {
        DataSource dataSource = stored(database);
        change(dataSource, "update wayleave_route set prefix = '10.20.0.1/16' where node = 1");
        assertRefused(dataSource, "wayleave_route", "node 1, 10.20.0.1/16", "`10.20.0.0/16`");
    }

    @ParameterizedTest
    @MethodSource("withoutPrefixes")
    void aPrefixInAnotherSpellingIsRefused(Database database) {
        DataSource dataSource = stored(database);
        change(dataSource, "update wayleave_route set prefix = '0::/0' where prefix = '::/0'");
        assertRefused(dataSource, "wayleave_route", "node 2, 0::/0", "`::/0`");
    }

    @ParameterizedTest
    @MethodSource("orphans")
    void aRouteOfNoNodeIsRefused(Database database) {
        DataSource dataSource = stored(database);
        String free = database == Database.POSTGRESQL
                ? "alter table wayleave_route drop constraint wayleave_route_tailnet_node_fkey"
                : database == Database.H2 ? "set referential_integrity false" : "select 1";
        Database.execute(dataSource, free);
        change(dataSource, "update wayleave_route set node = 9 where node = 1");
        assertRefused(dataSource, "wayleave_route", "node 9, 10.20.0.0/16", "node … `wayleave_node`");
    }

    static List<Database> orphans() {
        return Database.all();
    }

    @Test
    void allRowsAreNamedAtOnce() {
        DataSource dataSource = stored(Database.SQLITE);
        change(dataSource, "update wayleave_route set approved_by = 'x'");
        assertThatThrownBy(() -> JdbcRoutingStore.open(dataSource).load(tailnet))
                .isInstanceOfSatisfying(
                        StoredRowsException.class, e -> assertThat(e.rows()).hasSize(4));
    }
}
