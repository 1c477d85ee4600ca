package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.approval.WithdrawalRule;
import dev.wayleave.command.Command;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.json.RoutingJson;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.row.StateRows;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitOutcome;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StoredEvent;
import dev.wayleave.storage.StoredRowsException;
import dev.wayleave.storage.StoredTailnet;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the tables hold, beside the promises of the port. */
class JdbcRoutingStoreTest {

    private static final String ROUTE = " from wayleave_route where node = 1 and prefix = '10.20.0.0/16'";

    @TempDir
    private Path folder;

    static List<Database> databases() {
        return Database.all();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void theLoadedStateIsTheStoredOneToTheLastField(Database database) {
        JdbcRoutingStore store = JdbcRoutingStore.open(database.migrated(folder));
        Host host = everything(Host.ofNew(store));
        StoredTailnet stored = store.load(Host.TAILNET).orElseThrow();
        assertThat(stored.revision()).isEqualTo(host.revision());
        assertThat(stored.rows()).isEqualTo(host.state().rows());
        assertThat(stored.rows().routes().stream()
                        .map(row -> row.status().getClass().getSimpleName()))
                .contains("Approved", "Denied", "Undecided");
    }

    /** Users, owners, addresses, times as fine as they can be, every approver, a drain, a denial. */
    private static Host everything(Host host) {
        User alice = User.builder(new UserId("7"), "älice \uD83D\uDE00")
                .email("alice@example.com")
                .role(Role.NETWORK_ADMIN)
                .build();
        Node laptop = Node.builder(new NodeId(3), "laptop", Owner.user(alice.id()))
                .hostKey("key:3")
                .address(IpAddress.parse("100.64.0.3"))
                .address(IpAddress.parse("fd7a:115c:a1e0::3"))
                .registeredAt(Instant.parse("2025-12-31T23:59:59.123456789Z"))
                .keyExpiry(Instant.parse("2027-01-01T00:00:00.000000001Z"))
                .ephemeral(true)
                .build();
        RoutingSettings settings = RoutingSettings.DEFAULT.toBuilder()
                .withdrawal(WithdrawalRule.REVOKE_APPROVAL)
                .priority(new NodeId(1), 5)
                .build();
        return host.does(
                        new Command.SetUsers(Users.of(List.of(
                                alice,
                                User.builder(new UserId("Z"), "zoe").build(),
                                User.builder(new UserId("a"), "adam").build()))),
                        new Command.SetSettings(settings),
                        new Command.SetPolicy(PolicyReader.read("""
                                {"groups": {"group:it": ["alice@example.com"]},
                                 "tagOwners": {"tag:router": ["group:it"]},
                                 "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router"]}, \
                                "exitNode": ["group:it"]}}""")),
                        new Command.RegisterNode(laptop))
                .router(1, "10.20.0.0/16", "10.30.0.0/16", "2001:db8::/32", "192.168.0.0/24")
                .router(2, "10.20.0.0/16", "0.0.0.0/0", "::/0")
                .advertises(3, "0.0.0.0/0", "::/0")
                .approves(1, "10.20.0.0/16", "2001:db8::/32", "172.16.0.0/12")
                .does(new Command.DrainNode(new NodeId(1), Instant.parse("2026-02-01T00:00:00.5Z"), true));
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aWithdrawnApprovalIsRemembered(Database database) {
        JdbcRoutingStore store = JdbcRoutingStore.open(database.migrated(folder));
        Host host = everything(Host.ofNew(store)).advertises(1, "10.20.0.0/16");
        StateRows rows = store.load(Host.TAILNET).orElseThrow().rows();
        assertThat(rows).isEqualTo(host.state().rows());
        assertThat(rows.routes().stream().map(row -> row.status().getClass().getSimpleName()))
                .contains("Withdrawn");
    }

    @ParameterizedTest
    @MethodSource("databases")
    void anUnknownTailnetIsEmpty(Database database) {
        assertThat(JdbcRoutingStore.open(database.migrated(folder)).load(new TailnetId("nobody's")))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aStaleRevisionIsAConflictAndWritesNothing(Database database) {
        JdbcRoutingStore store = JdbcRoutingStore.open(database.migrated(folder));
        Host one = Host.ofNew(store).router(1, "10.20.0.0/16");
        Host other = Host.restarted(store, Host.TAILNET);
        Commit late = other.commit(new Command.RemoveNode(new NodeId(1)));
        one.advertises(1, "10.20.0.0/16", "10.30.0.0/16");
        assertThat(store.commit(late)).isEqualTo(new CommitOutcome.Conflict());
        assertThat(store.load(Host.TAILNET).orElseThrow().rows())
                .isEqualTo(one.state().rows());
    }

    @ParameterizedTest
    @MethodSource("databases")
    void onlyOneFirstCommitSucceeds(Database database) {
        JdbcRoutingStore store = JdbcRoutingStore.open(database.migrated(folder));
        Host.ofNew(store).router(1, "10.20.0.0/16");
        assertThat(store.commit(Host.ofNew(store).commit())).isEqualTo(new CommitOutcome.Conflict());
    }

    @ParameterizedTest
    @MethodSource("databases")
    void operatorsReadOnWhoseWordARouteIsApproved(Database database) {
        DataSource dataSource = database.migrated(folder);
        everything(Host.ofNew(JdbcRoutingStore.open(dataSource)));
        assertThat(Database.query(dataSource, "select approved_by" + ROUTE))
                .containsExactly("policy routes 10.0.0.0/8 tag:router");
        assertThat(Database.query(dataSource, "select approved_by from wayleave_route where prefix = '2001:db8::/32'"))
                .containsExactly("administrator alice");
        assertThat(Database.query(dataSource, "select denied_by from wayleave_route where prefix = '10.30.0.0/16'"))
                .containsExactly("alice");
        assertThat(Database.query(dataSource, "select approved_by from wayleave_route where node = 3"))
                .containsOnly("policy exitNode group:it");
        assertThat(Database.query(
                        dataSource,
                        "select kind from wayleave_event where actor = 'alice' and correlation_id = 'request-1' "
                                + "and node = 1 and prefix = '10.20.0.0/16' order by revision, ordinal"))
                .containsExactly("route-advertised", "route-approved", "primary-elected");
    }

    @ParameterizedTest
    @MethodSource("databases")
    void operatorsReadInWordsWhySomethingHappened(Database database) {
        DataSource dataSource = database.migrated(folder);
        everything(Host.ofNew(JdbcRoutingStore.open(dataSource)));
        assertThat(Database.query(dataSource, "select reason from wayleave_event"))
                .isNotEmpty()
                .noneMatch(reason -> reason.contains("["));
        assertThat(Database.query(
                        dataSource,
                        "select reason from wayleave_event where kind = 'primary-elected' and prefix = '10.20.0.0/16'"
                                + " order by revision, ordinal"))
                .first()
                .asString()
                .startsWith("node 1");
    }

    @ParameterizedTest
    @MethodSource("databases")
    void operatorsReadFactsOfEventsInColumnsOfTheirOwn(Database database) {
        DataSource dataSource = database.migrated(folder);
        everything(Host.ofNew(JdbcRoutingStore.open(dataSource))).advertises(1, "10.30.0.0/16");
        assertThat(Database.query(
                        dataSource,
                        "select previous_node from wayleave_event where kind = 'primary-moved' and node = 2"
                                + " and prefix = '10.20.0.0/16'"))
                .containsExactly("1");
        assertThat(Database.query(
                        dataSource,
                        "select approver from wayleave_event where kind = 'route-approved' and node = 1"
                                + " and prefix = '10.20.0.0/16'"))
                .containsExactly("policy routes 10.0.0.0/8 tag:router");
        assertThat(Database.query(
                        dataSource,
                        "select approver from wayleave_event where kind = 'route-approved' and prefix = "
                                + "'2001:db8::/32'"))
                .containsExactly("administrator alice");
    }

    @ParameterizedTest
    @MethodSource("databases")
    void anEventThatNoTailnetCanHaveIsRefusedWithTableAndRow(Database database) {
        DataSource dataSource = database.migrated(folder);
        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource);
        everything(Host.ofNew(store));
        Database.execute(
                dataSource, "update wayleave_event set approver = 'policy exitNode *:*' where approver is not null");
        assertThatThrownBy(() -> store.events(Host.TAILNET, EventPosition.START, 1000))
                .isInstanceOf(StoredRowsException.class)
                .hasMessageContaining("wayleave_event")
                .hasMessageContaining("`policy exitNode *:*`");
    }

    @ParameterizedTest
    @MethodSource("databases")
    void anEventOfALaterVersionIsReadWithWhatItSays(Database database) {
        DataSource dataSource = database.migrated(folder);
        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource);
        everything(Host.ofNew(store));
        String later = """
                {"version":1,"kind":"route-sung","origin":{},"song":"la"}""";
        Database.execute(
                dataSource,
                "update wayleave_event set kind = 'route-sung', event = '" + later + "' where kind = 'route-approved'");

        List<StoredEvent> sung = store.events(Host.TAILNET, EventPosition.START, 1000).stream()
                .filter(event -> event.kind().equals("route-sung"))
                .toList();

        assertThat(sung).isNotEmpty();
        assertThat(sung).allSatisfy(event -> {
            assertThat(event.event()).isInstanceOf(RouteEvent.UnknownEvent.class);
            assertThat(RoutingJson.write(event.event())).isEqualTo(later);
            assertThat(event.prefix()).isPresent();
        });
    }

    @ParameterizedTest
    @MethodSource("databases")
    void anEventWhoseColumnsContradictIsRefused(Database database) {
        DataSource dataSource = database.migrated(folder);
        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource);
        everything(Host.ofNew(store));
        Database.execute(dataSource, "update wayleave_event set kind = 'node-removed' where kind = 'route-approved'");
        assertThatThrownBy(() -> store.events(Host.TAILNET, EventPosition.START, 1000))
                .isInstanceOf(StoredRowsException.class)
                .hasMessageContainingAll("kind is `node-removed`", "`route-approved`");
    }

