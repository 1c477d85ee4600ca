package dev.wayleave.net;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class Via6PropertyTest {

    @Property
    void aMappingReadsBackEqual(@ForAll("via6s") Via6 via) {
        assertThat(Via6.of(via.toPrefix())).contains(via);
    }

    @Property
    void aPrefixIsAMappingInTheRangeAlone(@ForAll("prefixes") Prefix prefix) {
        boolean maps = KnownRanges.VIA6.contains(prefix) && prefix.length() >= 96;
        assertThat(Via6.of(prefix).map(Via6::toPrefix))
                .isEqualTo(maps ? java.util.Optional.of(prefix) : java.util.Optional.empty());
    }

    /** The text of the address spells site and IPv4 address in hexadecimal; the library reads it. */
    @Property
    void aMappingIsWrittenAsTheSiteAndTheAddress(@ForAll("via6s") Via6 via) {
        int ipv4 = (int) (via.ipv4().first().highBits() >>> 32);
        String text = String.format(
                "fd7a:115c:a1e0:b1a:%x:%x:%x:%x/%d",
                via.site() >>> 16,
                via.site() & 0xffff,
                ipv4 >>> 16,
                ipv4 & 0xffff,
                96 + via.ipv4().length());
        assertThat(StrictOracle.read(text).flatMap(StrictOracle::asPrefix)).contains(via.toPrefix());
    }

    @Property
    void equalBlocksAtDifferentSitesDoNotOverlap(@ForAll("via6s") Via6 one, @ForAll("via6s") Via6 other) {
        assertThat(one.toPrefix().overlaps(other.toPrefix()))
                .isEqualTo(one.site() == other.site() && one.ipv4().overlaps(other.ipv4()));
    }

    @Property
    void itsNameReadsBack(@ForAll("via6s") Via6 via) {
        assertThat(via.name().map(Via6::parseName)).isEqualTo(via.name().map(name -> via));
        assertThat(via.name().isPresent()).isEqualTo(via.toPrefix().isSingleAddress());
    }

    @Property
    void aMappingIsAdvertisableUpToTheHighestSite(@ForAll("via6s") Via6 via) {
        assertThat(Via6.isAdvertisable(via.toPrefix())).isEqualTo(via.site() <= 65535);
    }

    @Provide
    Arbitrary<Via6> via6s() {
        return NetArbitraries.via6s();
    }

    @Provide
    Arbitrary<Prefix> prefixes() {
        return NetArbitraries.prefixes();
    }
}
