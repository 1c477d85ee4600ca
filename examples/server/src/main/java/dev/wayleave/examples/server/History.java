package dev.wayleave.examples.server;

import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.AddressFormatException;
import dev.wayleave.net.Prefix;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What happened before this process began, as the library's event table has it: a table for operators to read. */
final class History {

    private static final String NEWEST = "select e.revision, e.happened_at, e.actor, e.kind, e.node, n.name,"
            + " e.prefix, e.reason from wayleave_event e left join wayleave_node n on n.tailnet = e.tailnet and n.node = e.node"
            + " where e.tailnet = ? order by e.revision desc, e.ordinal desc";

    private static final Pattern FROM = Pattern.compile("from node (\\d+): .*", Pattern.DOTALL);

    private History() {}

    /** Reads the newest events, oldest first. Blocks. */
    static List<EventLog.Entry> read(DataSource database, TailnetId tailnet, int most) {
        Deque<EventLog.Entry> entries = new ArrayDeque<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(NEWEST)) {
            select.setString(1, tailnet.toString());
            select.setMaxRows(most);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    entries.addFirst(entry(rows));
                }
            }
        } catch (SQLException e) {
            throw new HostTables.HostTablesException(e);
        }
        return new ArrayList<>(entries);
    }

    private static EventLog.Entry entry(ResultSet row) throws SQLException {
        String kind = row.getString("kind");
        long number = row.getLong("node");
        Optional<NodeId> node = number > 0 ? Optional.of(new NodeId(number)) : Optional.empty();
        String known = row.getString("name");
        Optional<String> name = node.map(id -> known == null ? "node " + id : known);
        Optional<Prefix> prefix = prefix(row.getString("prefix"));
        String reason = row.getString("reason");
        Matcher from = FROM.matcher(reason);
        boolean elects = kind.equals("Moved") || kind.equals("Elected");
        return new EventLog.Entry(
                0,
                time(row.getString("happened_at")),
                row.getLong("revision"),
                kind,
                Optional.ofNullable(row.getString("actor")),
                node,
                name,
                prefix,
                from.matches() ? Optional.of(new NodeId(Long.parseLong(from.group(1)))) : Optional.empty(),
                elects ? node : Optional.empty(),
                text(kind, name, prefix),
                reason);
    }

    private static String text(String kind, Optional<String> name, Optional<Prefix> prefix) {
        String words = kind.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
        return prefix.map(route -> route + " ").orElse("")
                + words
                + name.map(node -> " (" + node + ")").orElse("");
    }

    private static Optional<Prefix> prefix(@Nullable String text) {
        try {
            return text == null ? Optional.empty() : Optional.of(Prefix.parse(text));
        } catch (AddressFormatException e) {
            return Optional.empty();
        }
    }

    /** ISO 8601, or as PostgreSQL and H2 print it. */
    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            String offset = text.replaceFirst("([+-]\\d\\d)$", "$1:00");
            return OffsetDateTime.parse(offset.replace(' ', 'T')).toInstant();
        }
    }
}
