package dev.wayleave.visibility;

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

    /** The rules of which an address in the prefix is a source: for them the primary is the path back. */
    private final RuleSet sourcing;

    /** Who may carry the prefix, the primary first, then the candidates from the best on, and for each the rules that open it there. */
    private final int[] routers;

    private final RuleSet[] opening;

    /** For each of them the counted standings that it serves; no standing is in two. */
    private final StandingSet[] viewers;

    private CarrierRow(
            ElectedRoute elected,
            int primary,
            RuleSet sourcing,
            int[] routers,
            RuleSet[] opening,
            StandingSet[] viewers) {
        this.elected = elected;
        this.primary = primary;
        this.sourcing = sourcing;
        this.routers = routers;
        this.opening = opening;
        this.viewers = viewers;
    }

    static CarrierRow of(Standings standings, PrefixAccess prefix, ElectedRoute elected) {
        AccessRules rules = standings.rules;
        RuleStandings counted = standings.counted();
        int primary = elected.primary().isPresent()
                ? holder(rules, prefix, elected.primary().get())
                : -1;
        int[] routers = routers(rules, prefix, elected, primary);
        RuleSet[] opening = new RuleSet[routers.length];
        StandingSet[] viewers = new StandingSet[routers.length];
        long[] bits = new long[counted.words()];
        long[] taken = new long[counted.words()];
        for (int i = 0; i < routers.length; i++) {
            opening[i] = rules.opening(prefix, rules.nodes().get(routers[i]));
            Arrays.fill(bits, 0);
            counted.admittedInto(bits, opening[i]);
            if (routers[i] == primary) {
                counted.openedInto(bits, prefix.sourcing());
            }
            for (int word = 0; word < bits.length; word++) {
                bits[word] &= ~taken[word];
                taken[word] |= bits[word];
            }
            viewers[i] = StandingSet.of(bits);
        }
        return new CarrierRow(elected, primary, prefix.sourcing(), routers, opening, viewers);
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
    int carrierFor(Standings standings, int standing) {
        boolean counted = standings.isCounted(standing);
        for (int i = 0; i < routers.length; i++) {
            if (counted ? viewers[i].contains(standing) : serves(i, standings, standing)) {
                return routers[i];
            }
        }
        return -1;
    }

    private boolean serves(int router, Standings standings, int standing) {
        return standings.admitting(standing).meets(opening[router])
                || (routers[router] == primary && sourcing.meets(standings.open(standing)));
    }
}
