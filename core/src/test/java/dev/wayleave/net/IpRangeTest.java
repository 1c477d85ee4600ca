package dev.wayleave.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpRangeTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1",
        "10.0.0.1/32, 10.0.0.1",
        "10.0.0.1-10.0.0.1, 10.0.0.1",
        "10.0.0.0/8, 10.0.0.0/8",
        "10.0.0.0-10.255.255.255, 10.0.0.0/8",
        "10.0.0.1-10.255.255.255, 10.0.0.1-10.255.255.255",
        "10.0.0.128-10.0.1.127, 10.0.0.128-10.0.1.127",
        "0.0.0.0-255.255.255.255, 0.0.0.0/0",
        "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ::/0",
        "fd00::1-fd00::1:0, fd00::1-fd00::1:0",
        "100.64.0.0-100.115.91.255, 100.64.0.0-100.115.91.255"
    })
    void aRangePrintsTheShortestText(String text, String canonical) {
        assertThat(IpRange.parse(text)).hasToString(canonical);
        assertThat(IpRange.parse(canonical)).isEqualTo(IpRange.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "10.0.0.1-",
                "-10.0.0.1",
                "10.0.0.2-10.0.0.1",
                "10.0.0.1-::1",
                "10.0.0.1 - 10.0.0.2",
                "10.0.0.1-2",
                "10.0.0.0/8-11.0.0.0/8",
                "10.0.0.1-10.0.0.2-10.0.0.3",
                "10.0.0.1/8",
                "*"
            })
    void everythingElseIsRefused(String text) {
        assertThat(IpRange.tryParse(text)).isEmpty();
        assertThatExceptionOfType(AddressFormatException.class).isThrownBy(() -> IpRange.parse(text));
    }

    @Test
    void itsEndsAreOfOneFamilyAndInOrder() {
        assertThatExceptionOfType(AddressFormatException.class)
                .isThrownBy(() -> new IpRange(IpAddress.parse("10.0.0.2"), IpAddress.parse("10.0.0.1")))
                .withMessageContainingAll("`10.0.0.2-10.0.0.1`", "`10.0.0.1-10.0.0.2`");
        assertThatExceptionOfType(AddressFormatException.class)
                .isThrownBy(() -> new IpRange(IpAddress.parse("10.0.0.2"), IpAddress.parse("::1")));
    }

    @Test
    void aRangeIsMadeOfTheFewestBlocks() {
        assertThat(IpRange.parse("10.0.0.1-10.0.0.6").toPrefixes())
                .extracting(Prefix::toString)
                .containsExactly("10.0.0.1/32", "10.0.0.2/31", "10.0.0.4/31", "10.0.0.6/32");
        assertThat(IpRange.parse("0.0.0.1-255.255.255.254").toPrefixes()).hasSize(62);
        assertThat(IpRange.parse("::1-ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe").toPrefixes())
                .hasSize(254);
        assertThat(IpRange.parse("::/0").toPrefixes()).isEqualTo(List.of(KnownRanges.EXIT_IPV6));
    }

    @Test
    void theFamiliesNeverMeet() {
        IpRange ipv4 = IpRange.of(KnownRanges.EXIT_IPV4);
        IpRange ipv6 = IpRange.of(KnownRanges.EXIT_IPV6);
        assertThat(ipv4.overlaps(ipv6)).isFalse();
        assertThat(ipv6.contains(ipv4)).isFalse();
        assertThat(ipv4.contains(IpAddress.parse("::1"))).isFalse();
        assertThat(ipv4.isIpv4()).isTrue();
        assertThat(ipv6.isIpv6()).isTrue();
    }
}
