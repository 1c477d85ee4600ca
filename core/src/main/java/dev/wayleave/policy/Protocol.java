package dev.wayleave.policy;

import java.util.Objects;

/**
 * An IP protocol by its IANA number.
 *
 * <p>Immutable and safe for use by several threads. Ordered by number. Policies cannot write the number 0.
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

    @Override
    public int compareTo(Protocol other) {
        Objects.requireNonNull(other, "other");
        return Integer.compare(number, other.number);
    }

    /**
     * Returns the name that policies use, or the number where there is none.
     *
     * @return for example {@code tcp}
     */
    @Override
    public String toString() {
        return TrafficText.format(this);
    }
}
