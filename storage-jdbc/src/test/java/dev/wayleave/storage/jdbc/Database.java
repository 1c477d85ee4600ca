package dev.wayleave.storage.jdbc;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** The databases that the store knows, each of them empty. */
enum Database {
    POSTGRESQL {
        @Override
        DataSource create(Path folder) {
            return PostgresServer.newDatabase();
        }
    },
    SQLITE {
        @Override
        DataSource create(Path folder) {
            return sqlite(folder.resolve(UUID.randomUUID() + ".sqlite"));
        }
    },
    H2 {
        @Override
        DataSource create(Path folder) {
            return DataSources.ofUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        }
    };

    abstract DataSource create(Path folder);

    /** A new database with the tables of the newest version. */
    DataSource migrated(Path folder) {
        DataSource dataSource = create(folder);
        JdbcSchema.of(dataSource).migrate();
        return dataSource;
    }

    /** All of them, without the server that this run does without. */
    static List<Database> all() {
        return Arrays.stream(values())
                .filter(database -> database != POSTGRESQL || !PostgresServer.isOff())
                .toList();
    }

    /** Drops the checks of the tables; on SQLite a connection turns them off for itself. */
    void dropChecks(DataSource dataSource) {
        if (this != SQLITE) {
            query(
                            dataSource,
                            "select 'alter table ' || table_name || ' drop constraint if exists ' || constraint_name "
                                    + "from information_schema.table_constraints where constraint_type = 'CHECK' "
                                    + "and lower(constraint_name) like 'wayleave%' "
                                    // PostgreSQL lists the columns that are not null here, too
                                    + "and lower(constraint_name) not like '%not_null'")
                    .forEach(drop -> execute(dataSource, drop));
        }
    }

    static DataSource sqlite(Path file) {
        return DataSources.ofUrl("jdbc:sqlite:" + file);
    }

    static void execute(DataSource dataSource, String... statements) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first column of all rows, as text. */
    static List<String> query(DataSource dataSource, String sql) {
        return column(dataSource, sql, 1);
    }

    /** A column of all rows, as text; the first one is 1. */
    static List<String> column(DataSource dataSource, String sql, int column) {
        return columnAfter(dataSource, "", sql, column);
    }

    /** The same, after another statement on the same connection, unless that is empty. */
    static List<String> columnAfter(DataSource dataSource, String before, String sql, int column) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            if (!before.isEmpty()) {
                statement.execute(before);
            }
            List<String> texts = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                    texts.add(rows.getString(column));
                }
            }
            return texts;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
