package dev.wayleave.examples.cli.command;

import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.examples.cli.report.Ink;
import dev.wayleave.examples.cli.report.ViewReport;
import dev.wayleave.examples.cli.source.Device;
import dev.wayleave.examples.cli.source.Tailnet;
import dev.wayleave.visibility.ViewerRoutes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the view of one node. */
@Command(
        name = "view",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Shows the view of a node: its peers, and which of their routes it may use.",
        footer = {"", "JSON has the field names of Tailscale's netmap."})
public final class ViewCommand implements Runnable {

    @Mixin
    private CaseOption tailnet = new CaseOption();

    @Mixin
    private NodeOption node = new NodeOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(
            names = {"-w", "--why"},
            description = "Also say why it sees each peer, why it has each route, and why not the others.")
    private boolean why;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        Tailnet read = tailnet.read();
        Device device = node.in(read);
        RoutingState state = read.state();
        ViewerRoutes view = RoutingViews.of(state).viewer(device.node().id()).orElseThrow();
        ViewReport report = new ViewReport(read, device, view, state.names(), why);
        spec.commandLine()
                .getOut()
                .print(
                        output.isJson()
                                ? report.json()
                                : report.text(new Ink(
                                        spec.commandLine().getColorScheme().ansi())));
    }
}
