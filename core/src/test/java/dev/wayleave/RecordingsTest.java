package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingsTest {

    @TempDir
    Path folder;

    private Path cases;

    @BeforeEach
    void writeCases() throws IOException {
        cases = Files.createDirectories(folder.resolve("cases"));
        Files.writeString(cases.resolve("index.json"), "{}");
        Files.writeString(Files.createDirectory(cases.resolve("routes")).resolve("b.json"), "{}");
        Files.writeString(cases.resolve("routes/a.json"), "{}");
        Files.writeString(cases.resolve("routes/README.md"), "");
        Files.writeString(Files.createDirectory(cases.resolve("acls")).resolve("c.json"), "{}");
        Files.writeString(Files.createDirectory(cases.resolve("acls/deeper")).resolve("d.json"), "{}");
    }

    @Test
    void theRecordingsAreTheJsonFilesInTheFoldersOfTheFolder() throws IOException {
        assertThat(Recordings.files(cases))
                .containsExactly(
                        cases.resolve("acls/c.json"), cases.resolve("routes/a.json"), cases.resolve("routes/b.json"));
    }

    @Test
    void thereAreNoRecordingsWhereThereIsNoFolder() throws IOException {
        assertThat(Recordings.files(folder.resolve("absent"))).isEmpty();
        assertThat(Recordings.files(cases.resolve("index.json"))).isEmpty();
    }

    @Test
    void theFolderAndItsFoldersMayBeLinks() throws IOException {
        Path link = link(folder.resolve("link"), cases);
        assertThat(Recordings.files(link)).hasSize(3).allMatch(file -> file.startsWith(link));
        link(Files.createDirectory(folder.resolve("linking")).resolve("all"), cases.resolve("routes"));
        assertThat(Recordings.files(folder.resolve("linking"))).hasSize(2);
    }

    private static Path link(Path link, Path target) throws IOException {
        try {
            return Files.createSymbolicLink(link, target);
        } catch (UnsupportedOperationException | IOException refused) {
            return Assumptions.abort("no symbolic links here: " + refused);
        }
    }
}
