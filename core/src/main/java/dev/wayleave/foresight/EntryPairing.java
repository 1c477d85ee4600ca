package dev.wayleave.foresight;

import dev.wayleave.access.RuleId;
import dev.wayleave.foresight.RuleFates.Entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Pairs old entries with new ones, one to one, so that as few old entries as possible have none: a maximum bipartite
 * matching. An old entry may have each new one with the same sources, and each with the same destinations.
 *
 * <p>An old entry whose new entries are all taken looks for a chain of exchanges (an augmenting path): it takes one of
 * them, and the old entry that had this one takes another in turn, until one takes a new entry that is free.
 *
 * <pre>
 *   old 1 may have new 1 or new 2, old 2 may have only new 1
 *
 *   old 1 has new 1  ──►  old 2 takes new 1, old 1 takes new 2
 * </pre>
 */
final class EntryPairing {

    private final Map<RuleId, Entry> entries = new HashMap<>();
    private final Map<Set<String>, List<Entry>> bySources = new HashMap<>();
    private final Map<Set<String>, List<Entry>> byDestinations = new HashMap<>();

    /** By the new entry, the old one that has it. */
    private final Map<RuleId, Entry> owners = new HashMap<>();

    /** By the old entry, the new one that it has. */
    private final Map<RuleId, Entry> pairs = new HashMap<>();

    /** Creates a pairing of new entries; no old entry has any yet. */
    EntryPairing(List<Entry> entries) {
        for (Entry entry : entries) {
            this.entries.put(entry.id(), entry);
            listIn(bySources, entry.sources()).add(entry);
            listIn(byDestinations, entry.destinations()).add(entry);
        }
    }

    private static List<Entry> listIn(Map<Set<String>, List<Entry>> lists, Set<String> key) {
        return lists.computeIfAbsent(key, k -> new ArrayList<>());
    }

    /**
     * Gives new entries to as many of some old ones as possible, to each that of its own place if it may have it. Each
     * old entry that was added earlier still has one. Costs {@code O(entries of both)} for each old entry.
     */
    void add(List<Entry> old) {
        for (Entry entry : old) {
            Entry samePlace = entries.get(entry.id());
            if (samePlace != null
                    && !owners.containsKey(samePlace.id())
                    && (samePlace.sources().equals(entry.sources())
                            || samePlace.destinations().equals(entry.destinations()))) {
                pair(entry, samePlace);
            }
        }
        for (Entry entry : old) {
            if (!pairs.containsKey(entry.id())) {
                exchange(entry);
            }
        }
    }

    /** {@return the new entry of an old one, null if it has none} */
    @Nullable
    Entry of(Entry old) {
        return pairs.get(old.id());
    }

    /** Searches the shortest chain of exchanges that gives an old entry a new one, and makes them. */
    private void exchange(Entry old) {
        Map<RuleId, Entry> takers = new HashMap<>(); // by the new entry, the old one that would take it
        Set<List<Entry>> searched = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Entry> waiting = new ArrayDeque<>(List.of(old));
        while (!waiting.isEmpty()) {
            Entry taker = waiting.remove();
            for (Entry choice : choices(taker, searched)) {
                if (takers.putIfAbsent(choice.id(), taker) == null) {
                    Entry owner = owners.get(choice.id());
                    if (owner == null) {
                        makeExchanges(choice, takers);
                        return;
                    }
                    waiting.add(owner);
                }
            }
        }
    }

    /** The new entries that an old one may have, but for lists that were searched before. */
    private List<Entry> choices(Entry old, Set<List<Entry>> searched) {
        List<Entry> choices = new ArrayList<>();
        for (List<Entry> list : Arrays.asList(bySources.get(old.sources()), byDestinations.get(old.destinations()))) {
            if (list != null && searched.add(list)) {
                choices.addAll(list);
            }
        }
        return choices;
    }

    /** From the free entry back to the old one with which the search began, which has no new one to give. */
    private void makeExchanges(Entry free, Map<RuleId, Entry> takers) {
        Entry next = free;
        while (next != null) {
            Entry taker = Objects.requireNonNull(takers.get(next.id()));
            Entry given = pairs.get(taker.id());
            pair(taker, next);
            next = given;
        }
    }

    private void pair(Entry old, Entry entry) {
        owners.put(entry.id(), old);
        pairs.put(old.id(), entry);
    }
}
