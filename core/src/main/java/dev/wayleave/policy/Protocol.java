package dev.wayleave.policy;

import dev.wayleave.internal.Copies;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An IP protocol by its IANA number.
 *
 * <p>Ordered by number. Policies cannot write the number 0.
 *
 * @param number 0 to 255
 */
public record Protocol(int number) implements Comparable<Protocol> {

    /** Protocol 1; policies that mean ICMP of IPv6 too name {@code ipv6-icmp} beside it. */
    public static final Protocol ICMP = new Protocol(1);

    /** Protocol 58: ICMP of IPv6, which policies name {@code ipv6-icmp}. */
    public static final Protocol IPV6_ICMP = new Protocol(58);

    /** Protocol 6. */
    public static final Protocol TCP = new Protocol(6);

    /** Protocol 17. */
    public static final Protocol UDP = new Protocol(17);

    /** What a rule without a protocol lets pass: ICMP, TCP, UDP and ICMPv6. */
    private static final Set<Integer> USUAL_PROTOCOLS = Set.of(1, 6, 17, 58);

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is not between 0 and 255
     */
    public Protocol {
        if (number < 0 || number > 255) {
            throw new IllegalArgumentException("protocol " + number + " is not between 0 and 255");
        }
    }

    /**
     * Reads a protocol as policies write it: a number from 1 to 255 without leading zeros, or a name such as
     * {@code tcp} in any case.
     *
     * @param text the number or name
     * @return the protocol
     * @throws PolicyException if there is no such protocol
     */
    public static Protocol parse(String text) {
        Objects.requireNonNull(text, "text");
        return Problems.orThrow(complaint -> TrafficText.protocol(text, complaint));
    }

    /**
     * Returns whether a rule lets this protocol pass, as far as its protocol goes. A rule that names none means TCP,
     * UDP, ICMP and ICMPv6, as Tailscale's control protocol documents it.
     *
     * @param named the protocol that the rule names; null if it names none
     * @return true if it does
     */
    public boolean isNamedBy(@Nullable Protocol named) {
        return named == null ? USUAL_PROTOCOLS.contains(number) : equals(named);
    }

    /** {@return whether this is ICMP or ICMPv6, whose packets have no ports for a rule to ask about} */
    public boolean isIcmp() {
        return equals(ICMP) || equals(IPV6_ICMP);
    }

    /**
     * Returns whether packets of this protocol to a port pass, as far as the ports of a rule go. ICMP has no ports, and
     * passes regardless of them.
     *
     * @param port the destination port; 0 for a protocol without ports
     * @param ports the ports of the rule
     * @return true if they do
     */
    public boolean reaches(int port, List<PortRange> ports) {
        Copies.refuseNull(ports, "ports");
        return isIcmp() || ports.stream().anyMatch(range -> range.contains(port));
    }

    @Override
    public int compareTo(Protocol other) {
        Objects.requireNonNull(other, "other");
        return Integer.compare(number, other.number);
    }

    /** {@return the name that policies use, or the number where there is none, for example {@code tcp}} */
    @Override
    public String toString() {
        return TrafficText.format(this);
    }
}
