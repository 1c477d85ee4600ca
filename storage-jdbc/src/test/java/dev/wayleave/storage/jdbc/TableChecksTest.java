package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.command.Command;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.Lease;
import dev.wayleave.storage.ReplicaId;
import dev.wayleave.storage.RoutingStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A row that no tailnet can have is refused by the tables themselves, from any program. */
class TableChecksTest {

    private static final Map<Database, DataSource> DATABASES = new EnumMap<>(Database.class);

    private static final String AT = "updated_at";

    /** Before every time of the stored rows. */
    private static final String BEFORE = "'2001-01-01T00:00:00.000Z'";

    private static final String UNDECIDED = "approved = false; approved_by = null; approved_at = null";
    private static final String NOT_ADVERTISED = "advertised = false; advertised_at = null";
    private static final String SESSION = "session_holder = 'one'; session_id = '7'; steady_since = " + AT;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void fill() {
        for (Database database : Database.all()) {
            DataSource created = database.create(folder);
            JdbcSchema.of(created).migrate();
            RoutingStore store = JdbcRoutingStore.open(created);
            store.joinReplica(new ReplicaId("one"), new CommitToken("start"), Duration.ofSeconds(15));
            Host.ofNew(store, new TailnetId("example.com"))
                    .does(users("7", "9"))
                    .does(users("7"))
                    .router(1, "10.20.0.0/16", "0.0.0.0/0", "::/0")
                    .approves(1, "10.20.0.0/16", "0.0.0.0/0", "::/0");
            DATABASES.put(database, created);
        }
    }

    private static Command users(String... ids) {
        return new Command.SetUsers(Users.of(Stream.of(ids)
                .map(id -> User.builder(new UserId(id), "user-" + id)
                        .email(id + "@example.com")
                        .build())
                .toArray(User[]::new)));
    }

    /** A row of a table with some columns changed: {@code column = expression; ...}. */
    private record Row(String table, String changes) {

        static Row node(String changes) {
            return new Row("node", changes);
        }

        static Row route(String changes) {
            return new Row("route", changes);
        }

        static Row user(String changes) {
            return new Row("users", changes);
        }

        static Row tailnet(String changes) {
            return new Row("tailnet", changes);
        }

        static Row replica(String changes) {
            return new Row("replica", changes);
        }

        static Row commit(String changes) {
            return new Row("commit_log", changes);
        }

        static Row deletion(String changes) {
            return new Row("deletion", changes);
        }

        static Row event(String changes) {
            return new Row("event", changes);
        }

        @Override
        public String toString() {
            return table + ": " + changes;
        }
    }

