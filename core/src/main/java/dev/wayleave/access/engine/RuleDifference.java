package dev.wayleave.access.engine;

import dev.wayleave.access.NodeRoutes;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.PrefixTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The difference of two policies whose rule numbers mean the same: the rules that were added or removed, and the owners
 * that rules name differently. Each rule counts for itself, so that only nodes and prefixes which such a rule concerns
 * are compiled again.
 */
final class RuleDifference {

    private final PolicyIndex before;
    private final PolicyIndex after;

    /** The rules that were removed, and those that were added. */
    private final List<Rules> changedRules = new ArrayList<>();

    private final Map<Owner, Boolean> owners = new HashMap<>();

    RuleDifference(PolicyIndex before, PolicyIndex after) {
        this.before = before;
        this.after = after;
        RuleSet previous = before.numbers.inUse();
        RuleSet current = after.numbers.inUse();
        if (!previous.equals(current)) {
            changedRules.add(new Rules(before.only(previous.without(current))));
            changedRules.add(new Rules(after.only(current.without(previous))));
        }
    }

    /** Some rules of one of the policies, in an index of their own. */
    private static final class Rules {

        private final PolicyIndex index;
        private final boolean everyNode;
        private final boolean exitNodes;
        private final boolean literals;
        private final boolean everyPrefix;
        private final boolean publicPrefixes;

        Rules(PolicyIndex index) {
            this.index = index;
            this.everyNode = some(index.anySource, index.wildcardSource, index.selfEntries, index.plain.everything);
            this.exitNodes = some(index.plain.internet, index.plain.publicPrefix, index.plain.exit);
            this.literals = !index.sourceLiterals.isEmpty() || !index.destinationLiterals.isEmpty();
            this.everyPrefix = some(
                    index.anySource, index.wildcardSource, index.plain.everythingToPass, index.via.everythingToPass);
            this.publicPrefixes = some(index.plain.internet, index.via.internet);
        }

        boolean concernPrefixes() {
            return everyPrefix || publicPrefixes || literals || !index.viaLiterals.isEmpty();
        }

        boolean concern(PrefixAccess access) {
            Prefix prefix = access.prefix();
            return everyPrefix
                    || (publicPrefixes && access.isPublic)
                    || index.sourceLiterals.overlaps(prefix)
                    || index.destinationLiterals.overlaps(prefix)
                    || index.viaLiterals.overlaps(prefix);
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

        /** The tables of the addresses and prefixes in the rules, without those behind {@code via}. */
        private Stream<PrefixTable<long[]>> spelled() {
            return Stream.of(index.sourceLiterals, index.destinationLiterals);
        }

        private boolean spellOneOf(List<IpAddress> addresses) {
            return spelled()
                    .anyMatch(table -> addresses.stream()
                            .anyMatch(address -> table.longestMatch(address).isPresent()));
        }

        /** Whether the rules may concern nodes that are not found by a user or by an address. */
        boolean concernNodesAnywhere() {
            return everyNode || exitNodes || index.hasVia();
        }

        boolean leadThrough(Owner owner) {
            long[] bits = new long[index.words];
            index.viaInto(bits, owner);
            return some(bits);
        }
    }

    /** Whether the sources of all added and removed rules are names of owners. */
    boolean hasOnlyOwnersAsSources() {
        return changedRules.stream().noneMatch(Rules::hasSourcesBesideOwners);
    }

    /**
     * Every node at which an added or removed rule may hold, or whose owner rules name differently; without rules of
     * its prefixes.
     */
    List<NodeRoutes> nodes(AccessRules known) {
        List<NodeRoutes> nodes = new ArrayList<>();
        if (changedRules.stream().anyMatch(Rules::concernNodesAnywhere) || namesOtherTags()) {
            for (NodeAccess node : known.nodes()) {
                if (concerns(node.routes())) {
                    nodes.add(node.routes());
                }
            }
        } else {
            namedNodes(known).forEach(id -> known.node(id).ifPresent(node -> nodes.add(node.routes())));
        }
        return nodes;
    }

    /** The rules with an owner as a destination, and those with that owner as a source. */
    private record RulesOfOwner(RuleSet destination, RuleSet source) {

        boolean mayHoldAt(NodeRules rules) {
            return rules.byOwner.equals(destination) && rules.ownerSources.containsAll(source);
        }
    }

    private static boolean mayHoldAt(Set<RulesOfOwner> users, NodeRules rules) {
        for (RulesOfOwner user : users) {
            if (user.mayHoldAt(rules)) {
                return true;
            }
        }
        return false;
    }

    /** The nodes of users whose rules are not those of before, and the nodes with an address in a changed rule. */
    private SortedSet<NodeId> namedNodes(AccessRules known) {
        SortedSet<NodeId> ids = new TreeSet<>();
        Set<RulesOfOwner> users = new HashSet<>();
        for (UserId user : after.usersWithOtherRules(before)) {
            Owner owner = Owner.user(user);
            if (isConcerned(owner)) {
                users.add(new RulesOfOwner(before.opened(owner), before.named(owner)));
            }
        }
        // The class of a node has the rules that name its owner, so that few classes need a look.
        for (int slot = 0; slot < known.classes.count() && !users.isEmpty(); slot++) {
            NodeClasses.NodeClass nodeClass = known.classes.at(slot);
            if (nodeClass != null && mayHoldAt(users, nodeClass.rules())) {
                for (NodeId id : nodeClass.members().values()) {
                    known.node(id).filter(node -> concerns(node.routes())).ifPresent(node -> ids.add(id));
                }
            }
        }
        for (Rules rules : changedRules) {
            rules.spelled()
                    .flatMap(table -> table.entries().stream())
                    .forEach(entry -> known.tables.addresses().within(entry.prefix(), ids::add));
        }
        return ids;
    }

    private boolean namesOtherTags() {
        return !before.sourceOwners.namesTagsAlike(after.sourceOwners)
                || !before.destinationOwners.namesTagsAlike(after.destinationOwners);
    }

    private boolean concerns(NodeRoutes node) {
        if (isConcerned(node.node().owner())) {
            return true;
        }
        for (Rules rules : changedRules) {
            if (rules.concern(node)) {
                return true;
            }
        }
        return false;
    }

    private boolean isConcerned(Owner owner) {
        return owners.computeIfAbsent(owner, this::concernsOwner);
    }

    private boolean concernsOwner(Owner owner) {
        return !after.namesAlike(before, owner) || changedRules.stream().anyMatch(rules -> rules.leadThrough(owner));
    }

    /** Whether an added or removed rule may concern a prefix. */
    boolean concernsPrefixes() {
        return changedRules.stream().anyMatch(Rules::concernPrefixes);
    }

    /** Whether an added or removed rule concerns a prefix, regardless of the nodes with addresses in it. */
    boolean concerns(PrefixAccess access) {
        for (Rules rules : changedRules) {
            if (rules.concern(access)) {
                return true;
            }
        }
        return false;
    }
}
