package dev.wayleave.access.engine;

import dev.wayleave.access.ExitRule;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.internal.BitArrays;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.PrefixTable;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Finds the rules that hold at one node, or concern one prefix, in the index of a policy. */
final class NodeCompiler {

    /**
     * The rules that have a node as a source.
     *
     * @param named those that have it by any selector
     * @param ownerSources those whose filters list its addresses, because they name its owner
     */
    record NamedRules(RuleSet named, RuleSet ownerSources) {

        static final NamedRules NONE = new NamedRules(RuleSet.NONE, RuleSet.NONE);
    }

    private final PolicyIndex policy;
    private final ExitRule exitRule;

    /** One bit for each entry, to write on. */
    private final long[] bits;

    NodeCompiler(PolicyIndex policy, ExitRule exitRule) {
        this.policy = policy;
        this.exitRule = exitRule;
        this.bits = new long[policy.words];
    }

    /** Returns whether only the owner of a node decides which rules name it and open it. */
    boolean dependsOnOwnerOnly(NodeRoutes routes) {
        if (!routes.effective().isEmpty()) {
            return false;
        }
        List<IpAddress> addresses = routes.node().addresses();
        for (IpAddress address : addresses) {
            boolean unspelled = !policy.hasOverlayLiterals && policy.overlay.contains(address);
            if (!unspelled
                    && (policy.sourceLiterals.longestMatch(address).isPresent()
                            || policy.destinationLiterals.longestMatch(address).isPresent())) {
                return false;
            }
        }
        return !addresses.isEmpty();
    }

    NamedRules namedRules(Node node) {
        List<IpAddress> addresses = node.addresses();
        if (addresses.isEmpty()) {
            return NamedRules.NONE;
        }
        long[] ofOwner = new long[policy.words];
        policy.sourceOwners.orInto(ofOwner, node.owner());
        System.arraycopy(ofOwner, 0, bits, 0, bits.length);
        BitArrays.add(bits, policy.anySource);
        BitArrays.add(bits, policy.wildcardSource);
        for (IpAddress address : addresses) {
            PolicyIndex.overlapping(bits, policy.sourceLiterals, address.toPrefix());
        }
        int place = policy.place(node.owner());
        RuleSet named = policy.rules(bits, place);

        // Of these rules, those that name the owner of the node: their filters list its addresses, and no range.
        boolean byRange = false;
        for (int i = 0; i < bits.length; i++) {
            long spelled = bits[i] & (ofOwner[i] | policy.selfEntries[i]);
            byRange |= spelled != bits[i];
            bits[i] = spelled;
        }
        return new NamedRules(named, byRange ? policy.rules(bits, place) : named);
    }

    /** The rules that concern a prefix, regardless of the nodes with addresses in it. */
    PrefixAccess prefix(Prefix prefix, List<NodeId> holders) {
        Arrays.fill(bits, 0);
        PolicyIndex.overlapping(bits, policy.sourceLiterals, prefix);
        BitArrays.add(bits, policy.anySource);
        BitArrays.add(bits, policy.wildcardSource);
        RuleSet literal = policy.rules(bits, -1);
        boolean isPublic = policy.internet.isPartlyPublic(prefix);
        RuleSet plain = destinationRules(prefix, isPublic, policy.destinationLiterals, policy.plain);
        RuleSet via = destinationRules(prefix, isPublic, policy.viaLiterals, policy.via);
        return new PrefixAccess(prefix, holders, literal, plain, via, isPublic);
    }

    private RuleSet destinationRules(
            Prefix prefix, boolean isPublic, PrefixTable<long[]> literals, PolicyIndex.WideEntries wide) {
        Arrays.fill(bits, 0);
        PolicyIndex.overlapping(bits, literals, prefix);
        BitArrays.add(bits, wide.everythingToPass);
        if (isPublic) {
            BitArrays.add(bits, wide.internet);
        }
        return RuleSet.of(bits);
    }

