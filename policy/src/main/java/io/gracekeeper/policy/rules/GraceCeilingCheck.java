package io.gracekeeper.policy.rules;

import io.gracekeeper.crds.Annotations;
import io.gracekeeper.policy.EffectivePolicy;
import io.gracekeeper.policy.EvaluationInput;
import io.gracekeeper.policy.Need;
import io.gracekeeper.policy.PodTemplate;
import io.gracekeeper.policy.Rule;
import io.gracekeeper.policy.SourcedSeconds;
import io.gracekeeper.policy.Violation;
import java.util.List;
import java.util.Objects;

/** Neither the grace period nor what the pod needs is longer than the policy allows. */
final class GraceCeilingCheck implements Check {
    @Override
    public Rule rule() {
        return Rule.GRACE_CEILING;
    }

    @Override
    public String rationale() {
        return "A pod that hangs keeps its node's resources, its place in a quota and every drain of the node waiting"
                + " for the whole of its terminationGracePeriodSeconds.";
    }

    @Override
    public String remedy() {
        return "Lower terminationGracePeriodSeconds, shorten the hook, or ask the owner of the policy for a larger"
                + " maximum. Gracekeeper lowers nothing.";
    }

    @Override
    public List<String> sources() {
        return List.of("kubernetes.io: Safely Drain a Node", "kubernetes.io: Node Shutdowns (shutdownGracePeriod)");
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
        if (need != null && need.seconds() > max.seconds()) {
            boolean hookIsToBlame =
                    need.ownHook() && need.hookSeconds() > 0 && need.seconds() - need.hookSeconds() <= max.seconds();
            if (hookIsToBlame) {
                return List.of(hookTooLong(need, max, policy));
            }
            if (need.shutdownSource() == null && need.shutdownSeconds() > 0) {
                return List.of(declaredTooLong(need, Annotations.SHUTDOWN_SECONDS, input));
            }
            if (need.appDelaySeconds() > 0) {
                return List.of(declaredTooLong(need, Annotations.DRAIN_SECONDS, input));
            }
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

    /** An author's annotation raises the need, and there is no room for it. */
    private Violation declaredTooLong(Need need, String annotation, EvaluationInput input) {
        EffectivePolicy policy = input.policy();
        SourcedSeconds max = Objects.requireNonNull(policy.max());
        String container = need.container().display();
        return new Violation(
                rule(),
                need.container().name(),
                input.template().annotationField(annotation),
                container + " needs " + need.seconds() + "s, the maximum is " + max.seconds() + "s: lower "
                        + annotation,
                "container \"" + container + "\" needs " + need.sum() + ", which is more than the maximum of "
                        + max.seconds() + "s (" + max.source() + "): declare at most "
                        + (need.seconds() - max.seconds() < declared(need, annotation)
                                ? (declared(need, annotation) - (need.seconds() - max.seconds())) + "s"
                                : "nothing")
                        + ", or ask for a larger maximum.",
                null,
                need.seconds() - max.seconds(),
                policy.action(rule()),
                max.source());
    }

    private static long declared(Need need, String annotation) {
        return annotation.equals(Annotations.SHUTDOWN_SECONDS) ? need.shutdownSeconds() : need.appDelaySeconds();
    }

    private Violation hookTooLong(Need need, SourcedSeconds max, EffectivePolicy policy) {
        long room = Math.max(0, max.seconds() - need.appDelaySeconds() - need.shutdownSeconds() - need.marginSeconds());
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
