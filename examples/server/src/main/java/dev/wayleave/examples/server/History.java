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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What happened before this process began, as the library's event table has it: a table for operators to read. */
final class History {

    private static final String NEWEST = "select revision, happened_at, actor, kind, node, prefix, reason"
            + " from wayleave_event where tailnet = ? order by revision desc, ordinal desc";

    private static final String NAMES = "select node, name from wayleave_node where tailnet = ?";

    private static final Pattern FROM = Pattern.compile("from node ([1-9]\\d{0,17}): (.*)", Pattern.DOTALL);

    private History() {}

    /** Reads the newest events, oldest first. Nodes are called as they are now. Blocks. */
    static List<EventLog.Entry> read(DataSource database, TailnetId tailnet, int most) {
        Deque<EventLog.Entry> entries = new ArrayDeque<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(NEWEST)) {
            Map<NodeId, String> names = names(connection, tailnet);
            select.setString(1, tailnet.toString());
            select.setMaxRows(most);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    entries.addFirst(entry(rows, node -> names.getOrDefault(node, "node " + node)));
                }
            }
        } catch (SQLException e) {
            throw new HostTables.HostTablesException(e);
        }
        return new ArrayList<>(entries);
    }

    private static Map<NodeId, String> names(Connection connection, TailnetId tailnet) throws SQLException {
        Map<NodeId, String> names = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(NAMES)) {
            select.setString(1, tailnet.toString());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    names.put(new NodeId(rows.getLong(1)), rows.getString(2));
                }
            }
        }
        return names;
    }

    private static EventLog.Entry entry(ResultSet row, Function<NodeId, String> names) throws SQLException {
        String kind = row.getString("kind");
        long number = row.getLong("node");
        Optional<NodeId> node = number > 0 ? Optional.of(new NodeId(number)) : Optional.empty();
        Optional<String> name = node.map(names);
        Optional<Prefix> prefix = prefix(row.getString("prefix"));
        String reason = row.getString("reason");
        Matcher left = FROM.matcher(reason);
        Optional<NodeId> from =
                left.matches() ? Optional.of(new NodeId(Long.parseLong(left.group(1)))) : Optional.empty();
        boolean elects = kind.equals("primary-moved") || kind.equals("primary-elected");
        return new EventLog.Entry(
                0,
                time(row.getString("happened_at")),
                row.getLong("revision"),
                kind,
                Optional.ofNullable(row.getString("actor")),
                node,
                name,
                prefix,
                from,
                elects ? node : Optional.empty(),
                Words.sentence(
                        kind, name.orElse(""), prefix.map(Object::toString).orElse(""), from.map(names)),
                Words.named(from.isPresent() ? left.group(2) : reason, names));
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
