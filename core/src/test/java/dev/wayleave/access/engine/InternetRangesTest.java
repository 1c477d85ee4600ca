package dev.wayleave.access.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpRange;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.testing.PolicyArbitraries;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A destination holds the internet of its family if it holds each public range of that family. */
class InternetRangesTest {

    private static final AddressSet INTERNET = OverlayRanges.DEFAULT.publicInternet();
    private static final InternetRanges RANGES = new InternetRanges(INTERNET);

    @Provide
    Arbitrary<Prefix> prefixes() {
        Arbitrary<Prefix> wide = Arbitraries.of("0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "::/0", "2000::/3", "2000::/4")
                .map(Prefix::parse);
        return Arbitraries.oneOf(wide, Arbitraries.of(PolicyArbitraries.PREFIXES));
    }

    @Property
    void aPrefixHoldsTheInternetIfItHoldsEachRangeOfIt(@ForAll("prefixes") Prefix prefix) {
        List<IpRange> ofFamily = INTERNET.ranges().stream()
                .filter(range -> range.isIpv4() == prefix.isIpv4())
                .toList();
        AddressSet destination = AddressSet.of(prefix);
        assertThat(RANGES.isHeldBy(prefix)).isEqualTo(destination.contains(AddressSet.ofRanges(ofFamily)));
    }
}
