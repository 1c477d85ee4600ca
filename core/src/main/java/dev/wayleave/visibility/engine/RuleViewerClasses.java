package dev.wayleave.visibility.engine;

import dev.wayleave.access.engine.RuleSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An index from each rule to the viewer classes that it has as a source, and to those that it has as a destination.
 * Classes that were made after the index are not in it, see {@link ViewerClasses}.
 *
 * <pre>
 *   rule 0   admits viewer classes {0, 2}   is open at viewer classes {1}
 *   rule 1   admits viewer classes {2}      is open at viewer classes {0, 1}
 * </pre>
 */
final class RuleViewerClasses {

    /** What makes a viewer class. */
    record Key(RuleSet sourceRules, RuleSet destinationRules) {}

    final int count;
    private final Map<Key, Integer> numbers;
    private final RuleSet[] sourceRules;
    private final RuleSet[] destinationRules;
    private final ViewerClassSet[] admitted;
    private final ViewerClassSet[] opened;

    /** The classes that each class sees; filled on first use, by any thread with an equal value. */
    private final @Nullable ViewerClassSet[] seen;

    RuleViewerClasses(Map<Key, Integer> numbers, int rules) {
        this.count = numbers.size();
        this.numbers = new HashMap<>(numbers);
        this.sourceRules = new RuleSet[count];
        this.destinationRules = new RuleSet[count];
        numbers.forEach((key, viewerClass) -> {
            sourceRules[viewerClass] = key.sourceRules();
            destinationRules[viewerClass] = key.destinationRules();
        });
        this.admitted = transpose(sourceRules, rules);
        this.opened = transpose(destinationRules, rules);
        this.seen = new ViewerClassSet[count];
    }

    private static ViewerClassSet[] transpose(RuleSet[] rulesOf, int rules) {
        ViewerClassSet.@Nullable Builder[] builders = new ViewerClassSet.Builder[rules];
        for (int viewerClass = 0; viewerClass < rulesOf.length; viewerClass++) {
            int number = viewerClass;
            rulesOf[viewerClass].forEach(rule -> {
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

    /** The number of a viewer class, or -1. */
    int number(Key key) {
        return numbers.getOrDefault(key, -1);
    }

    RuleSet sourceRules(int viewerClass) {
        return sourceRules[viewerClass];
    }

    RuleSet destinationRules(int viewerClass) {
        return destinationRules[viewerClass];
    }

    int words() {
        return (count + 63) >>> 6;
    }

    /** Adds the viewer classes that some of the rules admit. */
    void admittedInto(long[] bits, RuleSet rules) {
        rules.forEach(rule -> admitted[rule].orInto(bits));
    }

    /** Adds the viewer classes at which some of the rules are open. */
    void openedInto(long[] bits, RuleSet rules) {
        rules.forEach(rule -> opened[rule].orInto(bits));
    }

    /** The viewer classes that a viewer class sees, itself among them if its nodes see each other. */
    ViewerClassSet seenBy(int viewerClass) {
        ViewerClassSet known = seen[viewerClass];
        if (known == null) {
            long[] bits = new long[words()];
            openedInto(bits, sourceRules[viewerClass]);
            admittedInto(bits, destinationRules[viewerClass]);
            known = ViewerClassSet.of(bits);
            seen[viewerClass] = known;
        }
        return known;
    }
}
