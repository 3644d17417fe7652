package io.gracekeeper.policy;

import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.Match;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Kinds between two that a policy names and does not name itself. A policy lets pods pass whose makers it judges; who made a
 * ReplicaSet or a Job that exists is said by its ownerReferences, and those anybody can come by: by writing them, or by writing a
 * ReplicaSet that a Deployment's selector selects, which its controller then adopts (kubernetes/pkg/controller,
 * {@code controller_ref_manager.go}). Where the kind between is named too, such an object was judged when it was written.
 */
public final class KindGaps {
    private static final List<Gap> GAPS = List.of(
            new Gap("Deployment", "ReplicaSet", "that a Deployment adopts"),
            new Gap("CronJob", "Job", "that names a CronJob its owner"));

    private KindGaps() {}

    private record Gap(String above, String between, String how) {}

    /**
     * A line for each gap, for whoever writes the policy; empty where there is none.
     *
     * @param name of the policy
     * @param spec one in which {@link PolicyValidator} found nothing
     */
    public static List<String> warnings(String name, GracefulShutdownPolicySpec spec) {
        Match match = spec.match();
        if (match == null || match.kinds() == null || !match.kinds().contains("Pod")) {
            return List.of();
        }
        Set<String> kinds = Set.copyOf(match.kinds());
        List<String> warnings = new ArrayList<>();
        for (Gap gap : GAPS) {
            if (kinds.contains(gap.above()) && !kinds.contains(gap.between())) {
                warnings.add(Warnings.line(name + ": pods of a " + gap.between() + " " + gap.how() + " pass: add "
                        + gap.between() + " to match.kinds"));
            }
        }
        return warnings;
    }
}
