package dev.wayleave.visibility.engine;

import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.access.engine.NodeAccess;
import dev.wayleave.access.engine.RuleSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a tailnet, grouped by viewer class. Two nodes are of one class if the same rules have them as a source,
 * and the same rules have them as a destination. Whether two nodes see each other follows from their classes. Elections
 * do not count.
 *
 * <p>When a few nodes change, each moves to the class of its new rules, or to a new class. The numbers of the other
 * classes stay, so that what was computed for them stays right. A class may be left without nodes.
 *
 * <pre>
 *   0 … indexed-1      indexed: {@link RuleViewerClasses} has, for each rule, the set of classes that match it
 *   indexed … count-1  not indexed: made by later changes, and compared one by one until there are so many
 *                      that all classes are indexed again
 * </pre>
 */
final class ViewerClasses {

    /** So many classes, or an eighth of the indexed ones, may be without an index; with more, all are indexed again. */
    private static final int MOST_NEW = 64;

    final AccessRules rules;
    private final RuleViewerClasses indexed;

    /** The classes without an index: their numbers follow those of the indexed ones. */
    private final List<RuleViewerClasses.Key> unindexed;

    /** For each place in the list of nodes its viewer class. */
    private final int[] ofNode;

    /** For each viewer class the places of its nodes, ascending. */
    private final int[][] members;

    /** The places of exit nodes, ascending, and for each the indexed viewer classes that may use its exit routes. */
    private final int[] exitNodes;

    private final ViewerClassSet[] exitViewers;

