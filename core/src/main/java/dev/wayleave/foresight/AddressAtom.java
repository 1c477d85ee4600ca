package dev.wayleave.foresight;

import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.PrefixTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that lie in the same prefixes of two policies: all of one prefix but those in narrower ones.
 *
 * @param addresses at least one
 * @param covering the prefixes that hold them, the widest first; empty for addresses that no policy names
 */
record AddressAtom(AddressSet addresses, List<Prefix> covering) {

    /** All addresses, by the prefixes that hold them. */
    static List<AddressAtom> of(Collection<Prefix> named) {
        PrefixTable.Builder<Prefix> builder = PrefixTable.builder();
        named.forEach(prefix -> builder.put(prefix, prefix));
        PrefixTable<Prefix> table = builder.build();
        TreeSet<Prefix> sorted = new TreeSet<>(named);
        sorted.addAll(List.of(KnownRanges.EXIT_IPV4, KnownRanges.EXIT_IPV6));
        List<AddressAtom> atoms = new ArrayList<>();
        for (Prefix prefix : sorted) {
            List<Prefix> narrower = prefixes(table.coveredBy(prefix))
                    .filter(other -> !other.equals(prefix))
                    .toList();
            AddressSet rest = AddressSet.of(prefix).subtract(AddressSet.ofPrefixes(narrower));
            if (!rest.isEmpty()) {
                atoms.add(new AddressAtom(rest, prefixes(table.covering(prefix)).toList()));
            }
        }
        return atoms;
    }

    private static Stream<Prefix> prefixes(List<PrefixTable.Entry<Prefix>> entries) {
        return entries.stream().map(PrefixTable.Entry::prefix);
    }

    /**
     * The atoms that tell the least about a node with an address in them: the one of addresses that no policy names,
     * or, if the policies name all addresses, those that are in the fewest prefixes.
     */
    static List<AddressAtom> leastNamed(List<AddressAtom> atoms, OverlayRanges overlay) {
        List<AddressAtom> unnamed =
                atoms.stream().filter(atom -> atom.covering().isEmpty()).toList();
        if (!unnamed.isEmpty()) {
            return List.of(unnamed.stream()
                    .filter(atom ->
                            !atom.addresses().intersect(overlay.addresses()).isEmpty())
                    .findFirst()
                    .orElse(unnamed.get(0)));
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

    /** One address: in some ranges if they have one, and different from a taken address if there is one. */
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
