package dev.wayleave.policy;

import dev.wayleave.internal.Copies;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Notices that need more than the text of a policy: the nodes of the tailnet, and its settings.
 */
public final class TailnetNotices {

    /** How many addresses a notice lists. */
    private static final int LISTED = 5;

    private TailnetNotices() {}

    /**
     * Lists what a policy means in a tailnet: its own notices; the users, group members, approvers, tags and hosts that
     * match nothing there, each with the nearest name that there is; and nodes outside the overlay. Where no user is
     * known, no user is missed; where no node is known, no tag and no host.
     *
     * @param policy the policy
     * @param users the users of the tailnet
     * @param nodes the nodes of the tailnet, in any order
     * @param routes the prefixes that nodes advertise or have approved, in any order
     * @param overlay the ranges from which nodes have their addresses
     * @return the notices in the order of their places, those without a place last; of more than 1,000 of a kind the
     *     first 1,000, and one that states the limit. {@code O(text + users + nodes + routes)}: the text is read again,
     *     and names are compared until a limit
     */
    public static List<PolicyNotice> of(
            RoutingPolicy policy,
            Users users,
            Collection<Node> nodes,
            Collection<Prefix> routes,
            OverlayRanges overlay) {
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(users, "users");
        Copies.refuseNull(nodes, "nodes");
        Copies.refuseNull(routes, "routes");
        Objects.requireNonNull(overlay, "overlay");
        List<PolicyNotice> notices = new ArrayList<>(policy.notices());
        notices.addAll(UnmatchedNames.in(policy, users, nodes, routes));
        notices.sort(Comparator.comparingInt(PolicyNotice::line).thenComparingInt(PolicyNotice::column));
        outsideOverlay(nodes, overlay).ifPresent(notices::add);
        return List.copyOf(notices);
    }

    /**
     * Lists the nodes that have own addresses outside the overlay. {@code *} as a source names each such address by
     * itself, so that every packet filter with such a rule grows with them.
     *
     * @param nodes the nodes of the tailnet, in any order
     * @param overlay the ranges from which nodes have their addresses
     * @return one notice, about no entry of the policy; empty if all addresses lie in the overlay. {@code O(n log n)}
     */
    public static Optional<PolicyNotice> outsideOverlay(Collection<Node> nodes, OverlayRanges overlay) {
        Copies.refuseNull(nodes, "nodes");
        Objects.requireNonNull(overlay, "overlay");
        List<String> outside = new ArrayList<>();
        nodes.stream().sorted((one, other) -> one.id().compareTo(other.id())).forEach(node -> {
            for (IpAddress address : node.addresses()) {
                if (!overlay.contains(address)) {
                    outside.add("`" + address + "` of `" + node.name() + "`");
                }
            }
        });
        if (outside.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new PolicyNotice(
                PolicyNotice.Code.OUTSIDE_OVERLAY,
                "",
                0,
                0,
                "addresses of nodes lie outside the overlay " + overlay + ": "
                        + Texts.first(outside, LISTED, text -> text)
                        + "; `*` as a source names each of them: set `overlay` to the ranges from which nodes have "
                        + "their addresses"));
    }
}
