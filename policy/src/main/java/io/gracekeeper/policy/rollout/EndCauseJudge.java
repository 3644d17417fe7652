package io.gracekeeper.policy.rollout;

import io.gracekeeper.crds.EndCause;
import org.jspecify.annotations.Nullable;

/** Says why a pod was ended: exactly one cause per end. */
public final class EndCauseJudge {
    /** Reason of {@code DisruptionTarget} when the pod's node object is gone. */
    private static final String DELETION_BY_POD_GC = "DeletionByPodGC";

    private EndCauseJudge() {}

    /** The cause of an end with these facts. */
    public static EndCause judge(CauseFacts facts) {
        EndCause kubelet = ofKubeletReason(facts.reasonAtStart());
        if (kubelet != null) {
            return kubelet;
        }
        if (facts.disruptionAtStart() != null) {
            boolean nodeGone = DELETION_BY_POD_GC.equals(facts.disruptionAtStart())
                    || DELETION_BY_POD_GC.equals(facts.disruptionAtEnd());
            return nodeGone ? EndCause.NODE : EndCause.EVICTION;
        }
        if (!facts.lowered()) {
            return EndCause.EXTERNAL;
        }
        return facts.oldRevision() ? EndCause.ROLLOUT : EndCause.SCALE_IN;
    }

    private static @Nullable EndCause ofKubeletReason(@Nullable String reason) {
        if (reason == null) {
            return null;
        }
        return switch (reason) {
            case "Evicted", "Preempting" -> EndCause.EVICTION;
            case "Terminated", "NodeShutdown", "NodeLost" -> EndCause.NODE;
            case "DeadlineExceeded" -> EndCause.EXTERNAL;
            default -> null;
        };
    }
}
