package dev.wayleave.policy;

/**
 * An IP protocol by its IANA number.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param number 0 to 255
 */
public record Protocol(int number) implements Comparable<Protocol> {

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

    @Override
    public int compareTo(Protocol other) {
        return Integer.compare(number, other.number);
    }
}
