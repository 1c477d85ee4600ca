package dev.wayleave.examples.cli.command;

import dev.wayleave.NodeState;
import dev.wayleave.RoutingState;
import dev.wayleave.event.ApprovalDifference;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.examples.cli.report.Ink;
import dev.wayleave.examples.cli.report.Router;
import dev.wayleave.examples.cli.source.ControlPlane;
import dev.wayleave.examples.cli.source.Stored;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.Fields;
import dev.wayleave.examples.cli.text.Json;
import dev.wayleave.examples.cli.text.JsonOutput;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.AddressFormatException;
import dev.wayleave.net.Prefix;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What Headscale's tool does with the routes of nodes, with its names, options and output. */
@Command(
        name = "nodes",
        aliases = "node",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Lists and approves the routes of a server's nodes, or a database's, as `headscale nodes` does.",
        synopsisSubcommandLabel = "COMMAND")
public final class NodesCommand {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "list-routes",
            aliases = {"lsr", "routes"},
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "Lists what every node advertises, what is approved, and what it serves now.")
    void listRoutes(
            @Mixin ServerOption at,
            @Mixin DatabaseOption database,
            @Mixin OutputOption output,
            @Option(
                            names = {"-i", "--identifier"},
                            paramLabel = "N",
                            defaultValue = "0",
                            description = "Only this node; 0 for all, and all where there is no such node.")
                    long identifier) {
        List<Router> nodes = nodes(at, database);
        List<Router> asked = nodes.stream()
                .filter(node -> node.id().equals(Long.toString(identifier)))
                .toList();
        List<Router> routers = (asked.isEmpty() ? nodes : asked)
                .stream().filter(Router::hasRoutes).toList();
        PrintWriter out = spec.commandLine().getOut();
        out.print(
                output.isJson()
                        ? Router.json(routers)
                        : Router.table(
                                routers,
                                new Ink(spec.commandLine().getColorScheme().ansi())));
    }

    private static List<Router> nodes(ServerOption at, DatabaseOption database) {
        Optional<Stored> stored = database.find();
        if (stored.isPresent()) {
            RoutingState state = stored.get().read();
            return state.nodes().values().stream()
                    .map(node -> Router.of(state, node))
                    .toList();
        }
        ControlPlane server = at.need();
        return server.fields(server.get(ControlPlane.HEADSCALE + "node")).list("nodes").stream()
                .map(node -> Router.of(server, node))
                .toList();
    }

    @Command(
            name = "approve-routes",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "Replaces the list of a node's approved routes.",
            footer = {"", "What the list leaves out is revoked. Without --routes, or with an empty one, all are."})
    void approveRoutes(
            @Mixin ServerOption at,
            @Mixin DatabaseOption database,
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
        List<String> approved = routes == null
                ? List.of()
                : routes.stream().filter(route -> !route.isBlank()).toList();
        Updated updated = database.find()
                .map(stored -> approve(stored, identifier, approved))
                .orElseGet(() -> approve(at.need(), identifier, approved));
        spec.commandLine()
                .getOut()
                .print(output.isJson() ? JsonOutput.write(updated.node().json()) : Printable.lines(updated.text()));
    }

    /** A node after its list was replaced, and what that changed. */
    private record Updated(Router node, String text) {}

    private static Updated approve(ControlPlane server, long node, List<String> routes) {
        Json answer = server.send(
                "POST",
                ControlPlane.HEADSCALE + "node/" + node + "/approve_routes",
                json -> JsonOutput.texts(json, "routes", routes));
        Fields fields = server.fields(answer);
        // another server of Headscale's API does not say what changed
        String text = fields.find("changes")
                .flatMap(changes -> server.fields(changes).text("text"))
                .orElse("Node updated\n");
        return new Updated(Router.of(server, fields.need("node")), text);
    }

    private static Updated approve(Stored stored, long node, List<String> routes) {
        List<Prefix> prefixes = new ArrayList<>();
        try {
            routes.forEach(route -> prefixes.add(Prefix.parse(route)));
        } catch (AddressFormatException malformed) {
            throw new BadInput(malformed);
        }
        if (node < 1) {
            throw new BadInput("`" + node + "` is the number of no node");
        }
        NodeId id = new NodeId(node);
        List<RouteEvent> events = stored.submit(new dev.wayleave.command.Command.SetApprovedRoutes(id, prefixes));
        RoutingState state = stored.read();
        NodeState updated = state.node(id).orElseThrow();
        return new Updated(
                Router.of(state, updated),
                ApprovalDifference.of(id, updated.approvals(), events).text(state.names()));
    }
}
