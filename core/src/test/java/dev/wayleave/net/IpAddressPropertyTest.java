package dev.wayleave.net;

import static org.assertj.core.api.Assertions.assertThat;

import inet.ipaddr.IPAddress;
import java.math.BigInteger;
import java.util.Comparator;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class IpAddressPropertyTest {

    private static final Comparator<IpAddress> BY_FAMILY_AND_VALUE =
            Comparator.comparing(IpAddress::isIpv6).thenComparing(IpAddressPropertyTest::value);

    private static BigInteger value(IpAddress address) {
        return new BigInteger(1, address.toBytes());
    }

    @Property
    void itsTextReadsBack(@ForAll("addresses") IpAddress address) {
        assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
    }

    @Property
    void itsTextIsTheLibrarysButForMappedAddresses(@ForAll("addresses") IpAddress address) {
        IPAddress theirs = StrictOracle.theirs(address);
        boolean mapped = theirs.isIPv6() && theirs.toIPv6().isIPv4Mapped();
        String expected = mapped ? "::ffff:" + theirs.toIPv6().getEmbeddedIPv4Address() : theirs.toCanonicalString();
        assertThat(address).hasToString(expected);
    }

    @Property
    void itsUpperCaseAndFullTextReadBack(@ForAll("addresses") IpAddress address) {
        assertThat(IpAddress.parse(StrictOracle.theirs(address)
                        .toFullString()
                        .toUpperCase(java.util.Locale.ROOT)
                        .replaceAll("(^|\\.)0+(?=\\d)", address.isIpv4() ? "$1" : "$0")))
                .isEqualTo(address);
    }

    @Property
    void itsBytesReadBack(@ForAll("addresses") IpAddress address) {
        assertThat(IpAddress.ofBytes(address.toBytes())).isEqualTo(address);
        assertThat(address.toBytes()).hasSize(address.isIpv4() ? 4 : 16);
    }

    @Property
    void addressesAreOrderedByFamilyAndValue(@ForAll("addresses") IpAddress one, @ForAll("addresses") IpAddress other) {
        assertThat(Integer.signum(one.compareTo(other)))
                .isEqualTo(Integer.signum(BY_FAMILY_AND_VALUE.compare(one, other)))
                .isEqualTo(-Integer.signum(other.compareTo(one)));
    }

    @Property
    void anAddressEqualsExactlyThoseThatCompareEqual(
            @ForAll("addresses") IpAddress one, @ForAll("addresses") IpAddress other) {
        assertThat(one.equals(other)).isEqualTo(one.compareTo(other) == 0);
        assertThat(IpAddress.ofBytes(one.toBytes())).isEqualTo(one).hasSameHashCodeAs(one);
    }

    @Property
    void anAddressIsJustBeforeTheNextOneOnly(@ForAll("addresses") IpAddress one, @ForAll("addresses") IpAddress other) {
        assertThat(one.isJustBefore(other))
                .isEqualTo(one.isIpv6() == other.isIpv6()
                        && value(one).add(BigInteger.ONE).equals(value(other)));
    }

    @Property
    void anAddressIsJustBeforeTheNextOne(@ForAll("addresses") IpAddress address) {
        byte[] next = value(address).add(BigInteger.ONE).toByteArray();
        byte[] bytes = new byte[address.toBytes().length];
        for (int i = 1; i <= Math.min(bytes.length, next.length); i++) {
            bytes[bytes.length - i] = next[next.length - i];
        }
        IpAddress after = IpAddress.ofBytes(bytes);
        boolean isLast = value(after).signum() == 0;
        assertThat(address.isJustBefore(after)).isEqualTo(!isLast);
        assertThat(after.isJustBefore(address)).isFalse();
    }

    @Provide
    Arbitrary<IpAddress> addresses() {
        return NetArbitraries.addresses();
    }
}
