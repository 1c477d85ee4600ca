package dev.wayleave.visibility;

import dev.wayleave.access.AccessRules;
import dev.wayleave.access.NodeAccess;
import dev.wayleave.access.RuleSet;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The nodes grouped by standing: those whom the same rules admit and at whom the same rules are open. Whether two nodes see
 * each other follows from their standings, and so does what a rule gives to whom:
 *
 * <pre>
 *   rule 0   admits standings {0, 2}   is open at standings {1}
 *   rule 1   admits standings {2}      is open at standings {0, 1}
 * </pre>
 *
 * <p>Nothing in here depends on elections.
 */
final class Standings {

    final AccessRules rules;

    /** For each place in the list of nodes its standing. */
    private final int[] ofNode;

    /** For each standing the places of its nodes. */
    private final int[][] members;

    private final RuleSet[] admitting;
    private final RuleSet[] open;

    /** For each rule the standings. */
    private final StandingSet[] admitted;

    private final StandingSet[] opened;

    /** The places of exit nodes, ascending, and for each the standings that may use its exit routes. */
    private final int[] exitNodes;

    private final StandingSet[] exitViewers;

    /** Whom each standing sees; filled when first asked for, by equal values whoever asks. */
    private final @Nullable StandingSet[] seen;

    private record Key(RuleSet admitting, RuleSet open) {}

    Standings(AccessRules rules) {
        this.rules = rules;
        List<NodeAccess> nodes = rules.nodes();
        this.ofNode = new int[nodes.size()];
        Map<Key, Integer> numbers = new HashMap<>();
        for (int place = 0; place < ofNode.length; place++) {
            NodeAccess node = nodes.get(place);
            Integer next = numbers.size();
            Integer known = numbers.putIfAbsent(new Key(node.admitting(), node.open()), next);
            ofNode[place] = known == null ? next : known;
        }
        int count = numbers.size();
        this.admitting = new RuleSet[count];
        this.open = new RuleSet[count];
        numbers.forEach((key, standing) -> {
            admitting[standing] = key.admitting();
            open[standing] = key.open();
        });
        this.members = members(ofNode, count);
        this.admitted = transpose(admitting, rules.count());
        this.opened = transpose(open, rules.count());
        this.seen = new StandingSet[count];
        this.exitNodes = java.util.stream.IntStream.range(0, ofNode.length)
                .filter(place -> nodes.get(place).routes().isExitNode())
                .toArray();
        this.exitViewers = exitViewers();
    }

    private StandingSet[] exitViewers() {
        long[] steered = new long[words()];
        admittedInto(steered, rules.exitSteering());
        StandingSet[] viewers = new StandingSet[exitNodes.length];
        for (int i = 0; i < exitNodes.length; i++) {
            NodeAccess exitNode = rules.nodes().get(exitNodes[i]);
            long[] bits = new long[words()];
            admittedInto(bits, exitNode.exit());
            for (int word = 0; word < bits.length; word++) {
                bits[word] &= ~steered[word];
            }
            admittedInto(bits, exitNode.steeredExit());
            viewers[i] = StandingSet.of(bits);
        }
        return viewers;
    }

    private static int[][] members(int[] ofNode, int count) {
        int[] sizes = new int[count];
        for (int standing : ofNode) {
            sizes[standing]++;
        }
        int[][] members = new int[count][];
        for (int standing = 0; standing < count; standing++) {
            members[standing] = new int[sizes[standing]];
        }
        Arrays.fill(sizes, 0);
        for (int place = 0; place < ofNode.length; place++) {
            int standing = ofNode[place];
            members[standing][sizes[standing]++] = place;
        }
        return members;
    }

    private static StandingSet[] transpose(RuleSet[] rulesOf, int rules) {
        StandingSet.@Nullable Builder[] builders = new StandingSet.Builder[rules];
        for (int standing = 0; standing < rulesOf.length; standing++) {
            int number = standing;
            rulesOf[standing].forEach(rule -> {
                StandingSet.Builder builder = builders[rule];
                if (builder == null) {
                    builder = new StandingSet.Builder();
                    builders[rule] = builder;
                }
                builder.add(number);
            });
        }
        StandingSet[] sets = new StandingSet[rules];
        for (int rule = 0; rule < rules; rule++) {
            StandingSet.Builder builder = builders[rule];
            sets[rule] = builder == null ? StandingSet.NONE : builder.build();
        }
        return sets;
    }

    int count() {
        return members.length;
    }

    int words() {
        return (members.length + 63) >>> 6;
    }

    int of(int place) {
        return ofNode[place];
    }

    int[] members(int standing) {
        return members[standing];
    }

    RuleSet admitting(int standing) {
        return admitting[standing];
    }

    RuleSet open(int standing) {
        return open[standing];
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
    StandingSet seenBy(int standing) {
        StandingSet known = seen[standing];
        if (known == null) {
            long[] bits = new long[words()];
            openedInto(bits, admitting[standing]);
            admittedInto(bits, open[standing]);
            known = StandingSet.of(bits);
            seen[standing] = known;
        }
        return known;
    }

    /** The rule by which two standings see each other, or -1; the one that lets the first reach the second, if there is. */
    int ruleBetween(int one, int other) {
        int towards = admitting[one].firstCommon(open[other]);
        return towards >= 0 ? towards : admitting[other].firstCommon(open[one]);
    }

    int[] exitNodes() {
        return exitNodes;
    }

    boolean mayUseExit(int exitNode, int standing) {
        return exitViewers[exitNode].contains(standing);
    }
}
