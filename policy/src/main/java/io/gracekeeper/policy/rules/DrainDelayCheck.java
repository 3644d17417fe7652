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
        return "The deletion of a pod and its removal from endpoints start at the same moment and are not ordered: a"
                + " server that closes at SIGTERM refuses requests that are still being sent to it. A preStop hook holds"
                + " SIGTERM back for that long. A hook counts with the time that is sure to pass while the server still"
                + " serves: not with what follows a command that stops it (nginx -s quit; sleep 10), nor with what runs"
                + " only if another command succeeds (touch /tmp/x && sleep 10).";
    }

    @Override
    public String remedy() {
        return "Add a preStop sleep. Where the policy's injection says Apply, Gracekeeper adds it to a container that"
                + " has no hook. If the app delays its own end, declare it: annotation gracekeeper.io/drain-seconds on"
                + " the pod template. A sleep of 0 seconds says that you want none; it stops injection, and only a"
                + " ShutdownException forgives it.";
    }

    @Override
    public List<String> sources() {
        return List.of(
                "kubernetes.io: Pod Lifecycle, Termination of Pods",
                "KEP-3960 (sleep action for preStop), KEP-4818 (sleep of 0 seconds)",
                "KEP-1669 (terminating endpoints)");
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
        String counted = container.preStop().length() instanceof HookLength.Known(long sure, long most) && most > sure
                ? " (up to " + most + "s, of which " + (sure == 0 ? "none is" : sure + "s are")
                        + " sure: what comes after a command that stops the server, behind \"&&\", or under \"timeout\","
                        + " doesn't count)"
                : "";
        String message = "container \"" + container.display() + "\" serves port "
                + container.tcpPorts().get(0) + " and has "
                + container.preStop().describe() + counted + ", so it stops "
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
