package dev.wayleave.examples.server.web;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;

/** How much the server takes from outside; the README lists the values and what happens beyond them. */
public final class Limits {

    /** The limits that hold unless others are given; see the builder for their values. */
    public static final Limits DEFAULT = builder().build();

    /** Bytes in the body of a request. */
    public static final int BODY_BYTES = 2 << 20;

    /** Characters of path and query. */
    public static final int TARGET_LENGTH = 2_048;

    /** Bytes of the first line and all headers of a request. */
    public static final int HEADER_BYTES = 8_192;

    private final Builder values;

    private Limits(Builder values) {
        this.values = values;
    }

    /** Starts with the default limits. */
    public static Builder builder() {
        return new Builder();
    }

    /** Requests in a second for each key, and for each address that comes with no valid key. */
    public int requestsPerSecond() {
        return values.requestsPerSecond;
    }

    /** Requests that a key may send at once after a pause. */
    public int requestBurst() {
        return values.requestBurst;
    }

    /** Streams that are open at once for one key. */
    public int streamsPerKey() {
        return values.streamsPerKey;
    }

    /** Streams that are open at once for all keys but those of agents. */
    public int streams() {
        return values.streams;
    }

    /** Streams that are open at once for the keys of agents. */
    public int agentStreams() {
        return values.agentStreams;
    }

    /** Messages that wait for a reader of a stream before it is cut off. */
    public int streamQueue() {
        return values.streamQueue;
    }

    /** How long one write to a stream may take before the reader is cut off. */
    public Duration streamWrite() {
        return values.streamWrite;
    }

    /** The time between two signs of life on a stream without messages. */
    public Duration heartbeat() {
        return values.heartbeat;
    }

    /** The least time between two documents on a stream that sends the newest only. */
    public Duration newestOnly() {
        return values.newestOnly;
    }

    /** Builds limits. Not safe for use by several threads. */
    public static final class Builder implements Cloneable {

        private int requestsPerSecond = 100;
        private int requestBurst = 200;
        private int streamsPerKey = 8;
        private int streams = 256;
        private int agentStreams = 4_096;
        private int streamQueue = 256;
        private Duration streamWrite = Duration.ofSeconds(10);
        private Duration heartbeat = Duration.ofSeconds(5);
        private Duration newestOnly = Duration.ofMillis(250);

        private Builder() {}

        /** Default 100 in a second, 200 at once. */
        @CanIgnoreReturnValue
        public Builder requests(int perSecond, int burst) {
            this.requestsPerSecond = perSecond;
            this.requestBurst = burst;
            return this;
        }

        /** Default 8 for each key, 256 for all but those of agents. */
        @CanIgnoreReturnValue
        public Builder streams(int perKey, int all) {
            this.streamsPerKey = perKey;
            this.streams = all;
            return this;
        }

        /** Default 4,096. */
        @CanIgnoreReturnValue
        public Builder agentStreams(int most) {
            this.agentStreams = most;
            return this;
        }

        /** Default 256. */
        @CanIgnoreReturnValue
        public Builder streamQueue(int most) {
            this.streamQueue = most;
            return this;
        }

        /** Default 10 s. */
        @CanIgnoreReturnValue
        public Builder streamWrite(Duration longest) {
            this.streamWrite = longest;
            return this;
        }

        /** Default 5 s. */
        @CanIgnoreReturnValue
        public Builder heartbeat(Duration pause) {
            this.heartbeat = pause;
            return this;
        }

        /** Default 250 ms. */
        @CanIgnoreReturnValue
        public Builder newestOnly(Duration pause) {
            this.newestOnly = pause;
            return this;
        }

        /** Returns the limits. */
        public Limits build() {
            try {
                return new Limits((Builder) clone());
            } catch (CloneNotSupportedException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
