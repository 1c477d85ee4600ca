package dev.wayleave;

import com.google.common.base.Suppliers;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyNotice;
import dev.wayleave.policy.RoutingPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Makes the names, and the notices about a policy, that texts about a state need. */
final class StateTexts {

    private StateTexts() {}

    static Names names(RoutingState state) {
        // reading the lines of all entries is worth it only where a text names an entry
        Supplier<Map<String, String>> entries = Suppliers.memoize(() -> PolicyEntries.of(state.policy()));
        return Names.of(id -> name(state, id).orElse("node " + id))
                .withEntries(entry -> entries.get().getOrDefault(entry, ""));
    }

    static Names names(RoutingState state, RoutingState earlier) {
        return names(state)
                .withNodes(id -> name(state, id).or(() -> name(earlier, id)).orElse("node " + id));
    }

    private static Optional<String> name(RoutingState state, NodeId node) {
        return state.node(node).map(known -> known.facts().name());
    }

    static List<PolicyNotice> notices(RoutingState state, RoutingPolicy of) {
        TreeSet<Prefix> prefixes = new TreeSet<>();
        List<Node> facts = new ArrayList<>(state.nodes().size());
        for (NodeState node : state.nodes().values()) {
            facts.add(node.facts());
            prefixes.addAll(node.advertised());
            prefixes.addAll(node.approvals().approved().keySet());
        }
        return of.noticesWith(state.users(), facts, prefixes, state.settings().overlay());
    }
}
