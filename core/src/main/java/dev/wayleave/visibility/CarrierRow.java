package dev.wayleave.visibility;

import dev.wayleave.access.AccessRules;
import dev.wayleave.access.NodeAccess;
import dev.wayleave.access.PrefixAccess;
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

    /** The places of the carriers, best first, and for each the standings that it serves; no standing is in two. */
    private final int[] carriers;

    private final StandingSet[] viewers;

    private CarrierRow(ElectedRoute elected, int primary, int[] carriers, StandingSet[] viewers) {
        this.elected = elected;
        this.primary = primary;
        this.carriers = carriers;
        this.viewers = viewers;
    }

    static CarrierRow of(Standings standings, PrefixAccess prefix, ElectedRoute elected) {
        AccessRules rules = standings.rules;
        long[] bits = new long[standings.words()];
        long[] taken = new long[standings.words()];
        int most = elected.candidates().size() + 1;
        int[] carriers = new int[most];
        StandingSet[] viewers = new StandingSet[most];
        int size = 0;
        int primary = -1;
        if (elected.primary().isPresent()) {
            primary = holder(rules, prefix, elected.primary().get());
            standings.admittedInto(bits, rules.opening(prefix, rules.nodes().get(primary)));
            standings.openedInto(bits, prefix.sourcing());
            carriers[0] = primary;
            viewers[0] = StandingSet.of(bits);
            viewers[0].orInto(taken);
            size = viewers[0].isEmpty() ? 0 : 1;
        }
        for (NodeId candidate : elected.candidates()) {
            int place = holder(rules, prefix, candidate);
            if (place != primary) {
                NodeAccess router = rules.nodes().get(place);
                Arrays.fill(bits, 0);
                standings.admittedInto(bits, rules.opening(prefix, router));
                for (int i = 0; i < bits.length; i++) {
                    bits[i] &= ~taken[i];
                    taken[i] |= bits[i];
                }
                StandingSet served = StandingSet.of(bits);
                if (!served.isEmpty()) {
                    carriers[size] = place;
                    viewers[size++] = served;
                }
            }
        }
        return new CarrierRow(elected, primary, Arrays.copyOf(carriers, size), Arrays.copyOf(viewers, size));
    }

    private static int holder(AccessRules rules, PrefixAccess prefix, NodeId node) {
        if (Collections.binarySearch(prefix.holders(), node) < 0) {
            throw new IllegalArgumentException("node " + node + " is elected for `" + prefix.prefix()
                    + "`, which is not effective on it: elect among the nodes on which it is");
        }
        return rules.place(node);
    }

    int size() {
        return carriers.length;
    }

    int carrier(int i) {
        return carriers[i];
    }

    StandingSet viewers(int i) {
        return viewers[i];
    }

    /** The place of the carrier for a standing, or -1. */
    int carrierFor(int standing) {
        for (int i = 0; i < carriers.length; i++) {
            if (viewers[i].contains(standing)) {
                return carriers[i];
            }
        }
        return -1;
    }
}
