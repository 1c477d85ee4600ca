package dev.wayleave.examples.server.web;

import com.google.common.base.Ticker;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

/** Counts requests: so many in a second for each sender, and some more after a pause. */
final class RateLimits {

    private static final long SECOND = 1_000_000_000L;
    private static final int SENDERS = 10_000;

    private final int perSecond;
    private final int burst;
    private final Ticker ticker;
    private final Cache<Object, Bucket> buckets;

    RateLimits(int perSecond, int burst, Ticker ticker) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.ticker = ticker;
        this.buckets = CacheBuilder.newBuilder()
                .maximumSize(SENDERS)
                .expireAfterAccess(Duration.ofMinutes(1))
                .build();
    }

    /** Takes one request, or refuses it. */
    void take(Object sender) {
        try {
            if (!buckets.get(sender, Bucket::new).take()) {
                throw new ApiException(429, "too many requests: at most " + perSecond + " a second are taken")
                        .with("Retry-After", "1");
            }
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private final class Bucket {

        private double left = burst;
        private long at = ticker.read();

        synchronized boolean take() {
            long now = ticker.read();
            left = Math.min(burst, left + (double) (now - at) * perSecond / SECOND);
            at = now;
            if (left < 1) {
                return false;
            }
            left--;
            return true;
        }
    }
}
