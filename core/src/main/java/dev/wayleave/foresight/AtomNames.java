package dev.wayleave.foresight;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds short names for a set of kinds: the selectors of the policies that hold nothing else, the widest first; a wide
 * one with few exceptions; then what is left, one by one.
 */
final class AtomNames {

    /** For so many kinds no wider name with exceptions is looked for. */
    private static final int FEW = 1;

    private static final String EXCEPT = " except ";

    /** Begins the names of what no selector names. Readers do not understand such a name as an exception. */
    private static final String ANY_OTHER = "any other";

    private record Name(String text, BitSet atoms, int size) {}

    private final List<Name> names;
    private final Function<BitSet, List<String>> leftOver;

    /**
     * Takes the names.
     *
     * @param names what each selector stands for; of equal ones the first counts
     * @param leftOver names what no selector stands for
     */
    AtomNames(Map<String, BitSet> names, Function<BitSet, List<String>> leftOver) {
        Map<BitSet, String> first = new LinkedHashMap<>();
        names.forEach((text, atoms) -> first.putIfAbsent(atoms, text));
        List<Name> sorted = new ArrayList<>();
        first.forEach((atoms, text) -> {
            if (!atoms.isEmpty()) {
                sorted.add(new Name(text, atoms, atoms.cardinality()));
            }
        });
        sorted.sort(Comparator.comparingInt(Name::size).reversed());
        this.names = List.copyOf(sorted);
        this.leftOver = leftOver;
    }

    /** The names of a set, each part named once at least. */
    List<String> of(BitSet atoms) {
        List<String> plain = new ArrayList<>();
        BitSet left = (BitSet) atoms.clone();
        takeWhole(atoms, left, plain);
        plain.addAll(leftOver.apply(left));
        if (plain.size() < 2) {
            return plain;
        }
        List<String> shorter = withExceptions(atoms);
        boolean clear = shorter.stream().noneMatch(name -> name.startsWith(EXCEPT) && name.contains(ANY_OTHER));
        return clear && shorter.size() <= plain.size() ? joined(shorter) : plain;
    }

    /** The widest name that fits but for a few, its exceptions, each behind a mark, and the rest. */
    private List<String> withExceptions(BitSet atoms) {
        Name widest = widestWithFewExceptions(atoms);
        List<String> result = new ArrayList<>();
        BitSet left = (BitSet) atoms.clone();
        if (widest != null) {
            result.add(widest.text());
            exceptions(BitSets.without(widest.atoms(), atoms), BitSets.common(widest.atoms(), atoms))
                    .forEach(name -> result.add(EXCEPT + name));
            left.andNot(widest.atoms());
        }
        takeWhole(atoms, left, result);
        result.addAll(leftOver.apply(left));
        return result;
    }

    private static List<String> joined(List<String> names) {
        List<String> exceptions = names.stream()
                .filter(name -> name.startsWith(EXCEPT))
                .map(name -> name.substring(EXCEPT.length()))
                .toList();
        List<String> others = new ArrayList<>(
                names.stream().filter(name -> !name.startsWith(EXCEPT)).toList());
        if (!exceptions.isEmpty()) {
            others.set(0, others.get(0) + EXCEPT + String.join(" and ", exceptions));
        }
        return others;
    }

    /** Names that hold nothing of what is beside the exceptions. */
    private List<String> exceptions(BitSet except, BitSet beside) {
        List<String> result = new ArrayList<>();
        BitSet left = (BitSet) except.clone();
        for (Name name : names) {
            if (name.atoms().intersects(left) && !name.atoms().intersects(beside)) {
                result.add(name.text());
                left.andNot(name.atoms());
            }
        }
        result.addAll(leftOver.apply(left));
        return result;
    }

    private void takeWhole(BitSet atoms, BitSet left, List<String> result) {
        for (Name name : names) {
            if (left.isEmpty()) {
                return;
            }
            if (name.atoms().intersects(left)
                    && BitSets.without(name.atoms(), atoms).isEmpty()) {
                result.add(name.text());
                left.andNot(name.atoms());
            }
        }
    }

    private @Nullable Name widestWithFewExceptions(BitSet atoms) {
        Name best = null;
        int most = FEW;
        for (Name name : names) {
            if (name.size() <= most) {
                break;
            }
            int gain = BitSets.common(name.atoms(), atoms).cardinality();
            if (gain >= most && gain > 1 && gain < name.size()) {
                best = name;
                most = gain;
            }
        }
        return best;
    }
}
