package io.gracekeeper.operator.policy;

import io.fabric8.kubernetes.api.model.Condition;
import io.gracekeeper.crds.ConditionTypes;
import io.gracekeeper.crds.ExceptionInForce;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.GracefulShutdownPolicyStatus;
import io.gracekeeper.crds.Validation;
import io.gracekeeper.crds.ValidationAction;
import io.gracekeeper.crds.WorkloadViolation;
import io.gracekeeper.operator.enforcement.Enforcement;
import io.gracekeeper.policy.Classification;
import io.gracekeeper.policy.CompiledException;
import io.gracekeeper.policy.Contradiction;
import io.gracekeeper.policy.FieldError;
import io.gracekeeper.policy.ProfileValues;
import io.gracekeeper.policy.Violation;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts a policy's status together, of either scope. Pure: the same inputs give an equal status, so that it is written only where
 * something changed, and a condition's {@code lastTransitionTime} moves only with its status.
 */
final class PolicyStatusBuilder {
    /** Contradictions that a condition's message lists; the rest is counted. A message may have 32 KiB, and is read by people. */
    private static final int CONTRADICTIONS = 5;

    private static final Comparator<Found> WORST_FIRST = Comparator.comparing(
                    (Found found) -> found.violation().action())
            .thenComparing(
                    Comparator.comparingLong((Found found) -> found.violation().shortage())
                            .reversed())
            .thenComparing(Found::workload)
            .thenComparing(found -> found.violation().rule())
            .thenComparing(found -> found.violation().message());

    private record Found(String workload, Violation violation) {}

    private PolicyStatusBuilder() {}

    static GracefulShutdownPolicyStatus build(
            @Nullable GracefulShutdownPolicyStatus previous, StatusInputs inputs, Instant now) {
        var conditions = new Conditions(previous == null ? null : previous.conditions(), inputs.generation(), now);
        conditions
                .add(ConditionTypes.ACCEPTED, accepted(inputs))
                .add(ConditionTypes.CONSISTENT, consistent(inputs))
                .add(ConditionTypes.INJECTED, injected(inputs))
                .add(ConditionTypes.ENFORCED, enforced(inputs, conditions.previous(ConditionTypes.ENFORCED)));
        if (!inputs.errors().isEmpty() || inputs.spec() == null) {
            return new GracefulShutdownPolicyStatus(
                    inputs.generation(), null, null, null, null, null, null, null, null, null, conditions.list());
        }
        return new GracefulShutdownPolicyStatus(
                inputs.generation(),
                ProfileValues.fill(inputs.spec().requirements(), inputs.spec().profile()),
                inputs.matched().size(),
                count(inputs, Classification.COMPLIANT),
                count(inputs, Classification.FIXABLE),
                count(inputs, Classification.VIOLATING),
                (int) inputs.matched().stream()
                        .filter(finding -> !finding.forgiven().isEmpty())
                        .count(),
                violations(inputs),
                exceptions(inputs),
                inputs.retrofit() == null ? null : inputs.retrofit().status(),
                conditions.list());
    }

    private static int count(StatusInputs inputs, Classification classification) {
        return (int) inputs.matched().stream()
                .filter(finding -> finding.classification() == classification)
                .count();
    }

    private static @Nullable List<WorkloadViolation> violations(StatusInputs inputs) {
        List<WorkloadViolation> violations = inputs.matched().stream()
                .filter(finding -> finding.classification() == Classification.VIOLATING)
                .flatMap(finding ->
                        finding.violations().stream().map(violation -> new Found(inputs.name(finding), violation)))
                .sorted(WORST_FIRST)
                .limit(GracefulShutdownPolicyStatus.MAX_VIOLATIONS)
                .map(found -> new WorkloadViolation(
                        found.workload(),
                        found.violation().rule().word(),
                        found.violation().text()))
                .toList();
        return violations.isEmpty() ? null : violations;
    }

