package io.gracekeeper.operator.policy;

import io.gracekeeper.crds.Existing;
import io.gracekeeper.crds.ExistingMode;
import io.gracekeeper.crds.Halt;
import io.gracekeeper.crds.Injection;
import io.gracekeeper.crds.InjectionMode;
import io.gracekeeper.operator.retrofit.RetrofitReport;
import io.gracekeeper.policy.Classification;
import io.gracekeeper.policy.Judgement;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
        List<String> waiting = inputs.matched().stream()
                .filter(judgement -> judgement.classification() == Classification.FIXABLE
                        && inputs.self().equals(judgement.policy().injection().source()))
                .map(InjectedCondition::name)
                .sorted()
                .toList();
        if (mode == InjectionMode.DRY_RUN) {
            return ConditionFacts.no(
                    ConditionReasons.DRY_RUN,
                    "mode is DryRun: Apply would fix " + (waiting.isEmpty() ? "nothing now" : names(waiting)));
        }
        boolean contradictory = inputs.matched().stream()
                .anyMatch(judgement -> !judgement.policy().contradictions().isEmpty()
                        && inputs.self().equals(judgement.policy().injection().source()));
        if (waiting.isEmpty() && contradictory) {
            return ConditionFacts.no(
                    ConditionReasons.CONTRADICTION,
                    "nothing is injected where policies contradict each other: see Consistent");
        }
        RetrofitReport retrofit = inputs.retrofit();
        return retrofit == null ? unpaced(waiting, injection.existing()) : paced(waiting, retrofit, inputs);
    }

    private static ConditionFacts unpaced(List<String> waiting, @Nullable Existing existing) {
        if (waiting.isEmpty()) {
            return all();
        }
        boolean paced = existing != null && existing.mode() == ExistingMode.PACED;
        return ConditionFacts.no(
                paced ? ConditionReasons.ROLLING : ConditionReasons.WAITS_FOR_ROLLOUT,
                "not injected yet: " + names(waiting)
                        + (paced
                                ? ""
                                : "; each gets it when its template is next changed (existing.mode NextRollout)"));
    }

    private static ConditionFacts paced(List<String> waiting, RetrofitReport retrofit, StatusInputs inputs) {
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
        if (waiting.isEmpty()) {
            return all();
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

    private static ConditionFacts all() {
        return ConditionFacts.yes(
                ConditionReasons.ALL_INJECTED, "every workload that injection can help has what this policy injects");
    }

    static String name(Judgement judgement) {
        return judgement.workload().kind().kind() + "/" + judgement.workload().name();
    }

    private static String names(List<String> all) {
        String named = String.join(", ", all.subList(0, Math.min(NAMED, all.size())));
        return all.size() <= NAMED ? named : named + " and " + (all.size() - NAMED) + " more";
    }
}
