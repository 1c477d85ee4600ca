package dev.wayleave.access.engine;

import com.google.common.collect.ImmutableList;
import dev.wayleave.access.ExitRule;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.PrefixTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compiles {@link AccessRules} from nothing but policy and nodes. */
final class FullCompiler extends AccessCompiler {

    private final PrefixTable<List<NodeId>> holders;
    private final Map<Prefix, PrefixAccess> prefixes;
    private final Naming[] namings;

    FullCompiler(PolicyIndex policy, ExitRule exitRule, Collection<NodeRoutes> routes) {
        super(policy, exitRule, new NodeIndex(policy, routes));
        this.namings = new Naming[nodes.nodes.length];
        this.holders = holders(nodes.nodes);
        this.prefixes = new HashMap<>(2 * holders.size());
    }

    private static PrefixTable<List<NodeId>> holders(NodeRoutes[] nodes) {
        Map<Prefix, List<NodeId>> holders = new HashMap<>();
        for (NodeRoutes node : nodes) {
            for (Prefix prefix : node.effective()) {
                if (!prefix.isExitRoute()) {
                    holders.computeIfAbsent(prefix, p -> new ArrayList<>())
                            .add(node.node().id());
                }
            }
        }
        return PrefixTable.copyOf(holders);
    }

    AccessRules compile() {
        for (int place = 0; place < namings.length; place++) {
            namings[place] = name(place);
        }
        ImmutableList.Builder<PrefixAccess> prefixList = ImmutableList.builderWithExpectedSize(holders.size());
        for (PrefixTable.Entry<List<NodeId>> entry : holders.entries()) {
            PrefixAccess access = prefix(entry.prefix(), entry.value());
            prefixes.put(entry.prefix(), access);
            prefixList.add(access);
        }
        ImmutableList.Builder<NodeAccess> nodeList = ImmutableList.builderWithExpectedSize(namings.length);
        for (int place = 0; place < namings.length; place++) {
            nodeList.add(node(place));
        }
        return new AccessRules(policy, exitRule, nodes, nodeList.build(), prefixList.build());
    }

    @Override
    Naming naming(int place) {
        return namings[place];
    }

    @Override
    PrefixAccess access(Prefix prefix) {
        PrefixAccess access = prefixes.get(prefix);
        if (access == null) {
            throw new IllegalStateException(prefix + " was not compiled");
        }
        return access;
    }
}
