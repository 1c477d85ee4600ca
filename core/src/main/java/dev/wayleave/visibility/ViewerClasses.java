package dev.wayleave.visibility;

import dev.wayleave.access.AccessRules;
import dev.wayleave.access.NodeAccess;
import dev.wayleave.access.RuleSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The nodes grouped by standing: those whom the same rules admit and at whom the same rules are open. Whether two nodes see
 * each other follows from their standings. Nothing in here depends on elections.
 *
 * <p>When a few nodes change, they move to other standings and, where there is none for them, to new ones. Numbers keep their meaning,
 * so that what was computed for the others stands; a standing may be left without nodes.
 *
 * <pre>
 *   0 … counted-1      in {@link RuleViewerClasses}: who is served is a set
 *   counted … count-1  came since: asked one by one, until they are so many that all are counted again
 * </pre>
 */
final class ViewerClasses {

    /** So many standings may come before all are counted again, or an eighth of those that are. */
    private static final int MOST_NEW = 64;

    final AccessRules rules;
    private final RuleViewerClasses counted;

    /** Those that came since. */
    private final List<RuleViewerClasses.Key> added;

    /** For each place in the list of nodes its standing. */
    private final int[] ofNode;

    /** For each standing the places of its nodes, ascending. */
    private final int[][] members;

    /** The places of exit nodes, ascending, and for each the counted standings that may use its exit routes. */
    private final int[] exitNodes;

    private final ViewerClassSet[] exitViewers;

    /** Whom each standing sees; filled when first asked for, by equal values whoever asks. */
    private final @Nullable ViewerClassSet[] seen;

    ViewerClasses(AccessRules rules) {
        this.rules = rules;
        List<NodeAccess> nodes = rules.nodes();
        this.ofNode = new int[nodes.size()];
        Map<RuleViewerClasses.Key, Integer> numbers = new HashMap<>();
        for (int place = 0; place < ofNode.length; place++) {
            Integer next = numbers.size();
            Integer known = numbers.putIfAbsent(key(nodes.get(place)), next);
            ofNode[place] = known == null ? next : known;
        }
        this.counted = new RuleViewerClasses(numbers, rules.count());
        this.added = List.of();
        this.members = members(ofNode, counted.count);
        this.seen = new ViewerClassSet[counted.count];
        this.exitNodes = exitNodes(rules);
        this.exitViewers = exitViewers();
    }

    private ViewerClasses(
            ViewerClasses before, AccessRules rules, List<RuleViewerClasses.Key> added, int[] ofNode, int[][] members) {
        this.rules = rules;
        this.counted = before.counted;
        this.added = List.copyOf(added);
        this.ofNode = ofNode;
        this.members = members;
        this.seen = new ViewerClassSet[members.length];
        boolean sameExits = IntStream.range(0, ofNode.length)
                .allMatch(place -> hasSameExit(
                        before.rules.nodes().get(place), rules.nodes().get(place)));
        this.exitNodes = sameExits ? before.exitNodes : exitNodes(rules);
        this.exitViewers = sameExits ? before.exitViewers : exitViewers();
    }

    private static boolean hasSameExit(NodeAccess before, NodeAccess after) {
        return before == after
                || (before.routes().isExitNode() == after.routes().isExitNode()
                        && before.exit().equals(after.exit())
                        && before.steeredExit().equals(after.steeredExit()));
    }

    private static RuleViewerClasses.Key key(NodeAccess node) {
        return new RuleViewerClasses.Key(node.admitting(), node.open());
    }

    private static int[] exitNodes(AccessRules rules) {
        return IntStream.range(0, rules.nodes().size())
                .filter(place -> rules.nodes().get(place).routes().isExitNode())
                .toArray();
    }

