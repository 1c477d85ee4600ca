package dev.wayleave.storage.jdbc;

import com.google.common.collect.ImmutableList;
import dev.wayleave.storage.jdbc.Column.Kind;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The statements over the tables of one store, as texts; {@link RowWriter} lists what a new column needs. Made once.
 */
final class Tables {

    /** The condition of a statement in a commit that claims to be the owner's. */
    static final String CLAIMED = " and owner_epoch = ? and coalesce(owner, '') = ?";

    /** The condition of a select that reads only rows that commits after a revision wrote. */
    static final String SINCE = " and revision > ?";

    /** Changed rows of a table are counted up to this number. */
    static final int FEW = 1_000;

    /** The row of a tailnet at a revision; made by the commit with this token, unless the token is null. */
    private static final String EXPECTED = "tailnet = ? and revision = ? and commit_token = coalesce(?, commit_token)";

    final String tailnet;
    final String users;
    final String node;
    final String route;
    final String event;
    final String commitLog;
    final String deletion;
    final String replica;

    final String insertTailnet;
    final String advance;
    final String advanceAndReplace;
    final String upsertUser;
    final String deleteUser;
    final String upsertNode;
    final String deleteNode;
    final String upsertRoute;
    final String insertEvent;
    final String insertLogged;
    final String insertDeletion;
    final String deleteTailnet;
    final String lockTailnet;

    final String selectTailnet;
    final String selectNewest;
    final String selectUsers;
    final String selectNodes;
    final String selectRoutes;
    final String selectEventsAfter;
    final String selectEventsBefore;
    final String selectLog;
    final String purgeRoutes;
    final String purgeEvents;

    /** A table, and the columns of it that this library uses. */
    record Content(String name, ImmutableList<String> columns) {

        static Content of(String name, List<Column> columns) {
            return new Content(name, columns.stream().map(Column::name).collect(ImmutableList.toImmutableList()));
        }
    }

    /** For a library that knows the versions up to this one. */
    Tables(Dialect dialect, TableNames names, int known) {
        this.tailnet = names.tables() + "tailnet";
        this.users = names.tables() + "users";
        this.node = names.tables() + "node";
        this.route = names.tables() + "route";
        this.event = names.tables() + "event";
        this.commitLog = names.tables() + "commit_log";
        this.deletion = names.tables() + "deletion";
        this.replica = names.tables() + "replica";
        String text = dialect.parameter(Kind.LONG_TEXT);
        String time = dialect.parameter(Kind.TIME);
        String expected = EXPECTED + " and not exists (select 1 from " + names.tables()
                + "schema_version where min_writer > " + known + ")";
        this.insertTailnet = dialect.insertIfAbsent(tailnet, tailnetColumns());
        this.advance = "update " + tailnet + " set revision = ?, commit_token = ?, updated_at = " + time + " where "
                + expected;
        this.advanceAndReplace = "update " + tailnet + " set revision = ?, commit_token = ?, settings = " + text
                + ", policy = " + text + ", settings_revision = ?, updated_at = " + time + " where " + expected;
        this.upsertUser = dialect.upsert(users, RowWriter.userColumns());
        this.deleteUser = "delete from " + users + " where tailnet = ? and user_id = ?";
        this.upsertNode = dialect.upsert(node, RowWriter.nodeColumns());
        this.deleteNode = "delete from " + node + " where tailnet = ? and node = ?";
        this.upsertRoute = dialect.upsert(route, RowWriter.routeColumns(dialect));
        this.insertEvent = insert(dialect, event, RowWriter.eventColumns());
        this.insertLogged = insert(dialect, commitLog, logColumns());
        this.insertDeletion = insert(dialect, deletion, DeletionTable.columns());
        this.lockTailnet = "update " + tailnet + " set revision = revision where tailnet = ?";
        this.deleteTailnet = "delete from " + tailnet + " where tailnet = ?";
        this.selectTailnet = "select revision, commit_token, settings, policy from " + tailnet + " where tailnet = ?";
        this.selectNewest = selectNewest(names);
        this.selectUsers = "select user_id, name, email, role, shared_in from " + users + " where tailnet = ?";
        this.selectNodes = "select node, host_key, name, owner_user, tags, ipv4, ipv6, registered_at, key_expiry, "
                + "ephemeral, drain_since, drain_until, drain_by, was_candidate, absent_since, grace_until, "
                + "session_holder, session_id, unhealthy, steady_since from " + node + " where tailnet = ?";
        this.selectRoutes = "select node, prefix, advertised, approved, approved_by, approved_at, denied, denied_by, "
                + "denied_at, withdrawn, is_primary, deleted_at is not null, advertised_at, unhealthy, "
                + "steady_since from " + route + " where tailnet = ?"
                + " and (deleted_at is null or advertised or approved or denied or withdrawn or is_primary)";
        String selectEvents =
                "select revision, ordinal, happened_at, actor, correlation_id, kind, node, previous_node, prefix, "
                        + "approver, reason, event from " + event + " where tailnet = ? and (revision, ordinal) ";
        this.selectEventsAfter = selectEvents + "> (?, ?) order by revision, ordinal limit ?";
        this.selectEventsBefore = selectEvents + "< (?, ?) order by revision desc, ordinal desc limit ?";
        this.selectLog = "select revision, commit_token, committed_at from " + commitLog
                + " where tailnet = ? and revision >= ? order by revision limit ?";
        this.purgeRoutes = "delete from " + route + " where id in (select id from " + route + " where deleted_at < "
                + time + " limit ?)";
        this.purgeEvents = "delete from " + event + " where (tailnet, revision, ordinal) in (select tailnet, revision, "
                + "ordinal from " + event + " where happened_at < " + time + " limit ?)";
    }

