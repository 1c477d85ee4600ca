package dev.wayleave.event;

import dev.wayleave.approval.Approvals;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.Collection;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The changes that a decision of an administrator made in the approvals of one node.
 *
 * @param node the node
 * @param approved the prefixes that are approved now, and were not before
 * @param revoked the prefixes that are no longer approved
 * @param denied the prefixes that no policy and no import approves any more; most of them were revoked just now
 * @param unchanged the prefixes that were approved, and stay so
 * @param notAdvertised the prefixes that are approved, and that the node does not advertise: they wait for it
 */
public record ApprovalDifference(
        NodeId node,
        SortedSet<Prefix> approved,
        SortedSet<Prefix> revoked,
        SortedSet<Prefix> denied,
        SortedSet<Prefix> unchanged,
        SortedSet<Prefix> notAdvertised) {

    public ApprovalDifference {
        Objects.requireNonNull(node, "node");
        approved = Copies.sortedSet(approved, "approved");
        revoked = Copies.sortedSet(revoked, "revoked");
        denied = Copies.sortedSet(denied, "denied");
        unchanged = Copies.sortedSet(unchanged, "unchanged");
        notAdvertised = Copies.sortedSet(notAdvertised, "notAdvertised");
    }

    /**
     * Reads the changes from the events that followed from the decision.
     *
     * @param node the node
     * @param approvals its approvals afterwards
     * @param advertised what it advertises
     * @param events the events; those about other nodes, and of other kinds, do no harm
     * @return what they changed on the node
     */
    public static ApprovalDifference of(
            NodeId node, Approvals approvals, SortedSet<Prefix> advertised, Collection<? extends RouteEvent> events) {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(approvals, "approvals");
        Copies.refuseNull(advertised, "advertised");
        TreeSet<Prefix> approved = new TreeSet<>();
        TreeSet<Prefix> revoked = new TreeSet<>();
        TreeSet<Prefix> denied = new TreeSet<>();
        for (RouteEvent event : Copies.list(events, "events")) {
            if (event instanceof RouteEvent.OfRoute route && route.node().equals(node)) {
                if (event instanceof RouteEvent.RouteApproved) {
                    approved.add(route.prefix());
                } else if (event instanceof RouteEvent.RouteRevoked) {
                    revoked.add(route.prefix());
                } else if (event instanceof RouteEvent.RouteDenied) {
                    denied.add(route.prefix());
                }
            }
        }
        TreeSet<Prefix> unchanged = new TreeSet<>(approvals.approved().keySet());
        unchanged.removeAll(approved);
        TreeSet<Prefix> unused = new TreeSet<>(approvals.approved().keySet());
        unused.removeAll(advertised);
        return new ApprovalDifference(node, approved, revoked, denied, unchanged, unused);
    }

    /** {@return whether no prefix was approved, revoked or denied} */
    public boolean isEmpty() {
        return approved.isEmpty() && revoked.isEmpty() && denied.isEmpty();
    }

    /**
     * Prints the changes.
     *
     * @param names how texts call nodes
     * @return several lines, each ending in a line feed
     */
    public String text(Names names) {
        Objects.requireNonNull(names, "names");
        StringBuilder out =
                new StringBuilder(names.node(node) + " (" + node + (isEmpty() ? "): no approval changed\n" : ")\n"));
        line(out, "approved ", approved, "");
        line(out, "revoked  ", revoked, "");
        line(out, "denied   ", denied, "; only an administrator's approval lifts that");
        line(out, "unchanged", unchanged, "");
        line(out, "unused   ", notAdvertised, "; approved, and not advertised yet");
        return out.toString();
    }

    private static void line(StringBuilder out, String title, SortedSet<Prefix> prefixes, String more) {
        if (!prefixes.isEmpty()) {
            String listed = prefixes.stream().map(Prefix::toString).collect(Collectors.joining(", "));
            out.append("  " + title + "  " + listed + more + "\n");
        }
    }
}
