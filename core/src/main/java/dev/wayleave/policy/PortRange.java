package dev.wayleave.policy;

/**
 * An unbroken range of ports, both ends included.
 *
 * <p>Immutable and safe for use by several threads. Ordered by first, then last port.
 *
 * @param first 0 to 65535
 * @param last {@code first} to 65535
 */
public record PortRange(int first, int last) implements Comparable<PortRange> {

    /** Every port; also what stands for protocols that have no ports. */
    public static final PortRange ALL = new PortRange(0, 65_535);

    /**
     * Checks the ports.
     *
     * @throws IllegalArgumentException if they are out of range or in the wrong order
     */
    public PortRange {
        if (first < 0 || last < first || last > 65_535) {
            throw new IllegalArgumentException("ports " + first + "-" + last + " are no range within 0-65535");
        }
    }

    @Override
    public int compareTo(PortRange other) {
        int byFirst = Integer.compare(first, other.first);
        return byFirst != 0 ? byFirst : Integer.compare(last, other.last);
    }
}
