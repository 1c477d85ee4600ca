package dev.wayleave.examples.benchmarks;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.event.Origin;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.json.RoutingJson;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.RowChanges;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitOutcome;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.jdbc.JdbcRoutingStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Commits of one route each, one by one: by the store, and the same statements by hand on the same connection.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(2)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 3)
public class StoreCommitBenchmark {

    private static final TailnetId TAILNET = new TailnetId("example.com");
    private static final Actor HOST = new Actor("host");
    private static final NodeId NODE = new NodeId(1);
    private static final Prefix PREFIX = Prefix.parse("10.20.0.0/16");
    private static final String PREFIX_TEXT = PREFIX.toString();
    private static final String EVENT =
            RoutingJson.write(new RouteEvent.RouteAdvertised(new Origin(new Actor("host"), null), NODE, PREFIX));

    @Param({"SQLITE", "POSTGRESQL"})
    private DatabaseUnderTest.Kind database;

    private DatabaseUnderTest opened;
    private JdbcRoutingStore store;
    private Step advertised;
    private Step withdrawn;
    private Revision revision;

    @Setup
    public void setUp() {
        opened = DatabaseUnderTest.open(database, 1);
        store = JdbcRoutingStore.open(opened.pool());
        RoutingState empty = RoutingState.empty(TAILNET, RoutingSettings.DEFAULT, RoutingTailnet.START);
        Node router = Node.builder(NODE, "router", Owner.tags("tag:router")).build();
        Step registered = step(empty, new Command.RegisterNode(router));
        revision = Revision.NONE;
        RowChanges rows = registered.rowChanges();
        write(
                new RowChanges(registered.next().rows().tailnet(), rows.users(), rows.nodes(), rows.routes()),
                registered.events());
        advertised = step(registered.next(), new Command.AdvertiseRoutes(NODE, List.of(PREFIX)));
        withdrawn = step(advertised.next(), new Command.AdvertiseRoutes(NODE, List.of()));
    }

    private static Step step(RoutingState state, Command command) {
        return Routing.step(state, List.of(Submission.of(HOST, command)), RoutingTailnet.START);
    }

    private void write(RowChanges change, List<RouteEvent> events) {
        CommitToken before = revision.equals(Revision.NONE) ? null : token(revision);
        CommitOutcome outcome = store.commit(
                new Commit(TAILNET, revision, before, token(revision.next()), RoutingTailnet.START, change, events));
        if (!(outcome instanceof CommitOutcome.Committed committed)) {
            throw new IllegalStateException(outcome.toString());
        }
        revision = committed.revision();
    }

    private static CommitToken token(Revision made) {
        return new CommitToken("token-" + made.value());
    }

    @Benchmark
    public void byTheStore() {
        Step step = isAdvertised() ? withdrawn : advertised;
        write(step.rowChanges(), step.events());
    }

    private boolean isAdvertised() {
        return revision.value() % 2 == 0;
    }

    @Benchmark
    public void byHand() throws SQLException {
        try (Connection connection = opened.pool().getConnection()) {
            if (database == DatabaseUnderTest.Kind.SQLITE) {
                try (PreparedStatement pragma = connection.prepareStatement("pragma synchronous = full")) {
                    pragma.execute();
                }
            }
            connection.setAutoCommit(false);
            long next = revision.next().value();
            advance(connection, next);
            boolean advertise = !isAdvertised();
            route(connection, next, advertise);
            int events = (advertise ? advertised : withdrawn).events().size();
            events(connection, next, events);
            log(connection, next);
            connection.commit();
            connection.setAutoCommit(true);
            revision = revision.next();
        }
    }

