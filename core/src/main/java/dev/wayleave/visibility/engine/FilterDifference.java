package dev.wayleave.visibility.engine;

import dev.wayleave.access.AddressPattern;
import dev.wayleave.access.ExplainedRule;
import dev.wayleave.access.PacketFilter;
import dev.wayleave.access.RuleId;
import dev.wayleave.visibility.ViewChange;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The difference of one packet filter, in a form that is fast to compare with thousands of others.
 *
 * @param because of the rules gained, then of those lost: equal rules may be there for different entries
 */
record FilterDifference(
        List<Likeness> gained, List<Likeness> lost, List<SortedMap<AddressPattern, SortedSet<RuleId>>> because) {

    static final FilterDifference NONE = new FilterDifference(List.of(), List.of(), List.of());

    /**
     * A rule, whatever its entries, that is compared without being read whole: sources may be thousands, and nodes
     * under one policy mostly share the list.
     */
    record Likeness(ExplainedRule explained) {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Likeness that && explained.rule().equals(that.explained.rule());
        }

        @Override
        public int hashCode() {
            List<AddressPattern> sources = explained.rule().sources();
            int hash = 31 * sources.size() + sources.get(0).hashCode();
            hash = 31 * hash + sources.get(sources.size() - 1).hashCode();
            if (explained.rule() instanceof PacketFilter.TrafficRule traffic) {
                return 31 * hash + traffic.destinations().hashCode();
            }
            return hash;
        }
    }

    static FilterDifference of(List<ExplainedRule> before, List<ExplainedRule> after) {
        List<Likeness> gained = without(after, before);
        List<Likeness> lost = without(before, after);
        return new FilterDifference(
                gained,
                lost,
                Stream.concat(gained.stream(), lost.stream())
                        .map(likeness -> likeness.explained().entriesByDestination())
                        .toList());
    }

    private static List<Likeness> without(List<ExplainedRule> these, List<ExplainedRule> those) {
        Set<Likeness> others = new HashSet<>();
        those.forEach(explained -> others.add(new Likeness(explained)));
        return these.stream()
                .map(Likeness::new)
                .filter(likeness -> !others.contains(likeness))
                .toList();
    }

    ViewChange.FilterChange change() {
        return gained.isEmpty() && lost.isEmpty()
                ? ViewChange.FilterChange.NONE
                : new ViewChange.FilterChange(
                        gained.stream().map(Likeness::explained).toList(),
                        lost.stream().map(Likeness::explained).toList());
    }
}
