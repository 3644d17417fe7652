package io.gracekeeper.policy.rules;

import io.gracekeeper.crds.InjectionMode;
import io.gracekeeper.policy.EffectivePolicy;
import io.gracekeeper.policy.EvaluationInput;
import io.gracekeeper.policy.GraceOrigin;
import io.gracekeeper.policy.Need;
import io.gracekeeper.policy.PodTemplate;
import io.gracekeeper.policy.PolicyReference;
import io.gracekeeper.policy.Rule;
import io.gracekeeper.policy.SourcedSeconds;
import io.gracekeeper.policy.Violation;
import java.util.List;

/** The grace period has room for the hook, the shutdown and the margin. */
final class BudgetFitsCheck implements Check {
    @Override
    public Rule rule() {
        return Rule.BUDGET_FITS;
    }

    @Override
    public String rationale() {
        return "The preStop hook runs inside terminationGracePeriodSeconds, not before it. What is left of it is all"
                + " that the process gets between SIGTERM and SIGKILL, with a floor of 2 s.";
    }

    @Override
    public String remedy() {
        return "Set terminationGracePeriodSeconds to the sum that the message shows, or shorten the hook. Where the"
                + " policy's injection says Apply, Gracekeeper sets it if you leave it out.";
    }

    @Override
    public List<String> sources() {
        return List.of(
                "kubernetes.io: Container Lifecycle Hooks, Hook handler execution",
                "pkg/kubelet/kuberuntime/kuberuntime_container.go, killContainer");
    }

    @Override
    public List<Violation> violations(EvaluationInput input) {
        PodTemplate template = input.template();
        EffectivePolicy policy = input.policy();
        Need need = Need.of(template, policy);
        long grace = template.graceSeconds();
        if (need == null || (grace >= need.seconds() && grace > 0)) {
            return List.of();
        }
        if (need.seconds() == 0) {
            return List.of(); // Nothing is needed: that the grace is not positive is GracePositive's to say.
        }
        SourcedSeconds max = policy.max();
        SourcedSeconds exceeded = max != null && need.seconds() > max.seconds() ? max : null;
        String container = need.container().display();
        StringBuilder message = new StringBuilder()
                .append(grace)
                .append("s is too short: container \"")
                .append(container)
                .append("\" needs ")
                .append(need.sum())
                .append(" (")
                .append(need.sources(policy))
                .append(").");
        if (exceeded != null) {
            message.append(" That is above the maximum of ")
                    .append(exceeded.seconds())
                    .append("s (")
                    .append(exceeded.source())
                    .append(
                            policy.contradictions().isEmpty()
                                    ? "), so only less time can help."
                                    : "): the policies contradict each other, and only their owners can help.");
        } else if (policy.injection().mode() == InjectionMode.APPLY && template.graceOrigin() == GraceOrigin.EXPLICIT) {
            message.append(" Your own value is never raised.");
        }
        String summary = exceeded != null
                ? container + " needs a grace of " + need.seconds() + "s (" + need.shortSum() + "), at most "
                        + exceeded.seconds() + "s are allowed"
                : container + " needs terminationGracePeriodSeconds: " + need.seconds() + ", has " + grace + " ("
                        + need.shortSum() + ")";
        return List.of(new Violation(
                rule(),
                null,
                template.graceField(),
                summary,
                message.toString(),
                exceeded != null ? null : "terminationGracePeriodSeconds: " + need.seconds(),
                need.seconds() - grace,
                policy.action(rule()),
                source(need, policy)));
    }

    private static PolicyReference source(Need need, EffectivePolicy policy) {
        SourcedSeconds drainDelay = policy.duty(need.container()).drainDelay();
        if (need.shutdownSource() != null) {
            return need.shutdownSource();
        }
        return drainDelay != null ? drainDelay.source() : policy.policies().get(0);
    }
}
