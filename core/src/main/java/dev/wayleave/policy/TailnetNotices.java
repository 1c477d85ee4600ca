package dev.wayleave.policy;

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
import java.util.Optional;

/** The notices of {@link RoutingPolicy#noticesWith}: they need the nodes of the tailnet, and its settings. */
final class TailnetNotices {

    /** How many addresses a notice lists. */
    private static final int LISTED = 5;

    private TailnetNotices() {}

    static List<PolicyNotice> of(
            RoutingPolicy policy,
            Users users,
            Collection<Node> nodes,
            Collection<Prefix> prefixes,
            OverlayRanges overlay) {
        List<PolicyNotice> notices = new ArrayList<>(policy.notices());
        notices.addAll(UnmatchedNames.in(policy, users, nodes, prefixes));
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
    static Optional<PolicyNotice> outsideOverlay(Collection<Node> nodes, OverlayRanges overlay) {
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
