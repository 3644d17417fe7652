package io.gracekeeper.operator.event;

import java.time.Duration;

/** Bounds a rate: so many at once, then one per interval. Told the time of a monotonic clock. Not for several threads. */
final class TokenBucket {
    private final int burst;
    private final long intervalNanos;
    private double tokens;
    private long refilledAtNanos;

    /**
     * A full bucket.
     *
     * @param burst how many may go at once, at least 1
     * @param interval how long one token takes to come back
     * @param nowNanos of {@link System#nanoTime()}
     */
    TokenBucket(int burst, Duration interval, long nowNanos) {
        this.burst = burst;
        this.intervalNanos = interval.toNanos();
        this.tokens = burst;
        this.refilledAtNanos = nowNanos;
    }

    /** Takes a token; zero if there was one, else how long to wait for it (and nothing is taken). */
    Duration take(long nowNanos) {
        tokens = Math.min(burst, tokens + (double) (nowNanos - refilledAtNanos) / intervalNanos);
        refilledAtNanos = nowNanos;
        if (tokens >= 1) {
            tokens--;
            return Duration.ZERO;
        }
        return Duration.ofNanos((long) Math.ceil((1 - tokens) * intervalNanos));
    }
}
