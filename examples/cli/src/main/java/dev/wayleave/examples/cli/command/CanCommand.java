package dev.wayleave.examples.cli.command;

import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.examples.cli.report.Ink;
import dev.wayleave.examples.cli.report.ReachabilityDocument;
import dev.wayleave.examples.cli.source.ControlPlane;
import dev.wayleave.examples.cli.source.LocalTailnet;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.Fields;
import dev.wayleave.examples.cli.text.Json;
import dev.wayleave.examples.cli.text.JsonOutput;
import dev.wayleave.examples.cli.text.NearNames;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.explanation.Reachability;
import dev.wayleave.explanation.TrafficQuestion;
import dev.wayleave.explanation.TrafficQuestionException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Answers whether traffic passes, and which way. */
@Command(
        name = "can",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Says whether traffic passes, through which router and by which rule, or what is missing.",
        footer = {
            "",
            "SRC is a node, the address of a host behind one, or a name from the policy's hosts. DST may also be a",
            "prefix (10.20.0.0/16) or an address at a 4via6 site (10-0-0-5-via-7), and may have a port: intranet:443,",
            "[2001:db8::1]:443. With a port and no protocol, tcp is meant; without both, any traffic.",
            "Asks the file or the database, if one is named, and else the server.",
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
    private Optional<String> protocol = Optional.empty();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** What is printed of an answer, and whether it is a yes. */
    private record Answer(boolean passes, String text) {}

    @Override
    public Integer call() {
        Answer answer = asked.known().map(this::ask).orElseGet(() -> ask(asked.server()));
        spec.commandLine().getOut().print(answer.text());
        return answer.passes() ? 0 : 1;
    }

    private Answer ask(LocalTailnet known) {
        RoutingViews views = RoutingViews.of(known.state());
        Reachability answer = views.can(question(views)).orElseThrow();
        String text = answer.text(known.names());
        return new Answer(
                answer.passes(), output.isJson() ? ReachabilityDocument.of(answer, known, text) : painted(text));
    }

    private TrafficQuestion question(RoutingViews views) {
        try {
            return views.question(source, destination, protocol.orElse(""));
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

    private Answer ask(ControlPlane server) {
        String path = ControlPlane.OWN + "can?from=" + ControlPlane.part(source) + "&to="
                + ControlPlane.part(destination)
                + protocol.map(named -> "&protocol=" + ControlPlane.part(named)).orElse("");
        Json document = server.get(path);
        Fields answer = server.fields(document);
        return new Answer(
                answer.flag("passes", false),
                output.isJson()
                        ? JsonOutput.of(document)
                        : painted(answer.text("text").orElse("")));
    }

    /** The text with its first word in the colour of the answer. */
    private String painted(String text) {
        Ink ink = new Ink(spec.commandLine().getColorScheme().ansi());
        String printable = Printable.lines(text);
        int end = printable.indexOf(':');
        if (end < 0) {
            return printable;
        }
        String word = printable.substring(0, end);
        return (word.equals("yes") ? ink.good(word) : word.equals("no") ? ink.bad(word) : ink.waiting(word))
                + printable.substring(end);
    }
}