    /** Those that end first come first. */
    private static @Nullable List<ExceptionInForce> exceptions(StatusInputs inputs) {
        List<ExceptionInForce> exceptions = inputs.matched().stream()
                .flatMap(finding -> finding.exceptions().stream())
                .distinct()
                .sorted(Comparator.comparing(CompiledException::expiresAt).thenComparing(CompiledException::display))
                .limit(GracefulShutdownPolicyStatus.MAX_EXCEPTIONS)
                .map(exception -> new ExceptionInForce(
                        exception.display(), exception.expiresAt().toString(), exception.reason()))
                .toList();
        return exceptions.isEmpty() ? null : exceptions;
    }

    private static ConditionFacts accepted(StatusInputs inputs) {
        return inputs.errors().isEmpty()
                ? ConditionFacts.yes(ConditionReasons.VALID, "the policy is valid and in use")
                : ConditionFacts.no(
                        ConditionReasons.INVALID,
                        inputs.errors().stream().map(FieldError::text).collect(Collectors.joining("\n")));
    }

    private static ConditionFacts consistent(StatusInputs inputs) {
        if (!inputs.errors().isEmpty()) {
            return notAccepted();
        }
        List<String> contradictions = inputs.matched().stream()
                .flatMap(finding -> finding.contradictions().stream())
                .filter(contradiction -> contradiction.policies().contains(inputs.self()))
                .map(Contradiction::message)
                .distinct()
                .sorted()
                .toList();
        if (contradictions.isEmpty()) {
            return ConditionFacts.yes(
                    ConditionReasons.NO_CONTRADICTION,
                    "no other policy contradicts it for any workload that it matches");
        }
        String named = contradictions.stream().limit(CONTRADICTIONS).collect(Collectors.joining("\n"));
        return ConditionFacts.no(
                ConditionReasons.CONTRADICTION,
                contradictions.size() <= CONTRADICTIONS
                        ? named
                        : named + "\nand " + (contradictions.size() - CONTRADICTIONS) + " more");
    }

    private static ConditionFacts injected(StatusInputs inputs) {
        return inputs.errors().isEmpty() ? InjectedCondition.of(inputs) : notAccepted();
    }

    private static ConditionFacts enforced(StatusInputs inputs, @Nullable Condition before) {
        if (!inputs.errors().isEmpty()) {
            return ConditionFacts.no(ConditionReasons.NOT_ACCEPTED, "a policy that is not accepted refuses nothing");
        }
        if (!denies(inputs.spec())) {
            return ConditionFacts.no(
                    ConditionReasons.NO_DENY,
                    "the policy refuses nothing: neither spec.validation.actions nor a rule of spec.validation.rules has"
                            + " Deny");
        }
        Enforcement enforcement = inputs.enforcement();
        return switch (enforcement.state()) {
            case PROVEN -> ConditionFacts.yes(enforcement.reason(), enforcement.message());
            case NOT_PROVEN -> ConditionFacts.no(enforcement.reason(), enforcement.message());
            // What our predecessor proved a moment ago still stands, until our own first try.
            case UNKNOWN ->
                before != null && "True".equals(before.getStatus())
                        ? ConditionFacts.yes(before.getReason(), before.getMessage())
                        : ConditionFacts.no(enforcement.reason(), enforcement.message());
        };
    }

    private static boolean denies(@Nullable GracefulShutdownPolicySpec spec) {
        Validation validation = spec == null ? null : spec.validation();
        return validation != null
                && (denies(validation.actions())
                        || (validation.rules() != null
                                && validation.rules().stream().anyMatch(rule -> denies(rule.actions()))));
    }

    private static boolean denies(@Nullable List<ValidationAction> actions) {
        return actions != null && actions.contains(ValidationAction.DENY);
    }

    private static ConditionFacts notAccepted() {
        return ConditionFacts.unknown(
                ConditionReasons.NOT_ACCEPTED, "the policy is not accepted, so it takes part in nothing");
    }
}
