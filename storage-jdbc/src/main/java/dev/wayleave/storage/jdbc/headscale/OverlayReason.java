package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.internal.Copies;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import java.util.List;
import java.util.Objects;

/** A finding of an import about the tailnet's overlay or the addresses of its nodes. */
public sealed interface OverlayReason extends ImportFinding.Reason {

    /**
     * Some addresses lie outside of the default ranges, so that the tailnet gets its own overlay.
     *
     * @param ranges the smallest prefix of each family that holds all addresses, or the ranges that the caller gave
     */
    record OverlaySet(List<Prefix> ranges) implements OverlayReason {
        @Override
        public String kind() {
            return "overlay-set";
        }

        /** Copies the prefixes. */
        public OverlaySet {
            ranges = Copies.list(ranges, "ranges");
        }

        @Override
        public ImportFinding.Degree degree() {
            return ImportFinding.Degree.WARNING;
        }

        @Override
        public String message() {
            return "nodes have addresses outside of the default ranges: " + ImportFinding.quoted(ranges)
                    + " becomes the overlay, the narrowest that holds them all; Headscale's configuration "
                    + "(`prefixes`) may have a wider one";
        }
    }

    /**
     * The addresses of the nodes are too far apart for an overlay: nothing is imported until the caller gives one.
     *
     * @param prefix the smallest prefix that holds all addresses of the family
     */
    record OverlayTooWide(Prefix prefix) implements OverlayReason {
        @Override
        public String kind() {
            return "overlay-too-wide";
        }

        public OverlayTooWide {
            Objects.requireNonNull(prefix, "prefix");
        }

        @Override
        public ImportFinding.Degree degree() {
            return ImportFinding.Degree.BLOCKING;
        }

        @Override
        public String message() {
            return "only `" + prefix + "` holds all " + (prefix.isIpv4() ? "IPv4" : "IPv6")
                    + " addresses of the nodes, which is too wide for an overlay: give the ranges of Headscale's"
                    + " configuration (`prefixes`)";
        }
    }

    /**
     * The tailnet has nodes, users, a policy or an overlay already, and keeps its overlay.
     *
     * @param ranges the overlay that is not imported
     */
    record OverlayKept(List<Prefix> ranges) implements OverlayReason {
        @Override
        public String kind() {
            return "overlay-kept";
        }

        /** Copies the prefixes. */
        public OverlayKept {
            ranges = Copies.list(ranges, "ranges");
        }

        @Override
        public String message() {
            return "the tailnet keeps its own overlay: " + ImportFinding.quoted(ranges) + " is not imported";
        }
    }

    /**
     * A node has an address outside of the tailnet's overlay.
     *
     * @param address the address
     */
    record OutsideOverlay(IpAddress address) implements OverlayReason {
        @Override
        public String kind() {
            return "outside-overlay";
        }

        public OutsideOverlay {
            Objects.requireNonNull(address, "address");
        }

        @Override
        public ImportFinding.Degree degree() {
            return ImportFinding.Degree.WARNING;
        }

        @Override
        public String message() {
            return "address `" + address + "` lies outside of the tailnet's overlay";
        }
    }
}
