package dev.wayleave.examples.cli.command;

import dev.wayleave.examples.cli.report.RoutesReport;
import dev.wayleave.examples.cli.source.Tailnet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
    private SourceOption asked = new SourceOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public void run() {
        Tailnet tailnet = asked.read();
        output.print(new RoutesReport(tailnet.state(), null), tailnet);
    }
}
