package dev.wayleave.examples.cli.command;

import dev.wayleave.NodeState;
import dev.wayleave.examples.cli.report.ViewReport;
import dev.wayleave.examples.cli.source.Tailnet;
import dev.wayleave.visibility.ViewerRoutes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints the view of one node. */
@Command(
        name = "view",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Shows the view of a node: its peers, and which of their routes it may use.",
        footer = {"", "JSON has the field names of Tailscale's netmap."})
public final class ViewCommand implements Runnable {

    @Mixin
    private SourceOption asked = new SourceOption();

    @Mixin
    private NodeOption node = new NodeOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(
            names = {"-w", "--why"},
            description = "Also say why it sees each peer, why it has each route, and why it lacks other routes.")
    private boolean why;

    @Override
    public void run() {
        Tailnet tailnet = asked.read();
        NodeState about = node.in(tailnet);
        ViewerRoutes view = tailnet.views().viewer(about.id()).orElseThrow();
        output.print(new ViewReport(tailnet, about, view, why), tailnet);
    }
}
