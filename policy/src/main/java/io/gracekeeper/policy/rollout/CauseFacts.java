package io.gracekeeper.policy.rollout;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What tells why a pod was ended. The facts of the start decide: a pod that a rollout had begun to end stays a rollout's,
 * even if its node dies meanwhile.
 *
 * @param reasonAtStart {@code status.reason} when the termination was first seen
 * @param disruptionAtStart reason of the condition {@code DisruptionTarget=True} at that time. Evictions, preemptions and
 *     taints set it before they delete; the kubelet's own terminations show it only at the end, which is their start
 * @param disruptionAtEnd the same, when the pod was last seen
 * @param oldRevision whether the pod belonged to an older revision than the newest at that time
 * @param lowered whether the pod's ReplicaSet was asked for fewer replicas
 */
public record CauseFacts(
        @Nullable String reasonAtStart,
        @Nullable String disruptionAtStart,
        @Nullable String disruptionAtEnd,
        boolean oldRevision,
        boolean lowered) {
    private static final Set<String> KUBELET_REASONS =
            Set.of("Evicted", "Preempting", "Terminated", "DeadlineExceeded");

    /**
     * Whether the kubelet ended the pod by its own decision. Such a pod has no deletionTimestamp, and its grace is the
     * kubelet's (1 s in a hard eviction), not the pod's.
     */
    public boolean kubeletInitiated() {
        return reasonAtStart != null && KUBELET_REASONS.contains(reasonAtStart);
    }
}
