package io.gracekeeper.operator.leader;

import java.time.Duration;

/**
 * How leadership is held.
 *
 * @param duration how long a leader that no longer answers is waited for
 * @param renewDeadline how long a leader that can't renew goes on, less than {@code duration}
 * @param retryPeriod how often it is tried
 */
public record LeaseTiming(Duration duration, Duration renewDeadline, Duration retryPeriod) {
    /** What Kubernetes' own controllers take. */
    public static final LeaseTiming DEFAULT =
            new LeaseTiming(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));
}