    @ParameterizedTest
    @MethodSource("databases")
    void operatorsFindTheRoutesThatHoldAnAddress(Database database) {
        DataSource dataSource = database.migrated(folder);
        Host.ofNew(JdbcRoutingStore.open(dataSource)).router(1, "10.20.0.0/16", "10.0.0.0/8", "11.0.0.0/8", "::/0");
        String holds = database == Database.POSTGRESQL
                ? "prefix >>= inet '10.20.255.1'"
                : "family = 4 and '0a14ff01' between first_address and last_address";
        assertThat(Database.query(dataSource, "select prefix from wayleave_route where " + holds))
                .containsExactlyInAnyOrder("10.20.0.0/16", "10.0.0.0/8");
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aRouteThatComesBackHasItsOldId(Database database) {
        DataSource dataSource = database.migrated(folder);
        Host host = Host.ofNew(JdbcRoutingStore.open(dataSource)).router(1, "10.20.0.0/16");
        List<String> id = Database.query(dataSource, "select id" + ROUTE);
        host.at(Host.START.plusSeconds(60)).advertises(1, "10.30.0.0/16");
        assertThat(Database.query(dataSource, "select id" + ROUTE + " and deleted_at is not null"))
                .isEqualTo(id);
        host.at(Host.START.plusSeconds(120)).advertises(1, "10.20.0.0/16");
        assertThat(Database.query(dataSource, "select id" + ROUTE + " and deleted_at is null"))
                .isEqualTo(id);
        assertThat(Database.query(dataSource, "select count(*)" + ROUTE + " and created_at < updated_at"))
                .containsExactly("1");
    }

    @ParameterizedTest
    @MethodSource("databases")
    void nothingOfARemovedNodeRemainsButItsHistory(Database database) {
        DataSource dataSource = database.migrated(folder);
        Host.ofNew(JdbcRoutingStore.open(dataSource))
                .router(1, "10.20.0.0/16", "10.30.0.0/16")
                .advertises(1, "10.20.0.0/16")
                .does(new Command.RemoveNode(new NodeId(1)));
        assertThat(Database.query(dataSource, "select node from wayleave_route"))
                .isEmpty();
        assertThat(Database.query(dataSource, "select node from wayleave_node")).isEmpty();
        assertThat(Database.query(dataSource, "select kind from wayleave_event where node = 1"))
                .contains("node-removed");
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aPurgeTakesDeletedRoutesAndOldEventsAndNothingElse(Database database) {
        DataSource dataSource = database.migrated(folder);
        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource);
        Instant later = Host.START.plus(Duration.ofDays(30));
        Host host = Host.ofNew(store)
                .router(1, "10.20.0.0/16", "10.30.0.0/16")
                .advertises(1, "10.20.0.0/16")
                .at(later)
                .advertises(1, "10.20.0.0/16", "10.40.0.0/16")
                .advertises(1, "10.20.0.0/16");
        assertThat(store.purge(later, later).routes()).isEqualTo(1);
        assertThat(Database.query(dataSource, "select prefix from wayleave_route where deleted_at is not null"))
                .containsExactly("10.40.0.0/16");
        assertThat(Database.query(dataSource, "select kind from wayleave_event where prefix = '10.40.0.0/16'"))
                .contains("route-advertised", "route-withdrawn");
        assertThat(Database.query(dataSource, "select kind from wayleave_event where prefix <> '10.40.0.0/16'"))
                .isEmpty();
        assertThat(store.load(Host.TAILNET).orElseThrow().rows())
                .isEqualTo(host.state().rows());
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aPurgeGoesInPortionsAndTakesAllOfThem(Database database) {
        DataSource dataSource = database.migrated(folder);
        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource);
        Instant later = Host.START.plus(Duration.ofDays(30));
        Host.ofNew(store)
                .router(1, "10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16", "10.4.0.0/16", "10.5.0.0/16")
                .advertises(1);
        long events = store.events(Host.TAILNET, EventPosition.START, 1_000).size();

        assertThat(store.purge(later, later, 2)).isEqualTo(new PurgeResult(5, events));

        assertThat(store.events(Host.TAILNET, EventPosition.START, 1_000)).isEmpty();
        assertThat(Database.query(dataSource, "select id from wayleave_route")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void theLogKeepsTheLastTenThousandCommitsAndIsCutEachHundredth(Database database) {
        DataSource dataSource = database.migrated(folder);
        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource);
        Host.ofNew(store).does();
        long before = RoutingStore.LOGGED_COMMITS + 99;
        Database.execute(
                dataSource,
                "update wayleave_tailnet set revision = " + before,
                "insert into wayleave_commit_log select tailnet, 99, 'a', committed_at from wayleave_commit_log",
                "insert into wayleave_commit_log select tailnet, 100, 'b', committed_at from wayleave_commit_log "
                        + "where revision = 1",
                "insert into wayleave_commit_log select tailnet, 101, 'c', committed_at from wayleave_commit_log "
                        + "where revision = 1");

        Host.restarted(store, Host.TAILNET).does();

        assertThat(store.commits(Host.TAILNET, Revision.NONE, 10))
                .extracting(commit -> commit.revision().value())
                .containsExactly(101L, before + 1);
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aCommitJoinsTheTransactionOfTheHost(Database database) throws SQLException {
        DataSource dataSource = database.migrated(folder);
        Database.execute(dataSource, "create table machine (id integer primary key)");
        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource);
        Commit commit = Host.ofNew(store).commit();
        for (boolean keep : List.of(false, true)) {
            try (Connection connection = dataSource.getConnection()) {
                connection.setAutoCommit(false);
                try (var statement = connection.createStatement()) {
                    statement.execute("insert into machine values (1)");
                }
                assertThat(store.commit(connection, commit)).isEqualTo(new CommitOutcome.Committed(new Revision(1)));
                assertThat(connection.getAutoCommit()).isFalse();
                if (keep) {
                    connection.commit();
                } else {
                    connection.rollback();
                }
            }
            assertThat(store.load(Host.TAILNET).isPresent()).isEqualTo(keep);
            assertThat(Database.query(dataSource, "select id from machine")).hasSize(keep ? 1 : 0);
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aConflictInTheHostsTransactionLeavesItUsable(Database database) throws SQLException {
        DataSource dataSource = database.migrated(folder);
        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource);
        Commit commit = Host.ofNew(store).commit();
        Host.ofNew(store).does();
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            assertThat(store.commit(connection, commit)).isEqualTo(new CommitOutcome.Conflict());
            try (var statement = connection.createStatement()) {
                statement.execute("create table machine (id integer primary key)");
            }
            connection.commit();
        }
        assertThat(Database.query(dataSource, "select id from machine")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aConnectionWithoutATransactionIsRefused(Database database) throws SQLException {
        DataSource dataSource = database.migrated(folder);
        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource);
        try (Connection connection = dataSource.getConnection()) {
            assertThatThrownBy(() -> store.commit(connection, Host.ofNew(store).commit()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("turn that off");
        }
        assertThat(store.load(Host.TAILNET)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void theHostNamesTheTables(Database database) {
        DataSource dataSource = database.create(folder);
        TableNames names = database == Database.SQLITE ? new TableNames("main", "vpn_") : new TableNames("routing", "");
        if (database != Database.SQLITE) {
            Database.execute(dataSource, "create schema routing");
        }
        JdbcSchema.of(dataSource, names).migrate();
        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource, names);
        Host host = Host.ofNew(store).router(1, "10.20.0.0/16");
        assertThat(store.load(Host.TAILNET).orElseThrow().rows())
                .isEqualTo(host.state().rows());
        assertThat(Database.query(dataSource, "select prefix from " + names.tables() + "route"))
                .containsExactly("10.20.0.0/16");
        assertThatThrownBy(() -> JdbcRoutingStore.open(dataSource)).isInstanceOf(SchemaVersionException.class);
    }

    @ParameterizedTest
    @MethodSource("databases")
    void deletingTheRowOfATailnetDeletesItsRows(Database database) {
        DataSource dataSource = database.migrated(folder);
        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource);
        List<String> foreignKeys = database == Database.SQLITE
                ? List.of("pragma foreign_keys = off", "pragma foreign_keys = on")
                : List.of("select 1");
        for (String pragma : foreignKeys) {
            everything(Host.ofNew(store));
            Database.execute(dataSource, pragma, "delete from wayleave_tailnet");
            for (String table : List.of("users", "node", "route", "event", "commit_log", "deletion")) {
                assertThat(Database.query(dataSource, "select tailnet from wayleave_" + table))
                        .as(table)
                        .isEmpty();
            }
        }
        everything(Host.ofNew(store));
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aDeletedTailnetLeavesNoRowInAnyTable(Database database) {
        DataSource dataSource = database.migrated(folder);
        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource);
        // a router that goes leaves deleted rows of routes, too
        everything(Host.ofNew(store)).does(new Command.AdvertiseRoutes(new NodeId(1), List.of()));
        assertThat(store.delete(Host.TAILNET)).isTrue();
        for (String table : List.of("tailnet", "users", "node", "route", "event", "commit_log", "deletion")) {
            assertThat(Database.query(dataSource, "select tailnet from wayleave_" + table))
                    .as(table)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aKeyThatNoTailnetCanHaveIsNamedByTheList(Database database) {
        DataSource dataSource = database.migrated(folder);
        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource);
        Host.ofNew(store).router(1);
        Database.execute(
                dataSource,
                "insert into wayleave_tailnet select '\u0007', revision, commit_token, settings, policy, "
                        + "settings_revision, owner, owner_epoch, owned_since, created_at, updated_at from "
                        + "wayleave_tailnet");
        assertThatThrownBy(store::tailnets)
                .isInstanceOfSatisfying(
                        StoredRowsException.class,
                        refused -> assertThat(refused.rows())
                                .singleElement()
                                .satisfies(row -> assertThat(row.table()).isEqualTo("wayleave_tailnet")));
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aConnectionOfAPoolComesBackAsItWas(Database database) throws SQLException {
        DataSource dataSource = database.migrated(folder);
        try (Connection connection = dataSource.getConnection()) {
            JdbcRoutingStore store = JdbcRoutingStore.open(DataSources.over(connection));
            int isolation = connection.getTransactionIsolation();
            for (boolean autoCommit : List.of(true, false)) {
                connection.setAutoCommit(autoCommit);
                assertThat(store.load(Host.TAILNET).isPresent()).isNotEqualTo(autoCommit);
                assertThat(store.commit(Host.ofNew(store).commit())).isNotNull();
                assertThat(connection.getAutoCommit()).isEqualTo(autoCommit);
                connection.setAutoCommit(true);
                assertThat(connection.getTransactionIsolation()).isEqualTo(isolation);
            }
        }
    }
}
