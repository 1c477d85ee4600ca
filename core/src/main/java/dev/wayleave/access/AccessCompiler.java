package dev.wayleave.access;

import com.google.common.collect.ImmutableList;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.PrefixTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compiles {@link AccessRules}: first whom each rule names by address, then what follows for routes, then for nodes. */
final class AccessCompiler {

    private final PolicyIndex policy;
    private final ExitRule exitRule;
    private final NodeIndex nodes;
    private final PrefixTable<List<NodeId>> holders;
    private final Map<Prefix, PrefixAccess> prefixes;

    /** Of each node the rules that have its addresses as a source: by any selector, and by spelling them out. */
    private final RuleSet[] named;

    private final RuleSet[] spelling;

    AccessCompiler(PolicyIndex policy, ExitRule exitRule, Collection<NodeRoutes> routes) {
        this.policy = policy;
        this.exitRule = exitRule;
        this.nodes = new NodeIndex(policy, routes);
        this.named = new RuleSet[nodes.nodes.length];
        this.spelling = new RuleSet[nodes.nodes.length];
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
        long[] bits = new long[policy.words];
        for (int i = 0; i < named.length; i++) {
            nameNode(i, bits);
        }
        ImmutableList.Builder<PrefixAccess> prefixList = ImmutableList.builder();
        for (PrefixTable.Entry<List<NodeId>> entry : holders.entries()) {
            PrefixAccess access = prefix(entry.prefix(), entry.value(), bits);
            prefixes.put(entry.prefix(), access);
            prefixList.add(access);
        }
        ImmutableList.Builder<NodeAccess> nodeList = ImmutableList.builder();
        for (int i = 0; i < named.length; i++) {
            nodeList.add(node(i, bits));
        }
        return new AccessRules(policy, exitRule, nodes, nodeList.build(), prefixList.build());
    }

    private void nameNode(int place, long[] bits) {
        Node node = nodes.nodes[place].node();
        Owner owner = node.owner();
        List<IpAddress> addresses = node.addresses();
        if (addresses.isEmpty()) {
            named[place] = RuleSet.NONE;
            spelling[place] = RuleSet.NONE;
            return;
        }
        Arrays.fill(bits, 0);
        NodeIndex.OwnerRules ofOwner = nodes.of(owner);
        Masks.or(bits, ofOwner.sources);
        Masks.or(bits, policy.anySource);
        boolean wildcard = false;
        for (IpAddress address : addresses) {
            PolicyIndex.covering(bits, policy.sourceLiterals, address);
            wildcard |= policy.overlay.contains(address)
                    || holders.longestMatch(address).isPresent();
        }
        if (wildcard) {
            Masks.or(bits, policy.wildcardSource);
        }
        policy.selfInto(bits, bits, owner);
        policy.clearSelfEntries(bits);
        named[place] = RuleSet.of(bits);

        // Of the same bits, what stands for this node by its addresses and not by a range around them.
        boolean byRange = false;
        for (int i = 0; i < policy.entryWords; i++) {
            long spelled = bits[i] & (ofOwner.sources[i] | policy.selfBits(i));
            byRange |= spelled != bits[i];
            bits[i] = spelled;
        }
        spelling[place] = byRange ? RuleSet.of(bits) : named[place];
    }

    private PrefixAccess prefix(Prefix prefix, List<NodeId> on, long[] bits) {
        Arrays.fill(bits, 0);
        PolicyIndex.overlapping(bits, policy.sourceLiterals, prefix);
        Masks.or(bits, policy.anySource);
        Masks.or(bits, policy.wildcardSource);
        policy.clearSelfEntries(bits);
        nodes.nodesIn(prefix, place -> spelling[place].orInto(bits));
        RuleSet sourcing = RuleSet.of(bits);

        Arrays.fill(bits, 0);
        PolicyIndex.overlapping(bits, policy.destinationLiterals, prefix);
        Masks.or(bits, policy.plain.everything);
        RuleSet plain = RuleSet.of(bits);

        Arrays.fill(bits, 0);
        PolicyIndex.overlapping(bits, policy.viaLiterals, prefix);
        Masks.or(bits, policy.via.everything);
        RuleSet via = RuleSet.of(bits);
        boolean isPublic = policy.publicInternet.overlaps(prefix);
        RuleSet steering = via;
        if (isPublic) {
            Masks.or(bits, policy.via.internet);
            steering = RuleSet.of(bits);
        }
        return new PrefixAccess(prefix, on, sourcing, plain, via, steering, isPublic);
    }

    private NodeAccess node(int place, long[] bits) {
        NodeRoutes routes = nodes.nodes[place];
        boolean router = false;
        Arrays.fill(bits, 0);
        named[place].orInto(bits);
        for (Prefix prefix : routes.effective()) {
            if (!prefix.isExitRoute()) {
                router = true;
                access(prefix).sourcing().orInto(bits);
            }
        }
        // Most nodes have no routes, and share what names them.
        RuleSet admitting = router ? RuleSet.of(bits) : named[place];
        RuleSet open = open(routes, router, bits);
        RuleSet reachable = RuleSet.NONE;
        RuleSet exit = RuleSet.NONE;
        RuleSet steeredExit = RuleSet.NONE;
        if (routes.isExitNode()) {
            if (exitRule == ExitRule.REACHABLE) {
                reachable = reachable(routes.node(), open, bits);
            }
            Arrays.fill(bits, 0);
            Masks.or(bits, policy.plain.wholeInternet);
            nodes.viaInto(bits, policy.via.exit, routes.node().owner());
            steeredExit = RuleSet.of(bits);
            Masks.or(bits, policy.plain.exit);
            reachable.orInto(bits);
            exit = RuleSet.of(bits);
        }
        return new NodeAccess(routes, spelling[place], admitting, open, exit, steeredExit, reachable);
    }

    private PrefixAccess access(Prefix prefix) {
        PrefixAccess access = prefixes.get(prefix);
        if (access == null) {
            throw new IllegalStateException(prefix + " was not compiled");
        }
        return access;
    }

    private RuleSet open(NodeRoutes routes, boolean router, long[] bits) {
        Node node = routes.node();
        boolean exit = routes.isExitNode();
        Arrays.fill(bits, 0);
        Masks.or(bits, policy.plain.everything);
        for (IpAddress address : node.addresses()) {
            PolicyIndex.covering(bits, policy.destinationLiterals, address);
        }
        if (!node.addresses().isEmpty()) {
            nodes.openNodeInto(bits, node.owner());
        }
        for (Prefix prefix : routes.effective()) {
            if (!prefix.isExitRoute()) {
                access(prefix).plain.orInto(bits);
                nodes.viaInto(bits, access(prefix).via, node.owner());
            }
        }
        if (exit) {
            Masks.or(bits, policy.plain.internet);
            Masks.or(bits, policy.plain.publicPrefix);
            nodes.viaInto(bits, policy.via.internet, node.owner());
            nodes.viaInto(bits, policy.via.publicPrefix, node.owner());
        }
        if (exit || router) {
            nodes.viaInto(bits, policy.via.everything, node.owner());
        }
        return RuleSet.of(bits);
    }

    private RuleSet reachable(Node node, RuleSet open, long[] bits) {
        Arrays.fill(bits, 0);
        open.forEach(number -> {
            Rule rule = policy.rule(number);
            boolean opens = !rule.isVia()
                    && rule.openings().stream()
                            .anyMatch(opening -> opening.passesEverything()
                                    && FilterWriter.namesNode(policy, opening.destination(), node));
            if (opens) {
                Masks.set(bits, number);
            }
        });
        return RuleSet.of(bits);
    }
}