    private ViewerClassSet[] exitViewers() {
        long[] steered = new long[counted.words()];
        counted.admittedInto(steered, rules.exitSteering());
        ViewerClassSet[] viewers = new ViewerClassSet[exitNodes.length];
        for (int i = 0; i < exitNodes.length; i++) {
            NodeAccess exitNode = rules.nodes().get(exitNodes[i]);
            long[] bits = new long[counted.words()];
            counted.admittedInto(bits, exitNode.exit());
            for (int word = 0; word < bits.length; word++) {
                bits[word] &= ~steered[word];
            }
            counted.admittedInto(bits, exitNode.steeredExit());
            viewers[i] = ViewerClassSet.of(bits);
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

    /**
     * The standings once some nodes are another object in the rules, which are about the same nodes; those of all nodes where too
     * many would be new.
     */
    ViewerClasses with(AccessRules next) {
        int[] nextOf = ofNode.clone();
        List<RuleViewerClasses.Key> nextAdded = new ArrayList<>(added);
        Map<Integer, int[]> moved = new HashMap<>();
        for (int place = 0; place < nextOf.length; place++) {
            NodeAccess node = next.nodes().get(place);
            if (node != rules.nodes().get(place)) {
                int standing = number(key(node), nextAdded);
                if (standing != nextOf[place]) {
                    moved.put(nextOf[place], without(moved.getOrDefault(nextOf[place], members[nextOf[place]]), place));
                    int[] others = standing < members.length ? members[standing] : new int[0];
                    moved.put(standing, with(moved.getOrDefault(standing, others), place));
                    nextOf[place] = standing;
                }
            }
        }
        if (nextAdded.size() > Math.max(MOST_NEW, counted.count / 8)) {
            return new ViewerClasses(next);
        }
        int[][] nextMembers = Arrays.copyOf(members, counted.count + nextAdded.size());
        moved.forEach((standing, places) -> nextMembers[standing] = places);
        return new ViewerClasses(this, next, nextAdded, nextOf, nextMembers);
    }

    private int number(RuleViewerClasses.Key key, List<RuleViewerClasses.Key> known) {
        int number = counted.number(key);
        if (number < 0) {
            int at = known.indexOf(key);
            number = counted.count + (at < 0 ? known.size() : at);
            if (at < 0) {
                known.add(key);
            }
        }
        return number;
    }

    private static int[] without(int[] places, int place) {
        return IntStream.of(places).filter(other -> other != place).toArray();
    }

    private static int[] with(int[] places, int place) {
        int[] more = Arrays.copyOf(places, places.length + 1);
        more[places.length] = place;
        Arrays.sort(more);
        return more;
    }

    /** Tells whether numbers and sets of one mean the same in the other. */
    boolean isCountedWith(ViewerClasses other) {
        return counted == other.counted;
    }

    /** The counted standings; the numbers from there on came since. */
    RuleViewerClasses counted() {
        return counted;
    }

    boolean isCounted(int standing) {
        return standing < counted.count;
    }

    /** All numbers there are, also of standings without nodes. */
    int count() {
        return members.length;
    }

    int of(int place) {
        return ofNode[place];
    }

    int[] members(int standing) {
        return members[standing];
    }

    RuleSet admitting(int standing) {
        return isCounted(standing)
                ? counted.admitting(standing)
                : added.get(standing - counted.count).admitting();
    }

    RuleSet open(int standing) {
        return isCounted(standing)
                ? counted.open(standing)
                : added.get(standing - counted.count).open();
    }

    boolean sees(int one, int other) {
        boolean both = isCounted(one) && isCounted(other);
        return both ? counted.seenBy(one).contains(other) : ruleBetween(one, other) >= 0;
    }

    /** The standings that a standing sees, itself among them if its nodes see each other. */
    ViewerClassSet seenBy(int standing) {
        if (added.isEmpty()) {
            return counted.seenBy(standing);
        }
        ViewerClassSet known = seen[standing];
        if (known == null) {
            long[] bits = new long[(count() + 63) >>> 6];
            counted.openedInto(bits, admitting(standing));
            counted.admittedInto(bits, open(standing));
            for (int other = counted.count; other < count(); other++) {
                if (ruleBetween(standing, other) >= 0) {
                    bits[other >>> 6] |= 1L << other;
                }
            }
            known = ViewerClassSet.of(bits);
            seen[standing] = known;
        }
        return known;
    }

    /** The rule by which two standings see each other, or -1; the one that lets the first reach the second, if there is. */
    int ruleBetween(int one, int other) {
        int towards = admitting(one).firstCommon(open(other));
        return towards >= 0 ? towards : admitting(other).firstCommon(open(one));
    }

    int[] exitNodes() {
        return exitNodes;
    }

    boolean mayUseExit(int exitNode, int standing) {
        if (isCounted(standing)) {
            return exitViewers[exitNode].contains(standing);
        }
        NodeAccess node = rules.nodes().get(exitNodes[exitNode]);
        RuleSet admitting = admitting(standing);
        return admitting.meets(admitting.meets(rules.exitSteering()) ? node.steeredExit() : node.exit());
    }
}
