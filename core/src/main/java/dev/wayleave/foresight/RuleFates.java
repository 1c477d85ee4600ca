package dev.wayleave.foresight;

import dev.wayleave.access.RuleId;
import dev.wayleave.access.engine.Rule;
import dev.wayleave.access.engine.RuleEntry;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Traffic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a new policy does to each entry of the old one.
 *
 * <p>An entry is kept if the new policy has one with the same sources, destinations, traffic and {@code via}, at any
 * place; {@code acls} and {@code grants} with the same content count as the same. Each other entry goes with the new
 * entry that shares most with it. Both must share a part of their sources and destinations: then several old entries
 * may be merged into one. Or both have the same sources and share no destination, or the other way round: then the
 * new entry takes the place of one old entry, so that as few old entries as possible are removed.
 */
final class RuleFates {

    /** An entry of either section in one shape: who may send, and where to with which traffic. */
    record Entry(RuleId id, Set<String> sources, Set<String> destinations, SortedSet<Tag> via, Set<String> names) {}

    /** How much entries are alike that have the same sources and share no destination, or the other way round. */
    private static final long SAME_SOURCES_OR_DESTINATIONS = 2_000;

    private final RoutingPolicy before;
    private final RoutingPolicy after;
    private final SortedMap<String, AddressSet> setsBefore;
    private final SortedMap<String, AddressSet> setsAfter;

    /** The entries of the new policy, by each of their sources. */
    private final Map<String, List<Entry>> newBySource = new HashMap<>();

    private RuleFates(RoutingPolicy before, RoutingPolicy after) {
        this.before = before;
        this.after = after;
        this.setsBefore = before.ipSets(OverlayRanges.DEFAULT.publicInternet());
        this.setsAfter = after.ipSets(OverlayRanges.DEFAULT.publicInternet());
    }

    /** The fate of each entry of the old policy, in its order. {@code O(entries of both)}, squared where all differ. */
    static SortedMap<RuleId, RuleFate> of(RoutingPolicy before, RoutingPolicy after) {
        return new RuleFates(before, after).fates();
    }

    private SortedMap<RuleId, RuleFate> fates() {
        SortedMap<RuleId, RuleFate> fates = new TreeMap<>();
        List<Entry> unmatched = new ArrayList<>();
        Map<Entry, RuleId> places = new HashMap<>();
        List<Entry> entries = entries(after);
        for (Entry entry : entries) {
            places.putIfAbsent(withoutPlace(entry), entry.id());
            entry.sources()
                    .forEach(source -> newBySource
                            .computeIfAbsent(source, s -> new ArrayList<>())
                            .add(entry));
        }
        Set<RuleId> taken = new HashSet<>();
        for (Entry entry : entries(before)) {
            RuleId same = places.get(withoutPlace(entry));
            if (same == null) {
                unmatched.add(entry);
            } else {
                taken.add(same);
                fates.put(entry.id(), new RuleFate.Kept(same, redefined(entry)));
            }
        }
        List<Entry> free =
                entries.stream().filter(entry -> !taken.contains(entry.id())).toList();
        EntryPairing replacements = replacements(unmatched, free);
        unmatched.forEach(entry -> fates.put(entry.id(), fate(entry, free, replacements.of(entry))));
        return fates;
    }

    private static Entry withoutPlace(Entry entry) {
        return new Entry(RuleId.DEFAULT, entry.sources(), entry.destinations(), entry.via(), Set.of());
    }

    /**
     * Which old entries new ones take the place of although they share no access. First come the old entries that share
     * access with no new entry, and are removed without; then those that share less with any.
     */
    private static EntryPairing replacements(List<Entry> unmatched, List<Entry> free) {
        EntryPairing pairing = new EntryPairing(free.stream()
                .filter(entry -> unmatched.stream().noneMatch(old -> sharesAccess(old, entry)))
                .toList());
        List<Entry> lost = new ArrayList<>();
        List<Entry> others = new ArrayList<>();
        for (Entry old : unmatched) {
            long most = free.stream()
                    .filter(entry -> sharesAccess(old, entry))
                    .mapToLong(entry -> likeness(old, entry))
                    .max()
                    .orElse(0);
            if (most == 0) {
                lost.add(old);
            } else if (most < SAME_SOURCES_OR_DESTINATIONS) {
                others.add(old);
            }
        }
        pairing.add(lost);
        pairing.add(others);
        return pairing;
    }

    private static @Nullable Entry mostLike(Entry entry, List<Entry> others) {
        Entry best = null;
        long most = 0;
        for (Entry other : others) {
            long likeness = likeness(entry, other);
            if (likeness > most) {
                most = likeness;
                best = other;
            }
        }
        return best;
    }

