package dev.wayleave.examples.cli.source;

import dev.wayleave.examples.cli.text.BadInput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The file of a Headscale database on SQLite, looked at before SQLite opens it: the errors of SQLite itself tell
 * little.
 *
 * @param path the file
 * @param inWalMode whether its latest changes may be in a second file, the write-ahead log
 */
record HeadscaleFile(Path path, boolean inWalMode) {

    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int HEADER = 100;

    /** The place in the header of the version of the format that is needed to read. */
    private static final int READ_VERSION = 19;

    private static final int WAL = 2;

    /** Looks at a file, and refuses in one line what is none, or none of SQLite. */
    static HeadscaleFile of(String typed) {
        Path path = path(typed);
        if (Files.isDirectory(path)) {
            throw new BadInput("`" + typed + "` is a folder: name the file in it");
        }
        if (!Files.exists(path)) {
            throw new BadInput("there is no file `" + typed + "`");
        }
        byte[] header = header(path, typed);
        if (header.length == 0) {
            throw new BadInput("`" + typed + "` is empty");
        }
        if (header.length < HEADER || !Arrays.equals(MAGIC, Arrays.copyOf(header, MAGIC.length))) {
            throw new BadInput("`" + typed + "` is not a database of SQLite");
        }
        return new HeadscaleFile(path, header[READ_VERSION] == WAL);
    }

    private static Path path(String typed) {
        try {
            return Path.of(typed).toAbsolutePath();
        } catch (InvalidPathException malformed) {
            throw new BadInput("`" + typed + "` cannot be the name of a file");
        }
    }

    private static byte[] header(Path path, String typed) {
        try (InputStream content = Files.newInputStream(path)) {
            return content.readNBytes(HEADER);
        } catch (AccessDeniedException denied) {
            throw new BadInput("`" + typed + "` cannot be read: permission denied");
        } catch (IOException failed) {
            throw new BadInput("`" + typed + "` cannot be read: " + failed.getMessage());
        }
    }

    /**
     * The address for SQLite's driver. In WAL mode even a reader makes files beside the database, and leaves them
     * there; where there is no log, the address declares that nothing changes, and SQLite makes no file.
     */
    String url() {
        boolean hasLog = Files.exists(path.resolveSibling(path.getFileName() + "-wal"));
        return "jdbc:sqlite:" + path.toUri() + (inWalMode && !hasLog ? "?immutable=1" : "");
    }
}
