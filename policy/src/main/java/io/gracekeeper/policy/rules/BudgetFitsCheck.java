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
import org.jspecify.annotations.Nullable;

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
        return List.of(new Violation(
                rule(),
                null,
                template.graceField(),
                summary(need, grace, exceeded),
                message(need, input, exceeded),
                exceeded != null ? null : "terminationGracePeriodSeconds: " + need.seconds(),
                need.seconds() - grace,
                policy.action(rule()),
                source(need, policy)));
    }

    private static String summary(Need need, long grace, @Nullable SourcedSeconds exceeded) {
        String container = need.container().display();
        return exceeded != null
                ? container + " needs a grace of " + need.seconds() + "s (" + need.shortSum() + "), at most "
                        + exceeded.seconds() + "s are allowed"
                : container + " needs terminationGracePeriodSeconds: " + need.seconds() + ", has " + grace + " ("
                        + need.shortSum() + ")";
    }

    private static String message(Need need, EvaluationInput input, @Nullable SourcedSeconds exceeded) {
        EffectivePolicy policy = input.policy();
        StringBuilder message = new StringBuilder()
                .append(input.template().graceSeconds())
                .append("s is too short: container \"")
                .append(need.container().display())
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
        } else if (policy.injection().mode() == InjectionMode.APPLY
                && input.template().graceOrigin() == GraceOrigin.EXPLICIT) {
            message.append(" Your own value is never raised.");
        }
        return message.toString();
    }

    private static PolicyReference source(Need need, EffectivePolicy policy) {
        SourcedSeconds drainDelay = policy.duty(need.container()).drainDelay();
        if (need.shutdownSource() != null) {
            return need.shutdownSource();
        }
        return drainDelay != null ? drainDelay.source() : policy.policies().get(0);
    }
}
