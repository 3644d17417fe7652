package io.gracekeeper.policy;

import io.gracekeeper.crds.ReadinessProbeRequirement;
import io.gracekeeper.crds.Requirements;
import io.gracekeeper.crds.RuleActions;
import io.gracekeeper.crds.Validation;
import io.gracekeeper.crds.ValidationAction;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one policy does about each rule for which it states a requirement. About the others it has no say. */
final class StatedActions {
    private StatedActions() {}

    static Map<Rule, ValidationAction> of(Requirements requirements, @Nullable Validation validation) {
        Map<Rule, ValidationAction> actions = new EnumMap<>(Rule.class);
        ValidationAction general = strongest(validation == null ? null : validation.actions());
        for (Rule rule : Rule.values()) {
            if (states(requirements, rule)) {
                actions.put(rule, general);
            }
        }
        List<RuleActions> byRule = validation == null ? null : validation.rules();
        if (byRule != null) {
            for (RuleActions override : byRule) {
                Rule rule = Rule.of(override.rule());
                if (rule != null) {
                    actions.computeIfPresent(rule, (same, action) -> strongest(override.actions()));
                }
            }
        }
        return actions;
    }

    private static boolean states(Requirements requirements, Rule rule) {
        return switch (rule) {
            case GRACE_POSITIVE, BUDGET_FITS, HOOK_WORKS, STOP_SIGNAL -> requirements.marginSeconds() != null;
            case DRAIN_DELAY -> requirements.drainDelaySeconds() != null;
            case GRACE_CEILING -> requirements.maxTerminationGracePeriodSeconds() != null;
            case READINESS_PROBE ->
                requirements.readinessProbe() != null
                        && requirements.readinessProbe() != ReadinessProbeRequirement.IGNORE;
            case SIGNAL_REACHES_APP,
                    ROLLOUT_PACE,
                    DISRUPTION_BUDGET,
                    AUTOSCALER,
                    SERVICE_PORTS,
                    NODE_CEILING,
                    ORPHAN_READINESS_GATE -> false;
        };
    }

    private static ValidationAction strongest(@Nullable List<ValidationAction> actions) {
        return actions == null
                ? ValidationAction.WARN
                : actions.stream().reduce(ValidationAction.AUDIT, StatedActions::stronger);
    }

    static ValidationAction stronger(ValidationAction a, ValidationAction b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
