package dev.wayleave.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Via6Test {

    @ParameterizedTest
    @CsvSource({
        "7, 10.1.1.0/24, fd7a:115c:a1e0:b1a:0:7:a01:100/120",
        "0, 10.1.1.0/24, fd7a:115c:a1e0:b1a::a01:100/120",
        "1, 10.0.0.0/16, fd7a:115c:a1e0:b1a:0:1:a00:0/112",
        "19, 10.210.115.0/24, fd7a:115c:a1e0:b1a:0:13:ad2:7300/120",
        "65535, 192.168.1.0/24, fd7a:115c:a1e0:b1a:0:ffff:c0a8:100/120",
        "255, 0.0.0.0/0, fd7a:115c:a1e0:b1a:0:ff::/96",
        "4294967295, 255.255.255.255/32, fd7a:115c:a1e0:b1a:ffff:ffff:ffff:ffff/128"
    })
    void aMappingReadsBackEqual(long site, String ipv4, String ipv6) {
        Via6 via = new Via6(site, Prefix.parse(ipv4));
        assertThat(via.toPrefix()).hasToString(ipv6);
        assertThat(Via6.of(Prefix.parse(ipv6))).contains(via);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fd7a:115c:a1e0:b1a::/64",
                "fd7a:115c:a1e0:b1a::/95",
                "fd7a:115c:a1e0:b1b:0:7:a01:100/120",
                "fd7a:115c:a1e0::/48",
                "::/0",
                "10.1.1.0/24"
            })
    void otherPrefixesMapNothing(String prefix) {
        assertThat(Via6.of(Prefix.parse(prefix))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "fd7a:115c:a1e0:b1a:0:ffff:c0a8:100/120, true",
        "fd7a:115c:a1e0:b1a:1:0:c0a8:100/120, false",
        "fd7a:115c:a1e0:b1a::/95, false",
        "fd7a:115c:a1e0:b1a::/64, false",
        "fd7a:115c:a1e0::/48, true",
        "10.0.0.0/8, true",
        "::/0, true"
    })
    void aRouteThatNoClientWouldTakeIsNotAdvertisable(String prefix, boolean advertisable) {
        assertThat(Via6.isAdvertisable(Prefix.parse(prefix))).isEqualTo(advertisable);
    }

    @Test
    void aSiteHas32Bits() {
        Prefix ipv4 = Prefix.parse("10.0.0.0/8");
        assertThatIllegalArgumentException().isThrownBy(() -> new Via6(-1, ipv4));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Via6(1L << 32, ipv4))
                .withMessageContainingAll("4294967296", "4294967295");
    }

    @Test
    void aSiteMapsIpv4Only() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Via6(7, Prefix.parse("fd00::/8")));
    }

    @Test
    void oneAddressHasAName() {
        assertThat(new Via6(7, Prefix.parse("10.1.1.16/32")).name()).contains("10-1-1-16-via-7");
        assertThat(new Via6(7, Prefix.parse("10.1.1.16/31")).name()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10-1-1-16-via-7",
                "10-1-1-16-via-0x7",
                "10-1-1-16-VIA-0X07",
                "10-1-1-16-via-7.",
                "10-1-1-16-via-7.ts.net",
                "10-1-1-16-via-7.tail1234.ts.net",
                "10-1-1-16-via-7.tail1234.ts.net.",
                "10-1-1-16-via-7.a.b.Tailscale.NET"
            })
    void aNameIsReadAsItsMapping(String name) {
        assertThat(Via6.parseName(name)).isEqualTo(new Via6(7, Prefix.parse("10.1.1.16/32")));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            10-1-1-via-7, its address is wrong: it has 3 octets
            10-1-1-256-via-7, its address is wrong: octet 4 is above 255
            10-01-1-1-via-7, its address is wrong: octet 2 has a leading zero
            1::2-via-7, its address is wrong: it is not ipv4
            10-1-1-16-via-, its site is wrong: it is empty
            10-1-1-16-via-4294967296, its site is wrong: it is above 4294967295
            10-1-1-16-via-07, its site is wrong: it has leading zeros
            10-1-1-16-via-x7, its site is wrong: it is not a decimal number
            10-1-1-16-via-0x, its site is wrong: it is not a hexadecimal number
            10-1-1-16-via-7.example.com, its domain is neither
            10-1-1-16-via-7.evilts.net, its domain is neither
            10.1.1.16-via-7, its domain is neither
            10-1-1-16, `-via-` is missing
            " 10-1-1-16-via-7", it contains a blank
            "", it is empty
            """)
    void otherNamesAreRefused(String name, String reason) {
        assertThat(Via6.tryParseName(name)).isEmpty();
        assertThatExceptionOfType(AddressFormatException.class)
                .isThrownBy(() -> Via6.parseName(name))
                .withMessageContaining("is not a 4via6 name: " + reason);
    }

    @Test
    void aSiteIsReadAsANumber() {
        assertThat(Via6.parseSite("19")).isEqualTo(19);
        assertThat(Via6.parseSite("0x13")).isEqualTo(19);
        assertThat(Via6.parseSite("0")).isZero();
        assertThat(Via6.parseSite("0xffffffff")).isEqualTo(4294967295L);
        assertThatExceptionOfType(AddressFormatException.class)
                .isThrownBy(() -> Via6.parseSite("-1"))
                .withMessageContaining("`-1`");
    }

    @Test
    void theSitePrintsAsItStandsInNamesAndInAddresses() {
        assertThat(new Via6(19, Prefix.parse("10.1.1.0/24"))).hasToString("site 19 (0x13), 10.1.1.0/24");
    }
}
