package dev.wayleave.examples.cli;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.AddressFormatException;
import dev.wayleave.net.Prefix;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says why a node's route is approved and serving, or is not. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        versionProvider = Wayleave.Version.class,
        description = "Says why a node's route is or is not approved, and is or is not serving.",
        footer = {"", "Asks the file or the database, if one is named, and else the server."})
final class ExplainCommand implements Runnable {

    @Option(
            names = {"-c", "--case"},
            paramLabel = "FILE",
            description = "The tailnet: a recorded case, or policy, users and nodes in one file.")
    private @Nullable Path file;

    @Mixin
    private ServerOption at = new ServerOption();

    @Mixin
    private DatabaseOption database = new DatabaseOption();

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
        PrintWriter out = spec.commandLine().getOut();
        if (file != null) {
            out.print(explain(TailnetFile.read(file), route));
            return;
        }
        Optional<Stored> stored = database.find();
        if (stored.isPresent()) {
            out.print(explain(stored.get().read(), route));
            return;
        }
        ControlPlane server = at.find()
                .orElseThrow(() -> new BadInput(
                        "there is nothing to ask: name a file by --case, a server by --server, or a database by --db"));
        long id = Peers.of(server).find(node.typed());
        Json answer =
                server.get(ControlPlane.OWN + "explain?node=" + id + "&prefix=" + ControlPlane.part(route.toString()));
        out.print(
                output.isJson()
                        ? JsonOutput.of(answer)
                        : Printable.lines(server.fields(answer).text("text").orElse("")));
    }

    private String explain(Tailnet tailnet, Prefix route) {
        Device device = node.in(tailnet);
        if (output.isJson()) {
            return ExplanationDocument.of(
                    new Decisions(tailnet).explanation(device, route),
                    id -> tailnet.node(id).name(),
                    Explanation.of(tailnet, device, route, new Ink(Ansi.OFF)));
        }
        Ink ink = new Ink(spec.commandLine().getColorScheme().ansi());
        return Explanation.of(tailnet, device, route, ink);
    }

    private String explain(RoutingState state, Prefix route) {
        NodeId about = new NodeId(Peers.of(state).find(node.typed()));
        var explanation = Routing.explain(state, about, route).orElseThrow();
        String text = explanation.toString();
        return output.isJson()
                ? ExplanationDocument.of(
                        explanation,
                        id -> state.node(id).map(each -> each.facts().name()).orElse("node " + id),
                        text)
                : Printable.lines(text);
    }
}