    private RuleFate fate(Entry old, List<Entry> free, @Nullable Entry replacement) {
        Entry best = mostLike(
                old,
                free.stream()
                        .filter(entry -> entry.equals(replacement) || sharesAccess(old, entry))
                        .toList());
        if (best == null) {
            return new RuleFate.Removed();
        }
        SortedSet<String> redefined = redefined(old);
        redefined.retainAll(best.names());
        return new RuleFate.Changed(
                best.id(),
                goneSources(old, best),
                goneDestinations(old, best),
                best.via(),
                !old.via().equals(best.via()),
                redefined);
    }

    /** How much two entries share, in thousandths; 0 if they have nothing to do with each other. */
    private static long likeness(Entry one, Entry other) {
        long sources = share(one.sources(), other.sources());
        long destinations = share(one.destinations(), other.destinations());
        boolean related = sources == 1_000 || destinations == 1_000 || (sources > 0 && destinations > 0);
        long samePlace = one.id().equals(other.id()) ? 1 : 0;
        return related ? 2 * (sources + destinations) + samePlace : 0;
    }

    private static boolean sharesAccess(Entry one, Entry other) {
        return share(one.sources(), other.sources()) > 0 && share(one.destinations(), other.destinations()) > 0;
    }

    private static long share(Set<String> these, Set<String> those) {
        long common = these.stream().filter(those::contains).count();
        long all = these.size() + those.size() - common;
        return all == 0 ? 1_000 : common * 1_000 / all;
    }

    /** The sources that the new entry does not name, but those that another new entry lets to all destinations. */
    private List<String> goneSources(Entry old, Entry best) {
        return old.sources().stream()
                .filter(source -> !best.sources().contains(source))
                .filter(source -> old.destinations().stream().anyMatch(destination -> !opens(source, destination)))
                .toList();
    }

    /** The destinations that the new entry does not open, but those that other new entries open to all sources. */
    private List<String> goneDestinations(Entry old, Entry best) {
        return old.destinations().stream()
                .filter(destination -> !best.destinations().contains(destination))
                .filter(destination -> old.sources().stream().anyMatch(source -> !opens(source, destination)))
                .toList();
    }

    private boolean opens(String source, String destination) {
        return newBySource.getOrDefault(source, List.of()).stream()
                .anyMatch(entry -> entry.destinations().contains(destination));
    }

    /** The names that an entry uses and that mean something else in the new policy. */
    private SortedSet<String> redefined(Entry entry) {
        SortedSet<String> redefined = new TreeSet<>();
        for (String name : entry.names()) {
            boolean same = Objects.equals(
                            before.groups().get(name), after.groups().get(name))
                    && Objects.equals(before.hosts().get(name), after.hosts().get(name))
                    && Objects.equals(setsBefore.get(name), setsAfter.get(name));
            if (!same) {
                redefined.add(name);
            }
        }
        return redefined;
    }

    // Entries

    /** Of entries with the same content, that of {@code acls} stays: it comes first. */
    private static List<Entry> entries(RoutingPolicy policy) {
        return RuleEntry.of(policy).stream()
                .sorted(Comparator.comparing(entry -> entry.id().section() == RuleId.Section.GRANTS))
                .map(RuleFates::entry)
                .toList();
    }

    private static Entry entry(RuleEntry rule) {
        Set<String> destinations = new LinkedHashSet<>();
        for (Rule.Target target : rule.targets()) {
            String destination = target.destination().text() + " ";
            for (Traffic traffic : target.traffic()) {
                traffic.ports()
                        .forEach(ports ->
                                destinations.add(destination + new Traffic(traffic.protocolOrNull(), List.of(ports))));
            }
            rule.app().forEach((name, parameters) -> destinations.add(destination + name + parameters));
        }
        return new Entry(
                rule.id(), texts(rule.sources()), destinations, rule.via(), names(rule.sources(), rule.destinations()));
    }

    private static Set<String> texts(List<Selector> selectors) {
        Set<String> texts = new LinkedHashSet<>();
        selectors.forEach(selector -> texts.add(selector.text()));
        return texts;
    }

    /** The names that the policy defines itself. */
    private static Set<String> names(List<Selector> sources, List<Selector> destinations) {
        Set<String> names = new TreeSet<>();
        Stream.concat(sources.stream(), destinations.stream()).forEach(selector -> {
            if (selector instanceof Selector.Group
                    || selector instanceof Selector.Host
                    || selector instanceof Selector.IpSet) {
                names.add(selector.text());
            }
        });
        return names;
    }
}
