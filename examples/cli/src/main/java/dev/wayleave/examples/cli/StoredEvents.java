package dev.wayleave.examples.cli;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What happened in a tailnet, as the event table of its database has it. Remembers how far it has read. */
final class StoredEvents {

    // a cast shows a prefix as it is written here, whatever type the column has
    private static final String EVENTS = "select e.revision, e.ordinal, e.happened_at, e.actor, e.kind, e.node, n.name,"
            + " cast(e.prefix as varchar(60)) as prefix, e.reason"
            + " from wayleave_event e left join wayleave_node n on n.tailnet = e.tailnet and n.node = e.node"
            + " where e.tailnet = ?";
    private static final String NEWEST_FIRST = " order by e.revision desc, e.ordinal desc";

    private final DataSource database;
    private final TailnetId tailnet;
    private long revision;
    private int ordinal;

    StoredEvents(DataSource database, TailnetId tailnet) {
        this.database = database;
        this.tailnet = tailnet;
    }

    /** The newest, oldest first; those about one node or one prefix, if one is named. */
    Collection<LoggedEvent> newest(int most, Optional<Long> node, Optional<Prefix> prefix) throws SQLException {
        return read(
                most,
                EVENTS
                        + (node.isPresent() ? " and (e.node = ? or e.reason like ?)" : "")
                        + (prefix.isPresent() ? " and cast(e.prefix as varchar(60)) = ?" : "")
                        + NEWEST_FIRST,
                select -> {
                    int index = 2;
                    if (node.isPresent()) {
                        select.setLong(index++, node.get());
                        // of a prefix that moved, the row names the new primary
                        select.setString(index++, "from node " + node.get() + ": %");
                    }
                    if (prefix.isPresent()) {
                        select.setString(index, prefix.get().toString());
                    }
                });
    }

    /** What happened since something was read, oldest first. */
    Collection<LoggedEvent> next() throws SQLException {
        String after = " and (e.revision > ? or e.revision = ? and e.ordinal > ?)";
        return read(0, EVENTS + after + NEWEST_FIRST, select -> {
            select.setLong(2, revision);
            select.setLong(3, revision);
            select.setInt(4, ordinal);
        });
    }

    /** Sets the parameters after the first. */
    private interface Parameters {
        void set(PreparedStatement select) throws SQLException;
    }

    private Collection<LoggedEvent> read(int most, String query, Parameters parameters) throws SQLException {
        Deque<LoggedEvent> events = new ArrayDeque<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(query)) {
            select.setString(1, tailnet.toString());
            parameters.set(select);
            select.setMaxRows(most);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    if (events.isEmpty()) {
                        revision = rows.getLong("revision");
                        ordinal = rows.getInt("ordinal");
                    }
                    events.addFirst(event(rows));
                }
            }
        }
        return events;
    }

    private static LoggedEvent event(ResultSet row) throws SQLException {
        long revision = row.getLong("revision");
        int ordinal = row.getInt("ordinal");
        String time = time(row.getString("happened_at"));
        String kind = row.getString("kind");
        long node = row.getLong("node");
        @Nullable String name = row.getString("name");
        @Nullable String prefix = row.getString("prefix");
        @Nullable String actor = row.getString("actor");
        String reason = row.getString("reason");
        String about = node == 0 ? "" : name == null ? "node " + node : name;
        String text = text(kind, about, prefix);
        return new LoggedEvent(time, kind, text, reason, Optional.ofNullable(actor), JsonOutput.line(json -> {
            json.writeNumberProperty("revision", revision);
            json.writeNumberProperty("ordinal", ordinal);
            json.writeStringProperty("time", time);
            json.writeStringProperty("kind", kind);
            JsonOutput.textOrNull(json, "actor", actor);
            if (node == 0) {
                json.writeNullProperty("node");
            } else {
                json.writeNumberProperty("node", node);
            }
            JsonOutput.textOrNull(json, "nodeName", about.isEmpty() ? null : about);
            JsonOutput.textOrNull(json, "prefix", prefix);
            json.writeStringProperty("text", text);
            json.writeStringProperty("reason", reason);
        }));
    }

    /** For example {@code 10.20.0.0/16 primary moved (berlin-b)}. */
    private static String text(String kind, String about, @Nullable String prefix) {
        String words = kind.replace('-', ' ');
        return (prefix == null ? "" : prefix + " ") + words + (about.isEmpty() ? "" : " (" + about + ")");
    }

    /** As RFC 3339 has it; PostgreSQL writes a space, and the hours of its zone alone. */
    private static String time(String stored) {
        if (stored.endsWith("Z")) {
            return stored;
        }
        String offset = stored.replace(' ', 'T').replaceFirst("([+-]\\d\\d)$", "$1:00");
        return OffsetDateTime.parse(offset)
                .withOffsetSameInstant(ZoneOffset.UTC)
                .toInstant()
                .toString();
    }
}
