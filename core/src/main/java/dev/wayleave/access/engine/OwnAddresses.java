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
    record OwnAddress(IpAddress address, NodeId node) implements Comparable<OwnAddress> {

        @Override
        public int compareTo(OwnAddress other) {
            int order = address.compareTo(other.address);
            return order != 0 ? order : node.compareTo(other.node);
        }
    }

    private static final NodeId FIRST = new NodeId(1);

    static final OwnAddresses NONE = new OwnAddresses(SortedChunks.empty(each -> each));

    private final SortedChunks<OwnAddress, OwnAddress> addresses;

    private OwnAddresses(SortedChunks<OwnAddress, OwnAddress> addresses) {
        this.addresses = addresses;
    }

    static OwnAddresses of(Collection<Node> nodes) {
        List<OwnAddress> all = new ArrayList<>(2 * nodes.size());
        // One family after the other, since addresses are often given out in the order of nodes.
        nodes.forEach(node -> node.ipv4().ifPresent(address -> all.add(new OwnAddress(address, node.id()))));
        nodes.forEach(node -> node.ipv6().ifPresent(address -> all.add(new OwnAddress(address, node.id()))));
        all.sort(null);
        return new OwnAddresses(NONE.addresses.ofSorted(all));
    }

    OwnAddresses with(SortedMap<OwnAddress, @Nullable OwnAddress> edits) {
        return edits.isEmpty() ? this : new OwnAddresses(addresses.with(edits));
    }

    Collection<OwnAddress> all() {
        return addresses.values();
    }

    /** Hands out the nodes of which an own address lies in a prefix; a node may come twice. */
    void within(Prefix prefix, Consumer<NodeId> consumer) {
        IpAddress last = prefix.last();
        Iterator<OwnAddress> from = addresses.from(new OwnAddress(prefix.first(), FIRST));
        while (from.hasNext()) {
            OwnAddress each = from.next();
            if (each.address().compareTo(last) > 0) {
                return;
            }
            consumer.accept(each.node());
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
        Iterator<OwnAddress> from = addresses.values().iterator();
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

    private Iterator<OwnAddress> after(IpAddress address) {
        return addresses.from(new OwnAddress(address, new NodeId(Long.MAX_VALUE)));
    }
}
