package dev.wayleave.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AddressSetTest {

    private static AddressSet set(String... ranges) {
        return AddressSet.ofRanges(Stream.of(ranges).map(IpRange::parse).toList());
    }

    @Test
    void aSetJoinsRangesThatOverlapOrTouch() {
        assertThat(set("10.0.1.0/24", "10.0.0.0/24", "10.0.0.128/25", "10.0.3.0/24"))
                .hasToString("[10.0.0.0/23, 10.0.3.0/24]");
        assertThat(set("fd00::1-fd00::5", "fd00::6")).hasToString("[fd00::1-fd00::6]");
    }

    @Test
    void theFamiliesDoNotTouch() {
        assertThat(set("255.255.255.255", "::")).hasToString("[255.255.255.255, ::]");
        assertThat(KnownRanges.EVERYTHING).hasToString("[0.0.0.0/0, ::/0]");
    }

    @Test
    void theEndOfAFamilyDoesNotTouchItsStart() {
        assertThat(set("255.255.255.255", "0.0.0.0")).hasToString("[0.0.0.0, 255.255.255.255]");
        assertThat(set("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::").ranges())
                .hasSize(2);
    }

    @Test
    void aSetAddsTakesAwayAndIntersects() {
        AddressSet wide = set("10.0.0.0/8", "fd00::/8");
        AddressSet narrow = set("10.1.0.0/16", "192.168.0.0/16");
        assertThat(wide.union(narrow)).isEqualTo(set("10.0.0.0/8", "192.168.0.0/16", "fd00::/8"));
        assertThat(wide.subtract(narrow))
                .isEqualTo(set("10.0.0.0-10.0.255.255", "10.2.0.0-10.255.255.255", "fd00::/8"));
        assertThat(wide.intersect(narrow)).isEqualTo(set("10.1.0.0/16"));
    }

    @Test
    void allOfIpv4WithoutThePrivateAndTheSharedBlocksTakes38Prefixes() {
        AddressSet ipv4 = set("0.0.0.0/0");
        assertThat(ipv4.subtract(set("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))
                        .prefixes())
                .hasSize(38);
    }

    @Test
    void theEmptySetHoldsNothingAndIsInEverySet() {
        assertThat(AddressSet.empty().isEmpty()).isTrue();
        assertThat(AddressSet.empty().contains(IpAddress.parse("::"))).isFalse();
        assertThat(AddressSet.empty().contains(AddressSet.empty())).isTrue();
        assertThat(set("10.0.0.0/8").contains(AddressSet.empty())).isTrue();
        assertThat(set("10.0.0.0/8").overlaps(AddressSet.empty())).isFalse();
        assertThat(AddressSet.of()).isSameAs(AddressSet.empty()).hasToString("[]");
        assertThat(set("10.0.0.0/8").subtract(set("0.0.0.0/0"))).isEqualTo(AddressSet.empty());
    }

    @Test
    void aSetContainsABlockOnlyIfItContainsAllOfIt() {
        AddressSet set = set("10.0.0.0-10.0.2.255", "fd00::/8");
        assertThat(set.contains(Prefix.parse("10.0.0.0/23"))).isTrue();
        assertThat(set.contains(Prefix.parse("10.0.2.0/23"))).isFalse();
        assertThat(set.overlaps(Prefix.parse("10.0.2.0/23"))).isTrue();
        assertThat(set.overlaps(Prefix.parse("10.0.3.0/24"))).isFalse();
        assertThat(set.overlaps(Prefix.parse("0.0.0.0/0"))).isTrue();
        assertThat(set.contains(Prefix.parse("::/0"))).isFalse();
    }

    @Test
    void aSetIsMadeOfAddressesToo() {
        assertThat(AddressSet.ofAddresses(
                        List.of(IpAddress.parse("10.0.0.2"), IpAddress.parse("10.0.0.1"), IpAddress.parse("10.0.0.2"))))
                .hasToString("[10.0.0.1-10.0.0.2]");
    }
}