    private static final List<Row> POSSIBLE = List.of(
            Row.node(""),
            Row.node("tags = null; owner_user = '7'"),
            Row.node("tags = 'tag:a'"),
            Row.node("tags = 'tag:a,tag:b-2,tag:C'"),
            Row.node("registered_at = '1970-01-01T00:00:00Z'"),
            Row.node("registered_at = '2026-01-01T00:00:00.123456789Z'; key_expiry = '+1000000000-12-31T23:59:59Z'"),
            Row.node("registered_at = '-0044-03-15T12:00:00Z'"),
            Row.node("ipv4 = '100.64.0.9'; ipv6 = 'fd7a:115c:a1e0::9'"),
            Row.node("drain_since = '2026-01-01T00:00:00Z'; drain_by = 'alice'"),
            Row.node("drain_since = '2026-01-01T00:00:00Z'; drain_by = 'alice'; drain_until = '2026-01-02T00:00:00Z'"),
            Row.node("was_candidate = false; absent_since = " + AT),
            Row.node("was_candidate = false; absent_since = " + AT + "; grace_until = " + AT),
            Row.node("was_candidate = true; absent_since = " + AT + "; grace_until = " + AT),
            Row.node("was_candidate = false; absent_since = " + BEFORE + "; grace_until = " + AT),
            Row.node("unhealthy = true"),
            Row.node("session_holder = 'one'"),
            Row.node(SESSION),
            Row.route(""),
            Row.route("approved = false; approved_by = null; approved_at = null"),
            Row.route("approved = false; withdrawn = true"),
            Row.route("approved = false; approved_by = null; approved_at = null; "
                    + "denied = true; denied_by = 'alice'; denied_at = " + AT),
            Row.route("approved_by = 'policy routes 10.0.0.0/8 tag:router'"),
            Row.route("approved_by = 'policy routes fd00::/8 *'"),
            Row.route("approved_by = 'policy exitNode group:travellers'"),
            Row.route("approved_by = 'import headscale'"),
            Row.route("is_primary = true"),
            Row.route("steady_since = " + AT),
            Row.route("unhealthy = true"),
            Row.route("unhealthy = true; " + UNDECIDED),
            Row.route("advertised = false; advertised_at = null"),
            Row.route("advertised = false; advertised_at = null; approved = false; approved_by = null; "
                    + "approved_at = null; deleted_at = " + AT),
            Row.user(""),
            Row.user("email = null"),
            Row.tailnet(""),
            Row.tailnet("owner_epoch = 7"),
            Row.tailnet("owner = 'one'; owner_epoch = 1; owned_since = " + AT),
            Row.replica(""),
            Row.replica("renewals = 7; takeovers = 7"),
            Row.replica("lease_millis = 1"),
            Row.replica("lease_millis = " + Lease.LONGEST.toMillis()),
            Row.commit(""),
            Row.deletion(""),
            Row.event(""));

