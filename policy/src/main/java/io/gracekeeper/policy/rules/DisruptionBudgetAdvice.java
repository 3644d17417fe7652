package io.gracekeeper.policy.rules;

import io.gracekeeper.policy.Note;
import io.gracekeeper.policy.Rule;
import io.gracekeeper.policy.Surroundings.DisruptionBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A PodDisruptionBudget keeps a drain of nodes from ending all pods at once, and lets it end one. */
final class DisruptionBudgetAdvice implements Advice {
    private static final Set<String> KINDS = Set.of("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController");

    @Override
    public Rule rule() {
        return Rule.DISRUPTION_BUDGET;
    }

    @Override
    public String rationale() {
        return "Without a budget, a drain of nodes may end every pod of a workload at the same time, each of them gracefully. With"
                + " one that allows no disruption, the drain hangs until somebody forces it, and that kills. The Eviction API"
                + " serves no pod that two budgets select. (No budget limits a rollout.)";
    }

    @Override
    public String remedy() {
        return "One PodDisruptionBudget for each workload with several replicas, with maxUnavailable: 1.";
    }

    @Override
    public List<String> sources() {
        return List.of(
                "kubernetes.io: Specifying a Disruption Budget for your Application",
                "pkg/registry/core/pod/storage/eviction.go (more than one PodDisruptionBudget is an error)");
    }

    @Override
    public List<Note> advise(AdviceInput input) {
        List<DisruptionBudget> budgets = input.around()
                .budgetsOf(input.workload().namespace(), input.template().labels());
        if (budgets == null || !KINDS.contains(input.kind().kind()) || input.replicas() == 0) {
            return List.of();
        }
        List<Note> notes = new ArrayList<>();
        if (budgets.isEmpty() && input.replicas() > 1) {
            notes.add(note("no PodDisruptionBudget selects these pods: a drain of nodes may end all " + input.replicas()
                    + " at once. Add one with maxUnavailable: 1."));
        }
        if (budgets.size() > 1) {
            notes.add(
                    note(
                            "PodDisruptionBudgets \"" + budgets.get(0).name() + "\" and \""
                                    + budgets.get(1).name()
                                    + "\" both select these pods, and then Kubernetes evicts none of them: a drain of nodes hangs. Keep one."));
        }
        boolean scaled = !input.around().autoscalersOf(input.workload()).isEmpty();
        for (DisruptionBudget budget : budgets) {
            String why = allowsNone(budget, input.replicas(), scaled);
            if (why != null) {
                notes.add(
                        note(
                                "PodDisruptionBudget \"" + budget.name() + "\" allows no pod to be evicted (" + why
                                        + "): a drain of nodes hangs until somebody forces it, and that kills. Set maxUnavailable: 1."));
            }
        }
        return notes;
    }

    private Note note(String message) {
        return new Note(rule(), "spec.template.metadata.labels", message);
    }

    private static @Nullable String allowsNone(DisruptionBudget budget, long replicas, boolean scaled) {
        String max = budget.maxUnavailable();
        String min = budget.minAvailable();
        if (max != null && max.matches("0+%?")) {
            return "maxUnavailable: " + max;
        }
        if (min == null) {
            return null;
        }
        if (min.equals("100%")) {
            return "minAvailable: 100%";
        }
        return !scaled && min.matches("[0-9]{1,9}") && Long.parseLong(min) >= replicas
                ? "minAvailable: " + min + " of " + replicas
                : null;
    }
}
