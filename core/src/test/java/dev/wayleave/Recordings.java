package dev.wayleave;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The folder of recorded cases, which {@code core/CONFORMANCE.md} describes, as every test looks for it. */
public final class Recordings {

    // Surefire sets the folder of the module; an IDE starts in it.
    static final Path MODULE = Path.of(System.getProperty("basedir", ".")).toAbsolutePath();

    private static final Path ROOT = MODULE.getParent();

    private Recordings() {}

    /** The folder that a property or the environment names. */
    static Optional<Path> asked() {
        return Optional.ofNullable(System.getProperty("wayleave.conformance"))
                .or(() -> Optional.ofNullable(System.getenv("WAYLEAVE_CONFORMANCE")))
                .filter(text -> !text.isBlank())
                .map(text -> ROOT.resolve(text).normalize());
    }

    /**
     * The folder that a property or the environment names, or else the usual one of the cases; neither has to exist.
     */
    static Path folder() {
        return asked().orElse(ROOT.resolve("../shared/conformance").normalize());
    }

    /** The cases that are there, in the order of their names. */
    public static List<Path> files() throws IOException {
        return files(folder());
    }

    /** The files {@code folder/*}{@code /*.json}; the folder and its folders may be links. */
    static List<Path> files(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path category : in(folder)) {
            in(category).stream()
                    .filter(file -> file.toString().endsWith(".json"))
                    .forEach(files::add);
        }
        return List.copyOf(files);
    }

    private static List<Path> in(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(folder)) {
            return found.sorted().toList();
        }
    }
}
