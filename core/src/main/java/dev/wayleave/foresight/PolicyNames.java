package dev.wayleave.foresight;

import dev.wayleave.access.engine.InternetRanges;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Selector.Autogroup;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Names owners, senders and destinations by the selectors of two policies. */
final class PolicyNames {

    private static final String ANY_OTHER_NODE = "any other node or address behind a router";
    private static final String OUTSIDE = "any address outside of the tailnet";
    private static final String UNNAMED = "any other address";

    private final Map<String, Set<Selector>> groups;
    private final Map<String, AddressSet> ipSets;
    private final Map<Prefix, SortedSet<String>> hosts = new TreeMap<>();

    PolicyNames(RoutingPolicy before, RoutingPolicy after, AddressSet internet) {
        this.groups = groups(before, after);
        this.ipSets = new TreeMap<>();
        Map<String, AddressSet> setsBefore = before.ipSets(internet);
        Map<String, AddressSet> setsAfter = after.ipSets(internet);
        setsBefore.forEach((name, its) -> {
            if (setsAfter.getOrDefault(name, its).equals(its)) {
                ipSets.put(name, its);
            }
        });
        setsAfter.forEach((name, its) -> {
            if (!setsBefore.containsKey(name)) {
                ipSets.put(name, its);
            }
        });
        for (RoutingPolicy policy : List.of(before, after)) {
            policy.hosts().forEach((name, prefix) -> {
                boolean same = before.hosts().getOrDefault(name, prefix).equals(prefix)
                        && after.hosts().getOrDefault(name, prefix).equals(prefix);
                if (same) {
                    hosts.computeIfAbsent(prefix, p -> new TreeSet<>()).add(name);
                }
            });
        }
    }

    /** The groups of both policies with their members; without those that have other members in the other policy. */
    private static Map<String, Set<Selector>> groups(RoutingPolicy before, RoutingPolicy after) {
        Map<String, Set<Selector>> groups = new TreeMap<>();
        TreeSet<String> names = new TreeSet<>(before.groups().keySet());
        names.addAll(after.groups().keySet());
        for (String name : names) {
            Set<Selector> one = members(before, name);
            Set<Selector> other = members(after, name);
            if (one == null || other == null || one.equals(other)) {
                groups.put(name, one == null ? Objects.requireNonNullElse(other, Set.of()) : one);
            }
        }
        return groups;
    }

    private static @Nullable Set<Selector> members(RoutingPolicy policy, String group) {
        List<Selector.UserName> members = policy.groups().get(group);
        return members == null ? null : ComparedRule.spelledOut(members, policy);
    }

    private String text(Selector selector) {
        SortedSet<String> names = selector instanceof Selector.Network network ? hosts.get(network.prefix()) : null;
        boolean single =
                selector instanceof Selector.Network network && network.prefix().isSingleAddress();
        String text = single ? ((Selector.Network) selector).prefix().first().toString() : selector.text();
        return names == null ? text : names.first() + " (" + text + ")";
    }

    private static BitSet those(int size, IntPredicate which) {
        return IntStream.range(0, size).filter(which).collect(BitSet::new, BitSet::set, BitSet::or);
    }

    // Owners

    /** The owners whom each selector and group names. */
    private Map<String, BitSet> ownerNames(List<@Nullable OwnerAtom> owners, Collection<Selector> named) {
        Map<String, BitSet> names = new LinkedHashMap<>();
        Set<Selector> selectors = new LinkedHashSet<>(named);
        selectors.addAll(List.of(Autogroup.MEMBER, Autogroup.TAGGED, Autogroup.SHARED));
        Map<Selector, BitSet> bySelector = new LinkedHashMap<>();
        for (int i = 0; i < owners.size(); i++) {
            OwnerAtom owner = owners.get(i);
            if (owner != null) {
                for (Selector selector : owner.selectors()) {
                    bySelector.computeIfAbsent(selector, s -> new BitSet()).set(i);
                }
            }
        }
        BitSet shared =
                those(owners.size(), i -> owners.get(i) != null && owners.get(i).shared());
        groups.forEach((name, members) -> {
            // A group with a member whom no rule names would stand only for the other members.
            if (bySelector.keySet().containsAll(members)) {
                BitSet all = new BitSet();
                members.forEach(member -> all.or(bySelector.getOrDefault(member, new BitSet())));
                addOwners(names, name, all, shared);
            }
        });
        for (Selector selector : selectors) {
            BitSet all = bySelector.getOrDefault(selector, new BitSet());
            if (selector instanceof Selector.UserName) {
                addOwners(names, selector.text(), all, shared);
            } else {
                names.put(selector.text(), all);
            }
        }
        return names;
    }

    private static void addOwners(Map<String, BitSet> names, String name, BitSet all, BitSet shared) {
        names.put(name, all);
        names.put(name + " (if shared in)", BitSets.common(all, shared));
        names.put(name + " (unless shared in)", BitSets.without(all, shared));
    }

    AtomNames ofOwners(List<OwnerAtom> owners) {
        Map<String, BitSet> names = ownerNames(new ArrayList<>(owners), selectors(owners));
        return new AtomNames(
                names,
                left -> left.stream().mapToObj(i -> owners.get(i).label()).toList());
    }

    private static Set<Selector> selectors(List<OwnerAtom> owners) {
        Set<Selector> selectors = new LinkedHashSet<>();
        owners.forEach(owner -> selectors.addAll(owner.selectors()));
        return selectors;
    }

    // Senders

