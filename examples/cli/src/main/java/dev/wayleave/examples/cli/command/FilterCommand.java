package dev.wayleave.examples.cli.command;

import dev.wayleave.NodeState;
import dev.wayleave.examples.cli.report.FilterReport;
import dev.wayleave.examples.cli.source.Tailnet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints what one node lets in. */
@Command(
        name = "filter",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Shows a node's packet filter: what it lets in, for itself and for the networks behind it.",
        footer = {"", "JSON has the field names of Tailscale's netmap."})
public final class FilterCommand implements Runnable {

    @Mixin
    private SourceOption asked = new SourceOption();

    @Mixin
    private NodeOption node = new NodeOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(
            names = {"-w", "--why"},
            description = "Also name the entries of the policy behind each rule.")
    private boolean why;

    @Override
    public void run() {
        Tailnet tailnet = asked.read();
        NodeState about = node.in(tailnet);
        output.print(new FilterReport(
                about.facts().name(), tailnet.views().explainedFilter(about.id()), tailnet.names(), why));
    }
}
