package dev.wayleave.examples.cli.command;

import dev.wayleave.RoutingState;
import dev.wayleave.examples.cli.report.Router;
import dev.wayleave.examples.cli.source.ControlPlane;
import dev.wayleave.examples.cli.source.Peers;
import dev.wayleave.examples.cli.source.Stored;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.Json;
import dev.wayleave.examples.cli.text.JsonOutput;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.mesh.NodeId;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes the load off a router before maintenance. */
@Command(
        name = "drain",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Moves what a router carries to its standbys, and gives it nothing new until the drain ends.",
        footer = {
            "",
            "A drain that would leave a prefix on the router is refused; --force drains it all the same. A database "
                    + "does",
            "not know who is online: there, a node that could carry it when it was last written counts as a standby."
        })
public final class DrainCommand implements Runnable {

    @Mixin
    private ServerOption at = new ServerOption();

    @Mixin
    private DatabaseOption database = new DatabaseOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Parameters(paramLabel = "NODE", description = "The node's name or number.")
    private String node = "";

    @Option(
            names = "--for",
            paramLabel = "TIME",
            description = "When the drain ends by itself, for example 30m or 2h (default: when undrain ends it).")
    private @Nullable String duration;

    @Option(names = "--force", description = "Drain it even if no other node can carry what it has.")
    private boolean force;

    @Option(names = "--end", description = "End the drain.")
    private boolean end;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        // whole seconds, in which people think
        Optional<Instant> until = Optional.ofNullable(duration)
                .map(typed -> Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(length(typed)));
        Optional<Stored> stored = database.find();
        String json = stored.isPresent() ? drain(stored.get(), until) : drain(at.need(), until);
        PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            out.print(json);
        } else if (end) {
            out.print(Printable.line(node) + " is no longer drained\n");
        } else {
            out.print(Printable.line(node) + " is being drained"
                    + until.map(time -> " until " + time).orElse("") + "\n");
        }
    }

    private String drain(Stored stored, Optional<Instant> until) {
        NodeId id = new NodeId(Peers.of(stored.read()).find(node));
        try {
            stored.submit(
                    end
                            ? new dev.wayleave.command.Command.UndrainNode(id)
                            : new dev.wayleave.command.Command.DrainNode(id, until.orElse(null), force));
        } catch (BadInput refused) {
            throw end || force
                    ? refused
                    : new BadInput(refused.getMessage() + " (--force); a database does not know who is online");
        }
        RoutingState state = stored.read();
        return JsonOutput.write(Router.of(state, state.node(id).orElseThrow()).json());
    }

    private String drain(ControlPlane server, Optional<Instant> until) {
        String path = ControlPlane.OWN + "nodes/" + Peers.of(server).find(node) + (end ? "/undrain" : "/drain");
        Json answer = server.send("POST", path, json -> {
            if (!end) {
                until.ifPresent(time -> json.writeStringProperty("until", time.toString()));
                json.writeBooleanProperty("forced", force);
            }
        });
        return JsonOutput.of(answer);
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
        throw new BadInput("`" + typed + "` is no length of time: write 90s, 30m or 2h");
    }
}
