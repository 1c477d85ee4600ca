package dev.wayleave.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** However a file is damaged, every command answers, or reports in one line what is wrong. */
class MutatedInputTest {

    private static final String CHARACTERS = "{}[]\",:/*\\ \n0123456789abc.-tnulfase\u00e9\uD83D\u202e\u2028\u009b";

    /** What controls a terminal or breaks a line once JSON has read it. */
    private static final List<String> ESCAPES =
            List.of("\\n", "\\r", "\\u001b[31m", "\\u009b2J", "\\u007f", "\\u202e", "\\u2066", "\\u2028", "\\ud800");

    private static final int FILES = Boolean.getBoolean("wayleave.slow") ? 1_000 : 12;

    @TempDir
    Path folder;

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void damagedInputNeverEndsInAFault() throws IOException {
        String sample = Files.readString(Path.of(Run.SAMPLE));
        Random random = new Random(42);
        for (int i = 0; i < FILES; i++) {
            String file = Run.file(folder, "damaged.json", damaged(sample, random));
            check(Run.of("routes", "--case", file), 2);
            check(Run.of("view", "-c", file, "-n", "ben-laptop", "--why"), 2);
            check(Run.of("filter", "-c", file, "-n", "berlin-a"), 2);
            check(Run.of("can", "ben-laptop", "intranet:443", "-c", file), 1, 2);
            check(Run.of("policy", "check", file), 1);
            check(Run.of("explain", "--case", file, "--node", "berlin-b", "--prefix", "10.20.0.0/16"), 2);
        }
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void noDamagedJournalEndsInAFault() throws IOException {
        String sample = Files.readString(Run.MODULE.resolve("sample/journal.jsonl"));
        Random random = new Random(42);
        for (int i = 0; i < FILES; i++) {
            String file = Run.file(folder, "damaged.jsonl", damaged(sample, random));
            check(Run.of("replay", file, "--explain", "10.20.0.0/16", "--digest"), 2);
            check(Run.of("replay", file, "--output", "json"), 2);
        }
    }

    private static void check(Run run, Integer... others) {
        assertThat(run.code())
                .as(run.err())
                .isIn(Stream.concat(Stream.of(0), Stream.of(others)).toList());
        assertThat(run.err().lines().count()).isEqualTo(run.code() == 2 ? 1 : 0);
        assertThat(run.out() + run.err()).doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}&&[^\n]]");
    }

    /** The place after the next quotation mark, where every other time a text begins. */
    private static int inText(StringBuilder text, int from) {
        return text.indexOf("\"", from) + 1;
    }

    private static String damaged(String text, Random random) {
        StringBuilder damaged = new StringBuilder(text);
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(damaged.length());
            int length = random.nextInt(Math.min(30, damaged.length() - at) + 1);
            char piece = CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
            switch (random.nextInt(6)) {
                case 0 -> damaged.delete(at, at + length);
                case 1 -> damaged.insert(at, piece);
                case 2 -> damaged.setCharAt(at, piece);
                case 3, 4 -> damaged.insert(inText(damaged, at), ESCAPES.get(random.nextInt(ESCAPES.size())));
                default -> damaged.insert(random.nextInt(damaged.length()), damaged.substring(at, at + length));
            }
        }
        // a lone surrogate cannot be written to a file
        return damaged.toString().replaceAll("[\\uD800-\\uDFFF]", "?");
    }
}
