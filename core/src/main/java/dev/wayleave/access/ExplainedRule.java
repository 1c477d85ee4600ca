package dev.wayleave.access;

import com.google.common.collect.ImmutableSortedSet;
import java.util.SortedSet;

/**
 * A rule of a packet filter, and the entries of the policy because of which it is there.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param rule the rule in its canonical form, which joins entries of equal sources and protocol
 * @param entries the entries that it joins, in order; at least one
 */
public record ExplainedRule(PacketFilter.Rule rule, SortedSet<RuleId> entries) {

    /**
     * Copies the entries.
     *
     * @param rule the rule in its canonical form
     * @param entries the entries that it joins
     */
    public ExplainedRule {
        entries = ImmutableSortedSet.copyOf(entries);
    }
}
