package dev.wayleave.examples.cli.command;

import dev.wayleave.examples.cli.report.History;
import dev.wayleave.examples.cli.report.ReplayReport;
import dev.wayleave.examples.cli.source.Tailnet;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.SourceText;
import dev.wayleave.journal.Journal;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.StoredTextException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes the steps of a journal again, and shows what happened and what it came to. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Replays a journal: what happened when and why, and the routes in the end.",
        footer = {"", "A journal is what the library's recorder writes: JSON lines, the first with the format version."
        })
public final class ReplayCommand implements Runnable {

    @Parameters(paramLabel = "FILE", description = "The journal.")
    private Path file = Path.of("");

    @Option(
            names = {"-u", "--until"},
            paramLabel = "TIME",
            description = "Stop after the last step that is not later, for example 2026-01-01T12:30:00Z.")
    private @Nullable String until;

    @Option(
            names = {"-e", "--explain"},
            paramLabel = "PREFIX",
            description =
                    "Also say why every node that has to do with this route does or does not carry it in the end.")
    private @Nullable Prefix explain;

    @Option(
            names = {"-w", "--viewer"},
            paramLabel = "NAME",
            description = "With --explain: also say why this node gets the route in the end, or does not.")
    private @Nullable String viewer;

    @Option(
            names = {"-d", "--digest"},
            description = "Also print the digest of the state in the end: equal for equal states, on every machine.")
    private boolean digest;

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public void run() {
        Optional<Instant> last = Optional.ofNullable(until).map(ReplayCommand::time);
        if (viewer != null && explain == null) {
            throw new BadInput("`--viewer` explains a route: name it with `--explain`");
        }
        SourceText source = SourceText.read(file);
        History history = new History();
        Journal.Replay replay;
        try {
            List<String> lines = source.text().lines().toList();
            replay = Journal.replay(lines, last.orElse(null), history);
        } catch (StoredTextException refused) {
            throw new BadInput(source.name() + ": " + refused.getMessage());
        }
        ReplayReport report = new ReplayReport(
                history,
                replay,
                explain,
                viewer == null
                        ? null
                        : new Tailnet(replay.state(), replay.state().names(), "")
                                .node(viewer)
                                .id(),
                digest);
        output.print(report);
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException malformed) {
            throw new BadInput("`" + text + "` is not a time: write it as `2026-01-01T12:30:00Z`");
        }
    }
}
