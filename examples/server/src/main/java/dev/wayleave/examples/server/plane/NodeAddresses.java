package dev.wayleave.examples.server.plane;

import dev.wayleave.net.IpAddress;
import dev.wayleave.net.IpRange;
import dev.wayleave.net.OverlayRanges;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Takes addresses for nodes from the tailnet's overlay: one of each family that the overlay has. */
public final class NodeAddresses {

    /** So many numbers are tried; of a smaller range all. */
    private static final long MOST = 1 << 16;

    private final Optional<IpRange> ipv4;
    private final Optional<IpRange> ipv6;

    public NodeAddresses(OverlayRanges overlay) {
        this.ipv4 = first(overlay, IpRange::isIpv4);
        this.ipv6 = first(overlay, IpRange::isIpv6);
    }

    private static Optional<IpRange> first(OverlayRanges overlay, Predicate<IpRange> family) {
        return overlay.addresses().ranges().stream().filter(family).findFirst();
    }

    /**
     * Returns the addresses of a node.
     *
     * @param number the node's number, which its addresses end in where they are free
     * @param taken the addresses of all other nodes
     * @return addresses that are free; empty if there are none
     */
    public List<IpAddress> free(long number, Set<IpAddress> taken) {
        for (long i = 0; i < MOST; i++) {
            List<IpAddress> addresses = new ArrayList<>();
            boolean free = true;
            for (Optional<IpRange> range : List.of(ipv4, ipv6)) {
                if (range.isPresent()) {
                    Optional<IpAddress> address = at(range.get(), (number + i) % MOST);
                    free &= address.isPresent() && !taken.contains(address.get());
                    address.ifPresent(addresses::add);
                }
            }
            if (free) {
                return addresses;
            }
        }
        return List.of();
    }

    private static Optional<IpAddress> at(IpRange range, long number) {
        byte[] first = range.first().toBytes();
        byte[] sum = new BigInteger(1, first).add(BigInteger.valueOf(number)).toByteArray();
        byte[] bytes = new byte[first.length];
        int length = Math.min(sum.length, bytes.length);
        System.arraycopy(sum, sum.length - length, bytes, bytes.length - length, length);
        return Optional.of(IpAddress.ofBytes(bytes)).filter(range::contains);
    }
}
