package io.gracekeeper.policy;

import io.gracekeeper.crds.Existing;
import io.gracekeeper.crds.ExistingMode;
import io.gracekeeper.crds.ExistingViolations;
import io.gracekeeper.crds.Injection;
import io.gracekeeper.crds.InjectionMode;
import io.gracekeeper.crds.ReadinessProbeRequirement;
import io.gracekeeper.crds.Requirements;
import io.gracekeeper.crds.Validation;
import io.gracekeeper.crds.ValidationAction;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Merges the policies that match a workload; the only place that knows precedence. The strictest wins: the largest drain delay,
 * shutdown and margin, the smallest maximum, the strictest probe, the strongest action. A container that one policy exempts still
 * owes what the others ask. The injection comes whole from one policy: a namespace's before the cluster's, then the larger
 * priority, then the first by name.
 */
final class RequirementsMerger {
    private static final List<Rule> RULES = List.of(Rule.values());

    private RequirementsMerger() {}

    /**
     * Merges.
     *
     * @param policies those that match, in the order of their references
     * @param containers of the workload, which decide whose exemptions play a part
     */
    static EffectivePolicy merge(List<CompiledPolicy> policies, List<Container> containers) {
        if (policies.isEmpty()) {
            return EffectivePolicy.NONE;
        }
        Duty duty = duty(policies);
        SourcedSeconds margin = null;
        SourcedSeconds max = null;
        for (CompiledPolicy policy : policies) {
            Requirements requirements = policy.requirements();
            margin = larger(margin, requirements.marginSeconds(), policy);
            Integer most = requirements.maxTerminationGracePeriodSeconds();
            if (most != null && (max == null || most < max.seconds())) {
                max = new SourcedSeconds(most, policy.reference());
            }
        }
        List<Contradiction> contradictions = contradictions(duty.drainDelay(), duty.shutdown(), margin, max);
        List<PolicyReference> references = new ArrayList<>(policies.size());
        policies.forEach(policy -> references.add(policy.reference()));
        return new EffectivePolicy(
                references,
                duty,
                duties(policies, containers),
                margin,
                max,
                actions(policies, !contradictions.isEmpty()),
                existingViolations(policies),
                injection(policies),
                audit(policies),
                contradictions,
                Set.of());
    }

    private static Duty duty(List<CompiledPolicy> policies) {
        SourcedSeconds drainDelay = null;
        SourcedSeconds shutdown = null;
        Duty.SourcedProbe probe = null;
        for (CompiledPolicy policy : policies) {
            Requirements requirements = policy.requirements();
            drainDelay = larger(drainDelay, requirements.drainDelaySeconds(), policy);
            shutdown = larger(shutdown, requirements.shutdownSeconds(), policy);
            ReadinessProbeRequirement asked = requirements.readinessProbe();
            if (asked != null
                    && asked != ReadinessProbeRequirement.IGNORE
                    && (probe == null || asked.compareTo(probe.requirement()) < 0)) {
                probe = new Duty.SourcedProbe(asked, policy.reference());
            }
        }
        return new Duty(drainDelay, shutdown, probe, policies.isEmpty());
    }

    /** Of the containers that some policy exempts: what the others ask of them. */
    private static Map<String, Duty> duties(List<CompiledPolicy> policies, List<Container> containers) {
        Map<String, Duty> duties = Map.of();
        for (CompiledPolicy policy : policies) {
            if (policy.exemptsSome()) {
                for (Container container : containers) {
                    String name = container.name();
                    if (policy.exempts(name) && !duties.containsKey(name)) {
                        duties = duties.isEmpty() ? new HashMap<>() : duties;
                        duties.put(
                                name,
                                duty(policies.stream()
                                        .filter(other -> !other.exempts(name))
                                        .toList()));
                    }
                }
            }
        }
        return duties;
    }

    private static @Nullable SourcedSeconds larger(
            @Nullable SourcedSeconds best, @Nullable Integer value, CompiledPolicy policy) {
        return value != null && (best == null || value > best.seconds())
                ? new SourcedSeconds(value, policy.reference())
                : best;
    }

