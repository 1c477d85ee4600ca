package dev.wayleave;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.opentest4j.MultipleFailuresError;

/**
 * Compares the library with recorded answers of a real control plane; {@code core/CONFORMANCE.md} describes how to run
 * it.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ConformanceTest {

    private static final List<ConformanceKind> KINDS = List.of(
            new RejectedPolicies(),
            new ApprovedRoutes(),
            new Primaries(),
            new PeersOfViewers(),
            new RoutesOfViewers(),
            new PacketFilters(),
            new SlowTwins());

    private static final Path SUMMARY = Recordings.MODULE.resolve("target").resolve("conformance.txt");

    private final int[] cases = new int[KINDS.size()];
    private final int[] passed = new int[KINDS.size()];
    private Optional<String> notRun = Optional.empty();

    @TestFactory
    Stream<DynamicTest> everyAnswerIsAsRecorded() throws IOException {
        List<Path> files = Recordings.files();
        if (files.isEmpty()) {
            String reason = "no recordings in " + Recordings.folder() + ", see core/CONFORMANCE.md";
            notRun = Optional.of(reason);
            if (Recordings.asked().isPresent()) {
                throw new AssertionError(reason);
            }
            return Stream.of(dynamicTest("skipped", () -> Assumptions.abort(reason)));
        }
        return files.stream().map(file -> dynamicTest(id(file), file.toUri(), () -> check(file)));
    }

    @AfterAll
    void printCounts() throws IOException {
        List<String> lines = new ArrayList<>();
        notRun.ifPresent(reason -> lines.add("conformance: not run: " + reason));
        for (int kind = 0; kind < KINDS.size() && notRun.isEmpty(); kind++) {
            lines.add("conformance " + KINDS.get(kind).name() + ": " + passed[kind] + " of " + cases[kind] + " cases");
        }
        Files.createDirectories(SUMMARY.getParent());
        Files.write(SUMMARY, lines);
        lines.forEach(System.out::println);
    }

    private static String id(Path file) {
        return file.getFileName().toString().replaceFirst("\\.json$", "");
    }

    private void check(Path file) {
        List<Throwable> failures = new ArrayList<>();
        Optional<ConformanceCase> recorded = Optional.empty();
        try {
            recorded = Optional.of(ConformanceCase.read(file));
        } catch (RuntimeException unreadable) {
            failures.add(new AssertionError("`" + file + "` cannot be read as a case: " + unreadable, unreadable));
        }
        for (int kind = 0; kind < KINDS.size(); kind++) {
            ConformanceKind question = KINDS.get(kind);
            // a case that cannot be read might concern any kind: it must not make the summary look better
            if (recorded.isPresent() && !question.concerns(recorded.get())) {
                continue;
            }
            cases[kind]++;
            if (recorded.isPresent()) {
                try {
                    question.check(recorded.get());
                    passed[kind]++;
                } catch (RuntimeException | AssertionError failure) {
                    failures.add(failure);
                }
            }
        }
        if (!failures.isEmpty()) {
            throw new MultipleFailuresError(id(file), failures);
        }
    }
}
