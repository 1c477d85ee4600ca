package dev.wayleave.examples.tour;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The README and the pages of the documentation show these programs and what they print, to the letter. */
class PageProgramsTest {

    private static final Path ROOT =
            Path.of(System.getProperty("basedir", ".")).toAbsolutePath().resolve("../..");

    private enum Program {
        LIFE("README.md", "life", "RouteLife", RouteLife::main),
        KEPT("README.md", "kept", "KeptRoutes", KeptRoutes::main),
        RESTART("README.md", "restart", "Restart", Restart::main),
        PURE("docs/embedding.md", "pure", "PureLoop", PureLoop::main),
        CONTROLLER("docs/embedding.md", "controller", "ControllerLoop", ControllerLoop::main),
        TAILNETS("docs/embedding.md", "tailnets", "ManyTailnets", ManyTailnets::main),
        HISTORY("docs/storage.md", "history", "StoredHistory", StoredHistory::main),
        FOLLOWED("docs/storage.md", "followed", "FollowedTailnet", FollowedTailnet::main),
        POLICY("docs/policies.md", "policy", "PolicyQuestions", PolicyQuestions::main),
        PLAN("docs/policies.md", "plan", "PolicyPlan", PolicyPlan::main),
        JSON("docs/json.md", "json", "JsonForms", JsonForms::main),
        JACKSON_2("docs/json.md", "jackson-2", "JsonInJackson2", JsonInJackson2::main);

        private final String page;
        private final String marker;
        private final String source;
        private final Main main;

        Program(String page, String marker, String source, Main main) {
            this.page = page;
            this.marker = marker;
            this.source = source;
            this.main = main;
        }

        private String border() {
            return "        // the " + (page.equals("README.md") ? "README" : "documentation")
                    + " shows what is between these two lines\n";
        }
    }

    private interface Main {
        void run(String[] arguments) throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    void thePageShowsTheProgram(Program program) throws IOException {
        String source = read("examples/tour/src/main/java/dev/wayleave/examples/tour/" + program.source + ".java");
        int from = source.indexOf(program.border()) + program.border().length();
        String shown =
                source.substring(from, source.lastIndexOf(program.border())).indent(-8);
        assertThat(read(program.page))
                .contains("<!-- program: " + program.marker + " -->\n```java\n" + shown + "```\n");
    }

    @ParameterizedTest
    @EnumSource
    void thePageShowsWhatItPrints(Program program) throws Exception {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            program.main.run(new String[0]);
        } finally {
            System.setOut(console);
        }
        String output = printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
        assertThat(read(program.page))
                .contains("<!-- output: " + program.marker + " -->\n```text\n" + output + "```\n");
    }

    /** A test compares each program with its source, and finds it by the marker. */
    @Test
    void everyProgramOfTheDocumentationHasASource() throws IOException {
        Pattern unmarked = Pattern.compile("(?<!-->)\n```java\n.*\n");
        try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
            for (Path page :
                    pages.filter(each -> each.toString().endsWith(".md")).toList()) {
                Matcher programs = unmarked.matcher(Files.readString(page).replace("\r\n", "\n"));
                assertThat(programs.results().map(MatchResult::group))
                        .as("programs of %s without a marker", page)
                        .isEmpty();
            }
        }
    }

    /** Links of the documentation lead to files that exist, and to headings that the page has. */
    @Test
    void linksOfTheDocumentationLeadSomewhere() throws IOException {
        Pattern link = Pattern.compile("\\]\\(([^)#:]*)(#[^)]*)?\\)");
        try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
            for (Path page :
                    pages.filter(each -> each.toString().endsWith(".md")).toList()) {
                Matcher links = link.matcher(Files.readString(page));
                while (links.find()) {
                    Path target = links.group(1).isEmpty() ? page : page.resolveSibling(links.group(1));
                    assertThat(target).as("link %s of %s", links.group(), page).exists();
                    if (links.group(2) != null) {
                        assertThat(anchors(target)).as("links of %s", page).contains(links.group(2));
                    }
                }
            }
        }
    }

    private static List<String> anchors(Path page) throws IOException {
        return Files.readAllLines(page).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> "#"
                        + line.replaceFirst("#+ ", "")
                                .toLowerCase(Locale.ROOT)
                                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                                .replace(' ', '-'))
                .toList();
    }

    private static String read(String file) throws IOException {
        return Files.readString(ROOT.resolve(file)).replace("\r\n", "\n");
    }
}
