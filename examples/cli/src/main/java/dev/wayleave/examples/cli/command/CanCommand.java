package dev.wayleave.examples.cli.command;

import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.examples.cli.report.ExplanationReport;
import dev.wayleave.examples.cli.source.Tailnet;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.NearNames;
import dev.wayleave.explanation.Reachability;
import dev.wayleave.explanation.TrafficQuestion;
import dev.wayleave.explanation.TrafficQuestionException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Answers whether traffic passes, and which way. */
@Command(
        name = "can",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Says whether traffic passes, through which router and by which rule, or what is missing.",
        footer = {
            "",
            "SRC is a node, the address of a host behind one, or a name from the policy's hosts. DST may also be a "
                    + "prefix (10.20.0.0/16) or an address at a 4via6 site (10-0-0-5-via-7), and may have a port: "
                    + "intranet:443, [2001:db8::1]:443. With a port and no protocol, tcp is meant; without both, any "
                    + "traffic.",
            "Exits with 0 if the traffic passes to every address of DST, and with 1 if it does not."
        })
public final class CanCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "SRC", description = "The sender.")
    private String source = "";

    @Parameters(index = "1", paramLabel = "DST[:PORT]", description = "The destination.")
    private String destination = "";

    @Mixin
    private SourceOption asked = new SourceOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(
            names = {"-P", "--protocol"},
            paramLabel = "PROTOCOL",
            description = "tcp, udp, icmp or another name or number.")
    private String protocol = "";

    @Override
    public Integer call() {
        Tailnet tailnet = asked.read();
        RoutingViews views = tailnet.views();
        Reachability answer = views.can(question(views)).orElseThrow();
        output.print(ExplanationReport.of(answer, tailnet.names()), tailnet);
        return answer.passes() ? 0 : 1;
    }

    private TrafficQuestion question(RoutingViews views) {
        try {
            return views.question(source, destination, protocol);
        } catch (TrafficQuestionException misread) {
            RoutingState state = views.state();
            List<String> names = Stream.concat(
                            state.nodes().values().stream()
                                    .map(node -> node.facts().name()),
                            state.policy().hosts().keySet().stream())
                    .toList();
            throw new BadInput(misread.getMessage()
                    + misread.unknown().map(name -> NearNames.hint(name, names)).orElse(""));
        }
    }
}
