package dev.wayleave.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What printed lines say, whatever the words around it are.
 *
 * <p>A line is described by its facts, in their order. Between two facts stands {@code …}, for any words; it stands
 * before the first and after the last fact, too, where a line does not begin or end with a fact. How far columns are
 * apart does not matter.
 */
public final class Facts {

    private static final String WORDS = "…";

    private Facts() {}

    private static Pattern pattern(String facts) {
        return Pattern.compile(Arrays.stream(facts.strip().split(WORDS, -1))
                .map(fact -> Pattern.quote(fact.strip()))
                .collect(Collectors.joining(".*")));
    }

    private static List<String> lines(String text) {
        return text.lines()
                .map(line -> line.strip().replaceAll(" {2,}", " "))
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /** {@return whether a line has these facts and nothing before or after them} */
    public static boolean match(String line, String facts) {
        return pattern(facts).matcher(line.strip().replaceAll(" {2,}", " ")).matches();
    }

    /** Asserts that the lines, of which empty ones do not count, have the facts of the lines of a text. */
    public static void assertLines(String printed, String facts) {
        List<String> lines = lines(printed);
        List<String> wanted = lines(facts);
        assertThat(lines).as(printed).hasSameSizeAs(wanted);
        for (int i = 0; i < wanted.size(); i++) {
            assertThat(lines.get(i)).matches(pattern(wanted.get(i)));
        }
    }

    /** Asserts that the facts of each line of a text are those of one of the printed lines. */
    public static void assertSomeLines(String printed, String facts) {
        List<String> lines = lines(printed);
        for (String wanted : lines(facts)) {
            assertThat(lines).anyMatch(line -> match(line, wanted), wanted);
        }
    }
}
