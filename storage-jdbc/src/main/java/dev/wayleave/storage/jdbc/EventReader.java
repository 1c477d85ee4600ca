package dev.wayleave.storage.jdbc;

import com.google.common.collect.Lists;
import dev.wayleave.approval.Approver;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.json.RoutingJson;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.StoredEvent;
import dev.wayleave.storage.StoredRowsException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads events of one tailnet; for one thread. */
final class EventReader {

    private static final int FETCHED_ROWS = 1_000;

    private final Connection connection;
    private final Dialect dialect;
    private final Tables tables;
    private final TailnetId tailnet;
    private final List<StoredRowsException.Row> problems = new ArrayList<>();
    private final Map<String, Approver> approvers = new HashMap<>();

    EventReader(Connection connection, Dialect dialect, Tables tables, TailnetId tailnet) {
        this.connection = connection;
        this.dialect = dialect;
        this.tables = tables;
        this.tailnet = tailnet;
    }

    List<StoredEvent> after(EventPosition position, int limit) throws SQLException {
        return read(tables.selectEventsAfter, position, limit);
    }

    List<StoredEvent> before(EventPosition position, int limit) throws SQLException {
        return Lists.reverse(read(tables.selectEventsBefore, position, limit));
    }

    /** Refuses a limit of less than 1. */
    private List<StoredEvent> read(String select, EventPosition position, int limit) throws SQLException {
        if (limit < 1) {
            throw new IllegalArgumentException("`" + limit + "` events cannot be read: give a limit of 1 or more");
        }
        List<StoredEvent> events = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setFetchSize(FETCHED_ROWS);
            new Parameters(statement, dialect)
                    .text(tailnet.value())
                    .number(position.revision().value())
                    .number(position.ordinal())
                    .number(limit);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    try {
                        events.add(event(rows));
                    } catch (IllegalArgumentException | DateTimeException | WayleaveException e) {
                        problems.add(new StoredRowsException.Row(
                                tables.event,
                                tailnet + ", " + rows.getString(1) + ", " + rows.getString(2),
                                String.valueOf(e.getMessage()).strip()));
                    }
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new StoredRowsException(problems);
        }
        return List.copyOf(events);
    }

    private StoredEvent event(ResultSet row) throws SQLException {
        EventPosition position = new EventPosition(new Revision(row.getLong(1)), row.getInt(2));
        Instant at = TimeText.read(row, 3, dialect);
        if (at == null) {
            throw new IllegalArgumentException("happened_at is not set");
        }
        RouteEvent stored = RoutingJson.read(RouteEvent.class, row.getString(12));
        if (!stored.kind().equals(row.getString(6))) {
            throw new IllegalArgumentException(
                    "kind is `" + row.getString(6) + "`, and event is of kind `" + stored.kind() + "`");
        }
        StoredEvent.Builder event = StoredEvent.builder(position, at, stored, row.getString(11));
        optional(row.getString(4), Actor::new).ifPresent(event::actor);
        optional(row.getString(5), text -> text).ifPresent(event::correlationId);
        optional(row.getString(7), EventReader::node).ifPresent(event::node);
        optional(row.getString(8), EventReader::node).ifPresent(event::previousNode);
        optional(row.getString(9), Prefix::parse).ifPresent(event::prefix);
        optional(row.getString(10), text -> approvers.computeIfAbsent(text, Approver::parse))
                .ifPresent(event::approver);
        return event.build();
    }

    private static NodeId node(String number) {
        return new NodeId(Long.parseLong(number));
    }

    private static <T> Optional<T> optional(@Nullable String text, Function<String, T> reading) {
        return Optional.ofNullable(text).map(reading);
    }
}
