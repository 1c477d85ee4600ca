package dev.wayleave.approval;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.AutoApprovers;
import dev.wayleave.policy.OwnerSet;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The policy's section {@code autoApprovers}, made ready to answer which routes need no administrator.
 *
 * <p>Immutable and safe for use by several threads; nothing blocks. Made anew when the policy or the users change.
 *
 * <p>A subnet route is approved if any key that equals or contains it, of the same family, lists an approver that names
 * the node. A narrower key does not shadow a wider one, and keys do not add up: {@code 10.0.0.0/9} and
 * {@code 10.128.0.0/9} do not cover {@code 10.0.0.0/8}. An exit route is approved by {@code exitNode} only, and that
 * list approves nothing else; the key {@code 0.0.0.0/0} covers every IPv4 subnet route and no exit route (conformance
 * rule 1; {@code headscale-routes.md} §3.1).
 */
public final class AutoApproval {

    private final ImmutableSortedMap<Prefix, Key> keys;
    private final ImmutableList<Line> exitNode;
    private final ImmutableList<Selector> exitNodeSelectors;

    private AutoApproval(
            ImmutableSortedMap<Prefix, Key> keys, ImmutableList<Line> exitNode, List<Selector> exitNodeSelectors) {
        this.keys = keys;
        this.exitNode = exitNode;
        this.exitNodeSelectors = ImmutableList.copyOf(exitNodeSelectors);
    }

    /**
     * Compiles a policy for the users of a tailnet.
     *
     * @param policy the policy
     * @param users everybody who may be named in it
     * @return its auto-approval; {@code O(n)} in the keys and their approvers
     */
    public static AutoApproval compile(RoutingPolicy policy, Users users) {
        AutoApprovers section = policy.autoApprovers();
        // thousands of keys share a few selectors, each of which may name thousands of users
        Map<Selector, OwnerSet> owners = new HashMap<>();
        Function<Selector, OwnerSet> ownersOf =
                selector -> owners.computeIfAbsent(selector, s -> policy.owners(s, users));
        ImmutableSortedMap.Builder<Prefix, Key> keys = ImmutableSortedMap.naturalOrder();
        Key before = null;
        for (Map.Entry<Prefix, List<Selector>> entry : section.routes().entrySet()) {
            Prefix prefix = entry.getKey();
            Key key = new Key(
                    prefix,
                    Line.of(entry.getValue(), ownersOf, s -> new Approver.RouteApprover(prefix, s)),
                    narrowest(before, prefix));
            keys.put(prefix, key);
            before = key;
        }
        return new AutoApproval(
                keys.buildOrThrow(),
                Line.of(section.exitNode(), ownersOf, Approver.ExitNodeApprover::new),
                section.exitNode());
    }

    /**
     * Reviews a route of a node.
     *
     * @param node the node
     * @param route what it advertises
     * @param approvals what is approved and denied on that node
     * @return the verdict and its reason
     */
    public Verdict review(Node node, Prefix route, Approvals approvals) {
        return review(node.owner(), route, approvals);
    }

    /**
     * Reviews a route of a node of which only the owner is known; {@code O(log n)} in the keys.
     *
     * @param owner whose the node is; nothing else about it matters
     * @param route what it advertises
     * @param approvals what is approved and denied on that node
     * @return the verdict and its reason
     */
    public Verdict review(Owner owner, Prefix route, Approvals approvals) {
        Optional<Verdict> settled = approvals.settled(route);
        if (settled.isPresent()) {
            return settled.get();
        }
        return route.isExitRoute() ? reviewExitRoute(owner) : reviewSubnetRoute(owner, route);
    }

    private Verdict reviewExitRoute(Owner owner) {
        Verdict verdict = Line.first(exitNode, owner);
        if (verdict != null) {
            return verdict;
        }
        return exitNode.isEmpty()
                ? new Verdict.NoExitNodeApprover()
                : new Verdict.NoExitNodeApproverNamesNode(exitNodeSelectors);
    }

    private Verdict reviewSubnetRoute(Owner owner, Prefix route) {
        Map.Entry<Prefix, Key> before = keys.floorEntry(route);
        Key narrowest = narrowest(before == null ? null : before.getValue(), route);
        for (Key key = narrowest; key != null; key = key.wider) {
            Verdict verdict = Line.first(key.lines, owner);
            if (verdict != null) {
                return verdict;
            }
        }
        return narrowest == null ? new Verdict.NoKeyCovers() : new Verdict.NoApproverNamesNode(narrowest.chain());
    }

    /**
     * Of the keys up to one in the order of prefixes, the narrowest that contains a later prefix. Prefixes are ordered
     * as a walk through their tree, parents first: whatever contains the later one also contains, or is, the key just
     * before it.
     */
    private static @Nullable Key narrowest(@Nullable Key before, Prefix prefix) {
        Key key = before;
        while (key != null && !key.prefix.contains(prefix)) {
            key = key.wider;
        }
        return key;
    }

    /** A key of the policy, and the narrowest other key that contains it. */
    private static final class Key {

        private final Prefix prefix;
        private final ImmutableList<Line> lines;
        private final @Nullable Key wider;

        Key(Prefix prefix, ImmutableList<Line> lines, @Nullable Key wider) {
            this.prefix = prefix;
            this.lines = lines;
            this.wider = wider;
        }

        List<Prefix> chain() {
            ImmutableList.Builder<Prefix> chain = ImmutableList.builder();
            for (Key key = this; key != null; key = key.wider) {
                chain.add(key.prefix);
            }
            return chain.build();
        }
    }

    /** One entry of a list of approvers, with the verdict that it leads to. */
    private record Line(OwnerSet owners, Verdict verdict) {

        static ImmutableList<Line> of(
                List<Selector> selectors,
                Function<Selector, OwnerSet> ownersOf,
                Function<Selector, Approver.AutoApprover> approver) {
            return selectors.stream()
                    .map(selector ->
                            new Line(ownersOf.apply(selector), new Verdict.ApprovedByPolicy(approver.apply(selector))))
                    .collect(ImmutableList.toImmutableList());
        }

        static @Nullable Verdict first(ImmutableList<Line> lines, Owner owner) {
            for (Line line : lines) {
                if (line.owners.contains(owner)) {
                    return line.verdict;
                }
            }
            return null;
        }
    }
}
