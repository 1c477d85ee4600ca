package dev.wayleave.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

class WayleaveTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "--help", "-h"})
    void theToolShowsItsCommandsWhenAskedForNothingOrForHelp(String argument) {
        Run run = argument.isEmpty() ? Run.of() : Run.of(argument);
        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .startsWith("Usage: wayleave [-hV] COMMAND\n")
                .contains("routes", "explain", "view", "filter", "can", "policy", "via6", "Exit codes:");
    }

    @ParameterizedTest
    @MethodSource("everyCommand")
    void theToolHelpsWithEachCommand(String command) {
        String[] words = (command + " --help").split(" ");
        Run run = Run.of(words);
        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith("Usage: wayleave " + command).contains("--help", "--version");
    }

    private static Stream<String> everyCommand() {
        return namesWithin(new CommandLine(new Wayleave()));
    }

    /** The whole names of all commands below a command, those with subcommands too. */
    private static Stream<String> namesWithin(CommandLine command) {
        return command.getSubcommands().values().stream()
                .flatMap(each -> Stream.concat(Stream.of(name(each)), namesWithin(each)));
    }

    private static String name(CommandLine command) {
        return command.getCommandSpec().qualifiedName().replaceFirst("wayleave ", "");
    }

    /** The section of the README on sources. */
    private static String sources() throws IOException {
        String readme = Files.readString(Run.MODULE.resolve("README.md")).replace("\r\n", "\n");
        String after = readme.substring(readme.indexOf("\n## The sources\n") + 1);
        return after.substring(0, after.indexOf("\n## "));
    }

    @Test
    void theReadmeListsEveryCommand() throws IOException {
        assertThat(sources())
                .contains(names(new CommandLine(new Wayleave()))
                        .map(name -> "`" + name + "`")
                        .toList());
    }

    /** The whole names of the commands that have no subcommands. */
    private static Stream<String> names(CommandLine command) {
        return command.getSubcommands().isEmpty()
                ? Stream.of(name(command))
                : command.getSubcommands().values().stream().flatMap(WayleaveTest::names);
    }

    @Test
    void theHelpAndTheReadmeListTheSameCommandsForEverySource() throws IOException {
        String help = Run.of("--help").out().replaceAll("\\s+", " ");
        String listed = help.substring(help.indexOf("The commands ") + 13, help.indexOf(" read every source"));
        String row = sources()
                .lines()
                .filter(line -> line.startsWith("| `routes`"))
                .findFirst()
                .orElseThrow();

        assertThat(listed.split(", | and "))
                .containsExactlyInAnyOrder(row.substring(3, row.indexOf("` | ")).split("`, `"));
    }

    @Test
    void theToolPrintsItsVersion() {
        Run run = Run.of("--version");
        assertThat(run.code()).isZero();
        assertThat(run.out()).matches("wayleave .+, on Java \\d+\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rotes                         | command … `rotes` … `routes` … `wayleave --help`
            policy chek x                 | command … `chek` … `check` … `wayleave policy --help`
            policy                        | missing … subcommand … `wayleave policy --help`
            policy check                  | missing … `FILE` … `wayleave policy check --help`
            --foo                         | option … `--foo` … `--help`, `--version` … `wayleave --help`
            routes                        | --case … --server … --db … --headscale … --tailscale
            routes --case                 | missing … `--case` … FILE … `wayleave routes --help`
            routes --case x y             | `y` … argument … `wayleave routes --help`
            routes --case x --outpt json  | option … `--outpt` … `--output` … `wayleave routes --help`
            explain --case x              | missing … `--node=NODE` … `--prefix=PREFIX` … `wayleave explain --help`
            """)
    void aMistakeInTheCommandLineIsSaidInOneLine(String command, String complaint) {
        Run.of(command.split(" ")).assertRefused(complaint);
    }

    @Test
    void coloursAreUsedOnlyWhereTheyAreWanted() {
        assertThat(Run.with(Ansi.ON, "routes", "--case", Run.SAMPLE).out()).contains("\u001B[1m");
        assertThat(Run.with(Ansi.OFF, "routes", "--case", Run.SAMPLE).out()).doesNotContain("\u001B");
    }
}
