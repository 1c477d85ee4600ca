package dev.wayleave.access;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Maps;
import dev.wayleave.internal.Copies;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * A rule of a packet filter, and the entries of the policy because of which it is there.
 *
 * @param rule the rule in its canonical form, which joins entries of equal sources and protocol
 * @param entriesByDestination for each destination of the rule the entries that open it, at least one
 */
public record ExplainedRule(PacketFilter.Rule rule, SortedMap<AddressPattern, SortedSet<RuleId>> entriesByDestination) {

    /** Copies the entries. */
    public ExplainedRule {
        Copies.refuseNull(entriesByDestination, "entriesByDestination");
        Objects.requireNonNull(rule, "rule");
        entriesByDestination = ImmutableSortedMap.copyOfSorted(Maps.transformValues(
                entriesByDestination, entries -> Copies.sortedSet(entries, "entriesByDestination")));
    }

    /** {@return the entries that the rule joins, in order; at least one} */
    public SortedSet<RuleId> entries() {
        ImmutableSortedSet.Builder<RuleId> entries = ImmutableSortedSet.naturalOrder();
        entriesByDestination.values().forEach(entries::addAll);
        return entries.build();
    }
}
