package io.gracekeeper.policy;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The grace period that a pod needs: the largest of its containers' hook and shutdown, and the margin once.
 *
 * @param seconds the sum
 * @param container the one that needs the most; ties go to the first
 * @param hookSeconds its own hook, or the drain delay that it is to get
 * @param ownHook whether the hook is its own
 * @param shutdownSeconds 0 for a native sidecar, which ends after the main containers in the same grace
 * @param marginSeconds once per pod
 */
public record Need(
        long seconds,
        Container container,
        long hookSeconds,
        boolean ownHook,
        long shutdownSeconds,
        long marginSeconds) {

    /** What a template needs; null where nobody asks for anything, or nothing runs. */
    public static @Nullable Need of(PodTemplate template, EffectivePolicy policy) {
        if (!policy.statesBudget()) {
            return null;
        }
        Need most = null;
        for (Container container : template.containers()) {
            boolean ownHook = !(container.preStop() instanceof PreStop.None);
            // A serving container without a hook counts with the drain delay, so that one fix doesn't cause the next
            // refusal.
            long hook = ownHook
                    ? switch (container.preStop().length()) {
                        case HookLength.Known(long lower, long upper) -> upper;
                        case HookLength.Unknown() -> 0;
                    }
                    : container.serving() ? policy.drainDelaySeconds() : 0;
            long shutdown = container.nativeSidecar() ? 0 : policy.shutdownSeconds();
            long seconds = hook + shutdown + policy.marginSeconds();
            if (most == null || seconds > most.seconds) {
                most = new Need(seconds, container, hook, ownHook, shutdown, policy.marginSeconds());
            }
        }
        return most;
    }

    /** For a sentence: {@code preStop 30s (your exec "sleep 30") + shutdown 20s + margin 5s = 55s}. */
    public String sum() {
        var sum = new StringJoiner(" + ");
        if (hookSeconds > 0) {
            sum.add(
                    ownHook
                            ? "preStop " + hookSeconds + "s" + (isSleep() ? "" : " (your " + hookText() + ")")
                            : "drain delay " + hookSeconds + "s");
        }
        if (shutdownSeconds > 0) {
            sum.add("shutdown " + shutdownSeconds + "s");
        }
        if (marginSeconds > 0) {
            sum.add("margin " + marginSeconds + "s");
        }
        return sum + " = " + seconds + "s";
    }

    /** For a headline: {@code preStop 30 + shutdown 20 + margin 5}. */
    public String shortSum() {
        var sum = new StringJoiner(" + ");
        if (hookSeconds > 0) {
            sum.add((ownHook ? "preStop " : "drain ") + hookSeconds);
        }
        if (shutdownSeconds > 0) {
            sum.add("shutdown " + shutdownSeconds);
        }
        if (marginSeconds > 0) {
            sum.add("margin " + marginSeconds);
        }
        return sum.toString();
    }

    /** Who asked for the parts that count. */
    public String sources(EffectivePolicy policy) {
        Set<String> sources = new LinkedHashSet<>();
        add(sources, ownHook || hookSeconds == 0 ? null : policy.drainDelay());
        add(sources, shutdownSeconds == 0 ? null : policy.shutdown());
        add(sources, marginSeconds == 0 ? null : policy.margin());
        return sources.isEmpty() ? policy.policies().get(0).toString() : String.join(", ", sources);
    }

    private boolean isSleep() {
        return container.preStop() instanceof PreStop.Sleep;
    }

    private String hookText() {
        return container.preStop().describe();
    }

    private static void add(Set<String> sources, @Nullable SourcedSeconds value) {
        if (value != null) {
            sources.add(value.source().toString());
        }
    }
}
