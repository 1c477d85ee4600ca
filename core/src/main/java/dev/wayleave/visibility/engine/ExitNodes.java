package dev.wayleave.visibility.engine;

import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.access.engine.NodeAccess;
import dev.wayleave.access.engine.NodeClasses;
import dev.wayleave.access.engine.NodeRules;
import dev.wayleave.access.engine.RuleSet;
import dev.wayleave.internal.BitArrays;
import dev.wayleave.mesh.NodeId;
import java.util.ArrayList;
import java.util.List;

/** Finds the exit nodes that a viewer may use: no election is needed for exit routes. */
final class ExitNodes {

    private final AccessRules rules;

    /** Rules with {@code via} that lead the viewers that they admit only to exit nodes with their tags. */
    private final RuleSet viaRules;

    ExitNodes(AccessRules rules) {
        this.rules = rules;
        this.viaRules = rules.exitViaRules();
    }

    boolean mayUse(NodeRules viewer, NodeRules exitNode) {
        RuleSet source = viewer.source();
        return source.meets(source.meets(viaRules) ? exitNode.exitDespiteVia() : exitNode.exit());
    }

    /** The classes of viewers that may use an exit node, as a set of class bits. */
    long[] users(NodeRules exitNode) {
        NodeClasses classes = rules.classes();
        long[] users = new long[classes.words()];
        classes.admittedInto(users, exitNode.exit());
        long[] led = new long[classes.words()];
        classes.admittedInto(led, viaRules);
        BitArrays.remove(users, led);
        classes.admittedInto(users, exitNode.exitDespiteVia());
        return users;
    }

    /** The exit nodes that viewers with some rules may use, one class of them after the other. */
    List<NodeAccess> usableBy(NodeRules viewer) {
        List<NodeAccess> usable = new ArrayList<>();
        NodeClasses classes = rules.classes();
        for (int slot = 0; slot < classes.count(); slot++) {
            NodeClasses.NodeClass nodeClass = classes.at(slot);
            if (nodeClass != null && mayUse(viewer, nodeClass.rules())) {
                for (NodeId id : nodeClass.members().values()) {
                    rules.node(id).ifPresent(usable::add);
                }
            }
        }
        return usable;
    }
}
