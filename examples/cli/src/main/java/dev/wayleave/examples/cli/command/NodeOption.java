package dev.wayleave.examples.cli.command;

import dev.wayleave.examples.cli.source.Device;
import dev.wayleave.examples.cli.source.Tailnet;
import picocli.CommandLine.Option;

/** The option that names a node. */
final class NodeOption {

    @Option(
            names = {"-n", "--node"},
            required = true,
            paramLabel = "NAME",
            description = "The node's name.")
    private String name = "";

    String typed() {
        return name;
    }

    Device in(Tailnet tailnet) {
        return tailnet.named(name);
    }
}
