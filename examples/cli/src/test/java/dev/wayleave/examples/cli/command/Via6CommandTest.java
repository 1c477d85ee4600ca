package dev.wayleave.examples.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.cli.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Via6CommandTest {

    @ParameterizedTest
    @CsvSource({
        "7,      10.1.1.0/24,     fd7a:115c:a1e0:b1a:0:7:a01:100/120",
        "0,      10.1.1.0/24,     fd7a:115c:a1e0:b1a::a01:100/120",
        "1,      10.0.0.0/16,     fd7a:115c:a1e0:b1a:0:1:a00:0/112",
        "0x13,   10.210.115.0/24, fd7a:115c:a1e0:b1a:0:13:ad2:7300/120",
        "65535,  192.168.1.0/24,  fd7a:115c:a1e0:b1a:0:ffff:c0a8:100/120",
        "255,    0.0.0.0/0,       fd7a:115c:a1e0:b1a:0:ff::/96",
    })
    void aSiteAndAnAddressAreTranslatedToTheMapping(String site, String ipv4, String ipv6) {
        assertThat(Run.of("via6", site, ipv4)).isEqualTo(new Run(0, ipv6 + "\n", ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fd7a:115c:a1e0:b1a:0:7:a01:100/120   | site 7 (0x7), 10.1.1.0/24",
                "fd7a:115c:a1e0:b1a:0:ff::/96         | site 255 (0xff), 0.0.0.0/0",
                "fd7a:115c:a1e0:b1a:0:7:a01:110/128   | site 7 (0x7), 10.1.1.16/32",
            })
    void aMappingIsTranslatedBack(String ipv6, String site) {
        assertThat(Run.of("via6", ipv6)).isEqualTo(new Run(0, site + "\n", ""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            70000 10.1.1.0/24 | `70000` … reserved … 65535
            seven 10.1.1.0/24 | `seven` … site
            -1 10.1.1.0/24    | `-1` … site
            7 10.1.1.1/24     | `10.1.1.1/24` … `10.1.1.0/24`
            7 fd00::/8        | `fd00::/8` … IPv6 … IPv4
            7 10.1.1.0        | `10.1.1.0` … prefix
            10.1.1.0/24       | `10.1.1.0/24` … IPv4 … fd7a:115c:a1e0:b1a::/64 … 96
            fd7a:115c:a1e0:b1a::/64 | `fd7a:115c:a1e0:b1a::/64` … IPv4
            7 10.1.1.0/24 x   | argument
            """)
    void anArgumentThatCannotBeTranslatedIsRefused(String arguments, String complaint) {
        Run.of(("via6 " + arguments).split(" ")).assertRefused(complaint);
    }

    @Test
    void theCommandAsksForArguments() {
        assertThat(Run.of("via6").code()).isEqualTo(2);
    }
}
