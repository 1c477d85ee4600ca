package dev.wayleave.foresight;

import dev.wayleave.foresight.PolicyDifference.Cause;
import dev.wayleave.internal.Optionals;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.PrefixTable;
import dev.wayleave.policy.AutoApprovers;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares whose routes two policies approve. A prefix is approved by every key that holds it, so that the prefixes
 * which the same keys hold fare alike: those in one key and in no narrower one.
 */
final class ApprovalComparison {

    /**
     * Owners whose routes only one policy approves.
     *
     * @param gain whether the second policy does
     * @param keyOrNull the prefix that holds the routes, in no narrower key; null for exit routes
     * @param owners the owners, by number
     */
    record Part(boolean gain, @Nullable Prefix keyOrNull, BitSet owners) {}

    private final RoutingPolicy before;
    private final RoutingPolicy after;
    private final Map<Selector, BitSet> named = new HashMap<>();

    ApprovalComparison(RoutingPolicy before, RoutingPolicy after, List<OwnerAtom> owners) {
        this.before = before;
        this.after = after;
        for (int i = 0; i < owners.size(); i++) {
            for (Selector selector : owners.get(i).selectors()) {
                named.computeIfAbsent(selector, s -> new BitSet()).set(i);
            }
        }
    }

    /** The selectors by which both policies name approvers. */
    static Set<Selector> selectors(RoutingPolicy policy) {
        Set<Selector> selectors = new HashSet<>();
        AutoApprovers section = policy.autoApprovers();
        section.routes().values().forEach(approvers -> selectors.addAll(ComparedRule.spelledOut(approvers, policy)));
        selectors.addAll(ComparedRule.spelledOut(section.exitNode(), policy));
        return selectors;
    }

    List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        AutoApprovers sectionBefore = before.autoApprovers();
        AutoApprovers sectionAfter = after.autoApprovers();
        if (sectionBefore.equals(sectionAfter) && before.groups().equals(after.groups())) {
            return parts;
        }
        Set<Prefix> keys = keys();
        Map<Prefix, BitSet> approvedBefore = approved(keys, before);
        Map<Prefix, BitSet> approvedAfter = approved(keys, after);
        for (Prefix key : keys) {
            if (example(key, keys).isEmpty()) {
                continue;
            }
            add(
                    parts,
                    key,
                    approvedBefore.getOrDefault(key, new BitSet()),
                    approvedAfter.getOrDefault(key, new BitSet()));
        }
        add(parts, null, owners(sectionBefore.exitNode(), before), owners(sectionAfter.exitNode(), after));
        return parts;
    }

    private static void add(List<Part> parts, @Nullable Prefix key, BitSet before, BitSet after) {
        BitSet lost = BitSets.without(before, after);
        BitSet gained = BitSets.without(after, before);
        if (!lost.isEmpty()) {
            parts.add(new Part(false, key, lost));
        }
        if (!gained.isEmpty()) {
            parts.add(new Part(true, key, gained));
        }
    }

    /** Whose routes are approved in each key and in no narrower one. */
    private Map<Prefix, BitSet> approved(Set<Prefix> keys, RoutingPolicy policy) {
        PrefixTable<List<Selector>> routes =
                PrefixTable.copyOf(policy.autoApprovers().routes());
        Map<Prefix, BitSet> approved = new HashMap<>();
        for (Prefix key : keys) {
            BitSet its = new BitSet();
            routes.covering(key).forEach(entry -> its.or(owners(entry.value(), policy)));
            approved.put(key, its);
        }
        return approved;
    }

    /** A subnet route in a key and in no narrower one; of a key for everything a half, if that is not a key too. */
    static Optional<Prefix> example(Prefix key, Set<Prefix> keys) {
        if (!key.isExitRoute()) {
            return Optional.of(key);
        }
        return Stream.of(Prefix.truncating(key.first(), 1), Prefix.truncating(key.last(), 1))
                .filter(half -> !keys.contains(half))
                .findFirst();
    }

    Set<Prefix> keys() {
        TreeSet<Prefix> keys = new TreeSet<>(before.autoApprovers().routes().keySet());
        keys.addAll(after.autoApprovers().routes().keySet());
        return keys;
    }

    private BitSet owners(Collection<Selector> approvers, RoutingPolicy policy) {
        BitSet all = new BitSet();
        ComparedRule.spelledOut(approvers, policy)
                .forEach(selector -> all.or(named.getOrDefault(selector, new BitSet())));
        return all;
    }

    /** The entries of a policy that approve a route of an owner. */
    List<Cause> causes(OwnerAtom owner, @Nullable Prefix key, boolean ofAfter) {
        RoutingPolicy policy = ofAfter ? after : before;
        List<Cause> causes = new ArrayList<>();
        if (key == null) {
            for (Selector approver : policy.autoApprovers().exitNode()) {
                if (names(approver, owner, policy)) {
                    causes.add(new Cause(
                            "autoApprovers.exitNode", Optionals.orNull(policy.lineOfExitNodeApprover(approver))));
                }
            }
            return causes;
        }
        policy.autoApprovers().routes().forEach((covering, approvers) -> {
            if (covering.contains(key)) {
                for (Selector approver : approvers) {
                    if (names(approver, owner, policy)) {
                        causes.add(new Cause(
                                "autoApprovers.routes[" + covering + "]",
                                Optionals.orNull(policy.lineOfRouteApprover(covering, approver))));
                    }
                }
            }
        });
        return causes;
    }

    private static boolean names(Selector approver, OwnerAtom owner, RoutingPolicy policy) {
        return !Collections.disjoint(ComparedRule.spelledOut(List.of(approver), policy), owner.selectors());
    }
}
