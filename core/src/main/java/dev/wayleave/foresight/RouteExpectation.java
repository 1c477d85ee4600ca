package dev.wayleave.foresight;

import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.AddressFormatException;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.net.Prefix;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What administrators expect of the routes of a tailnet.
 *
 * <p>Immutable and safe for use by several threads.
 */
public sealed interface RouteExpectation {

    /**
     * Returns the nodes that the test takes for offline.
     *
     * @return their names; empty for the tailnet as it is
     */
    List<String> withDown();

    /**
     * What a viewer gets.
     *
     * @param viewer a node by its name; or a user, or a tag, for all nodes of the user or with the tag
     * @param reaches the routes that each of these nodes gets
     * @param not the routes of which none of these nodes gets any part
     * @param withDown the nodes that the test takes for offline
     */
    record OfViewer(String viewer, List<Target> reaches, List<Target> not, List<String> withDown)
            implements RouteExpectation {

        /** Copies the lists. */
        public OfViewer {
            Objects.requireNonNull(viewer, "viewer");
            reaches = Copies.list(reaches, "reaches");
            not = Copies.list(not, "not");
            withDown = Copies.list(withDown, "withDown");
        }
    }

    /**
     * How many routers a prefix has.
     *
     * @param prefix the prefix
     * @param healthyRouters how many healthy candidates it has at least
     * @param withDown the nodes that the test takes for offline
     */
    record OfPrefix(Prefix prefix, int healthyRouters, List<String> withDown) implements RouteExpectation {

        /** Copies the list. */
        public OfPrefix {
            Objects.requireNonNull(prefix, "prefix");
            withDown = Copies.list(withDown, "withDown");
        }
    }

    /**
     * A destination, and perhaps the tag of the router on the way.
     *
     * @param prefixOrNull the destination; null for the internet through any exit node
     * @param viaOrNull a tag of the carrier; null for any carrier
     */
    record Target(@Nullable Prefix prefixOrNull, @Nullable Tag viaOrNull) {

        private static final String INTERNET = "autogroup:internet";
        private static final String VIA = " via ";

        /**
         * Reads a destination.
         *
         * @param text for example {@code 10.0.0.0/24}, {@code 10.0.0.1 via tag:site-a}, or {@code autogroup:internet}
         * @return the destination
         * @throws IllegalArgumentException if the text is anything else
         */
        public static Target parse(String text) {
            Objects.requireNonNull(text, "text");
            int at = text.indexOf(VIA);
            String destination = at < 0 ? text : text.substring(0, at);
            Tag via = at < 0 ? null : new Tag(text.substring(at + VIA.length()));
            if (destination.equals(INTERNET)) {
                return new Target(null, via);
            }
            try {
                boolean single = destination.indexOf('/') < 0;
                Prefix prefix = Prefix.parse(
                        !single ? destination : destination + (destination.indexOf(':') < 0 ? "/32" : "/128"));
                return new Target(prefix.isExitRoute() ? null : prefix, via);
            } catch (AddressFormatException e) {
                throw new IllegalArgumentException("`" + text + "` is no destination: " + e.getMessage(), e);
            }
        }

        /** The routes that lead there. */
        boolean isServedBy(Prefix route) {
            return prefixOrNull == null
                    ? route.equals(KnownRanges.EXIT_IPV4)
                    : !route.isExitRoute() && route.contains(prefixOrNull);
        }

        /** The routes that lead to a part of it. */
        boolean isTouchedBy(Prefix route) {
            return prefixOrNull == null ? route.isExitRoute() : !route.isExitRoute() && route.overlaps(prefixOrNull);
        }

        /**
         * {@return the destination as tests write it}
         */
        @Override
        public String toString() {
            return (prefixOrNull == null ? INTERNET : prefixOrNull.toString())
                    + (viaOrNull == null ? "" : VIA + viaOrNull);
        }
    }
}
