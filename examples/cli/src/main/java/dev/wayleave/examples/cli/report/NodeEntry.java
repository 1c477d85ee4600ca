package dev.wayleave.examples.cli.report;

import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import java.util.Collection;
import java.util.List;

/** A node in documents: programs compare the number, and show the name. */
record NodeEntry(NodeId id, String name) {

    static NodeEntry of(NodeId node, Names names) {
        return new NodeEntry(node, names.node(node));
    }

    static List<NodeEntry> of(Collection<NodeId> nodes, Names names) {
        return nodes.stream().map(node -> of(node, names)).toList();
    }
}
