package dev.wayleave.examples.server;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of SQLite and H2. Only their owner may read and write them: a process that writes them can make a key. */
final class DatabaseFiles {

    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");

    private static final Pattern SQLITE = Pattern.compile("jdbc:sqlite:(?!:)(?:file:)?([^?]+)(?:\\?.*)?");

    /** Memory and servers have another prefix. */
    private static final Pattern H2 = Pattern.compile("jdbc:h2:(?:file:)?([^:;]+)(?:;.*)?");

    private DatabaseFiles() {}

    /**
     * Creates the file that a database begins with; takes away what other users may do with the files that are there.
     */
    static void protect(String url) throws IOException {
        Optional<Path> main = file(SQLITE, url, "").or(() -> file(H2, url, ".mv.db"));
        Path folder = main.map(file -> file.toAbsolutePath().getParent()).orElse(null);
        // a folder that is missing is for the driver to report
        if (folder == null
                || !Files.isDirectory(folder)
                || !Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            return;
        }
        try {
            Files.createFile(main.get(), PosixFilePermissions.asFileAttribute(OWNER));
        } catch (FileAlreadyExistsException e) {
            String name = main.get().getFileName().toString();
            // SQLite gives its other files the permissions of this one, but only when it makes them
            for (String beside : List.of("", "-wal", "-shm", "-journal")) {
                Path file = folder.resolve(name + beside);
                if (Files.isRegularFile(file)) {
                    Files.setPosixFilePermissions(file, OWNER);
                }
            }
        }
    }

    private static Optional<Path> file(Pattern form, String url, String ending) {
        Matcher matcher = form.matcher(url);
        return matcher.matches()
                ? Optional.of(
                        Path.of(matcher.group(1).replaceFirst("^~(?=/)", System.getProperty("user.home")) + ending))
                : Optional.empty();
    }
}
