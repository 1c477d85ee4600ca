package dev.wayleave.examples.cli.command;

import dev.wayleave.Routing;
import dev.wayleave.examples.cli.report.ExplanationDocument;
import dev.wayleave.examples.cli.report.Ink;
import dev.wayleave.examples.cli.source.ControlPlane;
import dev.wayleave.examples.cli.source.LocalTailnet;
import dev.wayleave.examples.cli.source.Peers;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.Json;
import dev.wayleave.examples.cli.text.JsonOutput;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.explanation.RouteExplanation;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.AddressFormatException;
import dev.wayleave.net.Prefix;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says why a node's route is approved and serving, or is not. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Says why a node's route is or is not approved, and is or is not serving.",
        footer = {"", "Asks the file or the database, if one is named, and else the server."})
public final class ExplainCommand implements Runnable {

    /** The second column of a line: what the answer is. */
    private static final Pattern ANSWER =
            Pattern.compile("(?m)^(  \\S.*?  )(yes|no|not yet|primary|standby|kept|waiting|exit node"
                    + "|offline|not approved|not advertised)(?=  |$)");

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
    private String prefix = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        Prefix route;
        try {
            route = Prefix.parse(prefix);
        } catch (AddressFormatException malformed) {
            throw new BadInput(malformed);
        }
        spec.commandLine()
                .getOut()
                .print(asked.known()
                        .map(known -> explain(known, route))
                        .orElseGet(() -> explain(asked.server(), route)));
    }

    private String explain(LocalTailnet known, Prefix route) {
        NodeId about = new NodeId(Peers.of(known.state()).find(node.typed()));
        RouteExplanation explanation =
                Routing.explain(known.state(), about, route).orElseThrow();
        String text = explanation.text(known.names());
        return output.isJson() ? ExplanationDocument.of(explanation, known.names(), text) : painted(text);
    }

    private String explain(ControlPlane server, Prefix route) {
        long id = Peers.of(server).find(node.typed());
        Json answer =
                server.get(ControlPlane.OWN + "explain?node=" + id + "&prefix=" + ControlPlane.part(route.toString()));
        return output.isJson()
                ? JsonOutput.of(answer)
                : painted(server.fields(answer).text("text").orElse(""));
    }

    /** The text with the words that answer in colour. */
    private String painted(String text) {
        Ink ink = new Ink(spec.commandLine().getColorScheme().ansi());
        return ANSWER.matcher(Printable.lines(text))
                .replaceAll(match -> Matcher.quoteReplacement(match.group(1) + paint(ink, match.group(2))));
    }

    private static String paint(Ink ink, String word) {
        return switch (word) {
            case "yes", "primary", "exit node" -> ink.good(word);
            case "not yet", "standby", "waiting", "kept" -> ink.waiting(word);
            default -> ink.bad(word);
        };
    }
}