    /**
     * The rules that hold at a node.
     *
     * @param rules the result of {@link #namedRules} for it
     * @param prefixes the rules that concern each of its subnet routes
     */
    NodeRules node(NodeRoutes routes, NamedRules rules, Function<Prefix, PrefixAccess> prefixes) {
        Node node = routes.node();
        boolean exit = false;
        boolean router = false;
        RuleSet source = rules.named();
        for (Prefix prefix : routes.effective()) {
            if (prefix.isExitRoute()) {
                exit = true;
            } else {
                router = true;
                source = source.union(prefixes.apply(prefix).prefixSourceRules());
            }
        }
        long[] viaBits = new long[exit || router ? policy.words : 0];
        if (exit || router) {
            policy.viaInto(viaBits, node.owner());
        }
        int place = node.addresses().isEmpty() ? -1 : policy.place(node.owner());
        RuleSet byOwner = node.addresses().isEmpty() ? RuleSet.NONE : policy.opened(node.owner());
        RuleSet destination = destination(routes, place, exit, viaBits, prefixes);
        RuleSet reachable = exit && exitRule == ExitRule.REACHABLE ? reachable(node, destination) : RuleSet.NONE;
        RuleSet exitDespiteVia = RuleSet.NONE;
        RuleSet exitRules = RuleSet.NONE;
        if (exit) {
            Arrays.fill(bits, 0);
            BitArrays.add(bits, policy.plain.wholeInternet);
            BitArrays.addCommon(bits, policy.via.exit, viaBits);
            exitDespiteVia = RuleSet.of(bits);
            BitArrays.add(bits, policy.plain.exit);
            exitRules = RuleSet.of(bits).union(reachable);
        }
        return new NodeRules(
                rules.ownerSources(),
                source,
                destination,
                byOwner,
                filterRules(destination, routes),
                RuleSet.of(viaBits),
                exitRules,
                exitDespiteVia,
                reachable);
    }

    /** Adds the rules that open nodes of an owner by naming it: tags, users, groups, autogroups, and self. */
    private void openNode(Owner owner) {
        policy.destinationOwners.orInto(bits, owner);
        BitArrays.add(bits, policy.selfEntries);
    }

    private RuleSet destination(
            NodeRoutes routes, int place, boolean exit, long[] viaBits, Function<Prefix, PrefixAccess> prefixes) {
        Node node = routes.node();
        Arrays.fill(bits, 0);
        BitArrays.add(bits, policy.plain.everything);
        for (IpAddress address : node.addresses()) {
            PolicyIndex.overlapping(bits, policy.destinationLiterals, address.toPrefix());
        }
        if (!node.addresses().isEmpty()) {
            openNode(node.owner());
        }
        for (Prefix prefix : routes.effective()) {
            if (!prefix.isExitRoute()) {
                PrefixAccess access = prefixes.apply(prefix);
                access.plain().orInto(bits);
                access.viaRules().orBothInto(bits, viaBits);
            }
        }
        if (exit) {
            BitArrays.add(bits, policy.plain.internet);
            BitArrays.add(bits, policy.plain.publicPrefix);
            BitArrays.addCommon(bits, policy.via.internet, viaBits);
            BitArrays.addCommon(bits, policy.via.publicPrefix, viaBits);
        }
        BitArrays.addCommon(bits, policy.via.everything, viaBits);
        return policy.rules(bits, place);
    }

    private RuleSet reachable(Node node, RuleSet destination) {
        RuleSet.Builder reachable = new RuleSet.Builder();
        destination.forEach(number -> {
            Rule rule = policy.numbers.rule(number);
            boolean opens = !rule.isVia()
                    && rule.targets().stream()
                            .anyMatch(each -> each.passesEverything()
                                    && FilterWriter.namesNode(policy, each.destination(), node));
            if (opens) {
                reachable.add(number);
            }
        });
        return reachable.build();
    }

    /** A rule that lets traffic pass always stays; one with only capabilities may grant nothing here. */
    private RuleSet filterRules(RuleSet destination, NodeRoutes routes) {
        if (policy.withoutTraffic.isEmpty()) {
            return destination;
        }
        RuleSet.Builder silent = new RuleSet.Builder();
        destination.forEach(number -> {
            Rule rule = policy.numbers.rule(number);
            if (policy.withoutTraffic.contains(policy.numbers.entry(number))
                    && FilterWriter.capabilityDestinations(policy, rule, routes).isEmpty()) {
                silent.add(number);
            }
        });
        return destination.without(silent.build());
    }
}
