package io.gracekeeper.policy;

import io.gracekeeper.crds.Audit;
import io.gracekeeper.crds.Existing;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.Injection;
import io.gracekeeper.crds.Match;
import io.gracekeeper.crds.Requirements;
import io.gracekeeper.crds.Validation;
import io.gracekeeper.crds.ValidationAction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a policy, all of it at once. The API server checks ranges and what one object can contradict in itself by the
 * CRD's schema, and says so in its own words; here they are checked again, for doors that have no API server in front of them.
 * What only we can check (selectors, the hard cap) is checked here alone.
 */
public final class PolicyValidator {
    private static final int SIGKILL_EXIT_CODE = 137;

    private final Limits limits;
    private final List<FieldError> errors = new ArrayList<>();

    private PolicyValidator(Limits limits) {
        this.limits = limits;
    }

    /** Every error of a policy, in the order of its fields; empty where it is valid. A null spec lacks everything. */
    public static List<FieldError> validate(@Nullable GracefulShutdownPolicySpec spec, Limits limits) {
        if (spec == null) {
            return List.of(new FieldError("spec", "is missing: write at least spec: {}, which audits every rollout"));
        }
        var validator = new PolicyValidator(limits);
        validator.match(spec.match());
        validator.requirements(spec.requirements());
        validator.validation(spec.validation());
        validator.injection(spec.injection());
        validator.audit(spec.audit());
        return List.copyOf(validator.errors);
    }

    private void match(@Nullable Match match) {
        if (match != null) {
            errors.addAll(LabelMatcher.errors(match.selector(), "spec.match.selector"));
            errors.addAll(LabelMatcher.errors(match.excludeSelector(), "spec.match.excludeSelector"));
        }
    }

    private void requirements(@Nullable Requirements requirements) {
        if (requirements == null) {
            return;
        }
        String path = "spec.requirements.";
        range(path + "drainDelaySeconds", requirements.drainDelaySeconds(), 0, 600);
        range(path + "shutdownSeconds", requirements.shutdownSeconds(), 0, 86_400);
        range(path + "marginSeconds", requirements.marginSeconds(), 0, 600);
        range(path + "maxTerminationGracePeriodSeconds", requirements.maxTerminationGracePeriodSeconds(), 1, 86_400);
        long need = need(requirements);
        Integer max = requirements.maxTerminationGracePeriodSeconds();
        int cap = limits.maxTerminationGracePeriodSeconds();
        if (max != null && need > max) {
            errors.add(new FieldError(
                    path + "maxTerminationGracePeriodSeconds",
                    max + " is less than drainDelaySeconds + shutdownSeconds + marginSeconds = " + need
                            + ": no pod could ever comply. Raise the maximum or lower the others"));
        }
        if (max != null && max > cap) {
            errors.add(new FieldError(
                    path + "maxTerminationGracePeriodSeconds",
                    max + " is more than the cluster's cap of " + cap + ": lower it, or ask for a higher"
                            + " maxTerminationGracePeriodSeconds in the Helm values of Gracekeeper"));
        } else if (max == null && need > cap) {
            errors.add(new FieldError(
                    "spec.requirements",
                    "drainDelaySeconds + shutdownSeconds + marginSeconds = " + need
                            + " is more than the cluster's cap of "
                            + cap + ": lower them, or ask for a higher maxTerminationGracePeriodSeconds in the Helm"
                            + " values of Gracekeeper"));
        }
    }

    private static long need(Requirements requirements) {
        Integer margin = RequirementsMerger.margin(requirements);
        return (long) Objects.requireNonNullElse(requirements.drainDelaySeconds(), 0)
                + Objects.requireNonNullElse(requirements.shutdownSeconds(), 0)
                + (margin == null ? 0 : margin);
    }

    private void validation(@Nullable Validation validation) {
        if (validation == null || validation.actions() == null) {
            return;
        }
        List<ValidationAction> actions = validation.actions();
        String path = "spec.validation.actions";
        if (actions.isEmpty()) {
            errors.add(new FieldError(path, "is empty: name Deny, Warn or Audit, or leave the field out for Warn"));
        }
        if (actions.contains(ValidationAction.DENY) && actions.contains(ValidationAction.WARN)) {
            errors.add(new FieldError(
                    path, "Deny and Warn exclude each other: a refusal says more than a warning. Keep one of them"));
        }
        if (new HashSet<>(actions).size() < actions.size()) {
            errors.add(new FieldError(path, "each action may appear once"));
        }
    }

    private void injection(@Nullable Injection injection) {
        Existing existing = injection == null ? null : injection.existing();
        if (existing != null) {
            range("spec.injection.existing.maxConcurrent", existing.maxConcurrent(), 1, 100);
        }
    }

    private void audit(@Nullable Audit audit) {
        if (audit == null) {
            return;
        }
        range("spec.audit.historyLimit", audit.historyLimit(), 1, 10);
        List<Integer> codes = audit.cleanExitCodes();
        if (codes == null) {
            return;
        }
        String path = "spec.audit.cleanExitCodes";
        if (codes.isEmpty() || codes.size() > 16) {
            errors.add(new FieldError(path, "has " + codes.size() + " entries: name 1 to 16 exit codes"));
        }
        for (int i = 0; i < codes.size(); i++) {
            range(path + "[" + i + "]", codes.get(i), 0, 255);
        }
        if (codes.contains(SIGKILL_EXIT_CODE)) {
            errors.add(
                    new FieldError(path, "137 is what SIGKILL leaves behind and never a clean exit code: remove it"));
        }
    }

    private void range(String path, @Nullable Integer value, int min, int max) {
        if (value != null && (value < min || value > max)) {
            errors.add(new FieldError(path, value + " is out of range: use " + min + " to " + max));
        }
    }
}
