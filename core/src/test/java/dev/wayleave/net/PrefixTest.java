package dev.wayleave.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0/0",
                "::/0",
                "10.0.0.0/8",
                "10.0.0.1/32",
                "128.0.0.0/1",
                "fd7a:115c:a1e0::/48",
                "8000::/1",
                "::1/128",
                "::ffff:1.2.3.0/120"
            })
    void aPrefixReadsAndPrintsCanonicalText(String text) {
        assertThat(Prefix.parse(text)).hasToString(text);
    }

    @Test
    void aPrefixPrintsRfc5952() {
        assertThat(Prefix.parse("2001:DB8:0::/48")).hasToString("2001:db8::/48");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "10.0.0.0",
                "10.0.0.0/",
                "/8",
                "10.0.0.0/33",
                "::/129",
                "10.0.0.0/08",
                "10.0.0.0/+8",
                "10.0.0.0/-1",
                "10.0.0.0/8 ",
                "10.0.0.0/8/8",
                "10.0.0.1/8",
                "::1/127",
                "fe80::%eth0/64",
                "10.0.0.0/255.0.0.0",
                "10.0.0.0/\u0668"
            })
    void everythingElseIsRefused(String text) {
        assertThat(Prefix.tryParse(text)).isEmpty();
        assertThatExceptionOfType(AddressFormatException.class).isThrownBy(() -> Prefix.parse(text));
    }

    @Test
    void truncatingMasksHostBits() {
        assertThat(Prefix.truncating("10.1.2.3/8")).isEqualTo(Prefix.parse("10.0.0.0/8"));
        assertThat(Prefix.truncating("fd00::1/64")).isEqualTo(Prefix.parse("fd00::/64"));
        assertThat(Prefix.truncating("10.1.2.3/0")).isEqualTo(KnownRanges.EXIT_IPV4);
        assertThat(Prefix.truncating(IpAddress.parse("10.1.2.3"), 24)).isEqualTo(Prefix.parse("10.1.2.0/24"));
        assertThatExceptionOfType(AddressFormatException.class).isThrownBy(() -> Prefix.truncating("10.0.0.0/33"));
    }

    @Test
    void aPrefixIsMadeOfItsFirstAddressAndLength() {
        assertThat(Prefix.of(IpAddress.parse("10.0.0.0"), 8)).isEqualTo(Prefix.parse("10.0.0.0/8"));
        assertThatExceptionOfType(AddressFormatException.class)
                .isThrownBy(() -> Prefix.of(IpAddress.parse("10.0.0.1"), 8))
                .withMessageContainingAll("`10.0.0.1/8`", "`10.0.0.0/8`");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Prefix.of(IpAddress.parse("10.0.0.0"), 33))
                .withMessageContainingAll("33", "32");
        assertThatIllegalArgumentException().isThrownBy(() -> Prefix.of(IpAddress.parse("::"), -1));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0, 10.255.255.255",
        "10.0.0.1/32, 10.0.0.1, 10.0.0.1",
        "0.0.0.0/0, 0.0.0.0, 255.255.255.255",
        "fd00::/64, fd00::, fd00::ffff:ffff:ffff:ffff",
        "fd00::/65, fd00::, fd00::7fff:ffff:ffff:ffff",
        "fd00::/63, fd00::, fd00::1:ffff:ffff:ffff:ffff",
        "::/0, ::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
    })
    void aPrefixHasAFirstAndALastAddress(String prefix, String first, String last) {
        assertThat(Prefix.parse(prefix).first()).hasToString(first);
        assertThat(Prefix.parse(prefix).last()).hasToString(last);
    }

    @Test
    void onlyTheWholeOfAFamilyIsAnExitRoute() {
        assertThat(KnownRanges.EXIT_IPV4.isExitRoute()).isTrue();
        assertThat(KnownRanges.EXIT_IPV6.isExitRoute()).isTrue();
        assertThat(Prefix.parse("0.0.0.0/1").isExitRoute()).isFalse();
        assertThat(KnownRanges.IPV4_MAPPED.isExitRoute()).isFalse();
    }

    @Test
    void aFamilyNeverContainsTheOther() {
        assertThat(KnownRanges.EXIT_IPV4.overlaps(KnownRanges.EXIT_IPV6)).isFalse();
        assertThat(KnownRanges.EXIT_IPV6.contains(KnownRanges.PRIVATE_10)).isFalse();
        assertThat(KnownRanges.EXIT_IPV4).isNotEqualTo(KnownRanges.EXIT_IPV6);
        assertThat(Prefix.parse("::ffff:10.0.0.0/104")).isNotEqualTo(KnownRanges.PRIVATE_10);
    }

    /** Go's netip.Prefix.Compare. */
    @Test
    void prefixesAreOrderedByFamilyThenAddressThenLength() {
        List<Prefix> ordered = Stream.of(
                        "0.0.0.0/0",
                        "0.0.0.0/32",
                        "10.0.0.0/8",
                        "10.0.0.0/16",
                        "10.1.0.0/16",
                        "192.168.0.0/16",
                        "::/0",
                        "::/128",
                        "::1/128",
                        "fd00::/8",
                        "fd00::/64")
                .map(Prefix::parse)
                .toList();
        assertThat(ordered).isSorted();
        assertThat(IntStream.rangeClosed(1, ordered.size())
                        .mapToObj(i -> ordered.get(ordered.size() - i))
                        .sorted())
                .containsExactlyElementsOf(ordered);
    }

    /** Networks end in zeros; a hash that keeps them would fill a few buckets only. */
    @TestFactory
    Stream<DynamicTest> hashesSpreadOverTheBucketsOfAMap() {
        return Stream.of(
                spread("consecutive /24", i -> Prefix.truncating(IpAddress.ofIpv4(0x0a000000 + (i << 8)), 24)),
                spread("consecutive /28", i -> Prefix.truncating(IpAddress.ofIpv4(0x0a000000 + (i << 4)), 28)),
                spread("consecutive /32", i -> Prefix.truncating(IpAddress.ofIpv4(0x64400000 + i), 32)),
                spread("/64 of one site", i -> Prefix.truncating(IpAddress.ofIpv6(0xfd00_0001_0002_0000L + i, 0), 64)),
                spread(
                        "4via6 /120",
                        i -> new Via6(i >> 8, Prefix.truncating(IpAddress.ofIpv4(0x0a000000 + ((i & 0xff) << 8)), 24))
                                .toPrefix()),
                spread(
                        "many lengths at each address",
                        i -> Prefix.truncating(
                                IpAddress.ofIpv6(0xfd7a_0000_0000_0000L + ((long) (i >> 4) << 16), 0),
                                48 + (i & 0xf))));
    }

    private static DynamicTest spread(String name, IntFunction<Prefix> prefix) {
        return DynamicTest.dynamicTest(name, () -> {
            int size = 1 << 16;
            Set<Prefix> prefixes = new HashSet<>();
            Set<Integer> hashes = new HashSet<>();
            Set<Integer> buckets = new HashSet<>();
            for (int i = 0; i < size; i++) {
                Prefix next = prefix.apply(i);
                prefixes.add(next);
                int hash = next.hashCode();
                hashes.add(hash);
                buckets.add((hash ^ hash >>> 16) & (size - 1));
            }
            assertThat(hashes).as("distinct hashes").hasSizeGreaterThan(prefixes.size() * 999 / 1000);
            // As many balls as bins leave 1/e of the bins empty.
            double filled = buckets.size() / (size * (1 - Math.exp(-(double) prefixes.size() / size)));
            assertThat(filled)
                    .as("buckets in use, of those that chance would use")
                    .isBetween(0.98, 1.5);
        });
    }
}
