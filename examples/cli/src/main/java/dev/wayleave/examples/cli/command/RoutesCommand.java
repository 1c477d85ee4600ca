package dev.wayleave.examples.cli.command;

import dev.wayleave.RoutingState;
import dev.wayleave.examples.cli.report.Ink;
import dev.wayleave.examples.cli.report.Router;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints every node with routes as Headscale's {@code nodes list-routes} does. */
@Command(
        name = "routes",
        aliases = "list-routes",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Lists what every node advertises, what is approved, and what it serves now.",
        footer = {
            "",
            "Approved:  by hand or by the policy, advertised or not.",
            "Available: what the node advertises.",
            "Serving:   what it carries now: subnets that it is primary for, and its exit routes.",
        })
public final class RoutesCommand implements Runnable {

    @Mixin
    private CaseOption tailnet = new CaseOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        RoutingState state = tailnet.read().state();
        List<Router> routers = state.nodes().values().stream()
                .map(node -> Router.of(state, node))
                .filter(Router::hasRoutes)
                .toList();
        spec.commandLine()
                .getOut()
                .print(
                        output.isJson()
                                ? Router.json(routers)
                                : Router.table(
                                        routers,
                                        new Ink(spec.commandLine()
                                                .getColorScheme()
                                                .ansi())));
    }
}
