package io.gracekeeper.policy;

import io.gracekeeper.crds.ExistingViolations;
import io.gracekeeper.crds.ValidationAction;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What holds for one workload: all policies that match it, merged. A rule never reads a policy, only this.
 *
 * @param policies everyone who takes part, in the order of precedence
 * @param duty what a container owes that no policy exempts
 * @param duties what containers owe that some policy exempts, by name
 * @param margin the largest; null where nobody asks
 * @param max the smallest; null where nobody asks
 * @param actions the strongest, by rule, among the policies that state a requirement for it
 * @param existingViolations Deny if one says so
 * @param injection what is injected
 * @param audit how its rollouts are judged
 * @param contradictions why no pod can obey all of it
 * @param outOfSum containers whose terms leave the sum, by an exception
 */
public record EffectivePolicy(
        List<PolicyReference> policies,
        Duty duty,
        Map<String, Duty> duties,
        @Nullable SourcedSeconds margin,
        @Nullable SourcedSeconds max,
        Map<Rule, ValidationAction> actions,
        ExistingViolations existingViolations,
        InjectionSettings injection,
        AuditSettings audit,
        List<Contradiction> contradictions,
        Set<String> outOfSum) {
    /** Nobody speaks about the workload. */
    public static final EffectivePolicy NONE = new EffectivePolicy(
            List.of(),
            Duty.NONE,
            Map.of(),
            null,
            null,
            Map.of(),
            ExistingViolations.ALLOW,
            InjectionSettings.NONE,
            AuditSettings.DISABLED,
            List.of(),
            Set.of());

    /** Copies the collections. */
    public EffectivePolicy {
        policies = List.copyOf(policies);
        duties = Map.copyOf(duties);
        actions = actions.isEmpty() ? Map.of() : new EnumMap<>(actions);
        contradictions = List.copyOf(contradictions);
        outOfSum = Set.copyOf(outOfSum);
    }

    /** Whether no policy matches. */
    public boolean isEmpty() {
        return policies.isEmpty();
    }

    /** Whether a drain delay, a shutdown time or a margin is asked for. */
    public boolean statesBudget() {
        return duty.drainDelay() != null || duty.shutdown() != null || margin != null;
    }

    /** Who asks that a pod has time to end: whose rules about that time are broken. Of a policy that {@link #statesBudget}. */
    public PolicyReference budgetSource() {
        return margin == null ? policies.get(0) : margin.source();
    }

    /** What a container owes. */
    public Duty duty(Container container) {
        return duties.isEmpty() ? duty : duties.getOrDefault(container.name(), duty);
    }

    /** Seconds, once per pod; 0 where nobody asks. */
    public long marginSeconds() {
        return margin == null ? 0 : margin.seconds();
    }

    /** What is done about a broken rule; an action that policies do not state is Audit. */
    public ValidationAction action(Rule rule) {
        return actions.getOrDefault(rule, ValidationAction.AUDIT);
    }

    /** The same, with other settings of injection and containers out of the sum. */
    EffectivePolicy with(InjectionSettings otherInjection, Set<String> containersOutOfSum) {
        return new EffectivePolicy(
                policies,
                duty,
                duties,
                margin,
                max,
                actions,
                existingViolations,
                otherInjection,
                audit,
                contradictions,
                containersOutOfSum);
    }
}
