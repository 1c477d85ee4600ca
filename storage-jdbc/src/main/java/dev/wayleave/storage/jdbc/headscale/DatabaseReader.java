package dev.wayleave.storage.jdbc.headscale;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Reads the tables of a Headscale database, whole, in one snapshot; writes nothing. */
final class DatabaseReader {

    private static final int FETCH_SIZE = 1_000;

    /** For each table the columns that any release gave it and that an import reads. */
    private static final Map<String, List<String>> WANTED = wanted();

    private final Connection connection;
    private final long mostRows;

    /** The name of the database in messages. */
    private String name = "the Headscale database";

    private Optional<SqliteFile> file = Optional.empty();

    private DatabaseReader(Connection connection, long mostRows) {
        this.connection = connection;
        this.mostRows = mostRows;
    }

    private static Map<String, List<String>> wanted() {
        List<String> users = List.of("id", "deleted_at", "name", "display_name", "email", "provider_identifier");
        List<String> nodes = List.of(
                "id",
                "deleted_at",
                "registered",
                "machine_key",
                "name",
                "hostname",
                "given_name",
                "nickname",
                "user_id",
                "namespace_id",
                "auth_key_id",
                "tags",
                "forced_tags",
                "ip_address",
                "ip_addresses",
                "ipv4",
                "ipv6",
                "expiry",
                "created_at",
                "host_info",
                "enabled_routes",
                "approved_routes");
        Map<String, List<String>> wanted = new LinkedHashMap<>();
        wanted.put("users", users);
        wanted.put("namespaces", users);
        wanted.put("nodes", nodes);
        wanted.put("machines", nodes);
        wanted.put(
                "routes",
                List.of("id", "deleted_at", "node_id", "machine_id", "prefix", "advertised", "enabled", "is_primary"));
        wanted.put("pre_auth_keys", List.of("id", "ephemeral"));
        wanted.put("policies", List.of("id", "deleted_at", "created_at", "updated_at", "data"));
        return wanted;
    }

    static RawDatabase read(DataSource source, long mostRows) {
        try (Connection connection = source.getConnection()) {
            return new DatabaseReader(connection, mostRows).read();
        } catch (SQLException e) {
            throw unreadable("the Headscale database", e);
        }
    }

    private RawDatabase read() throws SQLException {
        try {
            return readOnly();
        } catch (SQLException e) {
            throw unreadable(name, e);
        }
    }

    private static UnreadableDatabaseException unreadable(String name, SQLException cause) {
        return new UnreadableDatabaseException(
                name + " cannot be read: " + cause.getMessage()
                        + "; check the address, the file and the rights to read",
                cause);
    }

    /** The connection may belong to a pool: its settings are restored. */
    private RawDatabase readOnly() throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        if (connection.getMetaData().getDatabaseProductName().equals("SQLite")) {
            file = SqliteFile.of(connection);
            name = file.map(known -> "`" + known.path() + "`").orElse(name);
            // the driver can make a connection read-only only when it opens it
            boolean queryOnly = isQueryOnly();
            execute("PRAGMA query_only = ON");
            try {
                return snapshot(autoCommit);
            } finally {
                execute("PRAGMA query_only = " + (queryOnly ? "ON" : "OFF"));
            }
        }
        name = "database `" + connection.getCatalog() + "`, schema `" + connection.getSchema() + "`,";
        boolean readOnly = connection.isReadOnly();
        int isolation = connection.getTransactionIsolation();
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try {
            return snapshot(autoCommit);
        } finally {
            connection.setTransactionIsolation(isolation);
            connection.setReadOnly(readOnly);
        }
    }

    private boolean isQueryOnly() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("PRAGMA query_only")) {
            return result.next() && result.getBoolean(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private RawDatabase snapshot(boolean autoCommit) throws SQLException {
        connection.setAutoCommit(false);
        try {
            return tables();
        } finally {
            connection.rollback();
            connection.setAutoCommit(autoCommit);
        }
    }

    private RawDatabase tables() throws SQLException {
        List<String> present = present();
        Map<String, RawTable> tables = new HashMap<>();
        for (Map.Entry<String, List<String>> wanted : WANTED.entrySet()) {
            if (present.contains(wanted.getKey())) {
                tables.put(wanted.getKey(), table(wanted.getKey(), wanted.getValue()));
            }
        }
        return new RawDatabase(
                name, file.orElse(null), file.isPresent() ? damage().orElse(null) : null, Map.copyOf(tables));
    }

    /** If a page is damaged, SQLite may return fewer rows and no error: only its integrity check finds that. */
    private Optional<String> damage() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("PRAGMA integrity_check(1)")) {
            return result.next()
                    ? Optional.ofNullable(result.getString(1)).filter(text -> !text.equals("ok"))
                    : Optional.empty();
        }
    }

    private List<String> present() throws SQLException {
        DatabaseMetaData metaData = connection.getMetaData();
        List<String> names = new ArrayList<>();
        try (ResultSet tables =
                metaData.getTables(connection.getCatalog(), connection.getSchema(), "%", new String[] {"TABLE"})) {
            while (tables.next()) {
                names.add(tables.getString("TABLE_NAME").toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }

    /** The names come from the constant above, so that none has to be quoted. */
    private RawTable table(String name, List<String> wanted) throws SQLException {
        List<String> columns = new ArrayList<>(wanted);
        columns.retainAll(columns(name));
        List<@Nullable Object[]> rows = new ArrayList<>();
        if (columns.isEmpty()) {
            return new RawTable(name, columns, rows);
        }
        String order = columns.contains("id") ? " ORDER BY id" : "";
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(FETCH_SIZE);
            try (ResultSet result =
                    statement.executeQuery("SELECT " + String.join(", ", columns) + " FROM " + name + order)) {
                while (result.next()) {
                    if (rows.size() == mostRows) {
                        throw new UnreadableDatabaseException(this.name + " cannot be read: table `" + name
                                + "` has more than " + mostRows + " rows");
                    }
                    @Nullable Object[] row = new @Nullable Object[columns.size()];
                    for (int i = 0; i < row.length; i++) {
                        row[i] = result.getObject(i + 1);
                    }
                    rows.add(row);
                }
            }
        }
        return new RawTable(name, List.copyOf(columns), rows);
    }

    private List<String> columns(String table) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT * FROM " + table + " WHERE 1 = 0")) {
            ResultSetMetaData metaData = result.getMetaData();
            for (int i = 1; i <= metaData.getColumnCount(); i++) {
                names.add(metaData.getColumnName(i).toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }
}
