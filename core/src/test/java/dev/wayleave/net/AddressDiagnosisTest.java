package dev.wayleave.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The message about a text that is refused, and the text that it suggests; {@code -} for no suggestion. */
class AddressDiagnosisTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            10.0.0.1/8             | bits are set after the prefix length                      | 10.0.0.0/8
            fd7a:115c:a1e0::1/48   | bits are set after the prefix length                      | fd7a:115c:a1e0::/48
            10.0.0.1               | the length is missing                                     | 10.0.0.1/32
            fd00::1                | the length is missing                                     | fd00::1/128
            10.0.0.0/              | the length after the slash is missing                     | -
            /8                     | the address before the slash is missing                   | -
            10.0.0.0//8            | it has more than one slash                                | -
            10.0.0.0/8/8           | it has more than one slash                                | -
            10.0.0.0/33            | the length is above 32                                    | -
            fd00::/129             | the length is above 128                                   | -
            10.0.0.0/99999999999   | the length is above 32                                    | -
            10.0.0.0/08            | the length has a leading zero                             | 10.0.0.0/8
            0.0.0.0/00             | the length has a leading zero                             | 0.0.0.0/0
            10.0.0.0/+8            | the length is not a decimal number                        | 10.0.0.0/8
            10.0.0.0/-8            | the length is not a decimal number                        | -
            10.0.0.0/eight         | the length is not a decimal number                        | -
            10.0.0.0/255.0.0.0     | the length is written as a mask                           | 10.0.0.0/8
            10.0.0.1/255.255.255.0 | the length is written as a mask                           | 10.0.0.0/24
            10.0.0.0/0.255.255.255 | the length is written as a mask                           | 10.0.0.0/8
            10.0.0.0/255.0.255.0   | the length is written as a mask, and the ones in it are not all in front | -
            10.0.0.0/ffff::        | the length is written as a mask                           | -
            fd00::/ffff::          | the length is written as a mask                           | fd00::/16
            ""                     | it is empty                                               | -
            " 10.0.0.0/8"          | it contains a blank                                       | 10.0.0.0/8
            10.0.0.0 /8            | it contains a blank                                       | 10.0.0.0/8
            10.0.0.0/ 8            | it contains a blank                                       | 10.0.0.0/8
            10.1.*.*               | it has a wildcard                                         | 10.1.0.0/16
            fd00:*                 | it has a wildcard                                         | fd00::/16
            10.0.0.0-10.0.0.255    | it is a range                                             | 10.0.0.0/24
            10.0.0.0-10.0.0.254    | it is a range                                             | -
            10/8                   | it is a plain number                                      | 10.0.0.0/8
            192.168/16             | it has 2 octets, not 4                                    | 192.168.0.0/16
            10.0.0.0.0/8           | it has 5 octets, not 4                                    | -
            10.0.0.256/32          | octet 4 is above 255                                      | -
            10.0.0.1000/32         | octet 4 is above 255                                      | -
            10.010.0.0/16          | octet 2 has a leading zero, which some programs read as octal | -
            10..0.0/8              | octet 2 is empty                                          | -
            10.0.0.x/8             | octet 4 is not a decimal number                           | -
            office/8               | it is a name, and names are not looked up                 | -
            example.com            | it is a name, and names are not looked up                 | -
            fe80::1%eth0/64        | it has a zone, which means something on one host only     | fe80::/64
            [fd00::]/8             | it has brackets                                           | fd00::/8
            10.0.0.0:80/8          | it has a port                                             | 10.0.0.0/8
            1:2:3:4:5:6:7:8:9/128  | it has 9 groups, not 8                                    | -
            1:2:3/128              | it has 3 groups, not 8                                    | -
            1::2::3/128            | it has `::` twice                                         | -
            1:::2/128              | it has more than two colons in a row                      | -
            :1:2:3:4:5:6:7/128     | it starts or ends with a single colon                     | -
            1:2:3:4:5:6:7:/128     | it starts or ends with a single colon                     | -
            1:2:3:4::5:6:7:8/128   | it has 8 groups, which leaves none for `::` to stand for  | -
            fd00::12345/128        | group 2 has more than 4 digits                            | -
            fd00::g/128            | `g` in group 2 is not a hexadecimal digit                 | -
            ::ffff:1.2.3/128       | its embedded ipv4 address is wrong: it has 3 octets, not 4 | -
            1.2.3.4::/128          | an embedded ipv4 address can only be at the end           | -
            ::1.2.3.4:5/128        | an embedded ipv4 address can only be at the end           | -
            """)
    void aRefusedPrefixHasAReasonAndASuggestion(String text, String reason, String suggestion) {
        check(Prefix::parse, text, "a prefix", reason, suggestion);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            ""              | it is empty                                           | -
            "10.0.0.1 "     | it contains a blank                                   | 10.0.0.1
            10.0.0.5/24     | it has a slash, as only a prefix has                  | 10.0.0.5
            10.0.0.1:8080   | it has a port                                         | 10.0.0.1
            [::1]:443       | it has brackets                                       | ::1
            fe80::1%eth0    | it has a zone, which means something on one host only | fe80::1
            10.0.0.1-10.0.0.9 | it is a range                                       | -
            167772161       | it is a plain number                                  | -
            0x0a000001      | it is hexadecimal                                     | -
            10.0.1          | it has 3 octets, not 4                                | -
            *               | it has a wildcard                                     | -
            localhost       | it is a name, and names are not looked up             | -
            010.0.0.1       | octet 1 has a leading zero, which some programs read as octal | -
            """)
    void aRefusedAddressHasAReasonAndASuggestion(String text, String reason, String suggestion) {
        check(IpAddress::parse, text, "an address", reason, suggestion);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            ""                    | it is empty                                                 | -
            10.0.0.9-10.0.0.1     | its last address comes before its first                     | 10.0.0.1-10.0.0.9
            10.0.0.1-fd00::1      | its addresses are of different families                     | -
            10.0.0.1-9            | its last address is wrong: it is a plain number             | 10.0.0.1-10.0.0.9
            10.0.0.1-             | its last address is wrong: it is empty                      | -
            -10.0.0.1             | its first address is wrong: it is empty                     | -
            10.0.0.1 - 10.0.0.9   | it contains a blank                                         | 10.0.0.1-10.0.0.9
            10.0.0.1-10.0.0.9-    | it has more than one dash                                   | -
            10.0.0.0/8-11.0.0.0/8 | its first address is wrong: it has a slash, as only a prefix has | -
            10.0.0.1/8            | bits are set after the prefix length                        | 10.0.0.0/8
            10.0.0.256            | octet 4 is above 255                                        | -
            """)
    void aRefusedRangeHasAReasonAndASuggestion(String text, String reason, String suggestion) {
        check(IpRange::parse, text, "an address, prefix or range", reason, suggestion);
    }

    private static void check(
            Function<String, Object> parser, String text, String what, String reason, String suggestion) {
        AddressFormatException refused = catchThrowableOfType(AddressFormatException.class, () -> parser.apply(text));
        assertThat(refused).as(text).isNotNull();
        assertThat(refused.reason()).isEqualTo(reason);
        assertThat(refused.suggestion().orElse("-")).isEqualTo(suggestion);
        assertThat(refused.text()).isEqualTo(text);
        assertThat(refused)
                .hasMessage("`" + text + "` is not " + what + ": " + reason
                        + refused.suggestion()
                                .map(meant -> "; write `" + meant + "`")
                                .orElse(""));
    }

    @Test
    void theQuoteOfALongTextIsCut() {
        String text = "1".repeat(1_000_000);
        assertThatExceptionOfType(AddressFormatException.class)
                .isThrownBy(() -> Prefix.parse(text))
                .withMessageStartingWith("`" + "1".repeat(80) + "...`")
                .satisfies(refused -> assertThat(refused.text()).isSameAs(text));
    }

    @Test
    void aTextCannotForgeALineOfALog() {
        assertThatExceptionOfType(AddressFormatException.class)
                .isThrownBy(() -> Prefix.parse("10.0.0.0/8\n`granted` \u0661"))
                .withMessageStartingWith("`10.0.0.0/8\\u000a\\u0060granted\\u0060 \\u0661`");
    }
}
