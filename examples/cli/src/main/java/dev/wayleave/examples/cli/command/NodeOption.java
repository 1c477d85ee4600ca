package dev.wayleave.examples.cli.command;

import dev.wayleave.NodeState;
import dev.wayleave.examples.cli.source.Tailnet;
import picocli.CommandLine.Option;

/** The option that names a node. */
final class NodeOption {

    @Option(
            names = {"-n", "--node"},
            required = true,
            paramLabel = "NODE",
            description = "The node's name or number.")
    private String typed = "";

    NodeState in(Tailnet tailnet) {
        return tailnet.node(typed);
    }
}
