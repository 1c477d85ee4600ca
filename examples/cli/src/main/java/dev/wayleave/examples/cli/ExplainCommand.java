package dev.wayleave.examples.cli;

import dev.wayleave.net.AddressFormatException;
import dev.wayleave.net.Prefix;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says why a node's route is approved and serving, or is not. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        versionProvider = Wayleave.Version.class,
        description = "Says why a node's route is or is not approved, and is or is not serving.")
final class ExplainCommand implements Runnable {

    @Mixin
    private CaseOption tailnet = new CaseOption();

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
        Tailnet read = tailnet.read();
        Device device = node.in(read);
        Ink ink = new Ink(spec.commandLine().getColorScheme().ansi());
        spec.commandLine().getOut().print(Explanation.of(read, device, route, ink));
    }
}
