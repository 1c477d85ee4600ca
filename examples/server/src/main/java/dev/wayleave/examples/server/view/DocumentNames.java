package dev.wayleave.examples.server.view;

import com.google.common.base.Suppliers;
import dev.wayleave.RoutingState;
import dev.wayleave.approval.Verdict;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The names of nodes and constants in documents: a node by its name, with the id where several nodes have that name,
 * and a constant in lower case.
 */
public final class DocumentNames {

    /** Calls each node by its number. */
    static final DocumentNames NUMBERS = new DocumentNames(Names.NUMBERS, Names.NUMBERS);

    private final Names plain;
    private final Names distinct;

    private DocumentNames(Names plain, Names distinct) {
        this.plain = plain;
        this.distinct = distinct;
    }

    /** With the nodes that there are, and those that there were. */
    public DocumentNames(RoutingState state, RoutingState before) {
        this(state.names(before), distinct(state, before));
    }

    public DocumentNames(RoutingState state) {
        this(state, state);
    }

    /** The names, with the id where several nodes have one name. */
    private static Names distinct(RoutingState state, RoutingState before) {
        Names names = state.names(before);
        // read once a text names a node: many texts name none
        Supplier<Set<String>> shared = Suppliers.memoize(() -> {
            Set<NodeId> nodes = new HashSet<>(before.nodes().keySet());
            nodes.addAll(state.nodes().keySet());
            Set<String> seen = new HashSet<>();
            return nodes.stream()
                    .map(names::node)
                    .filter(name -> !seen.add(name))
                    .collect(Collectors.toSet());
        });
        return names.withNodes(id -> {
            String name = names.node(id);
            return shared.get().contains(name) ? name + " (" + id + ")" : name;
        });
    }

    /** The name of a node, also of one that is gone. */
    public String name(NodeId node) {
        return plain.node(node);
    }

    /** The names that texts use for nodes and policy entries: nodes with the same name also have their ids. */
    public Names names() {
        return distinct;
    }

    /** The reason why a route is approved, or is not. */
    public String of(Verdict verdict, boolean isAdvertised) {
        return verdict.statusText(distinct, isAdvertised);
    }

    public static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
