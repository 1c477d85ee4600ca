package dev.wayleave.election;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A node that may carry a prefix, with everything that an election asks about it and nothing else.
 *
 * <p>A candidate is a node on which the prefix is effective and that is online, or in its grace. The facts change only
 * when something happens to the node; time does not change them.
 */
public final class Candidate {

    private final NodeId node;
    private final Instant registeredAt;
    private final int priority;
    private final CandidateClass candidateClass;
    private final boolean inGrace;
    private final Instant steadySince;

    private Candidate(Builder builder) {
        this.node = builder.node;
        this.registeredAt = builder.registeredAt;
        this.priority = builder.priority;
        this.candidateClass = builder.candidateClass;
        this.inGrace = builder.inGrace;
        this.steadySince = builder.steadySince;
    }

    /**
     * Starts a candidate of priority 0, healthy, out of grace, and steady since it registered.
     *
     * @param node the node
     * @param registeredAt when it registered
     * @return a builder
     */
    public static Builder builder(NodeId node, Instant registeredAt) {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(registeredAt, "registeredAt");
        return new Builder(node, registeredAt);
    }

    /**
     * Returns a node as a candidate of priority 0, healthy, out of grace, and steady since it registered. Nothing but
     * its number and that date is read: the expiry of its key, which depends on the time, is for the caller to check
     * (see {@link CandidateClass#KEY_EXPIRED}).
     *
     * @param node the node
     * @return the candidate
     */
    public static Candidate of(Node node) {
        Objects.requireNonNull(node, "node");
        return builder(node.id(), node.registeredAt()).build();
    }

    /** {@return a builder that holds what this candidate holds} */
    public Builder toBuilder() {
        Builder builder = new Builder(node, registeredAt);
        builder.priority = priority;
        builder.candidateClass = candidateClass;
        builder.inGrace = inGrace;
        builder.steadySince = steadySince;
        return builder;
    }

    /** {@return the number of the node; the lower number wins where nothing else decides} */
    public NodeId node() {
        return node;
    }

    /** {@return when the node registered; an instant by the host's clock} */
    public Instant registeredAt() {
        return registeredAt;
    }

    /**
     * {@return the administrator's preference, which {@code RoutingSettingsBuilder.priority} sets; any number, 0 by
     * default; the higher goes first}
     */
    public int priority() {
        return priority;
    }

    /** {@return how fit the node is} */
    public CandidateClass candidateClass() {
        return candidateClass;
    }

    /**
     * {@return whether the node's session is down and its grace still runs: it keeps what it carries and gets nothing
     * new while another candidate exists}
     */
    public boolean isInGrace() {
        return inGrace;
    }

    /**
     * {@return since when, by the caller's clock, the node has been out of grace and in its present class without a
     * break; read by {@link FailBack.After} only, and not used during grace}
     */
    public Instant steadySince() {
        return steadySince;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Candidate that
                && node.equals(that.node)
                && registeredAt.equals(that.registeredAt)
                && priority == that.priority
                && candidateClass == that.candidateClass
                && inGrace == that.inGrace
                && steadySince.equals(that.steadySince);
    }

    @Override
    public int hashCode() {
        // not the enum: its hash differs from run to run
        return Objects.hash(node, registeredAt, priority, candidateClass.name(), inGrace, steadySince);
    }

    /** {@return the facts for a person to read; number, class, priority and grace} */
    @Override
    public String toString() {
        return node + " " + candidateClass + " priority " + priority + " registered " + registeredAt
                + (inGrace ? " in grace" : " steady since " + steadySince);
    }

    /** Collects the facts of a candidate; for one thread. */
    public static final class Builder {

        private final NodeId node;
        private final Instant registeredAt;
        private int priority;
        private CandidateClass candidateClass = CandidateClass.HEALTHY;
        private boolean inGrace;
        private Instant steadySince;

        private Builder(NodeId node, Instant registeredAt) {
            this.node = node;
            this.registeredAt = registeredAt;
            this.steadySince = registeredAt;
        }

        /**
         * Sets the administrator's preference.
         *
         * @param priority any number; the higher goes first
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder priority(int priority) {
            this.priority = priority;
            return this;
        }

        /**
         * Sets how fit the node is.
         *
         * @param candidateClass the class
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder candidateClass(CandidateClass candidateClass) {
            Objects.requireNonNull(candidateClass, "candidateClass");
            this.candidateClass = candidateClass;
            return this;
        }

        /**
         * Sets whether the node is in its grace.
         *
         * @param inGrace true while its session is down and its grace runs
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder inGrace(boolean inGrace) {
            this.inGrace = inGrace;
            return this;
        }

        /**
         * Sets since when the node has been out of grace and in its class.
         *
         * @param steadySince an instant by the caller's clock
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder steadySince(Instant steadySince) {
            Objects.requireNonNull(steadySince, "steadySince");
            this.steadySince = steadySince;
            return this;
        }

        /** {@return the candidate} */
        public Candidate build() {
            return new Candidate(this);
        }
    }
}