    private void advance(Connection connection, long next) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "update wayleave_tailnet set revision = ?, commit_token = ?, updated_at = ? where tailnet = ? and "
                        + "revision = ?")) {
            statement.setLong(1, next);
            statement.setString(2, "token-" + next);
            time(statement, 3, RoutingTailnet.START);
            statement.setString(4, TAILNET.value());
            statement.setLong(5, next - 1);
            if (statement.executeUpdate() != 1) {
                throw new IllegalStateException("conflict");
            }
        }
    }

    private void route(Connection connection, long next, boolean advertise) throws SQLException {
        boolean sqlite = database == DatabaseUnderTest.Kind.SQLITE;
        try (PreparedStatement statement = connection.prepareStatement(routeUpsert(sqlite))) {
            int i = 0;
            statement.setString(++i, TAILNET.value());
            statement.setLong(++i, NODE.value());
            statement.setString(++i, PREFIX_TEXT);
            if (sqlite) {
                statement.setLong(++i, 4);
                statement.setString(++i, "0a140000");
                statement.setString(++i, "0a14ffff");
            }
            statement.setBoolean(++i, advertise);
            time(statement, ++i, advertise ? RoutingTailnet.START : null);
            statement.setBoolean(++i, false);
            statement.setNull(++i, Types.VARCHAR);
            time(statement, ++i, null);
            statement.setBoolean(++i, false);
            statement.setNull(++i, Types.VARCHAR);
            time(statement, ++i, null);
            statement.setBoolean(++i, false);
            statement.setBoolean(++i, false);
            statement.setBoolean(++i, false);
            time(statement, ++i, null);
            statement.setLong(++i, next);
            time(statement, ++i, RoutingTailnet.START);
            time(statement, ++i, RoutingTailnet.START);
            time(statement, ++i, advertise ? null : RoutingTailnet.START);
            statement.addBatch();
            statement.executeBatch();
        }
    }

    private static String routeUpsert(boolean sqlite) {
        String range = sqlite ? "family, first_address, last_address, " : "";
        String excluded = sqlite
                ? "family = excluded.family, first_address = excluded.first_address, "
                        + "last_address = excluded.last_address, "
                : "";
        return "insert into wayleave_route (tailnet, node, prefix, " + range
                + "advertised, advertised_at, approved, approved_by, approved_at, denied, denied_by, "
                + "denied_at, withdrawn, is_primary, unhealthy, steady_since, revision, created_at, "
                + "updated_at, deleted_at) "
                + "values (?, ?, "
                + (sqlite ? "?, ?, ?, ?" : "cast(? as cidr)")
                + ", ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                + "on conflict (tailnet, node, prefix) do update set "
                + excluded
                + "advertised = excluded.advertised, advertised_at = excluded.advertised_at, "
                + "approved = excluded.approved, "
                + "approved_by = excluded.approved_by, approved_at = excluded.approved_at, "
                + "denied = excluded.denied, denied_by = excluded.denied_by, denied_at = excluded.denied_at, "
                + "withdrawn = excluded.withdrawn, is_primary = excluded.is_primary, "
                + "unhealthy = excluded.unhealthy, steady_since = excluded.steady_since, "
                + "revision = excluded.revision, updated_at = excluded.updated_at, "
                + "deleted_at = excluded.deleted_at";
    }

    private void events(Connection connection, long revision, int count) throws SQLException {
        String prefix = database == DatabaseUnderTest.Kind.SQLITE ? "?" : "cast(? as cidr)";
        try (PreparedStatement statement = connection.prepareStatement(
                "insert into wayleave_event (tailnet, revision, ordinal, happened_at, actor, correlation_id, kind, "
                        + "node, previous_node, prefix, approver, reason, event) values (?, ?, ?, ?, ?, ?, ?, ?, ?, "
                        + prefix + ", ?, ?, ?)")) {
            for (int ordinal = 0; ordinal < count; ordinal++) {
                statement.setString(1, TAILNET.value());
                statement.setLong(2, revision);
                statement.setLong(3, ordinal);
                time(statement, 4, RoutingTailnet.START);
                statement.setString(5, "host");
                statement.setNull(6, Types.VARCHAR);
                statement.setString(7, "route-advertised");
                statement.setLong(8, NODE.value());
                statement.setNull(9, Types.BIGINT);
                statement.setString(10, PREFIX_TEXT);
                statement.setNull(11, Types.VARCHAR);
                statement.setString(12, "the node says so");
                statement.setString(13, EVENT);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private void log(Connection connection, long revision) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "insert into wayleave_commit_log (tailnet, revision, commit_token, committed_at) "
                        + "values (?, ?, ?, ?)")) {
            statement.setString(1, TAILNET.value());
            statement.setLong(2, revision);
            statement.setString(3, "token-" + revision);
            time(statement, 4, RoutingTailnet.START);
            statement.executeUpdate();
        }
    }

    private void time(PreparedStatement statement, int index, Instant time) throws SQLException {
        if (database == DatabaseUnderTest.Kind.SQLITE) {
            statement.setString(index, time == null ? null : "2026-01-01T00:00:00.000Z");
        } else if (time == null) {
            statement.setNull(index, Types.TIMESTAMP_WITH_TIMEZONE);
        } else {
            statement.setObject(index, time.atOffset(ZoneOffset.UTC));
        }
    }

    @TearDown
    public void tearDown() {
        opened.close();
    }
}