    /** The classes that each class sees; filled on first use, by any thread with an equal value. */
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
        this.indexed = new RuleViewerClasses(numbers, rules.count());
        this.unindexed = List.of();
        this.members = members(ofNode, indexed.count);
        this.seen = new ViewerClassSet[indexed.count];
        this.exitNodes = exitNodes(rules);
        this.exitViewers = exitViewers();
    }

    private ViewerClasses(
            ViewerClasses before,
            AccessRules rules,
            List<RuleViewerClasses.Key> unindexed,
            int[] ofNode,
            int[][] members) {
        this.rules = rules;
        this.indexed = before.indexed;
        this.unindexed = List.copyOf(unindexed);
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
                        && before.steeredExitRules().equals(after.steeredExitRules()));
    }

    private static RuleViewerClasses.Key key(NodeAccess node) {
        return new RuleViewerClasses.Key(node.sourceRules(), node.destinationRules());
    }

    private static int[] exitNodes(AccessRules rules) {
        return IntStream.range(0, rules.nodes().size())
                .filter(place -> rules.nodes().get(place).routes().isExitNode())
                .toArray();
    }

    private ViewerClassSet[] exitViewers() {
        long[] steered = new long[indexed.words()];
        indexed.admittedInto(steered, rules.exitViaRules());
        ViewerClassSet[] viewers = new ViewerClassSet[exitNodes.length];
        for (int i = 0; i < exitNodes.length; i++) {
            NodeAccess exitNode = rules.nodes().get(exitNodes[i]);
            long[] bits = new long[indexed.words()];
            indexed.admittedInto(bits, exitNode.exit());
            for (int word = 0; word < bits.length; word++) {
                bits[word] &= ~steered[word];
            }
            indexed.admittedInto(bits, exitNode.steeredExitRules());
            viewers[i] = ViewerClassSet.of(bits);
        }
        return viewers;
    }

    private static int[][] members(int[] ofNode, int count) {
        int[] sizes = new int[count];
        for (int viewerClass : ofNode) {
            sizes[viewerClass]++;
        }
        int[][] members = new int[count][];
        for (int viewerClass = 0; viewerClass < count; viewerClass++) {
            members[viewerClass] = new int[sizes[viewerClass]];
        }
        Arrays.fill(sizes, 0);
        for (int place = 0; place < ofNode.length; place++) {
            int viewerClass = ofNode[place];
            members[viewerClass][sizes[viewerClass]++] = place;
        }
        return members;
    }

    /**
     * The viewer classes under other rules of the same nodes. It moves the nodes that are another object there, and
     * groups all nodes anew where too many classes would have no index.
     */
    ViewerClasses with(AccessRules next) {
        int[] nextOf = ofNode.clone();
        List<RuleViewerClasses.Key> nextUnindexed = new ArrayList<>(unindexed);
        Map<Integer, int[]> moved = new HashMap<>();
        for (int place = 0; place < nextOf.length; place++) {
            NodeAccess node = next.nodes().get(place);
            if (node != rules.nodes().get(place)) {
                int viewerClass = number(key(node), nextUnindexed);
                if (viewerClass != nextOf[place]) {
                    moved.put(nextOf[place], without(moved.getOrDefault(nextOf[place], members[nextOf[place]]), place));
                    int[] others = viewerClass < members.length ? members[viewerClass] : new int[0];
                    moved.put(viewerClass, with(moved.getOrDefault(viewerClass, others), place));
                    nextOf[place] = viewerClass;
                }
            }
        }
        if (nextUnindexed.size() > Math.max(MOST_NEW, indexed.count / 8)) {
            return new ViewerClasses(next);
        }
        int[][] nextMembers = Arrays.copyOf(members, indexed.count + nextUnindexed.size());
        moved.forEach((viewerClass, places) -> nextMembers[viewerClass] = places);
        return new ViewerClasses(this, next, nextUnindexed, nextOf, nextMembers);
    }

    private int number(RuleViewerClasses.Key key, List<RuleViewerClasses.Key> known) {
        int number = indexed.number(key);
        if (number < 0) {
            int at = known.indexOf(key);
            number = indexed.count + (at < 0 ? known.size() : at);
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

    /** Tells whether both have the same index, so that numbers and sets of one mean the same in the other. */
    boolean hasIndexOf(ViewerClasses other) {
        return indexed == other.indexed;
    }

    /** The indexed viewer classes: those with the numbers below its count. */
    RuleViewerClasses indexed() {
        return indexed;
    }

    boolean isIndexed(int viewerClass) {
        return viewerClass < indexed.count;
    }

    /** All numbers there are, also of viewer classes without nodes. */
    int count() {
        return members.length;
    }

    int of(int place) {
        return ofNode[place];
    }

    int[] members(int viewerClass) {
        return members[viewerClass];
    }

    RuleSet sourceRules(int viewerClass) {
        return isIndexed(viewerClass)
                ? indexed.sourceRules(viewerClass)
                : unindexed.get(viewerClass - indexed.count).sourceRules();
    }

    RuleSet destinationRules(int viewerClass) {
        return isIndexed(viewerClass)
                ? indexed.destinationRules(viewerClass)
                : unindexed.get(viewerClass - indexed.count).destinationRules();
    }

    boolean sees(int one, int other) {
        boolean both = isIndexed(one) && isIndexed(other);
        return both ? indexed.seenBy(one).contains(other) : ruleBetween(one, other) >= 0;
    }

    /** The viewer classes that a viewer class sees, itself among them if its nodes see each other. */
    ViewerClassSet seenBy(int viewerClass) {
        if (unindexed.isEmpty()) {
            return indexed.seenBy(viewerClass);
        }
        ViewerClassSet known = seen[viewerClass];
        if (known == null) {
            long[] bits = new long[(count() + 63) >>> 6];
            indexed.openedInto(bits, sourceRules(viewerClass));
            indexed.admittedInto(bits, destinationRules(viewerClass));
            for (int other = indexed.count; other < count(); other++) {
                if (ruleBetween(viewerClass, other) >= 0) {
                    bits[other >>> 6] |= 1L << other;
                }
            }
            known = ViewerClassSet.of(bits);
            seen[viewerClass] = known;
        }
        return known;
    }

    /**
     * The rule by which two viewer classes see each other, or -1; the one that lets the first reach the second, if
     * there is.
     */
    int ruleBetween(int one, int other) {
        int towards = sourceRules(one).firstCommon(destinationRules(other));
        return towards >= 0 ? towards : sourceRules(other).firstCommon(destinationRules(one));
    }

    int[] exitNodes() {
        return exitNodes;
    }

    boolean mayUseExit(int exitNode, int viewerClass) {
        if (isIndexed(viewerClass)) {
            return exitViewers[exitNode].contains(viewerClass);
        }
        NodeAccess node = rules.nodes().get(exitNodes[exitNode]);
        RuleSet sourceRules = sourceRules(viewerClass);
        return sourceRules.meets(sourceRules.meets(rules.exitViaRules()) ? node.steeredExitRules() : node.exit());
    }
}
