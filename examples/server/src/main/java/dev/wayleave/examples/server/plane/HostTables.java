package dev.wayleave.examples.server.plane;

import dev.wayleave.examples.server.web.UnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The server's own tables, in the same database as the library's: keys, the policy as it was written, and the last
 * number that a node got. Blocks on the database.
 */
public final class HostTables {

    private static final List<String> TABLES = List.of(
            "create table if not exists demo_key (id bigint primary key, hash varchar(64) not null, scope varchar(16) "
                    + "not null, node bigint not null, name varchar(200) not null, created_at varchar(40) not null)",
            "create table if not exists demo_policy (id bigint primary key, written text not null, updated_at "
                    + "varchar(40) not null)",
            "create table if not exists demo_number (name varchar(40) primary key, last bigint not null)");

    private static final String KEY_CHANGES = "key change";

    private final DataSource database;

    public HostTables(DataSource database) {
        this.database = database;
        change(connection -> {
            try (Statement statement = connection.createStatement()) {
                for (String table : TABLES) {
                    statement.execute(table);
                }
            }
        });
    }

    /** A function that works with a connection and returns a result. */
    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /** A function that works with a connection and returns nothing. */
    private interface Change {
        void on(Connection connection) throws SQLException;
    }

    private void change(Change change) {
        int unused = write(connection -> {
            change.on(connection);
            return 0;
        });
    }

    private <T> T write(Work<T> work) {
        try {
            return writeOnce(work);
        } catch (SQLException e) {
            if (!isTaken(e)) {
                throw new HostTablesException(e);
            }
        }
        try {
            return writeOnce(work);
        } catch (SQLException e) {
            throw new HostTablesException(e);
        }
    }

    /** Of two processes that make the same table or the first row at once, the second one finds it at its next try. */
    private static boolean isTaken(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.startsWith("23") || state.equals("42P07");
    }

    private <T> T writeOnce(Work<T> work) throws SQLException {
        try (Connection connection = database.getConnection()) {
            boolean automatic = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                T result = work.on(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(automatic);
            }
        }
    }

    /** The database cannot be reached or used. */
    public static final class HostTablesException extends UnavailableException {

        private static final long serialVersionUID = 1L;

        public HostTablesException(Exception cause) {
            super(String.valueOf(cause.getMessage()), cause);
        }
    }

    /** A key as it is stored: of the key itself only a hash. */
    public record KeyRow(long id, String hash, String scope, long node, String name, String createdAt) {}

    List<KeyRow> keys() {
        return write(connection -> {
            List<KeyRow> keys = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(
                            "select id, hash, scope, node, name, created_at from demo_key order by id");
                    ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    keys.add(new KeyRow(
                            rows.getLong(1),
                            rows.getString(2),
                            rows.getString(3),
                            rows.getLong(4),
                            rows.getString(5),
                            rows.getString(6)));
                }
            }
            return keys;
        });
    }

    /** The number of changes of the keys, by this process or by another process. */
    long keyChanges() {
        return write(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("select last from demo_number where name = ?")) {
                select.setString(1, KEY_CHANGES);
                try (ResultSet rows = select.executeQuery()) {
                    return rows.next() ? rows.getLong(1) : 0;
                }
            }
        });
    }

    /** Writes a key over an older one with its number. */
    synchronized void put(KeyRow key) {
        change(connection -> {
            count(connection, KEY_CHANGES);
            update(connection, "delete from demo_key where id = ?", key.id());
            update(
                    connection,
                    "insert into demo_key (id, hash, scope, node, name, created_at) values (?, ?, ?, ?, ?, ?)",
                    key.id(),
                    key.hash(),
                    key.scope(),
                    key.node(),
                    key.name(),
                    key.createdAt());
        });
    }

    synchronized void deleteKey(long id) {
        change(connection -> {
            count(connection, KEY_CHANGES);
            update(connection, "delete from demo_key where id = ?", id);
        });
    }

    /** A policy as an operator wrote it. */
    public record PolicyRow(String written, String updatedAt) {}

    Optional<PolicyRow> policy() {
        return write(connection -> {
            try (PreparedStatement select =
                            connection.prepareStatement("select written, updated_at from demo_policy where id = 1");
                    ResultSet rows = select.executeQuery()) {
                return rows.next()
                        ? Optional.of(new PolicyRow(rows.getString(1), rows.getString(2)))
                        : Optional.empty();
            }
        });
    }

    void put(PolicyRow policy) {
        change(connection -> {
            update(connection, "delete from demo_policy where id = ?", 1L);
            update(
                    connection,
                    "insert into demo_policy (id, written, updated_at) values (?, ?, ?)",
                    1L,
                    policy.written(),
                    policy.updatedAt());
        });
    }

    /**
     * Returns a number that was never given out under this name.
     *
     * <p>Writes before it reads: on SQLite a transaction that began with reading cannot write once another transaction
     * has committed, and is not even waited for; one that begins with writing waits its turn.
     */
    public synchronized long next(String name) {
        return write(connection -> {
            count(connection, name);
            try (PreparedStatement select =
                    connection.prepareStatement("select last from demo_number where name = ?")) {
                select.setString(1, name);
                try (ResultSet rows = select.executeQuery()) {
                    rows.next();
                    return rows.getLong(1);
                }
            }
        });
    }

    private static void count(Connection connection, String name) throws SQLException {
        if (update(connection, "update demo_number set last = last + 1 where name = ?", name) == 0) {
            update(connection, "insert into demo_number (name, last) values (?, ?)", name, 1L);
        }
    }

    private static int update(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }
}
