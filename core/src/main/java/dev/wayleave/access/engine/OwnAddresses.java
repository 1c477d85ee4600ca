package dev.wayleave.access.engine;

import dev.wayleave.internal.SortedChunks;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.IpRange;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The nodes' own addresses, in order. Two nodes may have the same address. */
final class OwnAddresses {

    /** An address and a node that has it. */
    record Spot(IpAddress address, NodeId node) implements Comparable<Spot> {

        @Override
        public int compareTo(Spot other) {
            int order = address.compareTo(other.address);
            return order != 0 ? order : node.compareTo(other.node);
        }
    }

    private static final NodeId FIRST = new NodeId(1);

    static final OwnAddresses NONE = new OwnAddresses(SortedChunks.empty(spot -> spot));

    private final SortedChunks<Spot, Spot> spots;

    private OwnAddresses(SortedChunks<Spot, Spot> spots) {
        this.spots = spots;
    }

    static OwnAddresses of(Collection<Node> nodes) {
        List<Spot> all = new ArrayList<>(2 * nodes.size());
        // One family after the other, since addresses are often given out in the order of nodes.
        nodes.forEach(node -> node.ipv4().ifPresent(address -> all.add(new Spot(address, node.id()))));
        nodes.forEach(node -> node.ipv6().ifPresent(address -> all.add(new Spot(address, node.id()))));
        all.sort(null);
        return new OwnAddresses(NONE.spots.ofSorted(all));
    }

    OwnAddresses with(SortedMap<Spot, @Nullable Spot> edits) {
        return edits.isEmpty() ? this : new OwnAddresses(spots.with(edits));
    }

    Collection<Spot> all() {
        return spots.values();
    }

    /** Hands out the nodes of which an own address lies in a prefix; a node may come twice. */
    void within(Prefix prefix, Consumer<NodeId> consumer) {
        IpAddress last = prefix.last();
        Iterator<Spot> from = spots.from(new Spot(prefix.first(), FIRST));
        while (from.hasNext()) {
            Spot spot = from.next();
            if (spot.address().compareTo(last) > 0) {
                return;
            }
            consumer.accept(spot.node());
        }
    }

    /** The nodes with an own address; none for a prefix of more than one address. */
    List<NodeId> equalTo(Prefix pattern) {
        List<NodeId> nodes = new ArrayList<>(1);
        if (pattern.isSingleAddress()) {
            within(pattern, nodes::add);
        }
        return nodes;
    }

    /** The own addresses outside the overlay, in order: {@code *} as a source spells each of them out. */
    List<IpAddress> outside(OverlayRanges overlay) {
        List<IpAddress> outside = new ArrayList<>();
        List<IpRange> ranges = overlay.addresses().ranges();
        int next = 0;
        Iterator<Spot> from = spots.values().iterator();
        while (from.hasNext()) {
            IpAddress address = from.next().address();
            while (next < ranges.size() && ranges.get(next).last().compareTo(address) < 0) {
                next++;
            }
            if (next == ranges.size() || address.compareTo(ranges.get(next).first()) < 0) {
                if (outside.isEmpty() || !outside.get(outside.size() - 1).equals(address)) {
                    outside.add(address);
                }
            } else {
                from = after(ranges.get(next).last());
            }
        }
        return outside;
    }

    private Iterator<Spot> after(IpAddress address) {
        return spots.from(new Spot(address, new NodeId(Long.MAX_VALUE)));
    }
}