    private static final List<Row> IMPOSSIBLE = List.of(
            // an owner or tags, never both, never neither
            Row.node("owner_user = '7'"),
            Row.node("tags = null"),
            // a text that is there is not empty: no value takes an empty one, so that the tailnet could not be loaded
            Row.node("tags = ''"),
            Row.node("tags = null; owner_user = ''"),
            Row.node("host_key = ''"),
            Row.node("name = ''"),
            Row.node("drain_since = '2026-01-01T00:00:00Z'; drain_by = ''"),
            Row.node("session_holder = ''"),
            Row.node(SESSION + "; session_id = ''"),
            Row.user("user_id = ''"),
            Row.user("name = ''"),
            Row.user("email = ''"),
            Row.tailnet("tailnet = ''"),
            Row.tailnet("commit_token = ''"),
            Row.tailnet("settings = ''"),
            Row.tailnet("policy = ''"),
            Row.tailnet("owner = ''; owner_epoch = 1; owned_since = " + AT),
            Row.replica("replica_id = ''"),
            Row.replica("incarnation = ''"),
            Row.commit("commit_token = ''"),
            Row.deletion("row_key = ''"),
            Row.event("kind = ''"),
            Row.event("event = ''"),
            Row.event("actor = ''"),
            Row.event("approver = ''"),
            Row.node("registered_at = ''"),
            Row.node("key_expiry = ''"),
            Row.node("drain_since = ''; drain_by = 'alice'"),
            Row.node("drain_since = '2026-01-01T00:00:00Z'; drain_by = 'alice'; drain_until = ''"),
            // a text of a certain form has it
            Row.node("tags = 'router'"),
            Row.node("tags = 'tag:'"),
            Row.node("tags = 'TAG:a'"),
            Row.node("tags = 'tag:a,'"),
            Row.node("tags = ',tag:a'"),
            Row.node("tags = 'tag:a,b'"),
            Row.node("tags = 'tag:a,tag:'"),
            Row.node("tags = 'tag:,tag:a'"),
            Row.node("tags = 'tag:a, tag:b'"),
            Row.node("registered_at = 'once'"),
            Row.node("registered_at = '2026-01-01'"),
            Row.node("registered_at = '2026-01-01 00:00:00Z'"),
            Row.node("registered_at = '2026-01-01T00:00:00'"),
            Row.node("key_expiry = 'never'"),
            Row.node("drain_since = 'now'; drain_by = 'alice'"),
            Row.node("drain_since = '2026-01-01T00:00:00Z'; drain_by = 'alice'; drain_until = '2026-01-02'"),
            Row.tailnet("commit_token = 'a b'"),
            Row.replica("incarnation = 'a b'"),
            Row.commit("commit_token = 'a b'"),
            Row.route("approved_by = 'alice'"),
            Row.route("approved_by = 'administrator'"),
            Row.route("approved_by = 'administrator '"),
            Row.route("approved_by = 'policy'"),
            Row.route("approved_by = 'policy routes tag:router'"),
            Row.route("approved_by = 'policy exitNode '"),
            Row.route("approved_by = 'import '"),
            Row.event("approver = 'alice'"),
            Row.deletion("kind = 'route'; row_key = '1'"),
            Row.deletion("kind = 'route'; row_key = '10.0.0.0/8'"),
            Row.deletion("kind = 'node'; row_key = '1 10.0.0.0/8'"),
            // a word that is one of few is one of them
            Row.user("role = ''"),
            Row.user("role = 'KING'"),
            Row.user("role = 'admin'"),
            Row.deletion("kind = ''"),
            Row.deletion("kind = 'policy'"),
            Row.route("approved_by = ''"),
            Row.route(UNDECIDED + "; denied = true; denied_by = ''; denied_at = " + AT),
            Row.node("node = 0"),
            Row.node("node = -9"),
            // the node is drained by an actor since an instant, or not drained
            Row.node("drain_by = 'alice'"),
            Row.node("drain_since = '2026-01-01T00:00:00Z'"),
            Row.node("drain_until = '2026-01-01T00:00:00Z'"),
            // a grace has a beginning, and a candidate without a session is in its grace
            Row.node("grace_until = " + AT),
            Row.node("was_candidate = true; absent_since = " + AT),
            Row.node("was_candidate = false; absent_since = " + AT + "; grace_until = " + BEFORE),
            // a live session has a process and a time, and its node is not absent
            Row.node("session_holder = 'one'; session_id = '7'"),
            Row.node("session_id = '7'; steady_since = " + AT),
            Row.node("session_holder = 'one'; steady_since = " + AT),
            Row.node(SESSION + "; was_candidate = false; absent_since = " + AT),
            Row.node("ipv4 = 'fd00::9'"),
            Row.node("ipv6 = '100.64.0.9'"),
            // one of approved, denied and withdrawn at most
            Row.route("withdrawn = true"),
            Row.route("denied = true; denied_by = 'alice'; denied_at = " + AT),
            Row.route("approved = false; withdrawn = true; denied = true; denied_by = 'alice'; denied_at = " + AT),
            // by whom and when, with an approval and without one
            Row.route("approved_by = null"),
            Row.route("approved_at = null"),
            Row.route("approved = false"),
            Row.route("approved = false; approved_by = null"),
            Row.route("approved = false; approved_by = null; approved_at = null; denied = true; denied_by = 'alice'"),
            Row.route("approved = false; approved_by = null; approved_at = null; denied = true; denied_at = " + AT),
            Row.route("denied_by = 'alice'"),
            Row.route("denied_at = " + AT),
            // since when it is advertised, if it is
            Row.route("advertised = false"),
            Row.route("advertised_at = null"),
            // a primary is advertised, approved and a subnet route
            Row.route("is_primary = true; advertised = false; advertised_at = null"),
            Row.route("is_primary = true; approved = false; approved_by = null; approved_at = null"),
            Row.route("is_primary = true; approved = false; withdrawn = true"),
            Row.route("is_primary = true; prefix = '0.0.0.0/0'; node = 9"),
            Row.route("is_primary = true; prefix = '::/0'; node = 9"),
            // what an election reads of a candidate: only where the route can be elected
            Row.route("steady_since = " + AT + "; " + NOT_ADVERTISED),
            Row.route("steady_since = " + AT + "; " + UNDECIDED),
            Row.route("steady_since = " + AT + "; prefix = '0.0.0.0/0'; node = 9"),
            Row.route("steady_since = " + AT + "; prefix = '::/0'; node = 9"),
            Row.route("unhealthy = true; " + NOT_ADVERTISED),
            // a route lives, or is deleted
            Row.route("advertised = false; advertised_at = null; approved = false; approved_by = null; "
                    + "approved_at = null"),
            Row.route("deleted_at = " + AT),
            Row.tailnet("revision = 0"),
            Row.tailnet("revision = -1"),
            // an owner has an epoch and a time
            Row.tailnet("owner_epoch = -1"),
            Row.tailnet("owner = 'one'; owner_epoch = 1"),
            Row.tailnet("owner = 'one'; owned_since = " + AT),
            Row.tailnet("owner_epoch = 1; owned_since = " + AT),
            Row.replica("lease_millis = 0"),
            Row.replica("lease_millis = " + (Lease.LONGEST.toMillis() + 1)),
            Row.replica("renewals = -1"),
            Row.replica("takeovers = -1"));

