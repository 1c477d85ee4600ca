package dev.wayleave.net;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The slow twin of {@link PrefixTable}: a list, searched from end to end. */
final class NaivePrefixTable<V> {

    private final List<PrefixTable.Entry<V>> entries;

    NaivePrefixTable() {
        this(List.of());
    }

    private NaivePrefixTable(List<PrefixTable.Entry<V>> entries) {
        this.entries = entries;
    }

    NaivePrefixTable<V> with(Prefix prefix, V value) {
        List<PrefixTable.Entry<V>> changed = new ArrayList<>(without(prefix).entries);
        changed.add(new PrefixTable.Entry<>(prefix, value));
        changed.sort(Comparator.comparing(PrefixTable.Entry::prefix));
        return new NaivePrefixTable<>(changed);
    }

    NaivePrefixTable<V> without(Prefix prefix) {
        return new NaivePrefixTable<>(
                entries.stream().filter(entry -> !entry.prefix().equals(prefix)).toList());
    }

    List<PrefixTable.Entry<V>> entries() {
        return entries;
    }

    Optional<V> get(Prefix prefix) {
        return entries.stream()
                .filter(entry -> entry.prefix().equals(prefix))
                .map(PrefixTable.Entry::value)
                .findFirst();
    }

    List<PrefixTable.Entry<V>> covering(IpAddress address) {
        return entries.stream()
                .filter(entry -> entry.prefix().contains(address))
                .toList();
    }

    List<PrefixTable.Entry<V>> covering(Prefix prefix) {
        return entries.stream().filter(entry -> entry.prefix().contains(prefix)).toList();
    }

    List<PrefixTable.Entry<V>> coveredBy(Prefix prefix) {
        return entries.stream().filter(entry -> prefix.contains(entry.prefix())).toList();
    }

    List<PrefixTable.Entry<V>> overlapping(Prefix prefix) {
        return entries.stream().filter(entry -> prefix.overlaps(entry.prefix())).toList();
    }

    Optional<PrefixTable.Entry<V>> longestMatch(IpAddress address) {
        return longest(covering(address));
    }

    Optional<PrefixTable.Entry<V>> longestMatch(Prefix prefix) {
        return longest(covering(prefix));
    }

    private static <V> Optional<PrefixTable.Entry<V>> longest(List<PrefixTable.Entry<V>> covering) {
        return covering.stream()
                .max(Comparator.comparing(entry -> entry.prefix().length()));
    }
}
