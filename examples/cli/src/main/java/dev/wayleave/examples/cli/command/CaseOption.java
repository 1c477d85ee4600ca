package dev.wayleave.examples.cli.command;

import dev.wayleave.examples.cli.source.Tailnet;
import dev.wayleave.examples.cli.source.TailnetFile;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that names the tailnet to look at. */
final class CaseOption {

    @Option(
            names = {"-c", "--case"},
            required = true,
            paramLabel = "FILE",
            description =
                    "The tailnet: a recorded case, or policy, users, nodes and perhaps `overlay` (a list of prefixes) "
                            + "in one file.")
    private Path file = Path.of("");

    Tailnet read() {
        return TailnetFile.read(file);
    }
}
