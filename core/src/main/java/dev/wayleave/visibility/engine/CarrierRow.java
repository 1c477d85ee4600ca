package dev.wayleave.visibility.engine;

import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.access.engine.NodeAccess;
import dev.wayleave.access.engine.NodeClasses;
import dev.wayleave.access.engine.NodeRules;
import dev.wayleave.access.engine.PrefixAccess;
import dev.wayleave.access.engine.RuleSet;
import dev.wayleave.internal.BitArrays;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The routers of one prefix, and the rules that lead a viewer to each of them. It names rules and no viewers, so that a
 * new viewer leaves it as it is. A node on which the prefix is effective itself is a co-router: it follows the primary,
 * if it sees the primary, and is not looked up here.
 */
final class CarrierRow {

    final Prefix prefix;
    final PrefixAccess access;
    final ElectedRoute elected;

    /**
     * The rules that open the prefix at the routers that cannot carry it now. Viewers that these rules admit get no
     * return route.
     */
    private final RuleSet destinationRulesElsewhere;

    /**
     * The nodes that may carry the prefix: the primary first, then the candidates, best first. {@link
     * #destinationRules} has for each the rules that open the prefix there.
     */
    private final NodeId[] routers;

    private final RuleSet[] destinationRules;

    private CarrierRow(
            PrefixAccess access,
            ElectedRoute elected,
            RuleSet destinationRulesElsewhere,
            NodeId[] routers,
            RuleSet[] destinationRules) {
        this.prefix = access.prefix();
        this.access = access;
        this.elected = elected;
        this.destinationRulesElsewhere = destinationRulesElsewhere;
        this.routers = routers;
        this.destinationRules = destinationRules;
    }

    static CarrierRow of(AccessRules rules, PrefixAccess access, ElectedRoute elected) {
        List<NodeId> routers = new ArrayList<>(elected.candidates().size() + 1);
        NodeId primary = elected.primaryOrNull();
        if (primary != null) {
            routers.add(holder(access, primary));
        }
        for (NodeId candidate : elected.candidates()) {
            if (!candidate.equals(primary)) {
                routers.add(holder(access, candidate));
            }
        }
        RuleSet[] destinationRules = new RuleSet[routers.size()];
        for (int i = 0; i < destinationRules.length; i++) {
            destinationRules[i] = destinationRules(rules, access, routers.get(i));
        }
        RuleSet destinationRulesElsewhere = RuleSet.NONE;
        if (primary != null) {
            for (NodeId holder : access.holders()) {
                if (!routers.contains(holder)) {
                    destinationRulesElsewhere =
                            destinationRulesElsewhere.union(destinationRules(rules, access, holder));
                }
            }
        }
        return new CarrierRow(
                access, elected, destinationRulesElsewhere, routers.toArray(NodeId[]::new), destinationRules);
    }

    private static RuleSet destinationRules(AccessRules rules, PrefixAccess access, NodeId router) {
        if (access.opensAlikeEverywhere()) {
            return access.plain();
        }
        NodeAccess node = rules.node(router)
                .orElseThrow(() -> new IllegalStateException("node " + router + " holds a prefix and does not exist"));
        return rules.destinationRules(access, node);
    }

    private static NodeId holder(PrefixAccess access, NodeId node) {
        if (Collections.binarySearch(access.holders(), node) < 0) {
            throw new IllegalArgumentException("node " + node + " is elected for `" + access.prefix()
                    + "`, which is not effective on it: elect among the nodes on which it is");
        }
        return node;
    }

    /** The primary, or null. */
    @Nullable
    NodeId primary() {
        return elected.primaryOrNull();
    }

    /** The carrier for viewers with some rules, or null. */
    @Nullable
    NodeId carrierFor(NodeRules viewer) {
        RuleSet source = viewer.source();
        for (int i = 0; i < routers.length; i++) {
            if (source.meets(destinationRules[i])) {
                return routers[i];
            }
        }
        boolean wayBack = primary() != null
                && access.prefixSourceRules().meets(viewer.destination())
                && !source.meets(destinationRulesElsewhere);
        return wayBack ? primary() : null;
    }

    /** Whether another row of the prefix reads as this one, so that either may stay. */
    @SuppressWarnings("ReferenceEquality") // an access that did not change is the same object
    boolean isAlike(CarrierRow other) {
        return access == other.access
                && elected.equals(other.elected)
                && destinationRulesElsewhere.equals(other.destinationRulesElsewhere)
                && Arrays.equals(routers, other.routers)
                && Arrays.equals(destinationRules, other.destinationRules);
    }

    /** Whether {@link #carrierFor} asks for one of some rules, by which a viewer sends or is sent to. */
    boolean reads(RuleSet source, RuleSet destination) {
        for (RuleSet rules : destinationRules) {
            if (rules.meets(source)) {
                return true;
            }
        }
        return destinationRulesElsewhere.meets(source)
                || access.prefixSourceRules().meets(destination);
    }

    /**
     * The classes of viewers that each router serves, in the order of {@link #routers}, as sets of class bits; a class
     * has at most one router.
     */
    private long[][] served(NodeClasses classes) {
        long[][] served = new long[routers.length][];
        long[] taken = new long[classes.words()];
        for (int i = 0; i < routers.length; i++) {
            long[] bits = new long[classes.words()];
            classes.admittedInto(bits, destinationRules[i]);
            served[i] = take(bits, taken);
        }
        if (primary() != null) {
            classes.admittedInto(taken, destinationRulesElsewhere);
            long[] back = new long[classes.words()];
            classes.openedInto(back, access.prefixSourceRules());
            BitArrays.add(served[0], take(back, taken));
        }
        return served;
    }

    /** Keeps the classes that no router has taken yet, and marks them as taken. */
    private static long[] take(long[] bits, long[] taken) {
        for (int word = 0; word < bits.length; word++) {
            bits[word] &= ~taken[word];
            taken[word] |= bits[word];
        }
        return bits;
    }

    /**
     * The classes that have another carrier than before, among those that are in the same slots.
     *
     * @param before the row before, or null
     * @param classesBefore the classes before
     * @param after the row now, or null
     * @param classesAfter the classes now
     */
    static long[] moved(
            @Nullable CarrierRow before,
            NodeClasses classesBefore,
            @Nullable CarrierRow after,
            NodeClasses classesAfter) {
        long[][] old = before == null ? new long[0][] : before.served(classesBefore);
        long[][] now = after == null ? new long[0][] : after.served(classesAfter);
        long[] moved = new long[classesAfter.words()];
        for (long[] bits : old) {
            BitArrays.add(moved, bits);
        }
        for (long[] bits : now) {
            BitArrays.add(moved, bits);
        }
        for (int i = 0; i < old.length; i++) {
            for (int j = 0; j < now.length; j++) {
                if (before != null && after != null && before.routers[i].equals(after.routers[j])) {
                    BitArrays.removeCommon(moved, old[i], now[j]);
                }
            }
        }
        return moved;
    }
}
