package dev.wayleave.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PrefixPropertyTest {

    private static String bits(IpAddress address) {
        String bits = new BigInteger(1, address.toBytes()).toString(2);
        return "0".repeat(8 * address.toBytes().length - bits.length()) + bits;
    }

    /** The slow twin of containment: texts of ones and zeros that start alike. */
    private static boolean startsAlike(Prefix prefix, IpAddress address) {
        return prefix.isIpv6() == address.isIpv6()
                && bits(address).startsWith(bits(prefix.first()).substring(0, prefix.length()));
    }

    @Property
    void itsTextReadsBack(@ForAll("prefixes") Prefix prefix) {
        assertThat(Prefix.parse(prefix.toString())).isEqualTo(prefix).hasSameHashCodeAs(prefix);
        assertThat(Prefix.tryParse(prefix.toString())).contains(prefix);
        assertThat(Prefix.of(prefix.first(), prefix.length())).isEqualTo(prefix);
    }

    @Property
    void aPrefixIsReadAsTheLibraryReadsIt(@ForAll("prefixes") Prefix prefix) {
        assertThat(StrictOracle.read(prefix.toString()).flatMap(StrictOracle::asPrefix))
                .contains(prefix);
    }

    @Property
    void aPrefixContainsTheAddressesThatStartAsItDoes(
            @ForAll("prefixes") Prefix prefix, @ForAll("addresses") IpAddress address) {
        for (IpAddress probe : List.of(address, prefix.first(), prefix.last())) {
            assertThat(prefix.contains(probe)).isEqualTo(startsAlike(prefix, probe));
        }
    }

    @Property
    void aPrefixContainsThePrefixesThatStartAsItDoesAndAreNoShorter(
            @ForAll("prefixes") Prefix prefix, @ForAll("prefixes") Prefix other) {
        assertThat(prefix.contains(other))
                .isEqualTo(prefix.length() <= other.length() && startsAlike(prefix, other.first()));
    }

    @Property
    void aPrefixOverlapsExactlyThoseThatContainItOrThatItContains(
            @ForAll("prefixes") Prefix prefix, @ForAll("prefixes") Prefix other) {
        assertThat(prefix.overlaps(other)).isEqualTo(prefix.contains(other) || other.contains(prefix));
    }

    @Property
    void itsHostBitsAreZerosAtTheFirstAddressAndOnesAtTheLast(@ForAll("prefixes") Prefix prefix) {
        int hostBits = (prefix.isIpv4() ? 32 : 128) - prefix.length();
        assertThat(bits(prefix.first())).endsWith("0".repeat(hostBits));
        assertThat(bits(prefix.last()))
                .isEqualTo(bits(prefix.first()).substring(0, prefix.length()) + "1".repeat(hostBits));
        assertThat(prefix.isSingleAddress()).isEqualTo(hostBits == 0);
    }

    @Property
    void aPrefixEqualsExactlyThosePrefixesThatCompareEqual(
            @ForAll("prefixes") Prefix one, @ForAll("prefixes") Prefix other) {
        assertThat(one.equals(other)).isEqualTo(one.compareTo(other) == 0);
        assertThat(one.equals(other)).isEqualTo(one.toString().equals(other.toString()));
    }

    @Property
    void prefixesAreOrderedByFirstAddressThenTheWiderFirst(
            @ForAll("prefixes") Prefix one, @ForAll("prefixes") Prefix other) {
        int expected = one.first().equals(other.first())
                ? Integer.compare(one.length(), other.length())
                : one.first().compareTo(other.first());
        assertThat(Integer.signum(one.compareTo(other))).isEqualTo(Integer.signum(expected));
        assertThat(Integer.signum(other.compareTo(one))).isEqualTo(-Integer.signum(expected));
    }

    @Property
    void itsOrderIsTransitive(
            @ForAll("prefixes") Prefix one, @ForAll("prefixes") Prefix two, @ForAll("prefixes") Prefix three) {
        List<Prefix> sorted = List.of(one, two, three).stream().sorted().toList();
        assertThat(sorted.get(0)).isLessThanOrEqualTo(sorted.get(2));
    }

    @Property
    void truncatingFindsTheBlockAroundAnAddress(
            @ForAll("addresses") IpAddress address, @ForAll("prefixes") Prefix any) {
        int length = Math.min(any.length(), address.isIpv4() ? 32 : 128);
        Prefix block = Prefix.truncating(address, length);
        assertThat(block.contains(address)).isTrue();
        assertThat(block.length()).isEqualTo(length);
        assertThat(Prefix.truncating(address + "/" + length)).isEqualTo(block);
        assertThat(Prefix.tryParse(address + "/" + length).isPresent())
                .isEqualTo(block.first().equals(address));
    }

    @Provide
    Arbitrary<Prefix> prefixes() {
        return NetArbitraries.prefixes();
    }

    @Provide
    Arbitrary<IpAddress> addresses() {
        return NetArbitraries.addresses();
    }
}
