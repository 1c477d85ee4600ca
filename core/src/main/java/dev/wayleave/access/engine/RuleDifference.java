package dev.wayleave.access.engine;

import dev.wayleave.access.ExitRule;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.mesh.Owner;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What differs between two policies whose rule numbers mean the same: which rules came or went, and whom rules name.
 * Each rule counts for itself, so that only nodes and prefixes which such a rule concerns are compiled again.
 */
final class RuleDifference {

    private final PolicyIndex before;
    private final PolicyIndex after;

    /** The rules that went, and those that came. */
    private final List<Rules> moved = new ArrayList<>();

    private final Map<Owner, Boolean> owners = new HashMap<>();

    RuleDifference(PolicyIndex before, PolicyIndex after) {
        this.before = before;
        this.after = after;
        RuleSet old = before.numbers.inUse();
        RuleSet now = after.numbers.inUse();
        if (!old.equals(now)) {
            moved.add(new Rules(before.only(old.without(now))));
            moved.add(new Rules(after.only(now.without(old))));
        }
    }

    /** Some rules of one of the policies, in an index of their own. */
    private static final class Rules {

        private final PolicyIndex index;
        private final NodeCompiler compiler;
        private final boolean everyNode;
        private final boolean exitNodes;
        private final boolean literals;
        private final boolean prefixes;

        Rules(PolicyIndex index) {
            this.index = index;
            this.compiler = new NodeCompiler(index, ExitRule.REACHABLE);
            this.everyNode = some(index.anySource, index.wildcardSource, index.selfEntries, index.plain.everything);
            this.exitNodes = some(index.plain.internet, index.plain.publicPrefix, index.plain.exit);
            this.literals = !index.sourceLiterals.isEmpty() || !index.destinationLiterals.isEmpty();
            this.prefixes = literals
                    || !index.viaLiterals.isEmpty()
                    || some(index.anySource, index.wildcardSource)
                    || some(index.plain.everythingToPass, index.plain.internet)
                    || some(index.via.everythingToPass, index.via.internet);
        }

        private static boolean some(long[]... entries) {
            return Stream.of(entries).anyMatch(set -> !RuleSet.of(set).isEmpty());
        }

        boolean hasSourcesBesideOwners() {
            return some(index.anySource, index.wildcardSource) || !index.sourceLiterals.isEmpty();
        }

        boolean concern(NodeRoutes node) {
            return everyNode
                    || (exitNodes && node.effective().stream().anyMatch(Prefix::isExitRoute))
                    || (literals && spellOneOf(node.node().addresses()));
        }

        private boolean spellOneOf(List<IpAddress> addresses) {
            return addresses.stream()
                    .anyMatch(address -> index.sourceLiterals
                                    .longestMatch(address)
                                    .isPresent()
                            || index.destinationLiterals.longestMatch(address).isPresent());
        }

        boolean steerTo(Owner owner) {
            long[] bits = new long[index.words];
            index.viaInto(bits, owner);
            return some(bits);
        }
    }

    /** Whether the sources of all rules that came or went are names of owners. */
    boolean hasOwnersAsSourcesAlone() {
        return moved.stream().noneMatch(Rules::hasSourcesBesideOwners);
    }

    /** Whether other rules may hold at a node, or name it, than before; apart from those of its prefixes. */
    boolean concerns(NodeRoutes node) {
        if (owners.computeIfAbsent(node.node().owner(), this::concernsOwner)) {
            return true;
        }
        for (Rules rules : moved) {
            if (rules.concern(node)) {
                return true;
            }
        }
        return false;
    }

    private boolean concernsOwner(Owner owner) {
        return !after.namesAlike(before, owner) || moved.stream().anyMatch(rules -> rules.steerTo(owner));
    }

    /** Whether other rules may concern some prefix. */
    boolean concernsPrefixes() {
        return moved.stream().anyMatch(rules -> rules.prefixes);
    }

    /** Whether other rules concern a prefix, whatever nodes have addresses in it. */
    boolean concerns(Prefix prefix) {
        return moved.stream()
                .anyMatch(rules -> rules.prefixes
                        && !rules.compiler.prefix(prefix, List.of()).isWithoutRules());
    }
}
