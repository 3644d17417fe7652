package io.gracekeeper.policy;

import io.gracekeeper.crds.Audit;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicySpec;
import io.gracekeeper.crds.Existing;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.Injection;
import io.gracekeeper.crds.Match;
import io.gracekeeper.crds.Profile;
import io.gracekeeper.crds.Requirements;
import io.gracekeeper.crds.RuleActions;
import io.gracekeeper.crds.Validation;
import io.gracekeeper.crds.ValidationAction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a policy, all of it at once. The API server checks ranges and what one object can contradict in itself by the
 * CRD's schema, and says so in its own words; here they are checked again, for doors that have no API server in front of them.
 * What only we can check (selectors, the hard cap) is checked here alone.
 */
public final class PolicyValidator {
    private static final int SIGKILL_EXIT_CODE = 137;
    private static final int MAX_EXEMPT_CONTAINERS = 32;
    private static final Pattern CONTAINER_GLOB = Pattern.compile("[-a-z0-9*?]{1,63}");

    private final EngineSettings settings;
    private final List<FieldError> errors = new ArrayList<>();

    private PolicyValidator(EngineSettings settings) {
        this.settings = settings;
    }

    /** Every error of a policy, in the order of its fields; empty where it is valid. A null spec lacks everything. */
    public static List<FieldError> validate(@Nullable GracefulShutdownPolicySpec spec, EngineSettings settings) {
        if (spec == null) {
            return List.of(new FieldError("spec", "is missing: write at least spec: {}, which audits every rollout"));
        }
        var validator = new PolicyValidator(settings);
        validator.policy(spec);
        return List.copyOf(validator.errors);
    }

    /** Every error of a policy of the cluster, in the order of its fields; empty where it is valid. */
    public static List<FieldError> validate(@Nullable ClusterGracefulShutdownPolicySpec spec, EngineSettings settings) {
        if (spec == null) {
            return List.of(new FieldError(
                    "spec", "is missing: write at least spec: {namespaceSelector: {}}, for all namespaces"));
        }
        var validator = new PolicyValidator(settings);
        if (spec.namespaceSelector() == null) {
            validator.errors.add(new FieldError(
                    "spec.namespaceSelector",
                    "is missing: write {} for all namespaces, or labels of those that it is for"));
        }
        validator.errors.addAll(LabelMatcher.errors(spec.namespaceSelector(), "spec.namespaceSelector"));
        validator.policy(spec.policy());
        return List.copyOf(validator.errors);
    }

    private void policy(GracefulShutdownPolicySpec spec) {
        range("spec.priority", spec.priority(), -1000, 1000);
        match(spec.match());
        requirements(spec.requirements(), spec.profile());
        validation(spec.validation());
        injection(spec.injection());
        audit(spec.audit());
    }

    private void match(@Nullable Match match) {
        if (match == null) {
            return;
        }
        kinds(match.kinds());
        errors.addAll(LabelMatcher.errors(match.selector(), "spec.match.selector"));
        errors.addAll(LabelMatcher.errors(match.excludeSelector(), "spec.match.excludeSelector"));
        List<String> exempt = match.exemptContainers() == null ? List.of() : match.exemptContainers();
        String path = "spec.match.exemptContainers";
        if (exempt.size() > MAX_EXEMPT_CONTAINERS) {
            errors.add(new FieldError(
                    path, "has " + exempt.size() + " entries: at most " + MAX_EXEMPT_CONTAINERS + " are allowed"));
        }
        for (int i = 0; i < exempt.size(); i++) {
            if (!CONTAINER_GLOB.matcher(exempt.get(i)).matches()) {
                errors.add(new FieldError(
                        path + "[" + i + "]",
                        "\"" + exempt.get(i) + "\" can match no container: write a name, or a glob as in *-agent"));
            }
        }
    }

    private void kinds(@Nullable List<String> kinds) {
        if (kinds == null) {
            return;
        }
        String path = "spec.match.kinds";
        if (kinds.isEmpty()) {
            errors.add(new FieldError(
                    path, "is empty: name at least one kind, or leave the field out for Deployment and StatefulSet"));
        }
        for (int i = 0; i < kinds.size(); i++) {
            if (settings.kinds().named(kinds.get(i)) == null) {
                errors.add(new FieldError(path + "[" + i + "]", unknownKind(kinds.get(i), settings.kinds())));
            }
        }
        if (new HashSet<>(kinds).size() < kinds.size()) {
            errors.add(new FieldError(path, "each kind may appear once"));
        }
    }

    static String unknownKind(@Nullable String kind, WorkloadKinds known) {
        return "\"" + kind + "\" is no kind of workload that is known: use one of " + String.join(", ", known.names())
                + ", or have its pod template's path added to workloadKinds in the Helm values of Gracekeeper";
    }

    static void rule(String path, @Nullable String word, List<FieldError> errors) {
        Rule rule = Rule.of(word);
        if (rule == null) {
            errors.add(new FieldError(
                    path, "\"" + word + "\" is no rule: use one of " + String.join(", ", Rule.judgedWords())));
        } else if (rule.isAdvice()) {
            errors.add(new FieldError(
                    path,
                    word + " only advises and is never a reason to refuse: use one of "
                            + String.join(", ", Rule.judgedWords())));
        }
    }

    private void requirements(@Nullable Requirements own, @Nullable Profile profile) {
        if (own != null) {
            ranges(own);
        }
        Requirements requirements = ProfileValues.fill(own, profile);
        String path = "spec.requirements.";
        long need = need(requirements);
        Integer max = requirements.maxTerminationGracePeriodSeconds();
        int cap = settings.maxTerminationGracePeriodSeconds();
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

    private void ranges(Requirements requirements) {
        String path = "spec.requirements.";
        range(path + "drainDelaySeconds", requirements.drainDelaySeconds(), 0, 600);
        range(path + "shutdownSeconds", requirements.shutdownSeconds(), 0, 86_400);
        range(path + "marginSeconds", requirements.marginSeconds(), 0, 600);
        range(path + "maxTerminationGracePeriodSeconds", requirements.maxTerminationGracePeriodSeconds(), 1, 86_400);
    }

    private static long need(Requirements requirements) {
        return (long) Objects.requireNonNullElse(requirements.drainDelaySeconds(), 0)
                + Objects.requireNonNullElse(requirements.shutdownSeconds(), 0)
                + Objects.requireNonNullElse(requirements.marginSeconds(), 0);
    }

    private void validation(@Nullable Validation validation) {
        if (validation == null) {
            return;
        }
        actions("spec.validation.actions", validation.actions());
        List<RuleActions> rules = validation.rules() == null ? List.of() : validation.rules();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < rules.size(); i++) {
            String path = "spec.validation.rules[" + i + "]";
            String word = rules.get(i).rule();
            rule(path + ".rule", word, errors);
            if (word != null && !seen.add(word)) {
                errors.add(new FieldError(path + ".rule", "each rule may appear once"));
            }
            if (rules.get(i).actions() == null) {
                errors.add(new FieldError(path + ".actions", "is missing: name Deny, Warn or Audit"));
            }
            actions(path + ".actions", rules.get(i).actions());
        }
    }

    private void actions(String path, @Nullable List<ValidationAction> actions) {
        if (actions == null) {
            return;
        }
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