    AtomNames ofSources(AccessComparison comparison) {
        List<SourceAtom> atoms = comparison.sources;
        Map<String, BitSet> names = new LinkedHashMap<>();
        addAddresses(
                names,
                comparison.index.sourcePrefixes(),
                prefix -> those(atoms.size(), i -> atoms.get(i).isIn(prefix)));
        List<@Nullable OwnerAtom> owners = new ArrayList<>();
        atoms.forEach(atom -> owners.add(atom.ownerOrNull()));
        names.putAll(ownerNames(owners, selectors(comparison.owners)));
        names.put("*", those(atoms.size(), i -> !atoms.get(i).outside()));
        names.put(Autogroup.DANGER_ALL.text(), those(atoms.size(), i -> true));
        return new AtomNames(names, left -> leftSources(atoms, left));
    }

    private static List<String> leftSources(List<SourceAtom> atoms, BitSet left) {
        Set<String> names = new LinkedHashSet<>();
        AddressSet addresses = AddressSet.empty();
        for (int i : left.stream().toArray()) {
            SourceAtom atom = atoms.get(i);
            OwnerAtom owner = atom.ownerOrNull();
            if (owner != null) {
                names.add(owner.label());
            } else if (atom.outside()) {
                names.add(OUTSIDE);
            } else if (atom.address().covering().isEmpty()) {
                names.add(ANY_OTHER_NODE);
            } else {
                addresses = addresses.union(atom.address().addresses());
            }
        }
        addresses.ranges().forEach(range -> names.add(range.toString()));
        return List.copyOf(names);
    }

    private void addAddresses(Map<String, BitSet> names, Collection<Prefix> prefixes, Function<Prefix, BitSet> atoms) {
        Map<Prefix, BitSet> known = new TreeMap<>();
        prefixes.forEach(prefix -> known.put(prefix, atoms.apply(prefix)));
        ipSets.forEach((name, its) -> {
            BitSet all = new BitSet();
            its.prefixes().forEach(prefix -> all.or(known.getOrDefault(prefix, new BitSet())));
            names.put(name, all);
        });
        known.forEach((prefix, its) -> names.put(text(new Selector.Network(prefix)), its));
    }

    // Destinations

    AtomNames ofDestinations(AccessComparison comparison) {
        List<DestinationAtom> atoms = comparison.destinations;
        InternetRanges internet = comparison.internet;
        Map<String, BitSet> names = new LinkedHashMap<>();
        addAddresses(
                names,
                comparison.index.destinationPrefixes(),
                prefix -> those(atoms.size(), i -> atoms.get(i).isIn(prefix, internet)));
        List<@Nullable OwnerAtom> owners = new ArrayList<>();
        atoms.forEach(atom -> owners.add(atom.ownerOrNull()));
        names.putAll(ownerNames(owners, selectors(comparison.owners)));
        BitSet outside = those(
                atoms.size(),
                i -> atoms.get(i).place() == DestinationAtom.Place.BEHIND_EXIT_NODE
                        || (atoms.get(i).place() == DestinationAtom.Place.BEHIND_ROUTER
                                && atoms.get(i).isPublic(internet)));
        names.put(Autogroup.INTERNET.text(), outside);
        names.put("*", those(atoms.size(), i -> true));
        Map<String, BitSet> all = new LinkedHashMap<>(names);
        if (!comparison.index.viaTags().isEmpty()) {
            BitSet plain = those(atoms.size(), i -> atoms.get(i).routerOrNull() == null);
            Set<Tag> tags = new TreeSet<>(comparison.index.viaTags());
            addVia(all, names, atoms, tags);
            names.forEach((name, its) ->
                    all.putIfAbsent(name + " at routers without " + list(tags), BitSets.common(its, plain)));
        }
        for (ComparedRule rule : comparison.index.rules) {
            if (rule.isVia()) {
                addVia(all, names, atoms, rule.via());
            }
        }
        return new AtomNames(all, left -> leftDestinations(atoms, left));
    }

    private static void addVia(
            Map<String, BitSet> all, Map<String, BitSet> names, List<DestinationAtom> atoms, Set<Tag> tags) {
        BitSet routers = those(atoms.size(), i -> isAt(atoms.get(i), tags));
        names.forEach((name, its) -> all.putIfAbsent(name + " via " + list(tags), BitSets.common(its, routers)));
    }

    /** Without commas, which separate destinations. */
    private static String list(Set<Tag> tags) {
        return String.join(" or ", tags.stream().map(Tag::value).toList());
    }

    private static boolean isAt(DestinationAtom atom, Set<Tag> tags) {
        return atom.routerOrNull() != null && tags.contains(atom.routerOrNull());
    }

    private static List<String> leftDestinations(List<DestinationAtom> atoms, BitSet left) {
        Set<String> names = new LinkedHashSet<>();
        Map<String, AddressSet> addresses = new TreeMap<>();
        for (int i : left.stream().toArray()) {
            DestinationAtom atom = atoms.get(i);
            OwnerAtom owner = atom.ownerOrNull();
            if (owner != null) {
                names.add(owner.label());
            } else if (atom.address().covering().isEmpty()) {
                names.add((atom.place() == DestinationAtom.Place.NODE ? "any other node" : UNNAMED) + where(atom));
            } else {
                addresses.merge(where(atom), atom.address().addresses(), AddressSet::union);
            }
        }
        addresses.forEach((where, its) ->
                its.ranges().forEach(range -> names.add(where.isEmpty() ? "nodes at " + range : range + where)));
        return List.copyOf(names);
    }

    private static String where(DestinationAtom atom) {
        String tag = atom.routerOrNull() == null ? "" : " with " + atom.routerOrNull();
        return switch (atom.place()) {
            case NODE -> "";
            case BEHIND_ROUTER -> tag.isEmpty() ? " behind a router" : " behind a router" + tag;
            case BEHIND_EXIT_NODE -> " through an exit node" + tag;
        };
    }
}
