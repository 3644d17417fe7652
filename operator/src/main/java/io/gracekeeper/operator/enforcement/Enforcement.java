package io.gracekeeper.operator.enforcement;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known about enforcement at a moment.
 *
 * @param state whether it is proven
 * @param reason one word, for a condition
 * @param message for people, with what to do
 * @param refusedAt when the API server last refused the canary; null if it never did while this process led
 */
public record Enforcement(
        State state,
        String reason,
        String message,
        @Nullable Instant refusedAt) {
    /** How long a refusal proves anything. */
    public static final Duration PROOF = Duration.ofMinutes(2);

    /** Whether enforcement is proven. */
    public enum State {
        /** The API server refused a bad Deployment less than {@link #PROOF} ago. */
        PROVEN,
        /** It did not. */
        NOT_PROVEN,
        /** This process has led for a moment only and has not tried yet: what its predecessor said still stands. */
        UNKNOWN
    }

    /** Whether policies are enforced, and existing workloads may be touched. */
    public boolean isProven() {
        return state == State.PROVEN;
    }
}
