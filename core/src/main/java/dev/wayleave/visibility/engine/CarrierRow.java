package dev.wayleave.visibility.engine;

import com.google.common.primitives.Ints;
import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.access.engine.PrefixAccess;
import dev.wayleave.access.engine.RuleSet;
import dev.wayleave.mesh.NodeId;
import java.util.Arrays;
import java.util.Collections;

/**
 * The carriers of one prefix, and the viewer classes that each of them serves. A node on which the prefix is effective
 * itself follows the primary and is not looked up here (rule 7 of the recorded answers' README, co-routers).
 */
final class CarrierRow {

    final ElectedRoute elected;

    /** The place of the primary, or -1. */
    final int primary;

    /** The rules of which an address in the prefix is a source: for them the primary is the way back. */
    private final RuleSet prefixSourceRules;

    /**
     * The rules that open the prefix at the routers that cannot carry it now. Viewers that these rules admit get no
     * return route.
     */
    private final RuleSet elsewhere;

    /**
     * The nodes that may carry the prefix: the primary first, then the candidates, best first. {@link #opening} has for
     * each the rules that open the prefix there.
     */
    private final int[] routers;

    private final RuleSet[] opening;

    /** For each router the indexed viewer classes that it serves; a viewer class has at most one router. */
    private final ViewerClassSet[] viewers;

    private CarrierRow(
            ElectedRoute elected,
            int primary,
            RuleSet prefixSourceRules,
            RuleSet elsewhere,
            int[] routers,
            RuleSet[] opening,
            ViewerClassSet[] viewers) {
        this.elected = elected;
        this.primary = primary;
        this.prefixSourceRules = prefixSourceRules;
        this.elsewhere = elsewhere;
        this.routers = routers;
        this.opening = opening;
        this.viewers = viewers;
    }

    static CarrierRow of(ViewerClasses viewerClasses, PrefixAccess prefix, ElectedRoute elected) {
        AccessRules rules = viewerClasses.rules;
        RuleViewerClasses indexed = viewerClasses.indexed();
        int primary = elected.primary().isPresent()
                ? holder(rules, prefix, elected.primary().get())
                : -1;
        int[] routers = routers(rules, prefix, elected, primary);
        RuleSet[] opening = new RuleSet[routers.length];
        ViewerClassSet[] viewers = new ViewerClassSet[routers.length];
        long[] bits = new long[indexed.words()];
        long[] taken = new long[indexed.words()];
        for (int i = 0; i < routers.length; i++) {
            opening[i] = rules.opening(prefix, rules.nodes().get(routers[i]));
            Arrays.fill(bits, 0);
            indexed.admittedInto(bits, opening[i]);
            take(bits, taken);
            viewers[i] = ViewerClassSet.of(bits);
        }
        RuleSet elsewhere = RuleSet.NONE;
        if (primary >= 0) {
            elsewhere = elsewhere(rules, prefix, routers);
            indexed.admittedInto(taken, elsewhere);
            Arrays.fill(bits, 0);
            indexed.openedInto(bits, prefix.prefixSourceRules());
            take(bits, taken);
            viewers[0].orInto(bits);
            viewers[0] = ViewerClassSet.of(bits);
        }
        return new CarrierRow(elected, primary, prefix.prefixSourceRules(), elsewhere, routers, opening, viewers);
    }

    /** Keeps in {@code bits} the viewer classes that no router has taken yet, and marks them as taken. */
    private static void take(long[] bits, long[] taken) {
        for (int word = 0; word < bits.length; word++) {
            bits[word] &= ~taken[word];
            taken[word] |= bits[word];
        }
    }

    private static RuleSet elsewhere(AccessRules rules, PrefixAccess prefix, int[] routers) {
        RuleSet opening = RuleSet.NONE;
        for (NodeId holder : prefix.holders()) {
            int place = rules.place(holder);
            if (Ints.indexOf(routers, place) < 0) {
                opening = opening.union(rules.opening(prefix, rules.nodes().get(place)));
            }
        }
        return opening;
    }

    private static int[] routers(AccessRules rules, PrefixAccess prefix, ElectedRoute elected, int primary) {
        int[] routers = new int[elected.candidates().size() + 1];
        routers[0] = primary;
        int size = primary < 0 ? 0 : 1;
        for (NodeId candidate : elected.candidates()) {
            int place = holder(rules, prefix, candidate);
            if (place != primary) {
                routers[size++] = place;
            }
        }
        return Arrays.copyOf(routers, size);
    }

    private static int holder(AccessRules rules, PrefixAccess prefix, NodeId node) {
        if (Collections.binarySearch(prefix.holders(), node) < 0) {
            throw new IllegalArgumentException("node " + node + " is elected for `" + prefix.prefix()
                    + "`, which is not effective on it: elect among the nodes on which it is");
        }
        return rules.place(node);
    }

    /** The place of the carrier for a viewer class, or -1. */
    int carrierFor(ViewerClasses viewerClasses, int viewerClass) {
        boolean indexed = viewerClasses.isIndexed(viewerClass);
        for (int i = 0; i < routers.length; i++) {
            if (indexed
                    ? viewers[i].contains(viewerClass)
                    : viewerClasses.sourceRules(viewerClass).meets(opening[i])) {
                return routers[i];
            }
        }
        return !indexed && isWayBack(viewerClasses, viewerClass) ? primary : -1;
    }

    /** Whether the primary is the return route of the class; call it only if no router of the row admits the class. */
    private boolean isWayBack(ViewerClasses viewerClasses, int viewerClass) {
        return primary >= 0
                && prefixSourceRules.meets(viewerClasses.destinationRules(viewerClass))
                && !viewerClasses.sourceRules(viewerClass).meets(elsewhere);
    }
}
