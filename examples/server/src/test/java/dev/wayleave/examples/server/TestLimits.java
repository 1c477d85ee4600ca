package dev.wayleave.examples.server;

import dev.wayleave.examples.server.web.Limits;
import java.time.Duration;

/** Builds limits that differ from the default in a few values. Not safe for use by several threads. */
final class TestLimits {

    private int requestsPerSecond = Limits.DEFAULT.requestsPerSecond();
    private int requestBurst = Limits.DEFAULT.requestBurst();
    private int streamsPerKey = Limits.DEFAULT.streamsPerKey();
    private int streams = Limits.DEFAULT.streams();
    private int agentStreams = Limits.DEFAULT.agentStreams();
    private int streamQueue = Limits.DEFAULT.streamQueue();
    private Duration streamWrite = Limits.DEFAULT.streamWrite();
    private Duration heartbeat = Limits.DEFAULT.heartbeat();
    private Duration newestOnly = Limits.DEFAULT.newestOnly();

    static TestLimits builder() {
        return new TestLimits();
    }

    TestLimits requests(int perSecond, int burst) {
        this.requestsPerSecond = perSecond;
        this.requestBurst = burst;
        return this;
    }

    TestLimits streams(int perKey, int all) {
        this.streamsPerKey = perKey;
        this.streams = all;
        return this;
    }

    TestLimits agentStreams(int most) {
        this.agentStreams = most;
        return this;
    }

    TestLimits streamQueue(int most) {
        this.streamQueue = most;
        return this;
    }

    TestLimits streamWrite(Duration longest) {
        this.streamWrite = longest;
        return this;
    }

    TestLimits heartbeat(Duration pause) {
        this.heartbeat = pause;
        return this;
    }

    TestLimits newestOnly(Duration pause) {
        this.newestOnly = pause;
        return this;
    }

    Limits build() {
        return new Limits(
                requestsPerSecond,
                requestBurst,
                streamsPerKey,
                streams,
                agentStreams,
                streamQueue,
                streamWrite,
                heartbeat,
                newestOnly);
    }
}
