package io.gracekeeper.policy.rollout;

import io.gracekeeper.crds.EndResult;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one container ended.
 *
 * @param name its name
 * @param result what happened
 * @param exitCode null where nobody saw it
 * @param endedAfter from t0 to its end, never negative; null where one of them was not seen
 * @param findings what else was noticed
 */
record ContainerVerdict(
        String name,
        EndResult result,
        @Nullable Integer exitCode,
        @Nullable Duration endedAfter,
        List<Finding> findings) {
    ContainerVerdict {
        findings = List.copyOf(findings);
    }
}
