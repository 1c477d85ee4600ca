package dev.wayleave.policy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;

/** The limits of a policy's text, beyond which {@link PolicyReader} refuses it. */
public final class PolicyLimits {

    /** The default limits; see the builder for their values. */
    public static final PolicyLimits DEFAULT = builder().build();

    /**
     * The limits for a policy that was accepted before and is read again, such as one from a database: as much as fits
     * into a text, lists and objects as deep in each other as the reader can go, and every problem and notice.
     */
    public static final PolicyLimits NONE = builder()
            .textLength(Integer.MAX_VALUE)
            .nesting(PolicyLimits.DEEPEST)
            .entries(Integer.MAX_VALUE)
            .problems(Integer.MAX_VALUE)
            .ipSetLevels(PolicyLimits.DEEPEST)
            .build();

    /** The limits for the notices of an accepted policy in its tailnet: as many problems and notices as by default. */
    static final PolicyLimits OF_TAILNET =
            NONE.toBuilder().problems(DEFAULT.problems()).build();

    /** What a call stack of the smallest usual size takes without harm. */
    private static final int DEEPEST = 500;

    private final int textLength;
    private final int nesting;
    private final int entries;
    private final int problems;
    private final int ipSetLevels;

    private PolicyLimits(Builder builder) {
        this.textLength = builder.textLength;
        this.nesting = builder.nesting;
        this.entries = builder.entries;
        this.problems = builder.problems;
        this.ipSetLevels = builder.ipSetLevels;
    }

    /** {@return a builder with the default limits} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a builder that holds what these limits hold} */
    public Builder toBuilder() {
        return new Builder()
                .textLength(textLength)
                .nesting(nesting)
                .entries(entries)
                .problems(problems)
                .ipSetLevels(ipSetLevels);
    }

    /** {@return the longest text, in UTF-16 code units, comments included} */
    public int textLength() {
        return textLength;
    }

    /** {@return how deep lists and objects may be nested; 1 to 500; the policy's own braces count} */
    public int nesting() {
        return nesting;
    }

    /**
     * {@return how many values the text may hold, at least 1} Each member of a list and each field of an object counts
     * once. Each IP set, and each place that names one, counts with as many as the set has prefixes besides.
     */
    public int entries() {
        return entries;
    }

    /**
     * {@return how many problems are reported, and how many notices, at least 1} They are the first that the reader
     * finds, and one more that states the limit if there are further ones. The reader does not look for these. All are
     * sorted by their place in the text.
     */
    public int problems() {
        return problems;
    }

    /** {@return on how many levels IP sets may be nested; a set that names no other set is one level; 1 to 500} */
    public int ipSetLevels() {
        return ipSetLevels;
    }

    /** Collects limits; for one thread. */
    public static final class Builder {

        private int textLength = 1 << 22;
        private int nesting = 64;
        private int entries = 1_000_000;
        private int problems = 1000;
        private int ipSetLevels = 16;

        private Builder() {}

        /**
         * Sets the longest text; 4,194,304 (4 MiB of ASCII) by default.
         *
         * @param textLength in UTF-16 code units, at least 1
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        @CanIgnoreReturnValue
        public Builder textLength(int textLength) {
            this.textLength = check("text length", textLength, Integer.MAX_VALUE);
            return this;
        }

        /**
         * Sets how deep lists and objects may be nested; 64 by default.
         *
         * @param nesting 1 to 500
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        @CanIgnoreReturnValue
        public Builder nesting(int nesting) {
            this.nesting = check("nesting", nesting, DEEPEST);
            return this;
        }

        /**
         * Sets how many values the text may hold; 1,000,000 by default.
         *
         * @param entries at least 1
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        @CanIgnoreReturnValue
        public Builder entries(int entries) {
            this.entries = check("entries", entries, Integer.MAX_VALUE);
            return this;
        }

        /**
         * Sets how many problems and how many notices are reported; 1,000 of each by default.
         *
         * @param problems at least 1
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        @CanIgnoreReturnValue
        public Builder problems(int problems) {
            this.problems = check("problems", problems, Integer.MAX_VALUE);
            return this;
        }

        /**
         * Sets on how many levels IP sets may be nested; 16 by default.
         *
         * @param ipSetLevels 1 to 500
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        @CanIgnoreReturnValue
        public Builder ipSetLevels(int ipSetLevels) {
            this.ipSetLevels = check("levels of IP sets", ipSetLevels, DEEPEST);
            return this;
        }

        /** {@return the limits} */
        public PolicyLimits build() {
            return new PolicyLimits(this);
        }

        private static int check(String what, int value, int highest) {
            if (value < 1 || value > highest) {
                throw new IllegalArgumentException(
                        "limit " + value + " for " + what + " is not between 1 and " + highest);
            }
            return value;
        }
    }
}
