package dev.wayleave.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownRangesTest {

    @Test
    void thePublicInternetIsWhatTailscaleSends() {
        assertThat(KnownRanges.PUBLIC_INTERNET.ranges().stream().map(range -> range.first() + "-" + range.last()))
                .containsExactly(
                        "0.0.0.0-9.255.255.255",
                        "11.0.0.0-100.63.255.255",
                        "100.128.0.0-169.253.255.255",
                        "169.255.0.0-172.15.255.255",
                        "172.32.0.0-192.167.255.255",
                        "192.169.0.0-255.255.255.255",
                        "2000::-3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    }

    @Test
    void thePublicInternetIsEverythingLessWhatHeadscaleTakesAway() {
        AddressSet headscale = AddressSet.of(KnownRanges.EXIT_IPV4, KnownRanges.GLOBAL_UNICAST_IPV6)
                .subtract(AddressSet.of(
                        KnownRanges.PRIVATE_10,
                        KnownRanges.PRIVATE_172_16,
                        KnownRanges.PRIVATE_192_168,
                        KnownRanges.CGNAT,
                        KnownRanges.LINK_LOCAL_IPV4,
                        KnownRanges.UNIQUE_LOCAL,
                        KnownRanges.TAILSCALE_ULA,
                        KnownRanges.LINK_LOCAL_IPV6));
        assertThat(headscale).isEqualTo(KnownRanges.PUBLIC_INTERNET);
    }

    @Test
    void headscaleWritesThePublicInternetAs47Ipv4BlocksAndOneOfIpv6() {
        assertThat(KnownRanges.PUBLIC_INTERNET.prefixes())
                .hasSize(48)
                .startsWith(Prefix.parse("0.0.0.0/5"), Prefix.parse("8.0.0.0/7"), Prefix.parse("11.0.0.0/8"))
                .endsWith(Prefix.parse("224.0.0.0/3"), Prefix.parse("2000::/3"))
                .contains(Prefix.parse("192.192.0.0/10"), Prefix.parse("193.0.0.0/8"));
    }

    @Test
    void theDefaultOverlayIsTheSharedSpaceLessChromeOsAndTheUniqueLocalBlock() {
        assertThat(OverlayRanges.DEFAULT.addresses())
                .isEqualTo(AddressSet.of(KnownRanges.CGNAT, KnownRanges.TAILSCALE_ULA)
                        .subtract(AddressSet.of(KnownRanges.CHROME_OS_VMS)))
                .hasToString("[100.64.0.0-100.115.91.255, 100.115.94.0-100.127.255.255, fd7a:115c:a1e0::/48]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"100.64.0.1", "100.115.91.255", "100.115.94.0", "100.127.255.255", "fd7a:115c:a1e0::1"})
    void nodesHaveOverlayAddresses(String address) {
        assertThat(OverlayRanges.DEFAULT.contains(IpAddress.parse(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"100.63.255.255", "100.115.92.0", "100.115.93.255", "100.128.0.0", "fd7a:115c:a1e1::"})
    void nodesHaveNoOtherAddresses(String address) {
        assertThat(OverlayRanges.DEFAULT.contains(IpAddress.parse(address))).isFalse();
    }

    @Test
    void theDefaultOverlayTakesNothingFromThePublicInternet() {
        assertThat(OverlayRanges.DEFAULT.publicInternet()).isEqualTo(KnownRanges.PUBLIC_INTERNET);
    }

    @Test
    void anOverlayOnPublicAddressesIsNoPartOfTheInternet() {
        OverlayRanges own = OverlayRanges.of(AddressSet.of(Prefix.parse("44.0.0.0/8"), Prefix.parse("10.0.0.0/8")));
        assertThat(own.publicInternet().contains(IpAddress.parse("44.1.1.1"))).isFalse();
        assertThat(own.publicInternet().union(AddressSet.of(Prefix.parse("44.0.0.0/8"))))
                .isEqualTo(KnownRanges.PUBLIC_INTERNET);
    }

    @Test
    void overlaysOfEqualAddressesAreEqual() {
        assertThat(OverlayRanges.of(OverlayRanges.DEFAULT.addresses()))
                .isEqualTo(OverlayRanges.DEFAULT)
                .hasSameHashCodeAs(OverlayRanges.DEFAULT)
                .hasToString(OverlayRanges.DEFAULT.toString())
                .isNotEqualTo(OverlayRanges.of(AddressSet.of(KnownRanges.CGNAT)));
    }

    @Test
    void anOverlayHasAddresses() {
        assertThatIllegalArgumentException().isThrownBy(() -> OverlayRanges.of(AddressSet.empty()));
    }
}
