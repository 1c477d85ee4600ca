package dev.wayleave.examples.cli;

import java.io.PrintWriter;
import java.util.List;
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
        versionProvider = Wayleave.Version.class,
        description = "Lists and approves the routes of a server's nodes, as `headscale nodes` does.",
        synopsisSubcommandLabel = "COMMAND")
final class NodesCommand {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "list-routes",
            aliases = {"lsr", "routes"},
            mixinStandardHelpOptions = true,
            versionProvider = Wayleave.Version.class,
            description = "Lists what every node advertises, what is approved, and what it serves now.")
    void listRoutes(
            @Mixin ServerOption at,
            @Mixin OutputOption output,
            @Option(
                            names = {"-i", "--identifier"},
                            paramLabel = "N",
                            defaultValue = "0",
                            description = "Only this node; 0 for all, and all where there is no such node.")
                    long identifier) {
        ControlPlane server = at.need();
        List<Json> nodes =
                server.fields(server.get(ControlPlane.HEADSCALE + "node")).list("nodes");
        List<Json> asked = nodes.stream()
                .filter(node -> id(server, node).equals(Long.toString(identifier)))
                .toList();
        List<Json> routers = (asked.isEmpty() ? nodes : asked)
                .stream().filter(node -> hasRoutes(server.fields(node))).toList();
        PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            out.print(JsonOutput.of(new Json.ArrayValue(Json.Place.START, routers)));
            return;
        }
        TextTable table = new TextTable(
                new Ink(spec.commandLine().getColorScheme().ansi()),
                List.of("ID", "Hostname", "Approved", "Available", "Serving (Primary)"));
        for (Json each : routers) {
            Fields node = server.fields(each);
            table.add(List.of(
                    List.of(id(server, each)),
                    List.of(node.text("givenName").orElse("")),
                    node.texts("approvedRoutes"),
                    node.texts("availableRoutes"),
                    node.texts("subnetRoutes")));
        }
        out.print(table.text());
    }

    @Command(
            name = "approve-routes",
            mixinStandardHelpOptions = true,
            versionProvider = Wayleave.Version.class,
            description = "Replaces the list of a node's approved routes.",
            footer = {"", "What the list leaves out is revoked. Without --routes, or with an empty one, all are."})
    void approveRoutes(
            @Mixin ServerOption at,
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
        ControlPlane server = at.need();
        List<String> approved = routes == null
                ? List.of()
                : routes.stream().filter(route -> !route.isBlank()).toList();
        Json answer = server.send(
                "POST",
                ControlPlane.HEADSCALE + "node/" + identifier + "/approve_routes",
                json -> JsonOutput.texts(json, "routes", approved));
        PrintWriter out = spec.commandLine().getOut();
        out.print(output.isJson() ? JsonOutput.of(server.fields(answer).need("node")) : "Node updated\n");
    }

    private static String id(ControlPlane server, Json node) {
        return server.fields(node).text("id").orElse("");
    }

    private static boolean hasRoutes(Fields node) {
        return !node.list("approvedRoutes").isEmpty()
                || !node.list("availableRoutes").isEmpty()
                || !node.list("subnetRoutes").isEmpty();
    }
}
