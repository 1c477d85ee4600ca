package dev.wayleave.net;

import java.util.List;
import java.util.Objects;

/**
 * The ranges from which a tailnet takes the addresses of its nodes: a setting, since a control plane may use its own.
 *
 * <p>{@code *} as a source of a rule stands for these addresses, beside subnet routes and the own addresses of nodes
 * outside of them; {@code autogroup:internet} never does.
 */
public final class OverlayRanges {

    /**
     * What Tailscale and Headscale use: {@link KnownRanges#CGNAT} without {@link KnownRanges#CHROME_OS_VMS}, and
     * {@link KnownRanges#TAILSCALE_ULA}.
     */
    public static final OverlayRanges DEFAULT = of(AddressSet.ofRanges(List.of(
            IpRange.parse("100.64.0.0-100.115.91.255"),
            IpRange.parse("100.115.94.0-100.127.255.255"),
            IpRange.of(KnownRanges.TAILSCALE_ULA))));

    private final AddressSet addresses;
    private final AddressSet publicInternet;

    private OverlayRanges(AddressSet addresses) {
        this.addresses = addresses;
        this.publicInternet = KnownRanges.PUBLIC_INTERNET.subtract(addresses);
    }

    /**
     * Returns the ranges made of a set.
     *
     * @param addresses the addresses that nodes may have, at least one
     * @return the ranges
     * @throws IllegalArgumentException if the set is empty
     */
    public static OverlayRanges of(AddressSet addresses) {
        Objects.requireNonNull(addresses, "addresses");
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("overlay ranges are empty: nodes need addresses");
        }
        return new OverlayRanges(addresses);
    }

    /** {@return the addresses that nodes may have; never empty} */
    public AddressSet addresses() {
        return addresses;
    }

    /**
     * Returns whether an address is one that nodes may have.
     *
     * @param address any address
     * @return true if it lies in these ranges
     */
    public boolean contains(IpAddress address) {
        Objects.requireNonNull(address, "address");
        return addresses.contains(address);
    }

    /**
     * {@return what {@code autogroup:internet} stands for in a tailnet with these ranges:
     * {@link KnownRanges#PUBLIC_INTERNET} without them, worked out once}
     */
    public AddressSet publicInternet() {
        return publicInternet;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OverlayRanges that && addresses.equals(that.addresses);
    }

    @Override
    public int hashCode() {
        return addresses.hashCode();
    }

    /** {@return the text of {@link #addresses}} */
    @Override
    public String toString() {
        return addresses.toString();
    }
}
