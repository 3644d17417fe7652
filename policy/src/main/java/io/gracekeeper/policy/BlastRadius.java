package io.gracekeeper.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.crds.InjectionMode;
import io.gracekeeper.crds.ValidationAction;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a policy would refuse of what is there already: workloads that would be refused if they were created now, and would not be
 * without that policy. What its injection makes right is not among them.
 *
 * @param refused how many
 * @param example the first of them by kind, namespace and name; null where there is none
 * @param examined how many workloads were looked at
 * @param total how many there were to look at
 */
public record BlastRadius(int refused, @Nullable String example, int examined, int total) {
    /**
     * A workload of the cluster.
     *
     * @param namespace of the workload
     * @param object makes the raw object, or what of it the rules read; called at most once
     */
    public record Candidate(String namespace, Supplier<JsonNode> object) {}

    /**
     * Looks.
     *
     * @param policy which
     * @param with policies as they would be
     * @param without policies as they would be without that one
     * @param goOn asked before each workload; false ends the search
     */
    public static BlastRadius of(
            PolicyReference policy,
            PolicySnapshot with,
            PolicySnapshot without,
            WorkloadKinds kinds,
            InstantSource clock,
            List<Candidate> candidates,
            BooleanSupplier goOn) {
        var engineWith = new PolicyEngine(with, kinds, clock);
        var engineWithout = new PolicyEngine(without, kinds, clock);
        Map<String, Boolean> reached = new HashMap<>();
        List<Candidate> inReach = candidates.stream()
                .filter(candidate ->
                        reached.computeIfAbsent(candidate.namespace(), namespace -> reaches(policy, with, namespace)))
                .toList();
        int refused = 0;
        int examined = 0;
        String example = null;
        for (Candidate candidate : inReach) {
            if (!goOn.getAsBoolean()) {
                break;
            }
            examined++;
            JsonNode object = candidate.object().get();
            Judgement judgement = engineWith.judge(object);
            if (isRefused(judgement) && !isRefused(engineWithout.judge(object))) {
                refused++;
                String name = judgement.workload().display();
                example = example == null || name.compareTo(example) < 0 ? name : example;
            }
        }
        return new BlastRadius(refused, example, examined, inReach.size());
    }

    private static boolean reaches(PolicyReference policy, PolicySnapshot with, String namespace) {
        return with.policiesIn(namespace).policies().stream()
                .anyMatch(one -> one.reference().equals(policy));
    }

    private static boolean isRefused(Judgement judgement) {
        boolean injected = judgement.classification() == Classification.FIXABLE
                && judgement.policy().injection().mode() == InjectionMode.APPLY;
        return !injected
                && judgement.violations().stream().anyMatch(violation -> violation.action() == ValidationAction.DENY);
    }

    /** One line for whoever writes the policy; empty where there is nothing to say. */
    public List<String> warnings(PolicyReference policy) {
        boolean cut = examined < total;
        if (refused == 0) {
            return cut
                    ? List.of(Warnings.line(policy.name() + ": looked at " + examined + " of " + total
                            + " workloads in time, and would refuse none of them"))
                    : List.of();
        }
        return List.of(Warnings.line(policy.name() + ": would refuse " + (cut ? "at least " : "") + refused
                + (refused == 1 ? " workload" : " workloads") + " if created now"
                + (cut ? " (looked at " + examined + " of " + total + ")" : "") + ", e.g. " + example));
    }
}
