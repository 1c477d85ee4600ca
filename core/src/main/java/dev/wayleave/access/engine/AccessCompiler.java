package dev.wayleave.access.engine;

import dev.wayleave.access.ExitRule;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.PrefixTable;
import java.util.Arrays;
import java.util.List;

/**
 * Compiles one prefix or node at a time: first the nodes that each rule names by address, then the prefixes, then the
 * nodes. Subclasses supply the other nodes: {@link FullCompiler} compiles all, {@link RouteCompiler} only changes.
 */
abstract class AccessCompiler {

    /** The rules that have a node's addresses as a source: by any selector, and by an address or a range. */
    record Naming(RuleSet named, RuleSet spelling) {

        static final Naming NONE = new Naming(RuleSet.NONE, RuleSet.NONE);
    }

    final PolicyIndex policy;
    final ExitRule exitRule;
    final NodeIndex nodes;

    /** One bit for each rule, to write on. */
    private final long[] bits;

    AccessCompiler(PolicyIndex policy, ExitRule exitRule, NodeIndex nodes) {
        this.policy = policy;
        this.exitRule = exitRule;
        this.nodes = nodes;
        this.bits = new long[policy.words];
    }

    /** Which rules name the node at a place. */
    abstract Naming naming(int place);

    /** What was compiled for a subnet prefix that is effective on some node. */
    abstract PrefixAccess access(Prefix prefix);

    final Naming name(int place) {
        Node node = nodes.nodes[place].node();
        Owner owner = node.owner();
        List<IpAddress> addresses = node.addresses();
        if (addresses.isEmpty()) {
            return Naming.NONE;
        }
        Arrays.fill(bits, 0);
        NodeIndex.OwnerRules ofOwner = nodes.of(owner);
        Masks.or(bits, ofOwner.sources);
        Masks.or(bits, policy.anySource);
        Masks.or(bits, policy.wildcardSource);
        for (IpAddress address : addresses) {
            PolicyIndex.covering(bits, policy.sourceLiterals, address);
        }
        policy.selfInto(bits, bits, owner);
        policy.clearSelfEntries(bits);
        RuleSet named = RuleSet.of(bits);

        // Of the same bits, what stands for this node by its addresses and not by a range around them.
        boolean byRange = false;
        for (int i = 0; i < policy.entryWords; i++) {
            long spelled = bits[i] & (ofOwner.sources[i] | policy.selfBits(i));
            byRange |= spelled != bits[i];
            bits[i] = spelled;
        }
        return new Naming(named, byRange ? RuleSet.of(bits) : named);
    }

    final PrefixAccess prefix(Prefix prefix, List<NodeId> on) {
        Arrays.fill(bits, 0);
        PolicyIndex.overlapping(bits, policy.sourceLiterals, prefix);
        Masks.or(bits, policy.anySource);
        Masks.or(bits, policy.wildcardSource);
        policy.clearSelfEntries(bits);
        nodes.nodesIn(prefix, place -> naming(place).spelling().orInto(bits));
        RuleSet prefixSourceRules = RuleSet.of(bits);

        boolean isPublic = policy.isPartlyPublic(prefix);
        RuleSet plain = opening(prefix, isPublic, policy.destinationLiterals, policy.plain);
        RuleSet via = opening(prefix, isPublic, policy.viaLiterals, policy.via);
        return new PrefixAccess(prefix, on, prefixSourceRules, plain, via, isPublic);
    }

    private RuleSet opening(
            Prefix prefix, boolean isPublic, PrefixTable<long[]> literals, PolicyIndex.Special special) {
        Arrays.fill(bits, 0);
        PolicyIndex.overlapping(bits, literals, prefix);
        Masks.or(bits, special.everythingToPass);
        if (isPublic) {
            Masks.or(bits, special.internet);
        }
        return RuleSet.of(bits);
    }

    final NodeAccess node(int place) {
        NodeRoutes routes = nodes.nodes[place];
        Naming naming = naming(place);
        boolean router = false;
        Arrays.fill(bits, 0);
        naming.named().orInto(bits);
        for (Prefix prefix : routes.effective()) {
            if (!prefix.isExitRoute()) {
                router = true;
                access(prefix).prefixSourceRules().orInto(bits);
            }
        }
        // Most nodes have no routes, and share what names them.
        RuleSet sourceRules = router ? RuleSet.of(bits) : naming.named();
        RuleSet destinationRules = destinationRules(routes, router);
        RuleSet reachable = RuleSet.NONE;
        RuleSet exit = RuleSet.NONE;
        RuleSet steeredExitRules = RuleSet.NONE;
        if (routes.isExitNode()) {
            if (exitRule == ExitRule.REACHABLE) {
                reachable = reachable(routes.node(), destinationRules);
            }
            Arrays.fill(bits, 0);
            Masks.or(bits, policy.plain.wholeInternet);
            nodes.viaInto(bits, policy.via.exit, routes.node().owner());
            steeredExitRules = RuleSet.of(bits);
            Masks.or(bits, policy.plain.exit);
            reachable.orInto(bits);
            exit = RuleSet.of(bits);
        }
        return new NodeAccess(routes, naming, sourceRules, destinationRules, exit, steeredExitRules, reachable);
    }

    private RuleSet destinationRules(NodeRoutes routes, boolean router) {
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
                access(prefix).plain().orInto(bits);
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

    private RuleSet reachable(Node node, RuleSet destinationRules) {
        Arrays.fill(bits, 0);
        destinationRules.forEach(number -> {
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