    /** Addresses are one column in PostgreSQL, and flags and ranges are types there. */
    private static final List<Row> IMPOSSIBLE_RANGES = List.of(
            Row.route("family = 5"),
            Row.route("family = 6"),
            Row.route("first_address = last_address; last_address = first_address"),
            Row.route("first_address = '0'"),
            Row.route("prefix = ''"),
            Row.route("prefix = '10.30.0.0'"),
            Row.route("prefix = 'fd00::/16'"),
            Row.event("prefix = ''"),
            Row.event("prefix = '10.30.0.0'"),
            Row.node("ipv4 = 'here'"),
            Row.node("ipv4 = '100.64.0.9/32'"),
            Row.node("ipv6 = 'fd7a:115c:a1e0::9/128'"),
            Row.node("ipv4 = ''"),
            Row.node("ipv6 = ''"));

    private static final List<Row> IMPOSSIBLE_FLAGS = List.of(
            Row.node("ephemeral = 2"),
            Row.node("was_candidate = 2"),
            Row.node("unhealthy = 2"),
            Row.route("advertised = 2"),
            Row.route("unhealthy = 2"));

    /** Times are texts in SQLite. */
    private static final List<Row> IMPOSSIBLE_TIMES = List.of(
            Row.tailnet("owner = 'one'; owner_epoch = 1; owned_since = 'once'"),
            Row.replica("joined_at = '2026-01-01 00:00:00'"),
            Row.replica("renewed_at = 'once'"),
            Row.node("was_candidate = false; absent_since = '2026-01-01'"),
            Row.node("was_candidate = false; absent_since = " + BEFORE + "; grace_until = '3000'"),
            Row.node("session_holder = 'one'; session_id = '7'; steady_since = 'once'"),
            Row.route("advertised_at = 'once'"),
            Row.route("approved_at = '2026-01-01 00:00:00'"),
            Row.route(UNDECIDED + "; denied = true; denied_by = 'alice'; denied_at = 'once'"),
            Row.route("steady_since = 'once'"),
            Row.route(NOT_ADVERTISED + "; " + UNDECIDED + "; deleted_at = 'once'"),
            Row.commit("committed_at = 'once'"),
            Row.event("happened_at = 'once'"),
            Row.tailnet("owner = 'one'; owner_epoch = 1; owned_since = ''"),
            Row.replica("joined_at = ''"),
            Row.replica("renewed_at = ''"),
            Row.node("was_candidate = false; absent_since = ''"),
            Row.node("was_candidate = false; absent_since = ''; grace_until = ''"),
            Row.node("session_holder = 'one'; session_id = '7'; steady_since = ''"),
            Row.route("advertised_at = ''"),
            Row.route("approved_at = ''"),
            Row.route("approved = false; approved_by = null; approved_at = null; "
                    + "denied = true; denied_by = 'alice'; denied_at = ''"),
            Row.route("steady_since = ''"),
            Row.route("advertised = false; advertised_at = null; approved = false; approved_by = null; "
                    + "approved_at = null; deleted_at = ''"),
            Row.commit("committed_at = ''"),
            Row.event("happened_at = ''"));

