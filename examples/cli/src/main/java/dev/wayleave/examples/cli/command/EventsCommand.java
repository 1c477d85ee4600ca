package dev.wayleave.examples.cli.command;

import dev.wayleave.examples.cli.report.Ink;
import dev.wayleave.examples.cli.source.ControlPlane;
import dev.wayleave.examples.cli.source.LoggedEvent;
import dev.wayleave.examples.cli.source.Peers;
import dev.wayleave.examples.cli.source.ServerEvent;
import dev.wayleave.examples.cli.source.Stored;
import dev.wayleave.examples.cli.source.StoredEvents;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.Fields;
import dev.wayleave.examples.cli.text.Json;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.examples.cli.text.Refused;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.AddressFormatException;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.WayleaveException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What happened in a tailnet, and what happens now. */
@Command(
        name = "events",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Prints what happened, the oldest first, each with its reason.")
public final class EventsCommand implements Runnable {

    private static final long WAIT_MILLIS = 1000;

    @Mixin
    private ServerOption at = new ServerOption();

    @Mixin
    private DatabaseOption database = new DatabaseOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(
            names = {"-f", "--follow"},
            description = "Stay, and print each one as it happens. Ctrl-C ends it.")
    private boolean follow;

    @Option(
            names = "--limit",
            paramLabel = "COUNT",
            defaultValue = "20",
            description = "How many of the past, 0 to 1000 (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(
            names = {"-n", "--node"},
            paramLabel = "NODE",
            description = "Only those about this node: its name or number. Not with --follow.")
    private @Nullable String node;

    @Option(
            names = {"-p", "--prefix"},
            paramLabel = "PREFIX",
            description = "Only those about this prefix. Not with --follow.")
    private @Nullable String prefix;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private long last;

    @Override
    public void run() {
        if (limit < 0 || limit > 1000) {
            throw new BadInput("--limit is a number from 0 to 1000");
        }
        if (follow && (node != null || prefix != null)) {
            throw new BadInput("--follow prints all events: leave --node and --prefix out");
        }
        Optional<Stored> stored = database.find();
        if (stored.isPresent()) {
            ofDatabase(stored.get());
        } else {
            ofServer(at.need());
        }
    }

    private void ofDatabase(Stored stored) {
        Optional<Long> about = Optional.of(stored.read())
                .flatMap(state -> Optional.ofNullable(node).map(Peers.of(state)::find));
        Optional<Prefix> route;
        try {
            route = Optional.ofNullable(prefix).map(Prefix::parse);
        } catch (AddressFormatException malformed) {
            throw new BadInput(malformed);
        }
        try {
            StoredEvents events = stored.events();
            List<LoggedEvent> past =
                    events.newest(Math.max(1, limit), StoredEvents.about(about.map(NodeId::new), route));
            if (limit > 0) {
                past.forEach(this::print);
            }
            while (follow && waited()) {
                events.next().forEach(this::print);
            }
        } catch (WayleaveException failed) {
            throw new BadInput(failed);
        }
    }

    private void ofServer(ControlPlane server) {
        StringBuilder query = new StringBuilder("events?limit=" + Math.max(1, limit));
        if (node != null) {
            query.append("&node=").append(Peers.of(server).find(node));
        }
        if (prefix != null) {
            query.append("&prefix=").append(ControlPlane.part(prefix));
        }
        List<Json> past = server.fields(server.get(ControlPlane.OWN + query)).list("events");
        for (Json event : past) {
            show(server, event, limit > 0);
        }
        if (follow) {
            follow(server);
        }
    }

    private void follow(ControlPlane server) {
        boolean lost = false;
        while (true) {
            try (Stream<String> lines = server.stream(ControlPlane.OWN + "events/stream?after=" + last)) {
                if (lost) {
                    spec.commandLine().getErr().println("wayleave: connected again");
                    spec.commandLine().getErr().flush();
                }
                lost = false;
                ServerEvent.Lines together = new ServerEvent.Lines();
                lines.forEach(line -> together.take(line)
                        .filter(event -> event.kind().equals("event"))
                        .ifPresent(event -> show(server, event.json(), true)));
            } catch (IOException | UncheckedIOException broken) {
                // refused below
            } catch (Refused refused) {
                if (!refused.mayPass()) {
                    throw refused;
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
            if (!lost) {
                spec.commandLine().getErr().println("wayleave: the connection is lost; trying again");
                spec.commandLine().getErr().flush();
            }
            lost = true;
            if (!waited()) {
                return;
            }
        }
    }

    private static boolean waited() {
        try {
            Thread.sleep(WAIT_MILLIS);
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void show(ControlPlane server, Json event, boolean print) {
        Fields fields = server.fields(event);
        long seq = fields.positiveNumber("seq");
        if (seq <= last) {
            return;
        }
        last = seq;
        if (print) {
            print(LoggedEvent.of(fields, event));
        }
    }

    private void print(LoggedEvent event) {
        PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            // one event a line, for programs that read while it is written
            out.print(event.json());
        } else {
            Ink ink = new Ink(spec.commandLine().getColorScheme().ansi());
            out.print(ink.faint(Printable.line(event.time())) + "  "
                    + paint(ink, event.kind()).apply(Printable.line(event.text()))
                    + ink.faint(Printable.line(reason(event))) + "\n");
        }
        out.flush();
    }

    private static String reason(LoggedEvent event) {
        String reason = event.reason().isEmpty() ? "" : ": " + event.reason();
        return reason + event.actor().map(actor -> " (" + actor + ")").orElse("");
    }

    private static UnaryOperator<String> paint(Ink ink, String kind) {
        switch (kind) {
            case "primary-elected", "primary-moved", "route-approved":
                return ink::good;
            case "prefix-unserved", "route-revoked", "route-denied":
                return ink::bad;
            case "approval-pending", "node-in-grace", "drain-started", "primary-kept":
                return ink::waiting;
            default:
                return text -> text;
        }
    }
}
