package dev.wayleave.storage.jdbc;

import com.google.common.collect.ImmutableList;
import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approver;
import dev.wayleave.approval.Denial;
import dev.wayleave.json.RoutingJson;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.net.IpAddress;
import dev.wayleave.row.Absence;
import dev.wayleave.row.Drain;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.SessionRow;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.StoredEvent;
import dev.wayleave.storage.jdbc.Column.Kind;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The columns of each row and their values, in the same order. {@link RowReader} reads them.
 *
 * <p><b>A new column of the table of routes</b> must be added at these places. A column that only the store has, as
 * {@code revision} is, needs neither the places in core nor the JSON schema.
 *
 * <ol>
 *   <li>in core: {@code row.RouteRow} has the fact (also {@code withPrimary}), {@code NodeState.routeRow} makes the
 *       row, and {@code NodeReader} reads it;
 *   <li>if the fact belongs to the node, as an approval does: {@code NodeFacts} holds it, and
 *       {@code NodeFacts.hasRouteFactsOf} compares it. A step writes no row of a node whose facts are all the same
 *       objects as before;
 *   <li>if the fact belongs to the presence, as health does: {@code RowDiff.hasSameHealthInRows},
 *       {@code SharedPresence} and {@code StateFollower};
 *   <li>if a row is kept only for the fact, as a denial is: also {@code RowDiff.known} and
 *       {@code NodeState.routeRow} in core, the check {@code route_lives} of the schema, and the condition of
 *       {@code Tables.selectRoutes};
 *   <li>here: {@link #routeColumns} and {@link #route}, in the same order;
 *   <li>{@code Tables.selectRoutes}, and {@link RowReader}, which reads columns by their number;
 *   <li>the schema: the three files {@code V1__routes.sql} as long as no version is released; from then on a new
 *       version, with three files and its name in {@code JdbcSchema.VERSIONS};
 *   <li>tests: {@code SampleRows} of {@code storage-api}, from which the contract of stores makes its rows,
 *       {@code TableChecksTest}, and {@code ChangedRows.routeRows} of core;
 *   <li>documents: the table of columns in {@code storage-jdbc/README.md}, {@code docs/routing-json.schema.json}, which
 *       {@code RoutingJsonTest} compares with the types, and {@code CHANGELOG.md}.
 * </ol>
 *
 * <p>The other tables have the same places, with another row: {@code mesh.User}, {@code row.NodeRow} (a fact that the
 * host gives is in {@code mesh.Node} and {@code json.engine.Forms.NodeForm}), and {@code StoredEvent}.
 */
final class RowWriter {

    private final Dialect dialect;
    private final String tailnet;

    /** The revision that the commit makes. */
    private final Revision revision;

    /** The time of the step, in whole milliseconds, for the columns with dates. */
    private final Instant at;

    RowWriter(Dialect dialect, String tailnet, Revision revision, Instant at) {
        this.dialect = dialect;
        this.tailnet = tailnet;
        this.revision = revision;
        this.at = at.truncatedTo(ChronoUnit.MILLIS);
    }

    static ImmutableList<Column> userColumns() {
        return ImmutableList.of(
                Column.key("tailnet", Kind.TEXT),
                Column.key("user_id", Kind.TEXT),
                Column.value("name", Kind.TEXT),
                Column.value("email", Kind.TEXT),
                Column.value("role", Kind.TEXT),
                Column.value("shared_in", Kind.FLAG),
                Column.value("revision", Kind.NUMBER),
                Column.born("created_at"),
                Column.value("updated_at", Kind.TIME));
    }

    void user(Parameters into, User user) throws SQLException {
        into.text(tailnet)
                .text(user.id().value())
                .text(user.name())
                .text(user.email().orElse(null))
                .text(user.role().name())
                .flag(user.isSharedIn())
                .number(revision.value())
                .time(at)
                .time(at)
                .endOfRow();
    }

    static ImmutableList<Column> nodeColumns() {
        return ImmutableList.of(
                Column.key("tailnet", Kind.TEXT),
                Column.key("node", Kind.NUMBER),
                Column.value("host_key", Kind.TEXT),
                Column.value("name", Kind.TEXT),
                Column.value("owner_user", Kind.TEXT),
                Column.value("tags", Kind.TEXT),
                Column.value("ipv4", Kind.ADDRESS),
                Column.value("ipv6", Kind.ADDRESS),
                Column.value("registered_at", Kind.TEXT),
                Column.value("key_expiry", Kind.TEXT),
                Column.value("ephemeral", Kind.FLAG),
                Column.value("drain_since", Kind.TEXT),
                Column.value("drain_until", Kind.TEXT),
                Column.value("drain_by", Kind.TEXT),
                Column.value("was_candidate", Kind.FLAG),
                Column.value("absent_since", Kind.TIME),
                Column.value("grace_until", Kind.TIME),
                Column.value("session_holder", Kind.TEXT),
                Column.value("session_id", Kind.TEXT),
                Column.value("unhealthy", Kind.FLAG),
                Column.value("steady_since", Kind.TIME),
                Column.value("revision", Kind.NUMBER),
                Column.born("created_at"),
                Column.value("updated_at", Kind.TIME));
    }

    /** Times of the host are texts, because they may be finer than the times of a database. */
    void node(Parameters into, NodeRow row) throws SQLException {
        Node facts = row.facts();
        Optional<Drain> drain = row.drain();
        Optional<SessionRow> session = row.session();
        into.text(tailnet)
                .number(facts.id().value())
                .text(facts.hostKey())
                .text(facts.name())
                .text(facts.owner() instanceof Owner.OfUser owner ? owner.id().value() : null)
                .text(facts.owner() instanceof Owner.Tagged tagged ? tags(tagged) : null)
                .text(facts.ipv4().map(IpAddress::toString).orElse(null))
                .text(facts.ipv6().map(IpAddress::toString).orElse(null))
                .text(facts.registeredAt().toString())
                .text(facts.keyExpiry().map(Instant::toString).orElse(null))
                .flag(facts.isEphemeral())
                .text(drain.map(drained -> drained.since().toString()).orElse(null))
                .text(drain.flatMap(Drain::until).map(Instant::toString).orElse(null))
                .text(drain.map(drained -> drained.by().value()).orElse(null))
                .flag(row.candidate())
                .time(row.absence().map(Absence::since).orElse(null))
                .time(row.absence().flatMap(Absence::graceUntil).orElse(null))
                .text(session.flatMap(SessionRow::holder)
                        .map(SessionHolder::value)
                        .orElse(null))
                .text(session.flatMap(SessionRow::session).map(SessionId::value).orElse(null))
                .flag(session.map(SessionRow::health).orElse(Health.HEALTHY) == Health.UNHEALTHY)
                .time(session.flatMap(SessionRow::steadySince).orElse(null))
                .number(revision.value())
                .time(at)
                .time(at)
                .endOfRow();
    }

    private static String tags(Owner.Tagged owner) {
        return owner.tags().stream().map(Tag::value).collect(Collectors.joining(","));
    }

    static ImmutableList<Column> routeColumns(Dialect dialect) {
        ImmutableList.Builder<Column> columns = ImmutableList.<Column>builder()
                .add(
                        Column.key("tailnet", Kind.TEXT),
                        Column.key("node", Kind.NUMBER),
                        Column.key("prefix", Kind.PREFIX));
        if (!dialect.hasPrefixes()) {
            columns.add(
                    Column.value("family", Kind.NUMBER),
                    Column.value("first_address", Kind.TEXT),
                    Column.value("last_address", Kind.TEXT));
        }
        return columns.add(
                        Column.value("advertised", Kind.FLAG),
                        Column.value("advertised_at", Kind.TIME),
                        Column.value("approved", Kind.FLAG),
                        Column.value("approved_by", Kind.TEXT),
                        Column.value("approved_at", Kind.TIME),
                        Column.value("denied", Kind.FLAG),
                        Column.value("denied_by", Kind.TEXT),
                        Column.value("denied_at", Kind.TIME),
                        Column.value("withdrawn", Kind.FLAG),
                        Column.value("is_primary", Kind.FLAG),
                        Column.value("unhealthy", Kind.FLAG),
                        Column.value("steady_since", Kind.TIME),
                        Column.value("revision", Kind.NUMBER),
                        Column.born("created_at"),
                        Column.value("updated_at", Kind.TIME),
                        Column.value("deleted_at", Kind.TIME))
                .build();
    }

    void route(Parameters into, RouteRow row) throws SQLException {
        route(into, row, null);
    }

    /**
     * The row of a deleted route stays, with the time and no other fact, until a purge or until it is advertised again.
     */
    void deletedRoute(Parameters into, RouteKey key) throws SQLException {
        route(into, new RouteRow(key.node(), key.prefix(), null, new RouteRow.Undecided(), false), at);
    }

    private void route(Parameters into, RouteRow row, @Nullable Instant deletedAt) throws SQLException {
        into.text(tailnet).number(row.node().value()).prefix(row.prefix());
        if (!dialect.hasPrefixes()) {
            into.range(row.prefix());
        }
        boolean approved = row.status() instanceof RouteRow.Approved;
        Approval approval = approval(row.status());
        Denial denial = row.status() instanceof RouteRow.Denied denied ? denied.denial() : null;
        into.flag(row.advertised())
                .time(row.advertisedAtOrNull())
                .flag(approved)
                .text(approval == null ? null : approval.by().asText())
                .time(approval == null ? null : approval.at())
                .flag(denial != null)
                .text(denial == null ? null : denial.by().value())
                .time(denial == null ? null : denial.at())
                .flag(approval != null && !approved)
                .flag(row.primary())
                .flag(row.unhealthy())
                .time(row.steadySinceOrNull())
                .number(revision.value())
                .time(at)
                .time(at)
                .time(deletedAt)
                .endOfRow();
    }

    private static @Nullable Approval approval(RouteRow.Status status) {
        if (status instanceof RouteRow.Approved approved) {
            return approved.approval();
        }
        return status instanceof RouteRow.Withdrawn withdrawn ? withdrawn.approval() : null;
    }

    static ImmutableList<Column> eventColumns() {
        return ImmutableList.of(
                Column.key("tailnet", Kind.TEXT),
                Column.key("revision", Kind.NUMBER),
                Column.key("ordinal", Kind.NUMBER),
                Column.value("happened_at", Kind.TIME),
                Column.value("actor", Kind.TEXT),
                Column.value("correlation_id", Kind.TEXT),
                Column.value("kind", Kind.TEXT),
                Column.value("node", Kind.NUMBER),
                Column.value("previous_node", Kind.NUMBER),
                Column.value("prefix", Kind.PREFIX),
                Column.value("approver", Kind.TEXT),
                Column.value("reason", Kind.TEXT),
                Column.value("event", Kind.TEXT));
    }

    /** {@return the time of the step, in whole milliseconds} */
    Instant at() {
        return at;
    }

    void event(Parameters into, StoredEvent stored) throws SQLException {
        EventPosition position = stored.position();
        into.text(tailnet)
                .number(position.revision().value())
                .number(position.ordinal())
                .time(stored.at())
                .text(stored.actor().map(Actor::value).orElse(null))
                .text(stored.correlationId().orElse(null))
                .text(stored.kind())
                .numberOrNull(stored.node().map(NodeId::value).orElse(null))
                .numberOrNull(stored.previousNode().map(NodeId::value).orElse(null))
                .prefix(stored.prefix().orElse(null))
                .text(stored.approver().map(Approver::asText).orElse(null))
                .text(stored.reason())
                .text(RoutingJson.write(stored.event()))
                .endOfRow();
    }
}
