package dev.wayleave.storage.jdbc.headscale;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.sqlite.SQLiteDataSource;

/** Makes Headscale databases for tests. */
final class Databases {

    private Databases() {}

    static DataSource sqlite(Path file) {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + file);
        // a test does not outlive a crash
        source.setSynchronous("OFF");
        source.setJournalMode("MEMORY");
        return source;
    }

    static DataSource sqlite(Path file, String script) {
        DataSource source = sqlite(file);
        execute(source, script);
        return source;
    }

    /** A script of our own, beside this class. */
    static String script(String name) {
        try (InputStream text = Databases.class.getResourceAsStream(name)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Statements that end at the end of a line. */
    static void execute(DataSource source, String script) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : script.split(";\\s*(\\n|$)")) {
                if (!sql.isBlank()) {
                    statement.execute(sql);
                }
            }
        } catch (SQLException e) {
            throw new IllegalArgumentException(script, e);
        }
    }

    static List<List<Object>> query(DataSource source, String sql) {
        List<List<Object>> rows = new ArrayList<>();
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                List<Object> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(result.getObject(i));
                }
                rows.add(row);
            }
        } catch (SQLException e) {
            throw new IllegalArgumentException(sql, e);
        }
        return rows;
    }

    /** Copies all tables, with the types that Headscale has on PostgreSQL. */
    static void copy(DataSource from, DataSource to) throws SQLException {
        try (Connection source = from.getConnection();
                Connection target = to.getConnection()) {
            target.setAutoCommit(false);
            for (List<Object> table : query(from, "SELECT name FROM sqlite_master WHERE type = 'table'")) {
                copy(source, target, table.get(0).toString());
            }
            target.commit();
        }
    }

    private static void copy(Connection from, Connection to, String table) throws SQLException {
        try (Statement read = from.createStatement();
                ResultSet rows = read.executeQuery("SELECT * FROM \"" + table + "\"");
                Statement create = to.createStatement()) {
            int columns = rows.getMetaData().getColumnCount();
            List<String> names = new ArrayList<>();
            List<String> definitions = new ArrayList<>();
            for (int i = 1; i <= columns; i++) {
                String name = rows.getMetaData().getColumnName(i);
                names.add(name);
                definitions.add("""
                        "%s" %s""".formatted(name, type(table, name)));
            }
            create.execute("""
                    CREATE TABLE "%s" (%s)""".formatted(table, String.join(", ", definitions)));
            String marks = names.stream()
                    .map(name -> "CAST(? AS " + type(table, name) + ")")
                    .collect(Collectors.joining(", "));
            try (PreparedStatement insert = to.prepareStatement("""
                    INSERT INTO "%s" VALUES (%s)""".formatted(table, marks))) {
                while (rows.next()) {
                    for (int i = 1; i <= columns; i++) {
                        String value = rows.getString(i);
                        if (value == null) {
                            insert.setNull(i, Types.VARCHAR);
                        } else {
                            insert.setString(i, value);
                        }
                    }
                    insert.execute();
                }
            }
        }
    }

    private static String type(String table, String column) {
        String name = column.toLowerCase(Locale.ROOT);
        if (name.endsWith("_at") || List.of("expiry", "last_seen", "expiration").contains(name)) {
            return "timestamptz";
        }
        if (List.of("advertised", "enabled", "is_primary", "ephemeral", "reusable", "used", "registered")
                .contains(name)) {
            return "boolean";
        }
        boolean number = name.endsWith("_id") || (name.equals("id") && !table.equals("migrations"));
        return number ? "bigint" : "text";
    }
}
