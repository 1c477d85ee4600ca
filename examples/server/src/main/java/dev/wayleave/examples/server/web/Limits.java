package dev.wayleave.examples.server.web;

import java.time.Duration;

/**
 * The limits of what the server takes from outside; the README describes what happens beyond it.
 *
 * @param requestsPerSecond requests in a second for each key, and for each address that comes with no valid key
 * @param requestBurst requests that a key may send at once after a pause
 * @param streamsPerKey streams that are open at once for one key
 * @param streams streams that are open at once for all keys but those of agents
 * @param agentStreams streams that are open at once for the keys of agents
 * @param streamQueue messages that wait for a reader of a stream before it is cut off
 * @param streamWrite how long one write to a stream, or sending a document, may take before the reader is cut off
 * @param heartbeat the time between two signs of life on a stream; one is left out while a message waits
 * @param newestOnly the least time between two documents on a stream that sends the newest only
 */
public record Limits(
        int requestsPerSecond,
        int requestBurst,
        int streamsPerKey,
        int streams,
        int agentStreams,
        int streamQueue,
        Duration streamWrite,
        Duration heartbeat,
        Duration newestOnly) {

    /** Bytes in the body of a request. */
    public static final int BODY_BYTES = 2 << 20;

    /** Characters of path and query. */
    public static final int TARGET_LENGTH = 2_048;

    /** Bytes of the first line and all headers of a request. */
    public static final int HEADER_BYTES = 8_192;

    /** The limits of the demonstration. */
    public static final Limits DEFAULT = new Limits(
            100, 200, 8, 256, 4_096, 256, Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofMillis(250));
}
