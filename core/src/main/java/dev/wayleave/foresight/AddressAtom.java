package dev.wayleave.foresight;

import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that lie in the same prefixes of two policies: all of one prefix but those in narrower ones.
 *
 * @param addresses at least one
 * @param covering the prefixes that hold them, the widest first; empty for addresses that no policy names
 */
record AddressAtom(AddressSet addresses, List<Prefix> covering) {

    private static final List<Prefix> FAMILIES = List.of(Prefix.parse("0.0.0.0/0"), Prefix.parse("::/0"));

    /** All addresses, by the prefixes that hold them. */
    static List<AddressAtom> of(Collection<Prefix> named) {
        TreeSet<Prefix> sorted = new TreeSet<>(named);
        Map<Prefix, List<Prefix>> children = new HashMap<>();
        Map<Prefix, List<Prefix>> covering = new HashMap<>();
        Deque<Prefix> open = new ArrayDeque<>();
        for (Prefix prefix : sorted) {
            while (!open.isEmpty() && !open.getLast().contains(prefix)) {
                open.removeLast();
            }
            Prefix family = FAMILIES.get(prefix.isIpv4() ? 0 : 1);
            if (!prefix.equals(family)) {
                children.computeIfAbsent(open.isEmpty() ? family : open.getLast(), p -> new ArrayList<>())
                        .add(prefix);
            }
            open.addLast(prefix);
            covering.put(prefix, List.copyOf(open));
        }
        sorted.addAll(FAMILIES);
        List<AddressAtom> atoms = new ArrayList<>();
        for (Prefix prefix : sorted) {
            AddressSet rest =
                    AddressSet.of(prefix).subtract(AddressSet.ofPrefixes(children.getOrDefault(prefix, List.of())));
            if (!rest.isEmpty()) {
                atoms.add(new AddressAtom(rest, covering.getOrDefault(prefix, List.of())));
            }
        }
        return atoms;
    }

    /**
     * The atoms of which a node has an address that says as little as possible about it: the one of addresses that no
     * policy names, or, if the policies name all addresses, those that are in the fewest prefixes.
     */
    static List<AddressAtom> quietest(List<AddressAtom> atoms, OverlayRanges overlay) {
        List<AddressAtom> quiet =
                atoms.stream().filter(atom -> atom.covering().isEmpty()).toList();
        if (!quiet.isEmpty()) {
            return List.of(quiet.stream()
                    .filter(atom ->
                            !atom.addresses().intersect(overlay.addresses()).isEmpty())
                    .findFirst()
                    .orElse(quiet.get(0)));
        }
        Set<Prefix> wider = new HashSet<>();
        atoms.forEach(
                atom -> wider.addAll(atom.covering().subList(0, atom.covering().size() - 1)));
        List<AddressAtom> result = new ArrayList<>();
        Set<Prefix> taken = new HashSet<>();
        for (AddressAtom atom : atoms) {
            if (atom.covering().subList(0, atom.covering().size() - 1).stream().noneMatch(taken::contains)) {
                result.add(atom);
                taken.add(atom.covering().get(atom.covering().size() - 1));
            }
        }
        return result;
    }

    /** One address, in some ranges if there is such a one, and another one than one that is taken if there is. */
    IpAddress example(AddressSet preferred, @Nullable IpAddress taken) {
        AddressSet inside = addresses.intersect(preferred);
        AddressSet from = inside.isEmpty() ? addresses : inside;
        IpAddress first = from.ranges().get(0).first();
        IpAddress second = next(first);
        IpAddress result = from.contains(second) ? second : first;
        if (taken != null && result.equals(taken)) {
            IpAddress third = next(result);
            return from.contains(third)
                    ? third
                    : from.ranges().get(from.ranges().size() - 1).last();
        }
        return result;
    }

    private static IpAddress next(IpAddress address) {
        byte[] bytes = address.toBytes();
        for (int i = bytes.length - 1; i >= 0; i--) {
            bytes[i]++;
            if (bytes[i] != 0) {
                break;
            }
        }
        return IpAddress.ofBytes(bytes);
    }
}
