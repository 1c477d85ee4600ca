package dev.wayleave.examples.cli;

import dev.wayleave.access.PacketFilter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints what one node lets in. */
@Command(
        name = "filter",
        mixinStandardHelpOptions = true,
        versionProvider = Wayleave.Version.class,
        description = "Shows a node's packet filter: what it lets in, for itself and for the networks behind it.",
        footer = {"", "JSON has the field names of Tailscale's netmap."})
final class FilterCommand implements Runnable {

    @Mixin
    private CaseOption tailnet = new CaseOption();

    @Mixin
    private NodeOption node = new NodeOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        Tailnet read = tailnet.read();
        Device device = node.in(read);
        PacketFilter filter = new Decisions(read).rules().filter(device.node().id());
        Ink ink = new Ink(spec.commandLine().getColorScheme().ansi());
        String text = output.isJson() ? FilterReport.json(filter) : FilterReport.text(device.node(), filter, ink);
        spec.commandLine().getOut().print(text);
    }
}
