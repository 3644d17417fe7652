package io.gracekeeper.policy.rules;

import io.gracekeeper.crds.ReadinessProbeRequirement;
import io.gracekeeper.policy.Container;
import io.gracekeeper.policy.Duty;
import io.gracekeeper.policy.EvaluationInput;
import io.gracekeeper.policy.Rule;
import io.gracekeeper.policy.Violation;
import java.util.ArrayList;
import java.util.List;

/** A container says by a probe whether requests may be sent to it. */
final class ReadinessProbeCheck implements Check {
    @Override
    public Rule rule() {
        return Rule.READINESS_PROBE;
    }

    @Override
    public String rationale() {
        return "Without a readiness probe a container counts as ready as soon as it runs: a rollout ends old pods before new ones"
                + " can answer, and requests are sent to a server that is still starting. While a pod ends, its probe goes on,"
                + " and is how load balancers learn that it serves no more.";
    }

    @Override
    public String remedy() {
        return "Add a readinessProbe that asks the app itself. Gracekeeper can't know the path, and adds none.";
    }

    @Override
    public List<String> sources() {
        return List.of(
                "kubernetes.io: Configure Liveness, Readiness and Startup Probes",
                "pkg/kubelet/kubelet.go, SyncTerminatingPod (readiness goes on, liveness and startup stop)",
                "KEP-1669 (terminating endpoints)");
    }

    @Override
    public List<Violation> violations(EvaluationInput input) {
        List<Violation> violations = new ArrayList<>();
        for (Container container : input.template().containers()) {
            Duty.SourcedProbe asked = input.policy().duty(container).readinessProbe();
            if (asked != null && owes(container, asked.requirement()) && !container.readinessProbe()) {
                violations.add(violation(container, asked, input));
            }
        }
        return violations;
    }

    private static boolean owes(Container container, ReadinessProbeRequirement requirement) {
        return !container.nativeSidecar()
                && switch (requirement) {
                    case REQUIRED -> true;
                    case IF_SERVING -> container.serving();
                    case IGNORE -> false;
                };
    }

    private Violation violation(Container container, Duty.SourcedProbe asked, EvaluationInput input) {
        String name = container.display();
        boolean serving = container.serving();
        String port = serving ? String.valueOf(container.tcpPorts().get(0)) : "";
        String message = serving
                ? "missing, but container \"" + name + "\" serves port " + port
                        + ": it gets requests before it can answer them, and a rollout ends old pods too early ("
                        + asked.source() + "). The path is your app's."
                : "missing: a rollout ends old pods before container \"" + name + "\" says that it works ("
                        + asked.source() + "). The command is your app's.";
        return new Violation(
                rule(),
                container.name(),
                container.field() + ".readinessProbe",
                name + (serving ? " serves port " + port + " and" : "") + " has no readinessProbe: add one",
                message,
                serving
                        ? "readinessProbe: {httpGet: {path: /ready, port: " + port + "}}"
                        : "readinessProbe: {exec: {command: [/bin/check-ready]}}",
                1,
                input.policy().action(rule()),
                asked.source());
    }
}
