package dev.wayleave.visibility.engine;

import com.google.common.collect.Iterators;
import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.access.engine.NodeAccess;
import dev.wayleave.access.engine.NodeClasses;
import dev.wayleave.internal.BitArrays;
import dev.wayleave.internal.SortedSetView;
import dev.wayleave.mesh.NodeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The nodes that a viewer sees: the members of the classes that its class sees, without the viewer itself. */
final class PeerSet extends SortedSetView<NodeId> {

    private final AccessRules rules;
    private final NodeAccess viewer;

    PeerSet(AccessRules rules, NodeAccess viewer) {
        this.rules = rules;
        this.viewer = viewer;
    }

    private List<NodeClasses.NodeClass> seenClasses() {
        NodeClasses classes = rules.classes();
        List<NodeClasses.NodeClass> seen = new ArrayList<>();
        BitArrays.forEach(classes.seenBy(viewer.rules()), slot -> {
            NodeClasses.NodeClass nodeClass = classes.at(slot);
            if (nodeClass != null) {
                seen.add(nodeClass);
            }
        });
        return seen;
    }

    @Override
    public Iterator<NodeId> iterator() {
        List<Iterator<NodeId>> ofClasses = new ArrayList<>();
        seenClasses()
                .forEach(nodeClass -> ofClasses.add(nodeClass.members().values().iterator()));
        Iterator<NodeId> seen = Iterators.mergeSorted(ofClasses, Comparator.naturalOrder());
        return Iterators.filter(seen, id -> !id.equals(viewer.id()));
    }

    @Override
    public int size() {
        int seen = seenClasses().stream()
                .mapToInt(nodeClass -> nodeClass.members().size())
                .sum();
        return viewer.sees(viewer) ? seen - 1 : seen;
    }

    @Override
    public boolean contains(@Nullable Object element) {
        return element instanceof NodeId id
                && !id.equals(viewer.id())
                && rules.node(id).filter(viewer::sees).isPresent();
    }
}
