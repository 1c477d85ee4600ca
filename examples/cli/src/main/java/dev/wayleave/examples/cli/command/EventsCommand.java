package dev.wayleave.examples.cli.command;

import dev.wayleave.examples.cli.report.Ink;
import dev.wayleave.examples.cli.source.HistoryEntry;
import dev.wayleave.examples.cli.source.OperatedSource;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.Documents;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints the events of a tailnet, and follows new ones. */
@Command(
        name = "events",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Prints what happened at a server or in a database, the oldest first, each with its reason.",
        footer = {"", "JSON is one event a line. A file has no history: `replay` shows that of a journal."})
public final class EventsCommand implements Runnable {

    @Mixin
    private SourceOption asked = new SourceOption();

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
    private @Nullable Prefix prefix;

    @Override
    public void run() {
        if (limit < 0 || limit > 1000) {
            throw new BadInput("--limit is a number from 0 to 1000");
        }
        if (follow && (node != null || prefix != null)) {
            throw new BadInput("--follow prints all events: leave --node and --prefix out");
        }
        OperatedSource source = asked.operated();
        NodeId about = node == null ? null : source.read().node(node).id();
        // one is read in any case: where the next ones begin
        List<HistoryEntry> past = source.past(Math.max(1, limit), about, prefix);
        if (limit > 0) {
            past.forEach(this::print);
        }
        if (follow) {
            source.follow(this::print, output::note);
        }
    }

    private void print(HistoryEntry event) {
        if (output.isJson()) {
            // one event a line, for programs that read while it is written
            output.print(Documents.line(event));
            return;
        }
        Ink ink = output.ink();
        String text = Objects.requireNonNullElse(event.text(), String.valueOf(event.kind()));
        String reason = event.reason() == null || event.reason().isEmpty() ? "" : ": " + event.reason();
        String actor =
                event.actor() == null || Boolean.TRUE.equals(event.actorNamed()) ? "" : " (" + event.actor() + ")";
        output.print(ink.faint(Printable.line(String.valueOf(event.time()))) + "  "
                + paint(ink, String.valueOf(event.kind())).apply(Printable.line(text))
                + ink.faint(Printable.line(reason + actor)) + "\n");
    }

    private static UnaryOperator<String> paint(Ink ink, String kind) {
        return switch (kind) {
            case "primary-elected", "primary-moved", "route-approved" -> ink::good;
            case "prefix-unserved", "route-revoked", "route-denied" -> ink::bad;
            case "approval-pending", "node-in-grace", "drain-started", "primary-kept" -> ink::waiting;
            default -> UnaryOperator.identity();
        };
    }
}
