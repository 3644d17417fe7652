package io.gracekeeper.policy.rollout;

import io.gracekeeper.crds.Gap;
import io.gracekeeper.crds.RolloutAuditStatus;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is new about one rollout since its audit was last judged.
 *
 * @param previous the status so far; null at the start. It is the memory: ends that it counts must not come again
 * @param pending uids of every old pod whose end is still to come, in the order in which they are to be listed
 * @param ended ends that {@code previous} does not count
 * @param gaps times in which nobody watched that {@code previous} does not list
 * @param phase how far the rollout is
 * @param now the time of conditions that change
 */
public record RolloutObservation(
        @Nullable RolloutAuditStatus previous,
        Set<String> pending,
        List<PodTermination> ended,
        List<Gap> gaps,
        RolloutPhase phase,
        Instant now) {
    /** Copies the lists, so that a record is a value. {@code pending} keeps its order and is not to be changed afterwards. */
    public RolloutObservation {
        ended = List.copyOf(ended);
        gaps = List.copyOf(gaps);
    }
}
