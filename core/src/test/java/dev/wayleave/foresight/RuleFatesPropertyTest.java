package dev.wayleave.foresight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.access.RuleId;
import dev.wayleave.policy.AclRule;
import dev.wayleave.policy.RoutingPolicy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;

/** No old entry is called removed while a new one is left for it; a twin tries all pairings. */
class RuleFatesPropertyTest {

    private record Entry(Set<String> sources, Set<String> destinations) {

        boolean sharesAccess(Entry other) {
            return sources.stream().anyMatch(other.sources::contains)
                    && destinations.stream().anyMatch(other.destinations::contains);
        }

        boolean maySucceed(Entry old) {
            return sources.equals(old.sources) || destinations.equals(old.destinations);
        }

        AclRule rule() {
            return AclRule.accept(List.copyOf(sources), List.copyOf(destinations));
        }
    }

    private static Entry entry(String source, String... destinations) {
        return new Entry(Set.of(source), Set.of(destinations));
    }

    private static RoutingPolicy policy(List<Entry> entries) {
        return RoutingPolicy.builder()
                .acls(entries.stream().map(Entry::rule).toList())
                .build();
    }

    private static Map<RuleId, RuleFate> fates(List<Entry> before, List<Entry> after) {
        return RuleFates.of(policy(before), policy(after));
    }

    private static long removed(Map<RuleId, RuleFate> fates) {
        return fates.values().stream()
                .filter(RuleFate.Removed.class::isInstance)
                .count();
    }

    /** The first old entry shares access with the second new one, and needs no other. */
    @Test
    void anEntryThatKeepsAccessLeavesTheFreeEntryToAnother() {
        List<Entry> before = List.of(entry("ann@", "10.0.0.1:22", "10.0.0.2:22"), entry("ann@", "10.0.0.3:22"));
        List<Entry> after = List.of(entry("ann@", "10.0.0.9:22"), entry("ann@", "10.0.0.1:22"));

        assertThat(fates(before, after).values()).extracting(RuleFate::kind).containsExactly("changed", "changed");
    }

    /** The second old entry may have either new one, the first only the one with its sources. */
    @Test
    void anEntryWithAChoiceLeavesTheOnlyOneToAnother() {
        List<Entry> before = List.of(entry("ann@", "10.0.0.1:22"), entry("ann@", "10.0.0.2:22"));
        List<Entry> after = List.of(entry("ben@", "10.0.0.1:22"), entry("ann@", "10.0.0.9:22"));

        assertThat(fates(before, after).values()).extracting(RuleFate::kind).containsExactly("changed", "changed");
    }

    @Property(tries = 2000)
    @Label("the pairing leaves out as few old entries as any")
    void thePairingLeavesOutAsFewOldEntriesAsAnyOther(
            @ForAll("entries") List<Entry> before, @ForAll("entries") List<Entry> after) {
        Map<RuleId, RuleFate> fates = fates(before, after);

        int fewest = fewestRemoved(before, after);
        assertThat(removed(fates)).isEqualTo(fewest);
        Statistics.label("removed").collect(fewest);
    }

    @Property(tries = 2000)
    void aNewEntrySucceedsOneOldEntryWithWhichItSharesNoAccess(
            @ForAll("entries") List<Entry> before, @ForAll("entries") List<Entry> after) {
        Set<RuleId> successors = new HashSet<>();
        fates(before, after).forEach((id, fate) -> {
            if (fate instanceof RuleFate.Changed changed) {
                Entry old = before.get(id.index());
                Entry now = after.get(changed.now().index());
                if (!now.sharesAccess(old)) {
                    assertThat(now.maySucceed(old)).isTrue();
                    assertThat(successors.add(changed.now())).isTrue();
                }
            }
        });
    }

    // The twin

    private static int fewestRemoved(List<Entry> before, List<Entry> after) {
        List<Entry> unmatched =
                before.stream().filter(entry -> !after.contains(entry)).toList();
        List<Entry> fresh = new ArrayList<>();
        for (int i = 0; i < after.size(); i++) {
            Entry entry = after.get(i);
            boolean kept = before.contains(entry) && after.indexOf(entry) == i;
            if (!kept && unmatched.stream().noneMatch(entry::sharesAccess)) {
                fresh.add(entry);
            }
        }
        List<Entry> lost = unmatched.stream()
                .filter(old ->
                        after.stream().noneMatch(entry -> entry.sharesAccess(old) && isFree(entry, before, after)))
                .toList();
        return fewestLeftOut(lost, fresh);
    }

    /** An entry that an old one is kept in is free for no other, unless it is there twice. */
    private static boolean isFree(Entry entry, List<Entry> before, List<Entry> after) {
        return !before.contains(entry) || after.indexOf(entry) != after.lastIndexOf(entry);
    }

    /** Tries each new entry for the first old one, and none. */
    private static int fewestLeftOut(List<Entry> lost, List<Entry> fresh) {
        if (lost.isEmpty()) {
            return 0;
        }
        List<Entry> others = lost.subList(1, lost.size());
        int fewest = 1 + fewestLeftOut(others, fresh);
        for (Entry entry : fresh) {
            if (entry.maySucceed(lost.get(0))) {
                List<Entry> left = new ArrayList<>(fresh);
                left.remove(entry);
                fewest = Math.min(fewest, fewestLeftOut(others, left));
            }
        }
        return fewest;
    }

    @Provide
    Arbitrary<List<Entry>> entries() {
        Arbitrary<Set<String>> sources =
                Arbitraries.of("ann@", "ben@", "cat@").set().ofMinSize(1).ofMaxSize(2);
        Arbitrary<Set<String>> destinations = Arbitraries.of(
                        "10.0.0.1:22", "10.0.0.2:22", "10.0.0.3:22", "10.0.0.4:22", "10.0.0.5:22", "10.0.0.6:22")
                .set()
                .ofMinSize(1)
                .ofMaxSize(2);
        return Combinators.combine(sources, destinations).as(Entry::new).list().ofMaxSize(5);
    }
}
