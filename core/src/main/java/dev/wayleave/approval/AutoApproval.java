package dev.wayleave.approval;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.PrefixTable;
import dev.wayleave.policy.AutoApprovers;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.engine.NamedOwners;
import dev.wayleave.policy.engine.OwnerSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The policy's section {@code autoApprovers}, compiled. It answers which routes the policy approves without an
 * administrator, and why not ({@link Verdict}).
 *
 * <p>Made anew when the policy or the users change.
 *
 * <p>A subnet route is approved if any key that equals or contains it, of the same family, lists an approver that names
 * the node. A narrower key does not shadow a wider one, and keys do not add up: {@code 10.0.0.0/9} and
 * {@code 10.128.0.0/9} do not cover {@code 10.0.0.0/8}. An exit route is approved by {@code exitNode} only, and that
 * list approves nothing else; the key {@code 0.0.0.0/0} covers every IPv4 subnet route and no exit route.
 */
public final class AutoApproval {

    private final PrefixTable<ImmutableList<Line>> keys;
    private final ImmutableList<Line> exitNode;
    private final ImmutableList<Selector> exitNodeSelectors;

    private AutoApproval(
            PrefixTable<ImmutableList<Line>> keys, ImmutableList<Line> exitNode, List<Selector> exitNodeSelectors) {
        this.keys = keys;
        this.exitNode = exitNode;
        this.exitNodeSelectors = ImmutableList.copyOf(exitNodeSelectors);
    }

    /**
     * Compiles a policy for the users of a tailnet.
     *
     * @param policy the policy
     * @param users the users that it may name
     * @return its auto-approval; {@code O(n log n)} in the keys, {@code O(n)} in their approvers
     */
    public static AutoApproval compile(RoutingPolicy policy, Users users) {
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(users, "users");
        AutoApprovers section = policy.autoApprovers();
        // thousands of keys share a few selectors, each of which may name thousands of users
        Map<Selector, OwnerSet> owners = new HashMap<>();
        Function<Selector, OwnerSet> ownersOf =
                selector -> owners.computeIfAbsent(selector, s -> NamedOwners.of(s, policy.groups(), users));
        PrefixTable.Builder<ImmutableList<Line>> keys = PrefixTable.builder();
        section.routes()
                .forEach((key, selectors) -> keys.put(
                        key, Line.of(selectors, ownersOf, selector -> new Approver.RouteApprover(key, selector))));
        return new AutoApproval(
                keys.build(),
                Line.of(section.exitNode(), ownersOf, Approver.ExitNodeApprover::new),
                section.exitNode());
    }

    /**
     * Reviews a route of a node.
     *
     * @param node the node
     * @param prefix what it advertises
     * @param approvals what is approved and denied on that node
     * @return the verdict and its reason
     */
    public Verdict review(Node node, Prefix prefix, Approvals approvals) {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(approvals, "approvals");
        return review(node.owner(), prefix, approvals);
    }

    /**
     * Reviews a route of a node of which only the owner is known; {@code O(log n)} in the keys, and one step
     * for each that covers the route.
     *
     * @param owner whose the node is; nothing else about it matters
     * @param prefix what it advertises
     * @param approvals what is approved and denied on that node
     * @return the verdict and its reason
     */
    public Verdict review(Owner owner, Prefix prefix, Approvals approvals) {
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(approvals, "approvals");
        Optional<Verdict> settled = approvals.settled(prefix);
        if (settled.isPresent()) {
            return settled.get();
        }
        return prefix.isExitRoute() ? reviewExitRoute(owner) : reviewSubnetRoute(owner, prefix);
    }

    /**
     * Returns whether an approver that approved a route once would still do so: the policy lists it there, and it names
     * the owner.
     *
     * @param approver what approved the route
     * @param owner whose the node is
     * @param prefix the prefix
     * @return true if it would; {@code O(log n)} in the keys, and the approvers under its key
     */
    public boolean stillApproves(Approver.AutoApprover approver, Owner owner, Prefix prefix) {
        Objects.requireNonNull(approver, "approver");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(prefix, "prefix");
        List<Line> lines = exitNode;
        if (approver instanceof Approver.RouteApprover byKey) {
            boolean covers = byKey.key().contains(prefix) && !prefix.isExitRoute();
            lines = covers ? keys.get(byKey.key()).orElse(ImmutableList.of()) : List.of();
        } else if (!prefix.isExitRoute()) {
            return false;
        }
        return lines.stream()
                .anyMatch(line -> line.verdict().equals(new Verdict.ApprovedByPolicy(approver))
                        && line.owners().contains(owner));
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

    private Verdict reviewSubnetRoute(Owner owner, Prefix prefix) {
        List<PrefixTable.Entry<ImmutableList<Line>>> narrowestFirst = Lists.reverse(keys.covering(prefix));
        for (PrefixTable.Entry<ImmutableList<Line>> key : narrowestFirst) {
            Verdict verdict = Line.first(key.value(), owner);
            if (verdict != null) {
                return verdict;
            }
        }
        return narrowestFirst.isEmpty()
                ? new Verdict.NoKeyCovers()
                : new Verdict.NoApproverNamesNode(Lists.transform(narrowestFirst, PrefixTable.Entry::prefix));
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
