package dev.wayleave.testing;

import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpRange;
import dev.wayleave.net.OverlayRanges;
import java.util.List;

/** Overlay ranges with what is left of the public internet beside them, both written out by hand. */
public record NaiveOverlay(OverlayRanges ranges, List<String> own, List<String> internet, String ipv4, String ipv6) {

    private static final List<String> INTERNET = List.of(
            "0.0.0.0-9.255.255.255",
            "11.0.0.0-100.63.255.255",
            "100.128.0.0-169.253.255.255",
            "169.255.0.0-172.15.255.255",
            "172.32.0.0-192.167.255.255",
            "192.169.0.0-255.255.255.255",
            "2000::-3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");

    public static final NaiveOverlay DEFAULT = new NaiveOverlay(
            OverlayRanges.DEFAULT,
            List.of("100.64.0.0-100.115.91.255", "100.115.94.0-100.127.255.255", "fd7a:115c:a1e0::/48"),
            INTERNET,
            "100.64.0.",
            "fd7a:115c:a1e0::");

    public static final NaiveOverlay PRIVATE =
            of(List.of("10.200.0.0/16", "fd42::/48"), INTERNET, "10.200.0.", "fd42::");

    /** On public addresses, which are then no part of the internet. */
    public static final NaiveOverlay PUBLIC = of(
            List.of("44.0.0.0/8", "2001:db8:44::/48"),
            List.of(
                    "0.0.0.0-9.255.255.255",
                    "11.0.0.0-43.255.255.255",
                    "45.0.0.0-100.63.255.255",
                    "100.128.0.0-169.253.255.255",
                    "169.255.0.0-172.15.255.255",
                    "172.32.0.0-192.167.255.255",
                    "192.169.0.0-255.255.255.255",
                    "2000::-2001:db8:43:ffff:ffff:ffff:ffff:ffff",
                    "2001:db8:45::-3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
            "44.0.0.",
            "2001:db8:44::");

    public static final List<NaiveOverlay> ALL = List.of(DEFAULT, PRIVATE, PUBLIC);

    private static NaiveOverlay of(List<String> own, List<String> internet, String ipv4, String ipv6) {
        AddressSet addresses =
                AddressSet.ofRanges(own.stream().map(IpRange::parse).toList());
        return new NaiveOverlay(OverlayRanges.of(addresses), own, internet, ipv4, ipv6);
    }
}
