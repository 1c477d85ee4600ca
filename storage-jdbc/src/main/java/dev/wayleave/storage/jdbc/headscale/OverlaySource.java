package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.net.OverlayRanges;
import java.util.Objects;

/**
 * The source of the overlay of an imported tailnet: the ranges from which nodes have their addresses. Headscale has
 * them in its configuration ({@code prefixes}), which is not in the database.
 */
public sealed interface OverlaySource {

    /**
     * The addresses of the nodes. The default ranges if they hold all of them; else, for each family, the longest
     * prefix that holds all addresses. Nothing is imported if that prefix is wider than {@link #WIDEST_IPV4} or
     * {@link #WIDEST_IPV6}.
     */
    record Addresses() implements OverlaySource {}

    /**
     * Ranges that the caller gives.
     *
     * @param ranges the ranges, for example those of Headscale's configuration
     */
    record Given(OverlayRanges ranges) implements OverlaySource {

        public Given {
            Objects.requireNonNull(ranges, "ranges");
        }
    }

    /** The length of the widest IPv4 prefix that may become the overlay because of addresses only: {@code /8}. */
    int WIDEST_IPV4 = 8;

    /** The length of the widest IPv6 prefix that may become the overlay because of addresses only: {@code /32}. */
    int WIDEST_IPV6 = 32;
}
