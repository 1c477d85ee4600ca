package dev.wayleave.policy;

import java.util.Objects;

/**
 * An unbroken range of ports, both ends included.
 *
 * <p>Ordered by first, then last port. In a policy only {@link #ALL} begins at port 0.
 *
 * @param first 0 to 65535
 * @param last {@code first} to 65535
 */
public record PortRange(int first, int last) implements Comparable<PortRange> {

    /** Every port; also used for protocols that have no ports. */
    public static final PortRange ALL = new PortRange(0, 65_535);

    /**
     * Checks the ports.
     *
     * @throws IllegalArgumentException if they are out of range or in the wrong order
     */
    public PortRange {
        if (first < 0 || last < first || last > 65_535) {
            throw new IllegalArgumentException("`" + first + "` to `" + last
                    + "` is not a range of ports: begin and end within 0 to 65535, with the lower port first");
        }
    }

    /**
     * Returns whether a port lies in this range.
     *
     * @param port any number
     * @return true if it is neither below the first nor above the last
     */
    public boolean contains(int port) {
        return first <= port && port <= last;
    }

    @Override
    public int compareTo(PortRange other) {
        Objects.requireNonNull(other, "other");
        int byFirst = Integer.compare(first, other.first);
        return byFirst != 0 ? byFirst : Integer.compare(last, other.last);
    }

    /**
     * {@return the range as policies write it; {@code *}, one port such as {@code 443}, or two such as
     * {@code 8000-8080}}
     */
    @Override
    public String toString() {
        if (equals(ALL)) {
            return "*";
        }
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
