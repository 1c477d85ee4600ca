package dev.wayleave.examples.cli.command;

import dev.wayleave.examples.cli.report.RoutesReport;
import dev.wayleave.examples.cli.source.OperatedSource;
import dev.wayleave.examples.cli.source.Tailnet;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.AddressFormatException;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The commands of Headscale's tool for the routes of nodes, with its names, options and output. */
@Command(
        name = "nodes",
        aliases = "node",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Lists and approves the routes of nodes, as `headscale nodes` does.",
        synopsisSubcommandLabel = "COMMAND")
public final class NodesCommand {

    @Command(
            name = "list-routes",
            aliases = {"lsr", "routes"},
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "Lists what every node advertises, what is approved, and what it serves now.")
    void listRoutes(
            @Mixin SourceOption asked,
            @Mixin OutputOption output,
            @Option(
                            names = {"-i", "--identifier"},
                            paramLabel = "N",
                            defaultValue = "0",
                            description = "Only this node; 0 for all, and all where there is no such node.")
                    long identifier) {
        Tailnet tailnet = asked.read();
        NodeId only = identifier < 1 ? null : new NodeId(identifier);
        output.print(new RoutesReport(tailnet.state(), only), tailnet);
    }

    @Command(
            name = "approve-routes",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "Replaces the list of a node's approved routes, at a server or in a database.",
            footer = {"", "What the list leaves out is revoked. Without --routes, or with an empty one, all are."})
    void approveRoutes(
            @Mixin SourceOption asked,
            @Mixin OutputOption output,
            @Option(
                            names = {"-i", "--identifier"},
                            required = true,
                            paramLabel = "N",
                            description = "The node's number.")
                    long identifier,
            @Option(
                            names = {"-r", "--routes"},
                            split = ",",
                            paramLabel = "ROUTE",
                            description = "The routes, divided by commas; may be repeated.")
                    @Nullable
                    List<String> routes) {
        if (identifier < 1) {
            throw new BadInput("`" + identifier + "` is the number of no node");
        }
        NodeId node = new NodeId(identifier);
        OperatedSource source = asked.operated();
        String changes = source.approveOnly(node, prefixes(routes == null ? List.of() : routes));
        output.print(() -> RoutesReport.document(source.read(), node), Printable.lines(changes));
    }

    /** Reads prefixes as they were typed; refuses the first that is none. */
    static List<Prefix> prefixes(List<String> routes) {
        List<Prefix> prefixes = new ArrayList<>();
        try {
            routes.stream().filter(route -> !route.isBlank()).forEach(route -> prefixes.add(Prefix.parse(route)));
        } catch (AddressFormatException malformed) {
            throw new BadInput(malformed);
        }
        return prefixes;
    }
}
