package dev.wayleave.examples.cli.command;

import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.access.ExplainedRule;
import dev.wayleave.examples.cli.report.FilterReport;
import dev.wayleave.examples.cli.report.Ink;
import dev.wayleave.examples.cli.source.Device;
import dev.wayleave.examples.cli.source.Tailnet;
import dev.wayleave.mesh.Names;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints what one node lets in. */
@Command(
        name = "filter",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Shows a node's packet filter: what it lets in, for itself and for the networks behind it.",
        footer = {"", "JSON has the field names of Tailscale's netmap."})
public final class FilterCommand implements Runnable {

    @Mixin
    private CaseOption tailnet = new CaseOption();

    @Mixin
    private NodeOption node = new NodeOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(
            names = {"-w", "--why"},
            description = "Also name the entries of the policy behind each rule.")
    private boolean why;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        Tailnet read = tailnet.read();
        Device device = node.in(read);
        RoutingState state = read.state();
        List<ExplainedRule> filter =
                RoutingViews.of(state).explainedFilter(device.node().id());
        Optional<Names> names = why ? Optional.of(state.names()) : Optional.empty();
        Ink ink = new Ink(spec.commandLine().getColorScheme().ansi());
        spec.commandLine()
                .getOut()
                .print(
                        output.isJson()
                                ? FilterReport.json(filter, names)
                                : FilterReport.text(device.node(), filter, names, ink));
    }
}
