package dev.wayleave.settings;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The limits on the size of a tailnet; what goes beyond is refused. */
public final class TailnetLimits {

    /** A million nodes and users, 1,000 prefixes in a list, 4,000 remembered for a node, 100,000 commands. */
    public static final TailnetLimits DEFAULT = builder().build();

    private final int nodes;
    private final int users;
    private final int routesPerNode;
    private final int routesRememberedPerNode;
    private final int commandsPerSubmission;

    private TailnetLimits(Builder builder) {
        this.nodes = builder.nodes;
        this.users = builder.users;
        this.routesPerNode = builder.routesPerNode;
        this.routesRememberedPerNode = builder.routesRememberedPerNode;
        this.commandsPerSubmission = builder.commandsPerSubmission;
    }

    /** {@return a builder that holds the default limits} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a builder that holds these limits} */
    public Builder toBuilder() {
        return new Builder()
                .nodes(nodes)
                .users(users)
                .routesPerNode(routesPerNode)
                .routesRememberedPerNode(routesRememberedPerNode)
                .commandsPerSubmission(commandsPerSubmission);
    }

    /** {@return how many nodes a tailnet may have; 1,000,000 by default} */
    public int nodes() {
        return nodes;
    }

    /** {@return how many users a tailnet may have; 1,000,000 by default} */
    public int users() {
        return users;
    }

    /** {@return how many prefixes one advertisement, or one list of approvals, may have; 1,000 by default} */
    public int routesPerNode() {
        return routesPerNode;
    }

    /** {@return how many prefixes may be advertised, approved or denied on one node; 4,000 by default} */
    public int routesRememberedPerNode() {
        return routesRememberedPerNode;
    }

    /** {@return how many commands one submission may have; 100,000 by default} */
    public int commandsPerSubmission() {
        return commandsPerSubmission;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TailnetLimits that
                && nodes == that.nodes
                && users == that.users
                && routesPerNode == that.routesPerNode
                && routesRememberedPerNode == that.routesRememberedPerNode
                && commandsPerSubmission == that.commandsPerSubmission;
    }

    @Override
    public int hashCode() {
        return Objects.hash(nodes, users, routesPerNode, routesRememberedPerNode, commandsPerSubmission);
    }

    /** {@return all limits by name, for people} */
    @Override
    public String toString() {
        return "TailnetLimits[nodes=" + nodes
                + ", users=" + users
                + ", routesPerNode=" + routesPerNode
                + ", routesRememberedPerNode=" + routesRememberedPerNode
                + ", commandsPerSubmission=" + commandsPerSubmission + "]";
    }

    /** Collects limits; for one thread. */
    public static final class Builder {

        private int nodes = 1_000_000;
        private int users = 1_000_000;
        private int routesPerNode = 1_000;
        private int routesRememberedPerNode = 4_000;
        private int commandsPerSubmission = 100_000;

        private Builder() {}

        /**
         * Sets how many nodes a tailnet may have.
         *
         * @param most at least 1
         * @return this builder
         * @throws IllegalArgumentException if it is not positive
         */
        @CanIgnoreReturnValue
        public Builder nodes(int most) {
            this.nodes = positive("nodes", most);
            return this;
        }

        /**
         * Sets how many users a tailnet may have.
         *
         * @param most at least 1
         * @return this builder
         * @throws IllegalArgumentException if it is not positive
         */
        @CanIgnoreReturnValue
        public Builder users(int most) {
            this.users = positive("users", most);
            return this;
        }

        /**
         * Sets how many prefixes one advertisement, or one list of approvals, may have.
         *
         * @param most at least 1
         * @return this builder
         * @throws IllegalArgumentException if it is not positive
         */
        @CanIgnoreReturnValue
        public Builder routesPerNode(int most) {
            this.routesPerNode = positive("routesPerNode", most);
            return this;
        }

        /**
         * Sets how many prefixes may be advertised, approved or denied on one node.
         *
         * @param most at least 1
         * @return this builder
         * @throws IllegalArgumentException if it is not positive
         */
        @CanIgnoreReturnValue
        public Builder routesRememberedPerNode(int most) {
            this.routesRememberedPerNode = positive("routesRememberedPerNode", most);
            return this;
        }

        /**
         * Sets how many commands one submission may have.
         *
         * @param most at least 1
         * @return this builder
         * @throws IllegalArgumentException if it is not positive
         */
        @CanIgnoreReturnValue
        public Builder commandsPerSubmission(int most) {
            this.commandsPerSubmission = positive("commandsPerSubmission", most);
            return this;
        }

        /** {@return the limits, an immutable value} */
        public TailnetLimits build() {
            return new TailnetLimits(this);
        }

        private static int positive(String what, int most) {
            if (most <= 0) {
                throw new IllegalArgumentException("the limit `" + what + "` is not positive: choose at least 1");
            }
            return most;
        }
    }
}
