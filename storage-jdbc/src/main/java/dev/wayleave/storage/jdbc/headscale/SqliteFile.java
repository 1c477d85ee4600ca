package dev.wayleave.storage.jdbc.headscale;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * The file of a SQLite database, and whether its write-ahead log is missing.
 *
 * <p>In WAL mode the latest changes are in a second file, {@code NAME-wal}, until a checkpoint moves them to the
 * first; the last connection that closes does so, and deletes the second file. So a file in WAL mode without the second
 * file is complete if Headscale was stopped first; otherwise it is a copy without the latest changes, perhaps all.
 *
 * @param path the file
 * @param logMissing whether the file is in WAL mode, and {@code NAME-wal} is missing or empty
 */
record SqliteFile(Path path, boolean logMissing) {

    /** The offsets in the header of the format versions for writing and for reading. */
    private static final int WRITE_VERSION = 18;

    private static final int READ_VERSION = 19;

    private static final int WAL = 2;

    /** The file of a connection to SQLite; empty for a database in memory. */
    static Optional<SqliteFile> of(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet databases = statement.executeQuery("PRAGMA database_list")) {
            while (databases.next()) {
                String file = databases.getString("file");
                if (databases.getString("name").equals("main") && file != null && !file.isEmpty()) {
                    return Optional.of(of(Path.of(file)));
                }
            }
            return Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    static SqliteFile of(Path path) {
        return new SqliteFile(path, isInWalMode(path) && isEmptyOrMissing(log(path)));
    }

    private static boolean isInWalMode(Path path) {
        try (InputStream file = Files.newInputStream(path)) {
            byte[] header = file.readNBytes(READ_VERSION + 1);
            return header.length > READ_VERSION && header[WRITE_VERSION] == WAL && header[READ_VERSION] == WAL;
        } catch (IOException e) {
            // the driver has a better message for a file that cannot be read
            return false;
        }
    }

    private static boolean isEmptyOrMissing(Path file) {
        try {
            return !Files.exists(file) || Files.size(file) == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static Path log(Path path) {
        return path.resolveSibling(path.getFileName() + "-wal");
    }

    Path log() {
        return log(path);
    }
}
