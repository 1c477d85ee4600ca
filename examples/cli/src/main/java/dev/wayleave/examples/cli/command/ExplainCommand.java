package dev.wayleave.examples.cli.command;

import dev.wayleave.Routing;
import dev.wayleave.examples.cli.report.ExplanationReport;
import dev.wayleave.examples.cli.source.Tailnet;
import dev.wayleave.explanation.RouteExplanation;
import dev.wayleave.net.Prefix;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Explains why a node's route is approved and serving, or is not. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Explains why a node's route is or is not approved, and is or is not serving.")
public final class ExplainCommand implements Runnable {

    @Mixin
    private SourceOption asked = new SourceOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Mixin
    private NodeOption node = new NodeOption();

    @Option(
            names = {"-p", "--prefix"},
            required = true,
            paramLabel = "PREFIX",
            description = "The route, for example 10.20.0.0/16.")
    private Prefix prefix = Prefix.parse("0.0.0.0/0");

    @Override
    public void run() {
        Tailnet tailnet = asked.read();
        RouteExplanation explanation =
                Routing.explain(tailnet.state(), node.in(tailnet).id(), prefix).orElseThrow();
        output.print(ExplanationReport.of(explanation, tailnet.names()), tailnet);
    }
}
