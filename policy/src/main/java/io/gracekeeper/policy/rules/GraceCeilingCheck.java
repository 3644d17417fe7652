package io.gracekeeper.policy.rules;

import io.gracekeeper.policy.EffectivePolicy;
import io.gracekeeper.policy.EvaluationInput;
import io.gracekeeper.policy.Need;
import io.gracekeeper.policy.PodTemplate;
import io.gracekeeper.policy.Rule;
import io.gracekeeper.policy.SourcedSeconds;
import io.gracekeeper.policy.Violation;
import java.util.List;

/** Neither the grace period nor what the pod needs is longer than the policy allows. */
final class GraceCeilingCheck implements Check {
    @Override
    public Rule rule() {
        return Rule.GRACE_CEILING;
    }

    @Override
    public String rationale() {
        return "A pod that hangs keeps its node's resources, its place in a quota and every drain of the node waiting for the"
                + " whole of its terminationGracePeriodSeconds (kubernetes.io, Safely Drain a Node).";
    }

    @Override
    public List<Violation> violations(EvaluationInput input) {
        PodTemplate template = input.template();
        EffectivePolicy policy = input.policy();
        SourcedSeconds max = policy.max();
        if (max == null) {
            return List.of();
        }
        Need need = Need.of(template, policy);
        if (need != null && need.seconds() > max.seconds() && need.ownHook()) {
            return List.of(hookTooLong(need, max, policy));
        }
        long grace = template.graceSeconds();
        if (grace <= max.seconds()) {
            return List.of();
        }
        return List.of(new Violation(
                rule(),
                null,
                template.graceField(),
                "grace " + grace + "s is above the maximum " + max.seconds() + "s: set terminationGracePeriodSeconds: "
                        + max.seconds(),
                grace + "s is more than the maximum of " + max.seconds() + "s (" + max.source() + ").",
                "terminationGracePeriodSeconds: " + max.seconds(),
                grace - max.seconds(),
                policy.action(rule()),
                max.source()));
    }

    private Violation hookTooLong(Need need, SourcedSeconds max, EffectivePolicy policy) {
        long room = Math.max(0, max.seconds() - need.shutdownSeconds() - need.marginSeconds());
        String container = need.container().display();
        return new Violation(
                rule(),
                need.container().name(),
                need.container().preStopField(),
                container + " needs " + need.seconds() + "s, the maximum is " + max.seconds()
                        + "s: shorten its preStop to " + room + "s",
                "container \"" + container + "\" needs " + need.sum() + ", which is more than the maximum of "
                        + max.seconds() + "s (" + max.source() + "): its hook may take at most " + room + "s.",
                null,
                need.seconds() - max.seconds(),
                policy.action(rule()),
                max.source());
    }
}
