package dev.wayleave.access.engine;

import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.IpAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the nodes whose packet filter changed. It decides for all nodes with the same rules at once, by the sources of
 * these rules, and leaves few filters to be written and compared.
 *
 * <p>Each rule that is written at a node puts its list of sources into the filter. So the filter changed if one of
 * these lists is new or gone. Whether lists differ follows from a source that none of the rules had before, or from
 * {@link SourceSums}.
 */
public final class FilterComparison {

    /** The result of comparing two filters without writing them. */
    public enum Answer {
        /** It reads as before. */
        SAME,
        /** It changed. */
        CHANGED,
        /** It must be written to know. */
        UNSURE
    }

    private record Pair(NodeRules previous, NodeRules current) {}

    private final AccessRules before;
    private final AccessRules after;
    private final boolean comparable;
    private final SourceChange sources;
    private final Map<Pair, Answer> answers = new HashMap<>();
    private final Map<Integer, Map<RuleSet, long[]>> selfBefore = new HashMap<>();
    private final Map<Integer, Map<RuleSet, long[]>> selfAfter = new HashMap<>();

    /**
     * Compares the sources of all rules.
     *
     * @param before the rules before
     * @param after the rules now, of the same tailnet
     */
    public FilterComparison(AccessRules before, AccessRules after) {
        this.before = Objects.requireNonNull(before, "before");
        this.after = Objects.requireNonNull(after, "after");
        this.comparable = after.isComparableTo(before);
        this.sources = comparable ? SourceChange.between(before.tables, after.tables) : SourceChange.NONE;
    }

    /**
     * {@return the classes of nodes at which a rule is open that has other sources than before, as a set of class bits;
     * the filters of nodes of another class that did not change read as before}
     */
    public long[] concerned() {
        long[] bits = new long[after.classes.words()];
        after.classes.openedInto(bits, sources.moved());
        return bits;
    }

    /**
     * Compares the filter of a node that has the same addresses and routes as before.
     *
     * @param previous the rules that held at it
     * @param current the rules that hold at it
     * @return the answer for all such nodes
     */
    @SuppressWarnings("ReferenceEquality") // nodes that stay in their class have the same rules
    public Answer compare(NodeRules previous, NodeRules current) {
        if (comparable && previous == current && !current.filterRules.meets(sources.moved())) {
            return Answer.SAME; // the answer for most, which costs less than to look it up
        }
        return answers.computeIfAbsent(new Pair(previous, current), pair -> answer(previous, current));
    }

    private Answer answer(NodeRules previous, NodeRules current) {
        if (!comparable) {
            return Answer.UNSURE;
        }
        boolean sameRules = previous.filterRules.equals(current.filterRules)
                && previous.byOwner.equals(current.byOwner)
                && previous.reachable.equals(current.reachable);
        if (sameRules && !current.filterRules.meets(sources.moved())) {
            return Answer.SAME;
        }
        if (sameRules && sources.changesSourcesOf(current.filterRules)) {
            return Answer.CHANGED;
        }
        Set<Long> keys = keys(before, previous.filterRules, selfBefore);
        return keys.equals(keys(after, current.filterRules, selfAfter)) ? Answer.UNSURE : Answer.CHANGED;
    }

    /**
     * {@return whether the filter of a node changed; writes both}
     *
     * @param node any node
     */
    public boolean isChanged(NodeId node) {
        return !before.filter(node).equals(after.filter(node));
    }

    /** The sums of the lists of sources that some rules put into a filter. */
    private static Set<Long> keys(AccessRules rules, RuleSet filterRules, Map<Integer, Map<RuleSet, long[]>> self) {
        Set<Long> keys = new HashSet<>();
        int entries = rules.index.numbers.entries();
        filterRules.forEach(rule -> {
            if (rule >= entries) {
                long[] sum = selfSum(rules, rule, self);
                if (sum[1] > 0) {
                    keys.add(sum[0]);
                }
            } else if (!rules.sums.isEmpty(rule)) {
                keys.add(rules.sums.sum(rule));
            }
        });
        return keys;
    }

    /** The sum and the number of the sources of a rule of {@code autogroup:self} for one user. */
    private static long[] selfSum(AccessRules rules, int rule, Map<Integer, Map<RuleSet, long[]>> known) {
        int place = rules.index.numbers.placeOf(rule);
        long[] sum = new long[2];
        known.computeIfAbsent(place, p -> sums(rules, p)).forEach((listing, part) -> {
            if (listing.contains(rule)) {
                sum[0] += part[0];
                sum[1] += part[1];
            }
        });
        return sum;
    }

    /** The addresses of one user's nodes, added up by the rules that list them. */
    private static Map<RuleSet, long[]> sums(AccessRules rules, int place) {
        Map<IpAddress, RuleSet> listing = new HashMap<>();
        for (int slot : rules.classes.ofUser(place)) {
            NodeClasses.@Nullable NodeClass nodeClass = rules.classes.at(slot);
            if (nodeClass != null) {
                for (NodeId id : nodeClass.members().values()) {
                    rules.node(id)
                            .ifPresent(node -> node.routes()
                                    .node()
                                    .addresses()
                                    .forEach(address ->
                                            listing.merge(address, nodeClass.rules().ownerSources, RuleSet::union)));
                }
            }
        }
        Map<RuleSet, long[]> sums = new HashMap<>();
        listing.forEach((address, rulesOfAddress) -> {
            long[] sum = sums.computeIfAbsent(rulesOfAddress, s -> new long[2]);
            sum[0] += SourceSums.mixed(address.toPrefix());
            sum[1]++;
        });
        return sums;
    }
}
