package io.gracekeeper.operator.retrofit;

import io.gracekeeper.crds.Retrofit;
import java.util.List;

/**
 * How a policy's retrofit stands.
 *
 * @param status for the policy's status
 * @param rolling the workloads that are on their way, at most three, for people
 */
public record RetrofitReport(Retrofit status, List<String> rolling) {
    /** Copies the list. */
    public RetrofitReport {
        rolling = List.copyOf(rolling);
    }

    /** Whether there is something to wait for. */
    public boolean isUnderWay() {
        return status.rolling() > 0 || (status.pending() > 0 && status.halted() == null);
    }
}
