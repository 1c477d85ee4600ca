package dev.wayleave.examples.cli.source;

import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StorageUnavailableException;
import dev.wayleave.storage.jdbc.JdbcRoutingStore;
import dev.wayleave.storage.jdbc.JdbcSchema;
import dev.wayleave.storage.jdbc.SchemaVersionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** Databases named on the command line. */
public final class Databases {

    private static final String JDBC = "jdbc:";
    private static final String SQLITE = "jdbc:sqlite:";
    private static final String POSTGRESQL = "jdbc:postgresql:";

    /** SQLite's code of error where there is no file. */
    private static final int SQLITE_CANTOPEN = 14;

    private Databases() {}

    /** A Headscale database: a JDBC address, or a file of SQLite. Nothing is written, and no file is made beside it. */
    public static DataSource headscale(String typed) {
        String file = typed;
        if (typed.startsWith(JDBC)) {
            check(typed);
            file = typed.startsWith(SQLITE) ? typed.substring(SQLITE.length()) : "";
            if (file.isEmpty() || file.startsWith("file:") || file.indexOf('?') >= 0) {
                return toRead(typed);
            }
        }
        return toRead(HeadscaleFile.of(file).url());
    }

    /** Opens a connection whenever it is asked: a tool that runs once needs no pool. */
    private static DataSource source(String url, boolean readOnly) {
        if (url.startsWith(SQLITE)) {
            SQLiteConfig config = new SQLiteConfig();
            if (readOnly) {
                // SQLITE_OPEN_READONLY: not even a journal is rolled back
                config.setReadOnly(true);
            }
            SQLiteDataSource sqlite = new SQLiteDataSource(config);
            sqlite.setUrl(url);
            return sqlite;
        }
        PGSimpleDataSource postgresql = new PGSimpleDataSource();
        try {
            postgresql.setUrl(url);
        } catch (IllegalArgumentException malformed) {
            throw new BadInput("the address of the database cannot be read: write it as jdbc:postgresql://HOST/NAME");
        }
        return postgresql;
    }

    /** A database to read from. */
    static DataSource toRead(String url) {
        return source(url, true);
    }

    /** The tables of a store, made if they are missing. */
    public static RoutingStore storeToWrite(String url) {
        check(url);
        DataSource database = source(url, false);
        JdbcSchema.of(database).migrate();
        return JdbcRoutingStore.open(database);
    }

    /** The tables of a store, if they are there; nothing is made. */
    public static Optional<RoutingStore> storeToRead(String url) {
        check(url);
        try {
            return Optional.of(JdbcRoutingStore.open(toRead(url)));
        } catch (SchemaVersionException unfit) {
            if (unfit.fault() == SchemaVersionException.Fault.MISSING) {
                return Optional.empty();
            }
            throw unfit;
        } catch (StorageUnavailableException unavailable) {
            if (unavailable.getCause() instanceof SQLException error && error.getErrorCode() == SQLITE_CANTOPEN) {
                return Optional.empty();
            }
            throw unavailable;
        }
    }

    /** The tables of a store that has to be there; nothing is made. */
    static RoutingStore existing(String url) {
        return storeToRead(url).orElseThrow(() -> new BadInput(noStore(url)));
    }

    private static String noStore(String url) {
        if (url.startsWith(SQLITE)) {
            String file = url.substring(SQLITE.length()).replaceFirst("\\?.*", "");
            if (!file.startsWith("file:") && !Files.exists(Path.of(file))) {
                return "there is no file `" + file + "`";
            }
        }
        return "the database has no tables of Wayleave: name the one that the control plane writes";
    }

    /** Names only the kind of the address, which may hold a password. */
    private static void check(String url) {
        if (!url.startsWith(SQLITE) && !url.startsWith(POSTGRESQL)) {
            throw new BadInput("the address of a database begins with `" + SQLITE + "` or `" + POSTGRESQL + "`");
        }
    }
}
