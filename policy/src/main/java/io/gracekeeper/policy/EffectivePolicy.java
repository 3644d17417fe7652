package io.gracekeeper.policy;

import io.gracekeeper.crds.ValidationAction;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What holds for one workload: all policies that match it, merged. A rule never reads a policy, only this.
 *
 * @param policies everyone who takes part, sorted by name
 * @param drainDelay the largest; null where nobody asks
 * @param shutdown the largest; null where nobody asks
 * @param margin the largest; null where nobody asks
 * @param max the smallest; null where nobody asks
 * @param actions the strongest, by rule, among the policies that state a requirement for it
 * @param injection what is injected
 * @param audit how its rollouts are judged
 * @param contradictions why no pod can obey all of it
 */
public record EffectivePolicy(
        List<PolicyReference> policies,
        @Nullable SourcedSeconds drainDelay,
        @Nullable SourcedSeconds shutdown,
        @Nullable SourcedSeconds margin,
        @Nullable SourcedSeconds max,
        Map<Rule, ValidationAction> actions,
        InjectionSettings injection,
        AuditSettings audit,
        List<Contradiction> contradictions) {
    /** Nobody speaks about the workload. */
    public static final EffectivePolicy NONE = new EffectivePolicy(
            List.of(), null, null, null, null, Map.of(), InjectionSettings.NONE, AuditSettings.DISABLED, List.of());

    /** Copies the collections. */
    public EffectivePolicy {
        policies = List.copyOf(policies);
        actions = actions.isEmpty() ? Map.of() : new EnumMap<>(actions);
        contradictions = List.copyOf(contradictions);
    }

    /** Whether no policy matches. */
    public boolean isEmpty() {
        return policies.isEmpty();
    }

    /** Whether a drain delay, a shutdown time or a margin is asked for. */
    public boolean statesBudget() {
        return drainDelay != null || shutdown != null || margin != null;
    }

    /** Seconds; 0 where nobody asks. */
    public long drainDelaySeconds() {
        return seconds(drainDelay);
    }

    /** Seconds; 0 where nobody asks. */
    public long shutdownSeconds() {
        return seconds(shutdown);
    }

    /** Seconds; 0 where nobody asks. */
    public long marginSeconds() {
        return seconds(margin);
    }

    /** What is done about a broken rule; an action that policies do not state is Audit. */
    public ValidationAction action(Rule rule) {
        return actions.getOrDefault(rule, ValidationAction.AUDIT);
    }

    private static long seconds(@Nullable SourcedSeconds value) {
        return value == null ? 0 : value.seconds();
    }
}
