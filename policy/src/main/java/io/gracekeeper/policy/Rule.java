package io.gracekeeper.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rules that a workload can break, by the names that users read in denials, statuses and docs. */
public enum Rule {
    /** The grace period is positive: with 0 the kubelet kills at once and runs no preStop hook. */
    GRACE_POSITIVE("GracePositive", false, "The grace period is positive."),

    /** The grace period has room for the hook, the shutdown and a margin. */
    BUDGET_FITS("BudgetFits", false, "The grace period has room for the preStop hook, the shutdown and a margin."),

    /** A serving container goes on serving while the load balancers forget it. */
    DRAIN_DELAY("DrainDelay", false, "A serving container goes on serving while load balancers forget it."),

    /** The grace period is not longer than the policy allows. */
    GRACE_CEILING(
            "GraceCeiling", false, "Neither the grace period nor what the pod needs is longer than the policy allows."),

    /** A container that is to be left out of load balancing has a probe that says when. */
    READINESS_PROBE("ReadinessProbe", false, "A container says by a probe whether requests may be sent to it."),

    /** A preStop hook does what its author expects, and ends in a time that can be known. */
    HOOK_WORKS(
            "HookWorks", false, "A preStop hook does what its author expects, and ends in a time that can be known."),

    /** The stop signal is one that a process can act upon. */
    STOP_SIGNAL("StopSignal", false, "The stop signal is one that a process can act upon, and that Kubernetes takes."),

    /** The stop signal reaches the app and not a shell before it. */
    SIGNAL_REACHES_APP(
            "SignalReachesApp",
            true,
            "The stop signal reaches the app, and not a program before it that keeps it to itself."),

    /** The rollout has room for pods that take their time to end. */
    ROLLOUT_PACE("RolloutPace", true, "A rollout has room, and time, for pods that take their time to end."),

    /** A PodDisruptionBudget keeps a drain of nodes from ending all pods at once, and lets it end one. */
    DISRUPTION_BUDGET(
            "DisruptionBudget",
            true,
            "A PodDisruptionBudget keeps a drain of nodes from ending all pods at once, and lets it end one."),

    /** An autoscaler's scale-in leaves pods the time that they need. */
    AUTOSCALER(
            "Autoscaler", true, "An autoscaler takes no more pods away while those of its last step are still ending."),

    /** The ports that Services send to are ports that a container declares. */
    SERVICE_PORTS("ServicePorts", true, "The ports that Services send to are ports that a container declares."),

    /** Nodes grant the time that the pod asks for. */
    NODE_CEILING("NodeCeiling", true, "Nodes grant the time that the pod asks for."),

    /** A readiness gate has a controller that sets it. */
    ORPHAN_READINESS_GATE("OrphanReadinessGate", true, "A readiness gate has a controller that sets it.");

    private static final Map<String, Rule> BY_WORD =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Rule::word, Function.identity()));

    private final String word;
    private final boolean advice;
    private final String meaning;

    Rule(String word, boolean advice, String meaning) {
        this.word = word;
        this.advice = advice;
        this.meaning = meaning;
    }

    /** What holds where it is kept, in one sentence. */
    public String meaning() {
        return meaning;
    }

    /** The name as users read it. */
    public String word() {
        return word;
    }

    /** Whether it only advises: it is never a reason to refuse, and counts in no status. */
    public boolean isAdvice() {
        return advice;
    }

    /** The rule of that name; null where there is none. */
    public static @Nullable Rule of(@Nullable String word) {
        return word == null ? null : BY_WORD.get(word);
    }

    /** The rules that a policy can act upon and an exception can forgive, by name. */
    public static List<String> judgedWords() {
        return Arrays.stream(values())
                .filter(rule -> !rule.advice)
                .map(Rule::word)
                .toList();
    }
}
