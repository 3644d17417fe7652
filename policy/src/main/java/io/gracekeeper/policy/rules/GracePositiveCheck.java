package io.gracekeeper.policy.rules;

import io.gracekeeper.policy.EffectivePolicy;
import io.gracekeeper.policy.EvaluationInput;
import io.gracekeeper.policy.Need;
import io.gracekeeper.policy.PodTemplate;
import io.gracekeeper.policy.Rule;
import io.gracekeeper.policy.Violation;
import java.util.List;

/** The grace period is positive. */
final class GracePositiveCheck implements Check {
    @Override
    public Rule rule() {
        return Rule.GRACE_POSITIVE;
    }

    @Override
    public String rationale() {
        return "With terminationGracePeriodSeconds 0 the kubelet runs no preStop hook and sends SIGKILL at once; a"
                + " negative value is treated as 1.";
    }

    @Override
    public String remedy() {
        return "Set a terminationGracePeriodSeconds that has room for the shutdown. Gracekeeper never raises a value"
                + " of your own, and 0 is one.";
    }

    @Override
    public List<String> sources() {
        return List.of(
                "kubernetes.io: Pod Lifecycle, Termination of Pods",
                "pkg/kubelet/pod_workers.go, calculateEffectiveGracePeriod");
    }

    @Override
    public List<Violation> violations(EvaluationInput input) {
        PodTemplate template = input.template();
        EffectivePolicy policy = input.policy();
        long grace = template.graceSeconds();
        if (!policy.statesBudget() || grace > 0) {
            return List.of();
        }
        Need need = Need.of(template, policy);
        long enough = need == null || need.seconds() == 0 ? PodTemplate.DEFAULT_GRACE_SECONDS : need.seconds();
        String effect = grace == 0
                ? "0 means SIGKILL at once, without a preStop hook and without SIGTERM"
                : grace + " is negative and treated as 1: there is no time for anything";
        return List.of(new Violation(
                rule(),
                null,
                template.graceField(),
                "grace " + grace + " gives no time to shut down: set terminationGracePeriodSeconds: " + enough,
                effect + " (" + policy.budgetSource() + ").",
                "terminationGracePeriodSeconds: " + enough,
                1 - grace,
                policy.action(rule()),
                policy.budgetSource()));
    }
}
