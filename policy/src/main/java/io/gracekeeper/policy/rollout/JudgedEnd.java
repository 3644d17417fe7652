package io.gracekeeper.policy.rollout;

import io.gracekeeper.crds.End;
import io.gracekeeper.crds.EndCause;
import org.jspecify.annotations.Nullable;

/**
 * A pod's end with its judgement.
 *
 * @param uid of the pod
 * @param end what stands in the audit
 * @param preStopSeconds preStop of the container that decided; null without one
 */
public record JudgedEnd(String uid, End end, @Nullable Long preStopSeconds) {
    /** Whether the rollout itself ended the pod, so that it counts for the verdict. */
    public boolean ofRollout() {
        return end.cause() == EndCause.ROLLOUT;
    }
}
