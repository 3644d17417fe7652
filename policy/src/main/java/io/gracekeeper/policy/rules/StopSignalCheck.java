package io.gracekeeper.policy.rules;

import io.gracekeeper.policy.Container;
import io.gracekeeper.policy.EvaluationInput;
import io.gracekeeper.policy.Rule;
import io.gracekeeper.policy.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The stop signal is one that a process can act upon, and that Kubernetes takes. */
final class StopSignalCheck implements Check {
    private static final Set<String> NOBODY_HANDLES = Set.of("SIGKILL", "SIGSTOP");
    private static final Set<String> WINDOWS = Set.of("SIGTERM", "SIGKILL");
    private static final Pattern LINUX =
            Pattern.compile("SIG(ABRT|ALRM|BUS|CHLD|CLD|CONT|FPE|HUP|ILL|INT|IO|IOT|KILL|PIPE|POLL|PROF|PWR|QUIT"
                    + "|SEGV|STKFLT|STOP|SYS|TERM|TRAP|TSTP|TTIN|TTOU|URG|USR1|USR2|VTALRM|WINCH|XCPU|XFSZ"
                    + "|RTMIN(\\+([1-9]|1[0-5]))?|RTMAX(-([1-9]|1[0-4]))?)");

    @Override
    public Rule rule() {
        return Rule.STOP_SIGNAL;
    }

    @Override
    public String rationale() {
        return "No process can act upon SIGKILL or SIGSTOP: the first ends it at once, the second freezes it until SIGKILL comes."
                + " Kubernetes takes stopSignal only together with spec.os.name, and on Windows only SIGTERM and SIGKILL; a"
                + " server on which the feature is off drops the field without a word.";
    }

    @Override
    public String remedy() {
        return "Name the signal on which the app shuts down gracefully (nginx: SIGQUIT, HAProxy: SIGUSR1, most others: SIGTERM), and"
                + " set spec.os.name. What works everywhere: the image's STOPSIGNAL.";
    }

    @Override
    public List<String> sources() {
        return List.of(
                "KEP-4960 (container stop signals)",
                "pkg/apis/core/validation/validation.go, validateStopSignal",
                "signal(7): SIGKILL and SIGSTOP cannot be caught, blocked, or ignored");
    }

    @Override
    public List<Violation> violations(EvaluationInput input) {
        if (!input.policy().statesBudget()) {
            return List.of();
        }
        List<Violation> violations = new ArrayList<>();
        for (Container container : input.template().containers()) {
            String signal = container.stopSignal();
            if (signal != null && !input.policy().duty(container).exempt()) {
                Violation violation = judge(container, signal, input);
                if (violation != null) {
                    violations.add(violation);
                }
            }
        }
        return violations;
    }

    private @Nullable Violation judge(Container container, String signal, EvaluationInput input) {
        String os = input.template().os();
        String who = "container \"" + container.display() + "\"";
        if (NOBODY_HANDLES.contains(signal)) {
            return violation(
                    container,
                    signal + " gives the app no chance: name one that it handles",
                    who + " is stopped with " + signal
                            + (signal.equals("SIGKILL")
                                    ? ", which ends it at once, in the middle of its work"
                                    : ", which freezes it until it is killed")
                            + "; no process can handle it (" + input.policy().budgetSource() + ").",
                    "stopSignal: SIGTERM",
                    input);
        }
        boolean windows = os.equals("windows");
        if (windows ? !WINDOWS.contains(signal) : !LINUX.matcher(signal).matches()) {
            return violation(
                    container,
                    "\"" + signal + "\" is no stop signal" + (windows ? " on Windows" : "") + ": use SIGTERM",
                    who + " is to be stopped with \"" + signal + "\", which Kubernetes doesn't take"
                            + (windows
                                    ? " on Windows; it knows SIGTERM alone there"
                                    : ": write a signal's full name in capitals")
                            + " (" + input.policy().budgetSource() + ").",
                    "stopSignal: SIGTERM",
                    input);
        }
        return os.isEmpty()
                ? violation(
                        container,
                        "stopSignal needs spec.os.name: set os: {name: linux}",
                        who
                                + " has a stopSignal, which Kubernetes takes only where the pod spec says for which system it is ("
                                + input.policy().budgetSource() + "). Beside containers, not inside of one.",
                        "os: {name: linux}",
                        input)
                : null;
    }

    private Violation violation(
            Container container, String summary, String message, String fix, EvaluationInput input) {
        var source = input.policy().budgetSource();
        return new Violation(
                rule(),
                container.name(),
                container.field() + ".lifecycle.stopSignal",
                container.display() + ": " + summary,
                message,
                fix,
                1,
                input.policy().action(rule()),
                source);
    }
}
