package io.gracekeeper.policy.rules;

import io.gracekeeper.crds.Annotations;
import io.gracekeeper.policy.Container;
import io.gracekeeper.policy.EvaluationInput;
import io.gracekeeper.policy.HookLength;
import io.gracekeeper.policy.PolicyReference;
import io.gracekeeper.policy.PreStop;
import io.gracekeeper.policy.Rule;
import io.gracekeeper.policy.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A preStop hook does what its author expects, and ends in a time that can be known. */
final class HookWorksCheck implements Check {
    /** Whatever its signal is: {@code kill -QUIT 1}. */
    private static final Pattern KILLS_PROCESS_1 =
            Pattern.compile("(?:^|[\\s;&|(/])kill\\s+(?:-\\S+\\s+)*(?:\\S+\\s+)?1(?=$|[\\s;&|)])");

    @Override
    public Rule rule() {
        return Rule.HOOK_WORKS;
    }

    @Override
    public String rationale() {
        return "Kubernetes accepts hooks that do nothing or that never end, and says so only in an event while the pod dies: a"
                + " tcpSocket handler is not implemented; an httpGet ends with any answer, also 404 and 500; a hook that hangs"
                + " uses up the grace period, and SIGTERM and SIGKILL follow each other within 2 s; with a shared process"
                + " namespace, process 1 is the pause container. A length that can't be known is never counted as a pass.";
    }

    @Override
    public String remedy() {
        return "Use the sleep handler, or a command whose length can be read: sleep 10; nginx -s quit. Where only you know how long"
                + " the hook takes, declare it on the pod template with the annotation gracekeeper.io/drain-seconds:"
                + " \"app=12\". Containers that a policy exempts are not judged.";
    }

    @Override
    public List<String> sources() {
        return List.of(
                "kubernetes.io: Container Lifecycle Hooks",
                "pkg/kubelet/lifecycle/handlers.go (tcpSocket: \"Cannot run handler\"; httpGet: any response is a success)",
                "kubernetes.io: Pod Security Standards, Baseline, Host Probes / Lifecycle Hooks (1.34); KEP-4940",
                "kubernetes.io: Share Process Namespace between Containers in a Pod");
    }

    @Override
    public List<Violation> violations(EvaluationInput input) {
        if (!input.policy().statesBudget()) {
            return List.of();
        }
        List<Violation> violations = new ArrayList<>();
        for (Container container : input.template().containers()) {
            if (!input.policy().duty(container).exempt()) {
                judge(container, input, violations);
            }
        }
        return violations;
    }

    private void judge(Container container, EvaluationInput input, List<Violation> into) {
        PreStop hook = container.preStop();
        switch (hook) {
            case PreStop.Broken(String what) -> into.add(broken(container, what, input));
            case PreStop.HttpGet(String host, HookLength length) -> {
                if (!host.isEmpty()) {
                    into.add(otherHost(container, host, input));
                }
            }
            case PreStop.Exec(List<String> command, HookLength length) -> {
                if (input.template().shareProcessNamespace()
                        && KILLS_PROCESS_1.matcher(String.join(" ", command)).find()) {
                    into.add(killsPause(container, hook, input));
                }
            }
            case PreStop.None none -> {}
            case PreStop.Sleep sleep -> {}
            case PreStop.Several several -> {} // Kubernetes refuses it by itself.
        }
        if (hook.length() instanceof HookLength.Unknown) {
            into.add(unknown(container, hook, input));
        }
    }

    private Violation broken(Container container, String what, EvaluationInput input) {
        boolean empty = !what.equals("tcpSocket");
        long drain = input.policy().duty(container).drainDelaySeconds();
        boolean sleep = container.serving() && drain > 0;
        return violation(
                container,
                container.preStopField() + (empty ? "" : ".tcpSocket"),
                container.display() + ": preStop" + (empty ? " " : ".") + what + " never runs: "
                        + (sleep ? "use a sleep" : "remove it"),
                "container \"" + container.display() + "\" has a preStop hook "
                        + (empty
                                ? "that Kubernetes can't run (" + what + ")"
                                : "of type tcpSocket, which Kubernetes accepts and never runs")
                        + ": there is no delay, only the event FailedPreStopHook (" + source(input) + ")."
                        + (sleep ? "" : " Remove it."),
                sleep ? "preStop: {sleep: {seconds: " + drain + "}}" : null,
                input);
    }

    private Violation otherHost(Container container, String host, EvaluationInput input) {
        return violation(
                container,
                container.preStopField() + ".httpGet.host",
                container.display() + ": preStop.httpGet asks another host than the pod: remove host",
                "the hook of container \"" + container.display() + "\" asks host \"" + host
                        + "\" and not the pod that ends; Pod Security \"baseline\" refuses that from 1.34 on ("
                        + source(input) + "). Remove the field host.",
                null,
                input);
    }

    private Violation killsPause(Container container, PreStop hook, EvaluationInput input) {
        return violation(
                container,
                container.preStopField() + ".exec.command",
                container.display() + ": process 1 is the pause container, not the app: signal the app by its name",
                "the hook of container \"" + container.display() + "\" (" + hook.describe()
                        + ") signals process 1, which is the pause container where shareProcessNamespace is true: the app"
                        + " never hears of it (" + source(input)
                        + "). Signal the app by its name (pkill -QUIT nginx), or take shareProcessNamespace"
                        + " out.",
                null,
                input);
    }

    private Violation unknown(Container container, PreStop hook, EvaluationInput input) {
        boolean httpGet = hook instanceof PreStop.HttpGet;
        long example = Math.max(1, input.policy().duty(container).drainDelaySeconds());
        long sure = hook.length().lowerSeconds();
        boolean addressable = !container.name().isEmpty();
        String why = httpGet
                ? "it ends with the first answer, whatever its status, and has no timeout"
                : (sure == 0 ? "it" : "after " + sure + "s it")
                        + " runs a program, a loop or a variable that a manifest doesn't show";
        return violation(
                container,
                container.preStopField(),
                container.display() + ": nobody can tell how long its preStop hook takes: declare it in "
                        + Annotations.DRAIN_SECONDS,
                "nobody can tell how long the hook of container \"" + container.display() + "\" takes ("
                        + hook.describe()
                        + "): " + why + ". So no grace period is sure to be enough (" + source(input)
                        + "). Use preStop.sleep"
                        + (httpGet ? "" : ", bound it with \"timeout " + example + " ...\"")
                        + ", or declare its seconds on the pod template"
                        + (addressable ? ", here " + example + "." : "."),
                addressable ? declaration(container, example, input) : null,
                input);
    }

    private static String declaration(Container container, long seconds, EvaluationInput input) {
        Map<String, Long> declared = new TreeMap<>(input.template().facts().drainSeconds());
        declared.put(container.name(), seconds);
        StringBuilder value = new StringBuilder();
        declared.forEach((name, length) -> value.append(value.isEmpty() ? "" : ",")
                .append(name)
                .append('=')
                .append(length));
        return "metadata: {annotations: {" + Annotations.DRAIN_SECONDS + ": \"" + value + "\"}}";
    }

    private Violation violation(
            Container container,
            String field,
            String summary,
            String message,
            @Nullable String fix,
            EvaluationInput input) {
        return new Violation(
                rule(),
                container.name(),
                field,
                summary,
                message,
                fix,
                1,
                input.policy().action(rule()),
                source(input));
    }

    private static PolicyReference source(EvaluationInput input) {
        return input.policy().budgetSource();
    }
}