    /** What is newest in a tailnet, which version a library must know to read it, and how many rows changed. */
    private String selectNewest(TableNames names) {
        String changed = List.of(users, node, route, deletion).stream()
                .map(table -> "(select count(*) from (select 1 from " + table + " where tailnet = ?" + SINCE
                        + " order by revision limit " + FEW + ") changed)")
                .collect(Collectors.joining(", "));
        return "select revision, commit_token, settings_revision, (select commit_token from " + commitLog
                + " where tailnet = newest.tailnet and revision = ?), (select max(min_reader) from " + names.tables()
                + "schema_version), " + changed + " from " + tailnet + " newest where tailnet = ?";
    }

    /** {@return the tables with their columns} */
    ImmutableList<Content> contents(Dialect dialect) {
        return ImmutableList.of(
                Content.of(tailnet, tailnetColumns()),
                Content.of(users, RowWriter.userColumns()),
                Content.of(node, RowWriter.nodeColumns()),
                Content.of(route, RowWriter.routeColumns(dialect)),
                Content.of(event, RowWriter.eventColumns()),
                Content.of(commitLog, logColumns()),
                Content.of(deletion, DeletionTable.columns()),
                Content.of(replica, replicaColumns()));
    }

    private static ImmutableList<Column> tailnetColumns() {
        return ImmutableList.of(
                Column.key("tailnet", Kind.TEXT),
                Column.value("revision", Kind.NUMBER),
                Column.value("commit_token", Kind.TEXT),
                Column.value("settings", Kind.LONG_TEXT),
                Column.value("policy", Kind.LONG_TEXT),
                Column.value("settings_revision", Kind.NUMBER),
                Column.value("owner", Kind.TEXT),
                Column.value("owner_epoch", Kind.NUMBER),
                Column.value("owned_since", Kind.TIME),
                Column.born("created_at"),
                Column.value("updated_at", Kind.TIME));
    }

    static ImmutableList<Column> replicaColumns() {
        return ImmutableList.of(
                Column.key("replica_id", Kind.TEXT),
                Column.value("incarnation", Kind.TEXT),
                Column.value("lease_millis", Kind.NUMBER),
                Column.value("renewals", Kind.NUMBER),
                Column.value("takeovers", Kind.NUMBER),
                Column.value("joined_at", Kind.TIME),
                Column.value("renewed_at", Kind.TIME));
    }

    private static ImmutableList<Column> logColumns() {
        return ImmutableList.of(
                Column.key("tailnet", Kind.TEXT),
                Column.key("revision", Kind.NUMBER),
                Column.value("commit_token", Kind.TEXT),
                Column.value("committed_at", Kind.TIME));
    }

    static String insert(Dialect dialect, String table, ImmutableList<Column> columns) {
        return "insert into " + table + " ("
                + columns.stream().map(Column::name).collect(Collectors.joining(", ")) + ") values ("
                + columns.stream()
                        .map(column -> dialect.parameter(column.kind()))
                        .collect(Collectors.joining(", "))
                + ")";
    }
}