    private static List<Contradiction> contradictions(
            @Nullable SourcedSeconds drainDelay,
            @Nullable SourcedSeconds shutdown,
            @Nullable SourcedSeconds margin,
            @Nullable SourcedSeconds max) {
        long need = seconds(drainDelay) + seconds(shutdown) + seconds(margin);
        if (max == null || need <= max.seconds()) {
            return List.of();
        }
        List<PolicyReference> takePart = Stream.of(drainDelay, shutdown, margin, max)
                .filter(Objects::nonNull)
                .map(SourcedSeconds::source)
                .distinct()
                .sorted()
                .toList();
        StringBuilder message = new StringBuilder();
        part(message, "drainDelaySeconds", drainDelay);
        part(message, "shutdownSeconds", shutdown);
        part(message, "marginSeconds", margin);
        message.append(" = ")
                .append(need)
                .append(" is more than maxTerminationGracePeriodSeconds ")
                .append(max.seconds())
                .append(" (")
                .append(max.source())
                .append("): no pod can obey all of them. Nothing is injected, BudgetFits and GraceCeiling only warn");
        return List.of(new Contradiction(message.toString(), takePart));
    }

    private static long seconds(@Nullable SourcedSeconds value) {
        return value == null ? 0 : value.seconds();
    }

    private static void part(StringBuilder message, String name, @Nullable SourcedSeconds value) {
        if (value != null) {
            message.append(message.isEmpty() ? "" : " + ")
                    .append(name)
                    .append(' ')
                    .append(value.seconds())
                    .append(" (")
                    .append(value.source())
                    .append(')');
        }
    }

    private static Map<Rule, ValidationAction> actions(List<CompiledPolicy> policies, boolean contradictory) {
        Map<Rule, ValidationAction> actions = new EnumMap<>(Rule.class);
        for (Rule rule : RULES) {
            ValidationAction strongest = null;
            for (CompiledPolicy policy : policies) {
                ValidationAction action = policy.actions().get(rule);
                if (action != null) {
                    strongest = strongest == null ? action : StatedActions.stronger(strongest, action);
                }
            }
            if (strongest != null) {
                actions.put(rule, strongest);
            }
        }
        if (contradictory) {
            for (Rule rule : List.of(Rule.BUDGET_FITS, Rule.GRACE_CEILING)) {
                actions.computeIfPresent(
                        rule, (r, action) -> action == ValidationAction.DENY ? ValidationAction.WARN : action);
            }
        }
        return actions;
    }

    /** Deny before Allow, among the policies that state a requirement. */
    private static ExistingViolations existingViolations(List<CompiledPolicy> policies) {
        for (CompiledPolicy policy : policies) {
            Validation validation = policy.spec().validation();
            if (!policy.actions().isEmpty()
                    && validation != null
                    && validation.existingViolations() == ExistingViolations.DENY) {
                return ExistingViolations.DENY;
            }
        }
        return ExistingViolations.ALLOW;
    }

    private static InjectionSettings injection(List<CompiledPolicy> policies) {
        CompiledPolicy chosen = null;
        for (CompiledPolicy policy : policies) {
            if (policy.spec().injection() != null
                    && (chosen == null
                            || (policy.reference().scope() == chosen.reference().scope()
                                    && policy.priority() > chosen.priority()))) {
                chosen = policy;
            }
        }
        Injection injection = chosen == null ? null : chosen.spec().injection();
        if (chosen == null || injection == null) {
            return InjectionSettings.NONE;
        }
        Existing existing = injection.existing();
        return new InjectionSettings(
                Objects.requireNonNullElse(injection.mode(), InjectionMode.DRY_RUN),
                existing == null || existing.mode() == null ? ExistingMode.NEXT_ROLLOUT : existing.mode(),
                existing == null || existing.maxConcurrent() == null ? 1 : existing.maxConcurrent(),
                chosen.reference());
    }

    /** Audited if anybody asks; only a code that everybody calls clean is clean; the longest history. */
    private static AuditSettings audit(List<CompiledPolicy> policies) {
        Set<Integer> clean = null;
        int history = 0;
        for (CompiledPolicy policy : policies) {
            AuditSettings audit = policy.audit();
            if (audit.enabled()) {
                history = Math.max(history, audit.historyLimit());
                clean = clean == null ? audit.cleanExitCodes() : common(clean, audit.cleanExitCodes());
            }
        }
        return clean == null ? AuditSettings.DISABLED : new AuditSettings(true, clean, history);
    }

    private static Set<Integer> common(Set<Integer> some, Set<Integer> others) {
        if (some.equals(others)) {
            return some;
        }
        Set<Integer> common = new HashSet<>(some);
        common.retainAll(others);
        return common;
    }
}
