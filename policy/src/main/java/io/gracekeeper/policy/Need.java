package io.gracekeeper.policy;

import io.gracekeeper.crds.Annotations;
import java.util.LinkedHashSet;
import java.util.List;
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
 * @param appDelaySeconds how long the app itself goes on serving, as its author declares
 * @param shutdownSeconds 0 for a native sidecar, which ends after the main containers in the same grace, and for an exempt one
 * @param shutdownSource who asked for the shutdown; null where the author's annotation did
 * @param marginSeconds once per pod
 */
public record Need(
        long seconds,
        Container container,
        long hookSeconds,
        boolean ownHook,
        long appDelaySeconds,
        long shutdownSeconds,
        @Nullable PolicyReference shutdownSource,
        long marginSeconds) {

    /** What a template needs; null where nobody asks for anything, or nothing runs. */
    public static @Nullable Need of(PodTemplate template, EffectivePolicy policy) {
        if (!policy.statesBudget()) {
            return null;
        }
        Need most = null;
        for (Container container : template.containers()) {
            if (policy.outOfSum().isEmpty() || !policy.outOfSum().contains(container.name())) {
                Need need = of(container, template.facts(), policy);
                most = most == null || need.seconds > most.seconds ? need : most;
            }
        }
        return most;
    }

    /** What each container needs that is in the sum; empty where nobody asks for anything. For whoever explains the largest. */
    public static List<Need> each(PodTemplate template, EffectivePolicy policy) {
        return !policy.statesBudget()
                ? List.of()
                : template.containers().stream()
                        .filter(container -> !policy.outOfSum().contains(container.name()))
                        .map(container -> of(container, template.facts(), policy))
                        .toList();
    }

    private static Need of(Container container, AuthorFacts facts, EffectivePolicy policy) {
        Duty duty = policy.duty(container);
        boolean ownHook = !isToBeReplaced(container, duty);
        long hook = upper(container.preStop().length());
        if (!ownHook) {
            hook = Math.max(hook, comingDrainDelay(container, duty));
        }
        SourcedSeconds asked = container.nativeSidecar() ? null : duty.shutdown();
        long shutdown = asked == null ? 0 : asked.seconds();
        PolicyReference source = asked == null ? null : asked.source();
        Long declared = container.nativeSidecar() || duty.exempt() ? null : facts.shutdownSeconds();
        if (declared != null && declared > shutdown) {
            shutdown = declared;
            source = null;
        }
        long appDelay = container.appDelaySeconds();
        long seconds = hook + appDelay + shutdown + policy.marginSeconds();
        return new Need(seconds, container, hook, ownHook, appDelay, shutdown, source, policy.marginSeconds());
    }

    /** Whether it has no hook, or one that DrainDelay finds too short. */
    private static boolean isToBeReplaced(Container container, Duty duty) {
        return container.preStop() instanceof PreStop.None
                || (container.preStop().length() instanceof HookLength.Known(long lower, long upper)
                        && upper <= comingDrainDelay(container, duty)
                        && lower + container.appDelaySeconds() < duty.drainDelaySeconds());
    }

    /**
     * A serving container without a hook that is long enough counts with the drain delay, so that one fix doesn't cause the next
     * refusal. One whose app delays its own end long enough gets no hook.
     */
    private static long comingDrainDelay(Container container, Duty duty) {
        return container.serving() && container.appDelaySeconds() < duty.drainDelaySeconds()
                ? duty.drainDelaySeconds()
                : 0;
    }

    private static long upper(HookLength length) {
        return switch (length) {
            case HookLength.Known(long lower, long upper) -> upper;
            case HookLength.Unknown unknown -> 0;
        };
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
        if (appDelaySeconds > 0) {
            sum.add("delay in the app " + appDelaySeconds + "s (your " + Annotations.DRAIN_SECONDS + ")");
        }
        if (shutdownSeconds > 0) {
            sum.add("shutdown " + shutdownSeconds + "s"
                    + (shutdownSource == null ? " (your " + Annotations.SHUTDOWN_SECONDS + ")" : ""));
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
        if (appDelaySeconds > 0) {
            sum.add("app delay " + appDelaySeconds);
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
        SourcedSeconds drainDelay =
                ownHook || hookSeconds == 0 ? null : policy.duty(container).drainDelay();
        add(sources, drainDelay == null ? null : drainDelay.source());
        add(sources, shutdownSeconds == 0 ? null : shutdownSource);
        SourcedSeconds margin = marginSeconds == 0 ? null : policy.margin();
        add(sources, margin == null ? null : margin.source());
        return sources.isEmpty() ? policy.policies().get(0).toString() : String.join(", ", sources);
    }

    private boolean isSleep() {
        return container.preStop() instanceof PreStop.Sleep;
    }

    private String hookText() {
        return container.preStop().describe();
    }

    private static void add(Set<String> sources, @Nullable PolicyReference source) {
        if (source != null) {
            sources.add(source.toString());
        }
    }
}