    private static final List<Row> IMPOSSIBLE_MASKS =
            List.of(Row.node("ipv4 = '100.64.0.0/24'"), Row.node("ipv6 = 'fd7a:115c:a1e0::/64'"));

    static Stream<Arguments> possible() {
        List<Row> roles = Stream.of(Role.values())
                .map(role -> Row.user("role = '" + role + "'"))
                .toList();
        return Database.all().stream()
                .flatMap(database ->
                        Stream.concat(POSSIBLE.stream(), roles.stream()).map(row -> Arguments.of(database, row)));
    }

    static Stream<Arguments> impossible() {
        return Database.all().stream()
                .flatMap(database -> Stream.of(
                                IMPOSSIBLE.stream(),
                                database == Database.POSTGRESQL
                                        ? IMPOSSIBLE_MASKS.stream()
                                        : IMPOSSIBLE_RANGES.stream(),
                                database == Database.SQLITE
                                        ? Stream.concat(IMPOSSIBLE_FLAGS.stream(), IMPOSSIBLE_TIMES.stream())
                                        : Stream.<Row>empty())
                        .flatMap(rows -> rows)
                        .map(row -> Arguments.of(database, row)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("possible")
    void aPossibleRowIsTaken(Database database, Row row) throws SQLException {
        assertThat(insert(DATABASES.get(database), row)).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("impossible")
    void anImpossibleRowIsRefused(Database database, Row row) {
        assertThatThrownBy(() -> insert(DATABASES.get(database), row))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        error -> assertThat(error.getMessage().toLowerCase(Locale.ROOT))
                                .contains("wayleave_" + row.table() + "_"));
    }

    /** A copy of a stored row, under a key of its own and with the changes; nothing of it stays. */
    private static int insert(DataSource dataSource, Row row) throws SQLException {
        String table = "wayleave_" + row.table();
        String where = switch (row.table()) {
            case "route" -> " where prefix = '10.20.0.0/16'";
            case "commit_log" -> " where revision = 1";
            case "event" -> " where ordinal = 0 and revision = (select min(revision) from wayleave_event)";
            default -> "";
        };
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            if (row.table().equals("route")) {
                insert(statement, "wayleave_node", "", Map.of("node", "9", "host_key", "'9'"));
            }
            Map<String, String> expressions = new TreeMap<>(
                    switch (row.table()) {
                        case "node" -> Map.of("node", "9", "host_key", "'9'");
                        case "route" -> Map.of("node", "9", "is_primary", "false");
                        case "replica" -> Map.of("replica_id", "'other'");
                        case "users" -> Map.of("user_id", "'8'");
                        case "commit_log", "deletion", "event" -> Map.of("revision", "99");
                        default -> Map.of("tailnet", "'other.example.com'");
                    });
            for (String change : row.changes().split("; ")) {
                if (!change.isEmpty()) {
                    String[] parts = change.split(" = ", 2);
                    expressions.put(parts[0], parts[1]);
                }
            }
            try {
                return insert(statement, table, where, expressions);
            } finally {
                connection.rollback();
            }
        }
    }

    private static int insert(Statement statement, String table, String where, Map<String, String> expressions)
            throws SQLException {
        Map<String, String> columns = new LinkedHashMap<>();
        for (String column : columns(statement, table)) {
            columns.put(column, expressions.getOrDefault(column, column));
        }
        assertThat(columns).containsAllEntriesOf(expressions);
        return statement.executeUpdate("insert into " + table + " (" + String.join(", ", columns.keySet()) + ") select "
                + columns.values().stream().collect(Collectors.joining(", ")) + " from " + table + where);
    }

    private static List<String> columns(Statement statement, String table) throws SQLException {
        try (ResultSet rows = statement.executeQuery("select * from " + table + " where 1 = 0")) {
            ResultSetMetaData about = rows.getMetaData();
            List<String> names = new ArrayList<>();
            for (int i = 1; i <= about.getColumnCount(); i++) {
                names.add(about.getColumnLabel(i).toLowerCase(Locale.ROOT));
            }
            names.remove("id");
            return names;
        }
    }
}
