package io.gracekeeper.policy;

import io.gracekeeper.crds.Audit;
import io.gracekeeper.crds.Existing;
import io.gracekeeper.crds.ExistingMode;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.Injection;
import io.gracekeeper.crds.InjectionMode;
import io.gracekeeper.crds.Requirements;
import io.gracekeeper.crds.Validation;
import io.gracekeeper.crds.ValidationAction;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Merges the policies that match a workload; the only place that knows precedence. The strictest wins: the largest drain delay,
 * shutdown and margin, the smallest maximum, the strongest action. The injection comes whole from one policy, the first by name
 * that has one.
 */
final class RequirementsMerger {
    private RequirementsMerger() {}

    /**
     * Merges.
     *
     * @param policies those that match, sorted by name
     */
    static EffectivePolicy merge(List<CompiledPolicy> policies) {
        if (policies.isEmpty()) {
            return EffectivePolicy.NONE;
        }
        BiPredicate<Long, Long> larger = (candidate, best) -> candidate > best;
        BiPredicate<Long, Long> smaller = (candidate, best) -> candidate < best;
        SourcedSeconds drainDelay = pick(policies, Requirements::drainDelaySeconds, larger);
        SourcedSeconds shutdown = pick(policies, Requirements::shutdownSeconds, larger);
        SourcedSeconds margin = pick(policies, RequirementsMerger::margin, larger);
        SourcedSeconds max = pick(policies, Requirements::maxTerminationGracePeriodSeconds, smaller);
        List<Contradiction> contradictions = contradictions(drainDelay, shutdown, margin, max);
        return new EffectivePolicy(
                policies.stream().map(CompiledPolicy::reference).toList(),
                drainDelay,
                shutdown,
                margin,
                max,
                actions(policies, !contradictions.isEmpty()),
                injection(policies),
                audit(policies),
                contradictions);
    }

    /** The margin that a policy asks for: its own, or the default as soon as there is something to add a margin to. */
    static @Nullable Integer margin(Requirements requirements) {
        if (requirements.marginSeconds() != null) {
            return requirements.marginSeconds();
        }
        boolean stated = requirements.drainDelaySeconds() != null || requirements.shutdownSeconds() != null;
        return stated ? (Integer) Requirements.DEFAULT_MARGIN_SECONDS : null;
    }

    private static @Nullable SourcedSeconds pick(
            List<CompiledPolicy> policies,
            Function<Requirements, @Nullable Integer> field,
            BiPredicate<Long, Long> better) {
        SourcedSeconds best = null;
        for (CompiledPolicy policy : policies) {
            Requirements requirements = policy.spec().requirements();
            Integer value = requirements == null ? null : field.apply(requirements);
            if (value != null && (best == null || better.test((long) value, best.seconds()))) {
                best = new SourcedSeconds(value, policy.reference());
            }
        }
        return best;
    }

    private static List<Contradiction> contradictions(
            @Nullable SourcedSeconds drainDelay,
            @Nullable SourcedSeconds shutdown,
            @Nullable SourcedSeconds margin,
            @Nullable SourcedSeconds max) {
        List<SourcedSeconds> parts =
                Stream.of(drainDelay, shutdown, margin).filter(Objects::nonNull).toList();
        long need = parts.stream().mapToLong(SourcedSeconds::seconds).sum();
        if (max == null || need <= max.seconds()) {
            return List.of();
        }
        List<PolicyReference> takePart = Stream.concat(parts.stream(), Stream.of(max))
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
        for (CompiledPolicy policy : policies) {
            Requirements requirements = policy.spec().requirements();
            if (requirements == null) {
                continue;
            }
            ValidationAction action = action(policy.spec());
            if (margin(requirements) != null) {
                actions.merge(Rule.GRACE_POSITIVE, action, RequirementsMerger::stronger);
                actions.merge(Rule.BUDGET_FITS, action, RequirementsMerger::stronger);
            }
            if (requirements.drainDelaySeconds() != null) {
                actions.merge(Rule.DRAIN_DELAY, action, RequirementsMerger::stronger);
            }
            if (requirements.maxTerminationGracePeriodSeconds() != null) {
                actions.merge(Rule.GRACE_CEILING, action, RequirementsMerger::stronger);
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

    /** What a policy does about a violation: the strongest action that it names. */
    private static ValidationAction action(GracefulShutdownPolicySpec spec) {
        Validation validation = spec.validation();
        List<ValidationAction> actions = validation == null ? null : validation.actions();
        return actions == null
                ? ValidationAction.WARN
                : actions.stream().reduce(ValidationAction.AUDIT, RequirementsMerger::stronger);
    }

    private static ValidationAction stronger(ValidationAction a, ValidationAction b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    private static InjectionSettings injection(List<CompiledPolicy> policies) {
        for (CompiledPolicy policy : policies) {
            Injection injection = policy.spec().injection();
            if (injection != null) {
                Existing existing = injection.existing();
                return new InjectionSettings(
                        Objects.requireNonNullElse(injection.mode(), InjectionMode.DRY_RUN),
                        existing == null || existing.mode() == null ? ExistingMode.NEXT_ROLLOUT : existing.mode(),
                        existing == null || existing.maxConcurrent() == null ? 1 : existing.maxConcurrent(),
                        policy.reference());
            }
        }
        return InjectionSettings.NONE;
    }

    /** Audited if anybody asks; only a code that everybody calls clean is clean; the longest history. */
    private static AuditSettings audit(List<CompiledPolicy> policies) {
        Set<Integer> clean = null;
        int history = 0;
        List<Audit> audits = new ArrayList<>();
        for (CompiledPolicy policy : policies) {
            Audit audit = policy.spec().audit();
            if (audit == null) {
                audits.add(new Audit(true, null, null));
            } else if (!Boolean.FALSE.equals(audit.enabled())) {
                audits.add(audit);
            }
        }
        for (Audit audit : audits) {
            var codes =
                    new HashSet<>(Objects.requireNonNullElse(audit.cleanExitCodes(), Audit.DEFAULT_CLEAN_EXIT_CODES));
            if (clean == null) {
                clean = codes;
            } else {
                clean.retainAll(codes);
            }
            history = Math.max(history, Objects.requireNonNullElse(audit.historyLimit(), Audit.DEFAULT_HISTORY_LIMIT));
        }
        return clean == null ? AuditSettings.DISABLED : new AuditSettings(true, clean, history);
    }
}
