package io.gracekeeper.policy.rollout;

import io.gracekeeper.crds.RolloutAuditStatus;
import java.util.List;

/**
 * What an audit says now.
 *
 * @param status the whole status to be written
 * @param ends the judged ends that are new in it
 */
public record RolloutAssessment(RolloutAuditStatus status, List<JudgedEnd> ends) {
    /** Copies the list, so that a record is a value. */
    public RolloutAssessment {
        ends = List.copyOf(ends);
    }
}
