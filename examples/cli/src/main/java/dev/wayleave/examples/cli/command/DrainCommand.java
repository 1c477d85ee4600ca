package dev.wayleave.examples.cli.command;

import dev.wayleave.examples.cli.report.RoutesReport;
import dev.wayleave.examples.cli.source.OperatedSource;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.mesh.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes the load off a router before maintenance. */
@Command(
        name = "drain",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Moves what a router carries to its standbys, and gives it nothing new until the drain ends.",
        footer = {
            "",
            "Works at a server or in a database. A drain that would leave a prefix on the router is refused; --force "
                    + "drains it all the same. A database does not know who is online: there, a node that could carry "
                    + "it when it was last written counts as a standby."
        })
public final class DrainCommand implements Runnable {

    @Mixin
    private SourceOption asked = new SourceOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Parameters(paramLabel = "NODE", description = "The node's name or number.")
    private String node = "";

    @Option(
            names = "--for",
            paramLabel = "TIME",
            description = "When the drain ends by itself, for example 30m or 2h (default: when --end ends it).")
    private @Nullable String duration;

    @Option(names = "--force", description = "Drain it even if no other node can carry what it has.")
    private boolean force;

    @Option(names = "--end", description = "End the drain.")
    private boolean end;

    @Override
    public void run() {
        // whole seconds, in which people think
        Optional<Instant> until = Optional.ofNullable(duration)
                .map(typed -> Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(length(typed)));
        OperatedSource source = asked.operated();
        NodeId id = source.read().node(node).id();
        List<String> happened = end ? source.undrain(id) : source.drain(id, until.orElse(null), force);
        output.print(
                () -> RoutesReport.document(source.read(), id),
                happened.isEmpty()
                        ? "nothing changed\n"
                        : happened.stream().map(Printable::line).collect(Collectors.joining("\n", "", "\n")));
    }

    private static Duration length(String typed) {
        try {
            Duration length = Duration.parse("PT" + typed.toUpperCase(Locale.ROOT));
            if (!length.isNegative() && !length.isZero()) {
                return length;
            }
        } catch (DateTimeParseException malformed) {
            // refused below
        }
        throw new BadInput("`" + typed + "` is not a length of time: write 90s, 30m or 2h");
    }
}
