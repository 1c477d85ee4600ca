package dev.wayleave.net;

import inet.ipaddr.AddressStringException;
import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import inet.ipaddr.ipv4.IPv4AddressStringParameters;
import inet.ipaddr.ipv6.IPv6AddressStringParameters;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the IPAddress library reads in a text once it is made as strict as Go's {@code netip}.
 *
 * <p>{@code allowPrefixLengthLeadingZeros} stays on, since without it {@code /0} is refused too; leading zeros of the
 * length are checked here instead, and so are blanks, which the library trims under any parameters.
 *
 * @param address the address as it was written, host bits and all
 * @param lengthOrNull the prefix length; null if there is none
 */
record StrictOracle(IpAddress address, @Nullable Integer lengthOrNull) {

    private static final IPAddressStringParameters STRICT = parameters();
    private static final Pattern SHAPE = Pattern.compile("[0-9a-fA-F.:]+(/(0|[1-9][0-9]{0,2}))?");

    /** The address or prefix in the text; empty if it is neither. */
    static Optional<StrictOracle> read(String text) {
        if (!SHAPE.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            IPAddress address = new IPAddressString(text, STRICT).toAddress();
            return address == null || (text.indexOf('/') >= 0 && address.getNetworkPrefixLength() == null)
                    ? Optional.empty()
                    : Optional.of(new StrictOracle(ours(address.getLower()), address.getNetworkPrefixLength()));
        } catch (AddressStringException refused) {
            return Optional.empty();
        }
    }

    /** The address, if the text had no length. */
    Optional<IpAddress> asAddress() {
        return lengthOrNull == null ? Optional.of(address) : Optional.empty();
    }

    /** The prefix with its host bits set to zero, if the text had a length. */
    Optional<Prefix> asTruncated() {
        return Optional.ofNullable(lengthOrNull).map(length -> Prefix.truncating(address, length));
    }

    /** The prefix, if the text had a length and no host bits. */
    Optional<Prefix> asPrefix() {
        return asTruncated().filter(prefix -> prefix.first().equals(address));
    }

    static IpAddress ours(IPAddress address) {
        return IpAddress.ofBytes(address.getBytes());
    }

    static IPAddress theirs(IpAddress address) {
        return new IPAddressGenerator().from(address.toBytes());
    }

    private static IPAddressStringParameters parameters() {
        IPAddressStringParameters.Builder builder = new IPAddressStringParameters.Builder()
                .allowEmpty(false)
                .allowAll(false)
                .allowSingleSegment(false)
                .allowPrefixOnly(false)
                .allowMask(false)
                .allowPrefix(true)
                .allowWildcardedSeparator(false)
                .setRangeOptions(RangeParameters.NO_RANGE);
        strict(builder.getIPv4AddressParametersBuilder());
        IPv6AddressStringParameters.Builder ipv6 = builder.getIPv6AddressParametersBuilder();
        ipv6.allowZone(false)
                .allowEmptyZone(false)
                .allowBase85(false)
                .allowMixed(true)
                .allowLeadingZeros(true)
                .allowUnlimitedLeadingZeros(false)
                .allowPrefixesBeyondAddressSize(false)
                .allowBinary(false)
                .allowWildcardedSeparator(false)
                .setRangeOptions(RangeParameters.NO_RANGE);
        strict(ipv6.getEmbeddedIPv4AddressParametersBuilder());
        return builder.toParams();
    }

    private static void strict(IPv4AddressStringParameters.Builder ipv4) {
        ipv4.allow_inet_aton(false)
                .allowLeadingZeros(false)
                .allowUnlimitedLeadingZeros(false)
                .allowPrefixesBeyondAddressSize(false)
                .allowBinary(false)
                .allowWildcardedSeparator(false)
                .setRangeOptions(RangeParameters.NO_RANGE);
    }
}
