package dev.wayleave.visibility;

import com.google.common.primitives.Ints;
import dev.wayleave.access.AccessRules;
import dev.wayleave.access.PrefixAccess;
import dev.wayleave.access.RuleSet;
import dev.wayleave.mesh.NodeId;
import java.util.Arrays;
import java.util.Collections;

/**
 * Who carries one prefix for which standings. Nodes that have the prefix themselves are not asked about here: for them it is the
 * primary (rule 7 of the recorded answers' README, co-routers).
 */
final class CarrierRow {

    final ElectedRoute elected;

    /** The place of the primary, or -1. */
    final int primary;

    /** The rules of which an address in the prefix is a source: for them the primary is the way back. */
    private final RuleSet sourcing;

    /** The rules that open the prefix at the routers that cannot carry it now: whom they admit needs no way back. */
    private final RuleSet elsewhere;

    /** Who may carry the prefix, the primary first, then the candidates from the best on, and for each the rules that open it there. */
    private final int[] routers;

    private final RuleSet[] opening;

    /** For each of them the counted standings that it serves; no standing is in two. */
    private final ViewerClassSet[] viewers;

    private CarrierRow(
            ElectedRoute elected,
            int primary,
            RuleSet sourcing,
            RuleSet elsewhere,
            int[] routers,
            RuleSet[] opening,
            ViewerClassSet[] viewers) {
        this.elected = elected;
        this.primary = primary;
        this.sourcing = sourcing;
        this.elsewhere = elsewhere;
        this.routers = routers;
        this.opening = opening;
        this.viewers = viewers;
    }

    static CarrierRow of(ViewerClasses standings, PrefixAccess prefix, ElectedRoute elected) {
        AccessRules rules = standings.rules;
        RuleViewerClasses counted = standings.counted();
        int primary = elected.primary().isPresent()
                ? holder(rules, prefix, elected.primary().get())
                : -1;
        int[] routers = routers(rules, prefix, elected, primary);
        RuleSet[] opening = new RuleSet[routers.length];
        ViewerClassSet[] viewers = new ViewerClassSet[routers.length];
        long[] bits = new long[counted.words()];
        long[] taken = new long[counted.words()];
        for (int i = 0; i < routers.length; i++) {
            opening[i] = rules.opening(prefix, rules.nodes().get(routers[i]));
            Arrays.fill(bits, 0);
            counted.admittedInto(bits, opening[i]);
            take(bits, taken);
            viewers[i] = ViewerClassSet.of(bits);
        }
        RuleSet elsewhere = RuleSet.NONE;
        if (primary >= 0) {
            elsewhere = elsewhere(rules, prefix, routers);
            counted.admittedInto(taken, elsewhere);
            Arrays.fill(bits, 0);
            counted.openedInto(bits, prefix.sourcing());
            take(bits, taken);
            viewers[0].orInto(bits);
            viewers[0] = ViewerClassSet.of(bits);
        }
        return new CarrierRow(elected, primary, prefix.sourcing(), elsewhere, routers, opening, viewers);
    }

    /** Leaves the standings that are not taken yet, and takes them. */
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

    /** The place of the carrier for a standing, or -1. */
    int carrierFor(ViewerClasses standings, int standing) {
        boolean counted = standings.isCounted(standing);
        for (int i = 0; i < routers.length; i++) {
            if (counted
                    ? viewers[i].contains(standing)
                    : standings.admitting(standing).meets(opening[i])) {
                return routers[i];
            }
        }
        return !counted && isWayBack(standings, standing) ? primary : -1;
    }

    /** Asked of a standing that no router here admits. */
    private boolean isWayBack(ViewerClasses standings, int standing) {
        return primary >= 0
                && sourcing.meets(standings.open(standing))
                && !standings.admitting(standing).meets(elsewhere);
    }
}
