package dev.wayleave.access.engine;

import com.google.common.collect.ImmutableList;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.List;
import java.util.Map;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * The rules that concern one subnet prefix that is effective on some node.
 *
 * <p>Made by {@link AccessRules}.
 */
public final class PrefixAccess {

    private final Prefix prefix;
    private final List<NodeId> holders;

    /** The rules with a source that overlaps the prefix by its own text. */
    private final RuleSet literalSources;

    /** The nodes' own addresses inside the prefix: for each set of rules that spell one out how many these are. */
    private final PMap<RuleSet, Integer> inside;

    private final RuleSet prefixSourceRules;
    private final RuleSet plain;
    private final RuleSet via;

    /** True if the prefix overlaps the public ranges, so that {@code autogroup:internet} opens it. */
    final boolean isPublic;

    PrefixAccess(
            Prefix prefix, List<NodeId> holders, RuleSet literalSources, RuleSet plain, RuleSet via, boolean isPublic) {
        this(prefix, holders, literalSources, HashTreePMap.empty(), literalSources, plain, via, isPublic);
    }

    private PrefixAccess(
            Prefix prefix,
            List<NodeId> holders,
            RuleSet literalSources,
            PMap<RuleSet, Integer> inside,
            RuleSet prefixSourceRules,
            RuleSet plain,
            RuleSet via,
            boolean isPublic) {
        this.prefix = prefix;
        this.holders = ImmutableList.copyOf(holders);
        this.literalSources = literalSources;
        this.inside = inside;
        this.prefixSourceRules = prefixSourceRules;
        this.plain = plain;
        this.via = via;
        this.isPublic = isPublic;
    }

    /** The same rules with other holders. */
    PrefixAccess on(List<NodeId> others) {
        return new PrefixAccess(prefix, others, literalSources, inside, prefixSourceRules, plain, via, isPublic);
    }

    /** The same prefix with other addresses of nodes inside: how many more or fewer each set of rules spells out. */
    PrefixAccess with(Map<RuleSet, Integer> more) {
        PMap<RuleSet, Integer> next = inside;
        boolean gained = false;
        boolean lost = false;
        for (Map.Entry<RuleSet, Integer> entry : more.entrySet()) {
            RuleSet rules = entry.getKey();
            int previous = inside.getOrDefault(rules, 0);
            int count = previous + entry.getValue();
            next = count == 0 ? next.minus(rules) : next.plus(rules, count);
            gained |= previous == 0 && count > 0;
            lost |= previous > 0 && count == 0;
        }
        RuleSet sources = prefixSourceRules;
        if (gained || lost) {
            sources = literalSources;
            for (RuleSet rules : next.keySet()) {
                sources = sources.union(rules);
            }
        }
        return new PrefixAccess(
                prefix,
                holders,
                literalSources,
                next,
                sources.equals(prefixSourceRules) ? prefixSourceRules : sources,
                plain,
                via,
                isPublic);
    }

    /** Returns whether everything but the holders is equal, also what later changes start from. */
    boolean isAlike(PrefixAccess other) {
        return hasRulesOf(other) && literalSources.equals(other.literalSources) && inside.equals(other.inside);
    }

    /** Returns whether the same rules concern both. */
    boolean hasRulesOf(PrefixAccess other) {
        return isPublic == other.isPublic
                && prefixSourceRules.equals(other.prefixSourceRules)
                && plain.equals(other.plain)
                && via.equals(other.via);
    }

    /** {@return the subnet prefix} */
    public Prefix prefix() {
        return prefix;
    }

    /** {@return the nodes on which the prefix is effective, at least one, in order} */
    public List<NodeId> holders() {
        return holders;
    }

    /** {@return the rules of which an address in the prefix is a source: those that admit it somewhere} */
    public RuleSet prefixSourceRules() {
        return prefixSourceRules;
    }

    /**
     * {@return the rules without {@code via} of which a destination overlaps the prefix: they open it at every node
     * that has it}
     */
    public RuleSet plain() {
        return plain;
    }

    /**
     * {@return the rules with {@code via} of which a destination overlaps the prefix, whether or not a node with one of
     * their tags has it: they lead those whom they admit to nodes with their tags}
     */
    public RuleSet viaRules() {
        return via;
    }

    /** {@return whether the same rules, those of {@link #plain}, open the prefix at each node that has it} */
    public boolean opensAlikeEverywhere() {
        return via.isEmpty() && !isPublic;
    }

    /** {@return prefix and nodes for a person to read, for example {@code 10.0.0.0/8 on [1, 3]}} */
    @Override
    public String toString() {
        return prefix + " on " + holders;
    }
}
