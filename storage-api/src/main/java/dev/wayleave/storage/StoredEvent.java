package dev.wayleave.storage;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.approval.Approver;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An event as a store keeps it: facts for programs, and a reason for people. {@code core/EVENTS.md} lists what each
 * kind of event has.
 */
public final class StoredEvent {

    /** How long a reason is at most, in characters; a longer one is cut, and ends in {@code …}. */
    public static final int LONGEST_REASON = 2_000;

    private final Columns columns;

    private StoredEvent(Columns columns) {
        this.columns = columns;
    }

    private record Columns(
            EventPosition position,
            Instant at,
            @Nullable Actor actor,
            @Nullable String correlationId,
            String kind,
            @Nullable NodeId node,
            @Nullable NodeId previousNode,
            @Nullable Prefix prefix,
            @Nullable Approver approver,
            String reason,
            RouteEvent event) {}

    /**
     * Returns what a store keeps of an event.
     *
     * @param position the revision that its commit makes, and its place in the commit
     * @param at the time of the step; cut to whole milliseconds
     * @param event what happened
     * @return the facts of the event; its reason calls nodes by their numbers
     */
    public static StoredEvent of(EventPosition position, Instant at, RouteEvent event) {
        Objects.requireNonNull(position, "position");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(event, "event");
        return new StoredEvent(new Columns(
                position,
                at.truncatedTo(ChronoUnit.MILLIS),
                event.actor().orElse(null),
                event.origin().correlationId().orElse(null),
                event.kind(),
                event.subjectNode().orElse(null),
                event.previousNode().orElse(null),
                event.subjectPrefix().orElse(null),
                event.approver().orElse(null),
                cut(event.reason().text(Names.NUMBERS)),
                event));
    }

    private static String cut(String reason) {
        if (reason.length() <= LONGEST_REASON) {
            return reason;
        }
        int end = Character.isHighSurrogate(reason.charAt(LONGEST_REASON - 1)) ? LONGEST_REASON - 1 : LONGEST_REASON;
        return reason.substring(0, end) + "…";
    }

    /**
     * Begins an event that a store has read.
     *
     * @param position its revision and ordinal
     * @param at the time of the step
     * @param event the event itself; of a kind that this version does not know, a {@link RouteEvent.UnknownEvent}
     * @param reason why it happened
     * @return the builder of an event without actor, correlation id, nodes, prefix and approver
     */
    public static Builder builder(EventPosition position, Instant at, RouteEvent event, String reason) {
        Objects.requireNonNull(position, "position");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(reason, "reason");
        return new Builder(position, at, event, reason);
    }

    /** {@return the revision that the event's commit made, and its place in the commit} */
    public EventPosition position() {
        return columns.position;
    }

    /** {@return the time of the step, in whole milliseconds} */
    public Instant at() {
        return columns.at;
    }

    /** {@return the actor of the submission; empty if the event happened because time passed} */
    public Optional<Actor> actor() {
        return Optional.ofNullable(columns.actor);
    }

    /** {@return the text that came with the submission, if there was one} */
    public Optional<String> correlationId() {
        return Optional.ofNullable(columns.correlationId);
    }

    /** {@return the name of the kind, {@link RouteEvent#kind}} */
    public String kind() {
        return columns.kind;
    }

    /** {@return the node that the event is about; for an election, the primary} */
    public Optional<NodeId> node() {
        return Optional.ofNullable(columns.node);
    }

    /** {@return the primary that the prefix had before and has no longer} */
    public Optional<NodeId> previousNode() {
        return Optional.ofNullable(columns.previousNode);
    }

    /** {@return the prefix that the event is about} */
    public Optional<Prefix> prefix() {
        return Optional.ofNullable(columns.prefix);
    }

    /** {@return whose approval was given or revoked} */
    public Optional<Approver> approver() {
        return Optional.ofNullable(columns.approver);
    }

    /** {@return why it happened, for people: the words may change in any version, and no program reads them} */
    public String reason() {
        return columns.reason;
    }

    /** {@return the event itself, with all that its kind has} */
    public RouteEvent event() {
        return columns.event;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StoredEvent event && columns.equals(event.columns);
    }

    @Override
    public int hashCode() {
        return columns.hashCode();
    }

    @Override
    public String toString() {
        return "StoredEvent" + columns.toString().substring("Columns".length());
    }

    /** Collects what a store has read of an event; for one thread. */
    public static final class Builder {

        private final EventPosition position;
        private final Instant at;
        private final RouteEvent event;
        private final String reason;
        private @Nullable Actor actor;
        private @Nullable String correlationId;
        private @Nullable NodeId node;
        private @Nullable NodeId previousNode;
        private @Nullable Prefix prefix;
        private @Nullable Approver approver;

        private Builder(EventPosition position, Instant at, RouteEvent event, String reason) {
            this.position = position;
            this.at = at;
            this.event = event;
            this.reason = reason;
        }

        /**
         * Sets the actor of the submission.
         *
         * @param value the actor
         * @return this
         */
        @CanIgnoreReturnValue
        public Builder actor(Actor value) {
            this.actor = Objects.requireNonNull(value, "value");
            return this;
        }

        /**
         * Sets the text that came with the submission.
         *
         * @param value the correlation id
         * @return this
         */
        @CanIgnoreReturnValue
        public Builder correlationId(String value) {
            this.correlationId = Objects.requireNonNull(value, "value");
            return this;
        }

        /**
         * Sets the node that the event is about.
         *
         * @param value the node
         * @return this
         */
        @CanIgnoreReturnValue
        public Builder node(NodeId value) {
            this.node = Objects.requireNonNull(value, "value");
            return this;
        }

        /**
         * Sets the primary that the prefix had before.
         *
         * @param value the node
         * @return this
         */
        @CanIgnoreReturnValue
        public Builder previousNode(NodeId value) {
            this.previousNode = Objects.requireNonNull(value, "value");
            return this;
        }

        /**
         * Sets the prefix that the event is about.
         *
         * @param value the prefix
         * @return this
         */
        @CanIgnoreReturnValue
        public Builder prefix(Prefix value) {
            this.prefix = Objects.requireNonNull(value, "value");
            return this;
        }

        /**
         * Sets whose approval was given or revoked.
         *
         * @param value the approver
         * @return this
         */
        @CanIgnoreReturnValue
        public Builder approver(Approver value) {
            this.approver = Objects.requireNonNull(value, "value");
            return this;
        }

        /** {@return the event} */
        public StoredEvent build() {
            return new StoredEvent(new Columns(
                    position,
                    at,
                    actor,
                    correlationId,
                    event.kind(),
                    node,
                    previousNode,
                    prefix,
                    approver,
                    reason,
                    event));
        }
    }
}
