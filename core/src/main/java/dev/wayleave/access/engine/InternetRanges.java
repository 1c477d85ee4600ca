package dev.wayleave.access.engine;

import com.google.common.collect.Collections2;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpRange;
import dev.wayleave.net.Prefix;
import java.util.List;
import java.util.Objects;

/**
 * The public internet, as far as it is none of the tailnet's own, and which prefixes of a policy lead to it.
 */
public final class InternetRanges {

    private final AddressSet all;
    private final AddressSet ipv4;
    private final AddressSet ipv6;

    /**
     * Takes the ranges.
     *
     * @param all what {@code autogroup:internet} stands for
     */
    public InternetRanges(AddressSet all) {
        this.all = Objects.requireNonNull(all, "all");
        this.ipv4 = AddressSet.ofRanges(Collections2.filter(all.ranges(), IpRange::isIpv4));
        this.ipv6 = AddressSet.ofRanges(Collections2.filter(all.ranges(), IpRange::isIpv6));
    }

    /** {@return what {@code autogroup:internet} stands for} */
    public AddressSet all() {
        return all;
    }

    /**
     * {@return whether a prefix is a part of the internet or holds all of it of its family, and so goes to exit nodes}
     *
     * @param prefix a destination of a rule
     */
    public boolean isPublic(Prefix prefix) {
        return all.contains(prefix) || isHeldBy(prefix);
    }

    /**
     * {@return whether a prefix overlaps the public ranges, so that a subnet route for it leads to the internet}
     *
     * @param prefix a subnet route
     */
    public boolean isPartlyPublic(Prefix prefix) {
        return all.overlaps(prefix);
    }

    /**
     * {@return whether a prefix holds all of the internet of its family}
     *
     * @param prefix a destination of a rule
     */
    public boolean isHeldBy(Prefix prefix) {
        AddressSet ofFamily = prefix.isIpv4() ? ipv4 : ipv6;
        List<IpRange> ranges = ofFamily.ranges();
        return !ranges.isEmpty()
                && prefix.contains(ranges.get(0).first())
                && prefix.contains(ranges.get(ranges.size() - 1).last());
    }
}
