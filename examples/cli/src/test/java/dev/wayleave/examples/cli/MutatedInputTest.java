package dev.wayleave.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However a file is damaged, every command answers, or says in one line what is wrong. */
class MutatedInputTest {

    private static final String PIECES = "{}[]\",:/*\\ \n0123456789abc.-tnulfase\u00e9\uD83D";

    private static final int FILES = Boolean.getBoolean("wayleave.slow") ? 3000 : 100;

    @TempDir
    Path folder;

    @Test
    void neverEndsInAFault() throws IOException {
        String sample = Files.readString(Path.of(Run.SAMPLE));
        Random random = new Random(42);
        for (int i = 0; i < FILES; i++) {
            String file = Run.file(folder, "damaged.json", damaged(sample, random));
            check(Run.of("routes", "--case", file), 2);
            check(Run.of("policy", "check", file), 1);
            check(Run.of("explain", "--case", file, "--node", "berlin-b", "--prefix", "10.20.0.0/16"), 2);
        }
    }

    private static void check(Run run, int refused) {
        assertThat(run.code()).as(run.err()).isIn(0, refused);
        assertThat(run.err().lines().count()).isEqualTo(run.code() == 2 ? 1 : 0);
    }

    private static String damaged(String text, Random random) {
        StringBuilder damaged = new StringBuilder(text);
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(damaged.length());
            int length = random.nextInt(Math.min(30, damaged.length() - at) + 1);
            char piece = PIECES.charAt(random.nextInt(PIECES.length()));
            switch (random.nextInt(4)) {
                case 0 -> damaged.delete(at, at + length);
                case 1 -> damaged.insert(at, piece);
                case 2 -> damaged.setCharAt(at, piece);
                default -> damaged.insert(random.nextInt(damaged.length()), damaged.substring(at, at + length));
            }
        }
        // a lone surrogate cannot be written to a file
        return damaged.toString().replaceAll("[\\uD800-\\uDFFF]", "?");
    }
}
