package dev.wayleave.foresight;

import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.AddressFormatException;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.net.Prefix;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An expectation that administrators have of the routes of a tailnet. */
public sealed interface RouteExpectation {

    /** {@return the nodes that the test takes for offline; their names; empty for the tailnet as it is} */
    List<String> withDown();

    /**
     * An expectation of what a viewer gets.
     *
     * @param viewer a node by its name; or a user, or a tag, for all nodes of the user or with the tag
     * @param reaches destinations to all of which each of these nodes has routes, by carriers that are not offline. Own
     *     addresses of peers and the viewer's own routes count as routes. With a tag, every carrier of a part of
     *     the destination has the tag; of exit nodes one is enough
     * @param not destinations to no part of which any of these nodes gets a route of a peer, even where the carrier is
     *     offline; with a tag, none through a carrier with the tag
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
     * An expectation of how many routers a prefix has.
     *
     * @param prefix the prefix
     * @param healthyRouters how many routers it has at least that are online or in their grace, healthy, not draining,
     *     and whose key has not expired
     * @param withDown the nodes that the test takes for offline
     */
    record OfPrefix(Prefix prefix, int healthyRouters, List<String> withDown) implements RouteExpectation {

        /**
         * Copies the list.
         *
         * @throws IllegalArgumentException if no router is expected
         */
        public OfPrefix {
            Objects.requireNonNull(prefix, "prefix");
            if (healthyRouters < 1) {
                throw new IllegalArgumentException(
                        "`" + healthyRouters + "` healthy routers are not an expectation: expect 1 or more");
            }
            withDown = Copies.list(withDown, "withDown");
        }
    }

    /**
     * A destination, and perhaps the tag of the router on the way.
     *
     * @param prefixOrNull the destination; an exit route for the internet of one family through any exit node; null for
     *     the internet of both families
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
                return new Target(prefix, via);
            } catch (AddressFormatException e) {
                throw new IllegalArgumentException("`" + text + "` is not a destination: " + e.getMessage(), e);
            }
        }

        /** {@return the destination; empty for the internet of both families} */
        public Optional<Prefix> prefix() {
            return Optional.ofNullable(prefixOrNull);
        }

        /** {@return a tag of the carrier; empty for any carrier} */
        public Optional<Tag> via() {
            return Optional.ofNullable(viaOrNull);
        }

        /** What a viewer needs a route to: both exit routes for the internet, else the destination. */
        List<Prefix> parts() {
            return prefixOrNull == null ? List.of(KnownRanges.EXIT_IPV4, KnownRanges.EXIT_IPV6) : List.of(prefixOrNull);
        }

        /** Whether a route to the prefix leads to a part of it. */
        boolean isTouchedBy(Prefix prefix) {
            return parts().stream()
                    .anyMatch(part -> part.isExitRoute() ? prefix.equals(part) : isSubnetRouteTo(part, prefix));
        }

        private static boolean isSubnetRouteTo(Prefix part, Prefix prefix) {
            return !prefix.isExitRoute() && prefix.overlaps(part);
        }

        /** {@return the destination as tests write it} */
        @Override
        public String toString() {
            return (prefixOrNull == null ? INTERNET : prefixOrNull.toString())
                    + (viaOrNull == null ? "" : VIA + viaOrNull);
        }
    }
}
