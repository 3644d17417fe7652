package io.gracekeeper.operator.retrofit;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Decides which workload is touched next. Pure: one decision, from one view of the cluster. */
final class Pacer {
    private static final Comparator<Candidate> FEWEST_REPLICAS_FIRST =
            Comparator.comparingInt(Candidate::replicas).thenComparing(Candidate::key);

    private final int clusterLimit;

    /**
     * A pacer.
     *
     * @param clusterLimit how many workloads of the whole cluster may be on their way at once
     */
    Pacer(int clusterLimit) {
        this.clusterLimit = clusterLimit;
    }

    /**
     * The workload to touch now; empty where nobody may be.
     *
     * @param candidates every workload that this policy paces
     * @param policyLimit the policy's own {@code maxConcurrent}
     * @param openInCluster how many workloads are on their way, those of this policy included
     * @param halted whether the policy's retrofit stands still
     */
    Optional<Candidate> next(Collection<Candidate> candidates, int policyLimit, int openInCluster, boolean halted) {
        if (halted) {
            return Optional.empty();
        }
        long open = candidates.stream().filter(Candidate::isOpen).count();
        boolean place = open < policyLimit && openInCluster < clusterLimit;
        // At or below the limit, one that is open already opens nothing; above it, nobody is touched until it is met
        // again.
        boolean within = open <= policyLimit && openInCluster <= clusterLimit;
        return candidates.stream()
                .filter(Candidate::isEligible)
                .filter(candidate -> candidate.isOpen() ? within : place)
                .min(FEWEST_REPLICAS_FIRST);
    }
}
