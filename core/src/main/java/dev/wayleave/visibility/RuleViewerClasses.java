package dev.wayleave.visibility;

import dev.wayleave.access.RuleSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * For every rule the standings that it admits and those at which it is open, of the standings that were there when all were last
 * counted. A few that came since are asked one by one, see {@link ViewerClasses}.
 *
 * <pre>
 *   rule 0   admits standings {0, 2}   is open at standings {1}
 *   rule 1   admits standings {2}      is open at standings {0, 1}
 * </pre>
 */
final class RuleViewerClasses {

    /** What makes a standing. */
    record Key(RuleSet admitting, RuleSet open) {}

    final int count;
    private final Map<Key, Integer> numbers;
    private final RuleSet[] admitting;
    private final RuleSet[] open;
    private final ViewerClassSet[] admitted;
    private final ViewerClassSet[] opened;

    /** Whom each standing sees; filled when first asked for, by equal values whoever asks. */
    private final @Nullable ViewerClassSet[] seen;

    RuleViewerClasses(Map<Key, Integer> numbers, int rules) {
        this.count = numbers.size();
        this.numbers = new HashMap<>(numbers);
        this.admitting = new RuleSet[count];
        this.open = new RuleSet[count];
        numbers.forEach((key, standing) -> {
            admitting[standing] = key.admitting();
            open[standing] = key.open();
        });
        this.admitted = transpose(admitting, rules);
        this.opened = transpose(open, rules);
        this.seen = new ViewerClassSet[count];
    }

    private static ViewerClassSet[] transpose(RuleSet[] rulesOf, int rules) {
        ViewerClassSet.@Nullable Builder[] builders = new ViewerClassSet.Builder[rules];
        for (int standing = 0; standing < rulesOf.length; standing++) {
            int number = standing;
            rulesOf[standing].forEach(rule -> {
                ViewerClassSet.Builder builder = builders[rule];
                if (builder == null) {
                    builder = new ViewerClassSet.Builder();
                    builders[rule] = builder;
                }
                builder.add(number);
            });
        }
        ViewerClassSet[] sets = new ViewerClassSet[rules];
        for (int rule = 0; rule < rules; rule++) {
            ViewerClassSet.Builder builder = builders[rule];
            sets[rule] = builder == null ? ViewerClassSet.NONE : builder.build();
        }
        return sets;
    }

    /** The number of a standing, or -1. */
    int number(Key key) {
        return numbers.getOrDefault(key, -1);
    }

    RuleSet admitting(int standing) {
        return admitting[standing];
    }

    RuleSet open(int standing) {
        return open[standing];
    }

    int words() {
        return (count + 63) >>> 6;
    }

    /** Adds the standings that some of the rules admit. */
    void admittedInto(long[] bits, RuleSet rules) {
        rules.forEach(rule -> admitted[rule].orInto(bits));
    }

    /** Adds the standings at which some of the rules are open. */
    void openedInto(long[] bits, RuleSet rules) {
        rules.forEach(rule -> opened[rule].orInto(bits));
    }

    /** The standings that a standing sees, itself among them if its nodes see each other. */
    ViewerClassSet seenBy(int standing) {
        ViewerClassSet known = seen[standing];
        if (known == null) {
            long[] bits = new long[words()];
            openedInto(bits, admitting[standing]);
            admittedInto(bits, open[standing]);
            known = ViewerClassSet.of(bits);
            seen[standing] = known;
        }
        return known;
    }
}
