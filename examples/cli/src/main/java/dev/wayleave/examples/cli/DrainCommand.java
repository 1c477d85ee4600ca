package dev.wayleave.examples.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes the load off a router before somebody works on it. */
@Command(
        name = "drain",
        mixinStandardHelpOptions = true,
        versionProvider = Wayleave.Version.class,
        description = "Moves what a router carries to its standbys, and gives it nothing new until the drain ends.",
        footer = {"", "A drain that would leave a prefix on the router is refused; --force drains it all the same."})
final class DrainCommand implements Runnable {

    @Mixin
    private ServerOption at = new ServerOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Parameters(paramLabel = "NODE", description = "The node's name or number.")
    private String node = "";

    @Option(
            names = "--for",
            paramLabel = "TIME",
            description = "When the drain ends by itself, for example 30m or 2h (default: when somebody ends it).")
    private @Nullable String duration;

    @Option(names = "--force", description = "Drain it even if no other node can carry what it has.")
    private boolean force;

    @Option(names = "--end", description = "End the drain.")
    private boolean end;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        String until =
                duration == null ? "" : Instant.now().plus(length(duration)).toString();
        ControlPlane server = at.need();
        String path = ControlPlane.OWN + "nodes/" + Peers.of(server).find(node) + (end ? "/undrain" : "/drain");
        Json answer = server.send("POST", path, json -> {
            if (!end) {
                if (!until.isEmpty()) {
                    json.writeStringProperty("until", until);
                }
                json.writeBooleanProperty("forced", force);
            }
        });
        PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            out.print(JsonOutput.of(answer));
        } else if (end) {
            out.print(Printable.line(node) + " is no longer drained\n");
        } else {
            out.print(Printable.line(node) + " is being drained" + (until.isEmpty() ? "" : " until " + until) + "\n");
        }
    }

    private static Duration length(String typed) {
        try {
            Duration length = Duration.parse("PT" + typed.toUpperCase(Locale.ROOT));
            if (!length.isNegative() && !length.isZero()) {
                return length;
            }
        } catch (DateTimeParseException malformed) {
            // told below
        }
        throw new BadInput("`" + typed + "` is no length of time: write 90s, 30m or 2h");
    }
}
