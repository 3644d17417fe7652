package io.gracekeeper.operator.policy;

import io.gracekeeper.crds.Halt;
import io.gracekeeper.crds.Injection;
import io.gracekeeper.crds.InjectionMode;
import io.gracekeeper.operator.retrofit.RetrofitReport;
import io.gracekeeper.operator.workload.Finding;
import io.gracekeeper.policy.Classification;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/** Whether every workload that injection can help has what this policy injects. */
final class InjectedCondition {
    private static final int NAMED = 3;

    private InjectedCondition() {}

    static ConditionFacts of(StatusInputs inputs) {
        Injection injection = inputs.spec() == null ? null : inputs.spec().injection();
        InjectionMode mode = injection == null
                ? InjectionMode.DISABLED
                : Objects.requireNonNullElse(injection.mode(), InjectionMode.DRY_RUN);
        if (injection == null || mode == InjectionMode.DISABLED) {
            return ConditionFacts.no(
                    ConditionReasons.NO_INJECTION, "the policy injects nothing: spec.injection is absent or Disabled");
        }
        List<String> waiting = waiting(inputs, finding -> true);
        if (mode == InjectionMode.DRY_RUN) {
            return ConditionFacts.no(
                    ConditionReasons.DRY_RUN,
                    "mode is DryRun: Apply would fix " + (waiting.isEmpty() ? "nothing now" : names(waiting)));
        }
        boolean contradictory = inputs.matched().stream()
                .anyMatch(finding -> !finding.contradictions().isEmpty() && finding.isInjectedBy(inputs.self()));
        if (waiting.isEmpty() && contradictory) {
            return ConditionFacts.no(
                    ConditionReasons.CONTRADICTION,
                    "nothing is injected where policies contradict each other: see Consistent");
        }
        RetrofitReport retrofit = inputs.retrofit();
        if (retrofit != null) {
            return paced(retrofit, inputs);
        }
        return waiting.isEmpty()
                ? all()
                : waitsForRollout(
                        waiting, "each gets it when its template is next changed (existing.mode NextRollout)");
    }

    /** The workloads that would be compliant if they had what this policy injects. */
    private static List<String> waiting(StatusInputs inputs, Predicate<Finding> which) {
        return inputs.matched().stream()
                .filter(finding ->
                        finding.classification() == Classification.FIXABLE && finding.isInjectedBy(inputs.self()))
                .filter(which)
                .map(inputs::name)
                .sorted()
                .toList();
    }

    private static ConditionFacts paced(RetrofitReport retrofit, StatusInputs inputs) {
        Halt halt = retrofit.status().halted();
        if (halt != null) {
            return ConditionFacts.no(ConditionReasons.HALTED, halt.message());
        }
        if (retrofit.status().rolling() > 0) {
            return ConditionFacts.no(
                    ConditionReasons.ROLLING,
                    retrofit.status().rolling() + " rolling (" + String.join(", ", retrofit.rolling()) + "), "
                            + retrofit.status().pending() + " pending");
        }
        List<String> waiting = waiting(inputs, InjectedCondition::isPaced);
        if (waiting.isEmpty()) {
            List<String> others = waiting(inputs, finding -> !isPaced(finding));
            return others.isEmpty()
                    ? all()
                    : waitsForRollout(
                            others,
                            "only Deployments are paced; each of these gets it when its template is next changed");
        }
        if (!inputs.enforcement().isProven()) {
            return ConditionFacts.no(
                    ConditionReasons.WAITS_FOR_ENFORCEMENT,
                    "no workload is touched while the webhook is not proven to work: "
                            + inputs.enforcement().message());
        }
        return retrofit.status().pending() > 0
                ? ConditionFacts.no(ConditionReasons.ROLLING, "pending: " + names(waiting))
                : ConditionFacts.no(
                        ConditionReasons.SKIPPED,
                        "left alone, since paused or owned by another controller: " + names(waiting));
    }

    private static boolean isPaced(Finding finding) {
        return finding.kind().kind().equals("Deployment");
    }

    private static ConditionFacts waitsForRollout(List<String> waiting, String why) {
        return ConditionFacts.no(
                ConditionReasons.WAITS_FOR_ROLLOUT, "not injected yet: " + names(waiting) + "; " + why);
    }

    private static ConditionFacts all() {
        return ConditionFacts.yes(
                ConditionReasons.ALL_INJECTED, "every workload that injection can help has what this policy injects");
    }

    private static String names(List<String> all) {
        String named = String.join(", ", all.subList(0, Math.min(NAMED, all.size())));
        return all.size() <= NAMED ? named : named + " and " + (all.size() - NAMED) + " more";
    }
}
