package io.gracekeeper.policy.rules;

import io.gracekeeper.crds.InjectionMode;
import io.gracekeeper.policy.Container;
import io.gracekeeper.policy.EffectivePolicy;
import io.gracekeeper.policy.EvaluationInput;
import io.gracekeeper.policy.HookLength;
import io.gracekeeper.policy.InjectionRecord;
import io.gracekeeper.policy.PodTemplate;
import io.gracekeeper.policy.PreStop;
import io.gracekeeper.policy.Rule;
import io.gracekeeper.policy.SourcedSeconds;
import io.gracekeeper.policy.Violation;
import java.util.ArrayList;
import java.util.List;

/** A serving container goes on serving while the load balancers forget it. */
final class DrainDelayCheck implements Check {
    @Override
    public Rule rule() {
        return Rule.DRAIN_DELAY;
    }

    @Override
    public String rationale() {
        return "Deletion of a pod and its removal from endpoints start at the same time and are not ordered: a server that closes"
                + " at SIGTERM refuses requests that are still sent to it. A preStop hook holds SIGTERM back"
                + " (kubernetes.io, Pod Lifecycle, Termination of Pods; KEP-3960 for sleep).";
    }

    @Override
    public List<Violation> violations(EvaluationInput input) {
        PodTemplate template = input.template();
        EffectivePolicy policy = input.policy();
        List<Violation> violations = new ArrayList<>();
        for (Container container : template.containers()) {
            SourcedSeconds asked = policy.duty(container).drainDelay();
            if (asked != null
                    && container.serving()
                    && container.preStop().length() instanceof HookLength.Known(long hook, long upper)) {
                long drained = hook + container.appDelaySeconds();
                if (drained < asked.seconds()) {
                    violations.add(
                            violation(container, drained, asked, willBeAdded(container, template, policy), policy));
                }
            }
        }
        return violations;
    }

    /** Whether only the grace period is in the way of injection. A hook of ours that somebody took out is not put back. */
    private static boolean willBeAdded(Container container, PodTemplate template, EffectivePolicy policy) {
        InjectionRecord record = template.record();
        return container.preStop() instanceof PreStop.None
                && policy.injection().mode() == InjectionMode.APPLY
                && policy.contradictions().isEmpty()
                && (record == null || !record.preStopSeconds().containsKey(container.name()));
    }

    private Violation violation(
            Container container, long lower, SourcedSeconds asked, boolean ours, EffectivePolicy policy) {
        long drain = asked.seconds();
        String message = "container \"" + container.display() + "\" serves port "
                + container.tcpPorts().get(0) + " and has "
                + container.preStop().describe() + ", so it stops "
                + (lower == 0 ? "taking requests at once" : "taking requests after " + lower + "s")
                + " while they are still sent to it; " + drain + "s are asked for (" + asked.source() + ")."
                + (ours ? " Gracekeeper adds the hook itself once terminationGracePeriodSeconds has room for it." : "");
        String summary =
                container.display() + " serves port " + container.tcpPorts().get(0) + " and drains " + lower
                        + "s of " + drain + "s: "
                        + (ours ? "make room for the hook" : "set lifecycle.preStop.sleep.seconds: " + drain);
        return new Violation(
                rule(),
                container.name(),
                container.preStopField(),
                summary,
                message,
                ours ? null : "lifecycle: {preStop: {sleep: {seconds: " + drain + "}}}",
                drain - lower,
                policy.action(rule()),
                asked.source());
    }
}
