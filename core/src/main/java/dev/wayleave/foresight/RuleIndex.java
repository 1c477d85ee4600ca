package dev.wayleave.foresight;

import dev.wayleave.access.RuleId;
import dev.wayleave.access.engine.InternetRanges;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Selector.Autogroup;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The rules of two policies under one numbering, in which rules with the same content have one number; and from each
 * selector the rules that name it as a source or as a destination.
 */
final class RuleIndex {

    final List<ComparedRule> rules;
    final BitSet before = new BitSet();
    final BitSet after = new BitSet();

    /** The rules that only one of the policies has. */
    final BitSet changed;

    private final Map<ComparedRule, SortedSet<RuleId>> entriesBefore;
    private final Map<ComparedRule, SortedSet<RuleId>> entriesAfter;

    private final Map<Selector, BitSet> sources = new HashMap<>();
    private final Map<Selector, BitSet> plain = new HashMap<>();
    private final Map<Tag, Map<Selector, BitSet>> via = new HashMap<>();

    /** Rules about the source's own devices. */
    final BitSet self = new BitSet();

    RuleIndex(RoutingPolicy policyBefore, RoutingPolicy policyAfter, AddressSet internet) {
        this.entriesBefore = ComparedRule.of(policyBefore, internet);
        this.entriesAfter = ComparedRule.of(policyAfter, internet);
        LinkedHashSet<ComparedRule> all = new LinkedHashSet<>(entriesBefore.keySet());
        all.addAll(entriesAfter.keySet());
        this.rules = List.copyOf(all);
        for (int number = 0; number < rules.size(); number++) {
            index(number, rules.get(number));
        }
        this.changed = (BitSet) before.clone();
        changed.xor(after);
    }

    private void index(int number, ComparedRule rule) {
        before.set(number, entriesBefore.containsKey(rule));
        after.set(number, entriesAfter.containsKey(rule));
        self.set(number, rule.self());
        add(sources, rule.sources(), number);
        if (rule.isVia()) {
            rule.via().forEach(tag -> add(via.computeIfAbsent(tag, t -> new HashMap<>()), rule.destinations(), number));
        } else if (!rule.self()) {
            add(plain, rule.destinations(), number);
        }
    }

    private static void add(Map<Selector, BitSet> index, Collection<Selector> selectors, int number) {
        selectors.forEach(
                selector -> index.computeIfAbsent(selector, s -> new BitSet()).set(number));
    }

    /** The tags that rules lead to. */
    SortedSet<Tag> viaTags() {
        return new TreeSet<>(via.keySet());
    }

    Set<Prefix> sourcePrefixes() {
        return prefixes(sources.keySet());
    }

    Set<Prefix> destinationPrefixes() {
        Set<Prefix> prefixes = prefixes(plain.keySet());
        via.values().forEach(its -> prefixes.addAll(prefixes(its.keySet())));
        return prefixes;
    }

    private static Set<Prefix> prefixes(Collection<Selector> selectors) {
        Set<Prefix> prefixes = new LinkedHashSet<>();
        for (Selector selector : selectors) {
            if (selector instanceof Selector.Network network) {
                prefixes.add(network.prefix());
            }
        }
        return prefixes;
    }

    /** The rules that name any of some selectors, or a prefix, as a source. */
    BitSet sources(Collection<? extends Selector> selectors, Collection<Prefix> prefixes) {
        return union(sources, selectors, prefixes);
    }

    /** The rules without {@code via} that open nodes of an owner that selectors name, at an address in prefixes. */
    BitSet opening(Collection<? extends Selector> selectors, Collection<Prefix> prefixes) {
        BitSet opening = union(plain, selectors, prefixes);
        add(opening, plain, new Selector.Everything());
        return opening;
    }

    /** The rules with {@code via} for a tag, or without for null, that open an address behind a subnet router. */
    BitSet behindRouter(@Nullable Tag tag, Collection<Prefix> prefixes, boolean isPublic) {
        Map<Selector, BitSet> index = tag == null ? plain : via.getOrDefault(tag, Map.of());
        BitSet opening = union(index, List.of(), prefixes);
        add(opening, index, new Selector.Everything());
        if (isPublic) {
            add(opening, index, Autogroup.INTERNET);
        }
        return opening;
    }

    /** The rules with {@code via} for a tag, or without for null, that open a public address through an exit node. */
    BitSet behindExitNode(@Nullable Tag tag, Collection<Prefix> prefixes, InternetRanges internet) {
        Map<Selector, BitSet> index = tag == null ? plain : via.getOrDefault(tag, Map.of());
        BitSet opening = union(
                index, List.of(), prefixes.stream().filter(internet::isPublic).toList());
        add(opening, index, Autogroup.INTERNET);
        add(opening, index, new Selector.Everything());
        return opening;
    }

    private static BitSet union(
            Map<Selector, BitSet> index, Collection<? extends Selector> selectors, Collection<Prefix> prefixes) {
        BitSet union = new BitSet();
        selectors.forEach(selector -> add(union, index, selector));
        prefixes.forEach(prefix -> add(union, index, new Selector.Network(prefix)));
        return union;
    }

    private static void add(BitSet union, Map<Selector, BitSet> index, Selector selector) {
        BitSet bits = index.get(selector);
        if (bits != null) {
            union.or(bits);
        }
    }

    /** The entries of a policy with some rules as their content. */
    SortedSet<RuleId> entries(BitSet numbers, boolean ofAfter) {
        Map<ComparedRule, SortedSet<RuleId>> entries = ofAfter ? entriesAfter : entriesBefore;
        TreeSet<RuleId> result = new TreeSet<>();
        numbers.stream()
                .mapToObj(rules::get)
                .filter(entries::containsKey)
                .forEach(rule -> result.addAll(entries.getOrDefault(rule, new TreeSet<>())));
        return result;
    }

    /** The rules of a set that one of the policies has. */
    BitSet of(BitSet numbers, boolean ofAfter) {
        return BitSets.common(numbers, ofAfter ? after : before);
    }
}
