package io.gracekeeper.operator.retrofit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That something went wrong with a touched workload.
 *
 * @param workload kind and name
 * @param message what was seen
 * @param at when it happened; null where that can't be known, and then nobody can have forgiven it
 */
record Evidence(
        HaltReason reason,
        String workload,
        String message,
        @Nullable Instant at) {
    /** Whether the policy was edited after it: whoever changed or resumed the policy knew of it. */
    boolean isForgivenBy(Instant editedAt) {
        return at != null && !at.isAfter(editedAt);
    }
}
