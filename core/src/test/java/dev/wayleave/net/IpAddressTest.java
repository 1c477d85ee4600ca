package dev.wayleave.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

    /** The examples of RFC 5952 and their like. */
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "2001:0db8::0001, 2001:db8::1",
        "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:DB8::ABCD, 2001:db8::abcd",
        "0:0:0:0:0:0:0:0, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "1:0:0:0:0:0:0:0, 1::",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "::ffff:1.2.3.4, ::ffff:1.2.3.4",
        "::ffff:102:304, ::ffff:1.2.3.4",
        "::1.2.3.4, ::102:304",
        "64:ff9b::1.2.3.4, 64:ff9b::102:304",
        "::ffff:0:0, ::ffff:0.0.0.0"
    })
    void anAddressPrintsTheCanonicalText(String text, String canonical) {
        assertThat(IpAddress.parse(text)).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "01.2.3.4",
                "1.2.3.256",
                "1.2.3.4 ",
                " 1.2.3.4",
                "1.2.3.",
                ".1.2.3",
                "1..2.3",
                "+1.2.3.4",
                "0x1.2.3.4",
                "1.2.3.4/32",
                "1.2.3.4:80",
                "[::1]",
                "::1%eth0",
                ":",
                ":::",
                "1:::2",
                "::1::",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4::5:6:7:8",
                ":1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:",
                "12345::",
                "00001::",
                "::g",
                "::1.2.3",
                "::1.2.3.04",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::1.2.3.4:5",
                "1.2.3.4::",
                "\u0661.2.3.4",
                "\uff11.2.3.4",
                "localhost",
                "*"
            })
    void everythingElseIsRefused(String text) {
        assertThat(IpAddress.tryParse(text)).isEmpty();
    }

    @Test
    void aMappedAddressIsIpv6AndEqualsNoIpv4Address() {
        IpAddress mapped = IpAddress.parse("::ffff:10.0.0.1");
        assertThat(mapped.isIpv6()).isTrue();
        assertThat(mapped).isNotEqualTo(IpAddress.parse("10.0.0.1"));
        assertThat(Prefix.parse("10.0.0.0/8").contains(mapped)).isFalse();
    }

    @Test
    void ipv4ComesBeforeIpv6AndValuesAreUnsigned() {
        assertThat(IpAddress.parse("255.255.255.255")).isLessThan(IpAddress.parse("::"));
        assertThat(IpAddress.parse("127.255.255.255")).isLessThan(IpAddress.parse("128.0.0.0"));
        assertThat(IpAddress.parse("7fff::")).isLessThan(IpAddress.parse("8000::"));
        assertThat(IpAddress.parse("::7fff:ffff:ffff:ffff")).isLessThan(IpAddress.parse("::8000:0:0:0"));
    }

    @Test
    void anAddressIsMadeOfBytes() {
        assertThat(IpAddress.ofBytes(new byte[] {10, 0, 0, (byte) 200})).hasToString("10.0.0.200");
        assertThat(IpAddress.ofBytes(new byte[16])).hasToString("::");
        assertThat(IpAddress.ofIpv4(0x0a0000c8)).hasToString("10.0.0.200");
        assertThat(IpAddress.ofIpv6(0xfd00_0000_0000_0000L, 1)).hasToString("fd00::1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IpAddress.ofBytes(new byte[5]))
                .withMessageContaining("5 bytes");
    }

    @Test
    void itsPrefixHoldsItAlone() {
        assertThat(IpAddress.parse("10.0.0.1").toPrefix()).hasToString("10.0.0.1/32");
        assertThat(IpAddress.parse("fd00::1").toPrefix()).hasToString("fd00::1/128");
    }
}
