package io.gracekeeper.operator.policy;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.gracekeeper.crds.ConditionTypes;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.GracefulShutdownPolicyStatus;
import io.gracekeeper.crds.Validation;
import io.gracekeeper.crds.ValidationAction;
import io.gracekeeper.crds.WorkloadViolation;
import io.gracekeeper.operator.enforcement.Enforcement;
import io.gracekeeper.policy.Classification;
import io.gracekeeper.policy.Contradiction;
import io.gracekeeper.policy.FieldError;
import io.gracekeeper.policy.ProfileValues;
import io.gracekeeper.policy.Violation;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts a policy's status together. Pure: the same inputs give an equal status, so that it is written only where something changed,
 * and a condition's {@code lastTransitionTime} moves only with its status.
 */
final class PolicyStatusBuilder {
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
        List<Condition> before = previous == null || previous.conditions() == null ? List.of() : previous.conditions();
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        List<Condition> conditions = new ArrayList<>();
        conditions.add(condition(before, inputs, time, ConditionTypes.ACCEPTED, accepted(inputs)));
        conditions.add(condition(before, inputs, time, ConditionTypes.CONSISTENT, consistent(inputs)));
        conditions.add(condition(before, inputs, time, ConditionTypes.INJECTED, injected(inputs)));
        conditions.add(condition(
                before,
                inputs,
                time,
                ConditionTypes.ENFORCED,
                enforced(inputs, find(before, ConditionTypes.ENFORCED))));
        boolean valid = inputs.errors().isEmpty();
        return new GracefulShutdownPolicyStatus(
                inputs.generation(),
                valid && inputs.spec() != null
                        ? ProfileValues.fill(
                                inputs.spec().requirements(), inputs.spec().profile())
                        : null,
                valid ? (Integer) inputs.matched().size() : null,
                valid ? (Integer) count(inputs, Classification.COMPLIANT) : null,
                valid ? (Integer) count(inputs, Classification.FIXABLE) : null,
                valid ? (Integer) count(inputs, Classification.VIOLATING) : null,
                valid
                        ? (Integer) (int) inputs.matched().stream()
                                .filter(judgement -> !judgement.forgiven().isEmpty())
                                .count()
                        : null,
                violations(inputs),
                null,
                inputs.retrofit() == null ? null : inputs.retrofit().status(),
                conditions);
    }

    private static int count(StatusInputs inputs, Classification classification) {
        return (int) inputs.matched().stream()
                .filter(judgement -> judgement.classification() == classification)
                .count();
    }

    private static @Nullable List<WorkloadViolation> violations(StatusInputs inputs) {
        List<WorkloadViolation> violations = inputs.matched().stream()
                .filter(judgement -> judgement.classification() == Classification.VIOLATING)
                .flatMap(judgement -> judgement.violations().stream()
                        .map(violation -> new Found(InjectedCondition.name(judgement), violation)))
                .sorted(WORST_FIRST)
                .limit(GracefulShutdownPolicyStatus.MAX_VIOLATIONS)
                .map(found -> new WorkloadViolation(
                        found.workload(),
                        found.violation().rule().word(),
                        found.violation().text()))
                .toList();
        return violations.isEmpty() ? null : violations;
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
                .flatMap(judgement -> judgement.policy().contradictions().stream())
                .filter(contradiction -> contradiction.policies().contains(inputs.self()))
                .map(Contradiction::message)
                .distinct()
                .sorted()
                .toList();
        return contradictions.isEmpty()
                ? ConditionFacts.yes(
                        ConditionReasons.NO_CONTRADICTION, "no other policy of the namespace contradicts it")
                : ConditionFacts.no(ConditionReasons.CONTRADICTION, String.join("\n", contradictions));
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
                    ConditionReasons.NO_DENY, "the policy refuses nothing: spec.validation.actions has no Deny");
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
                && validation.actions() != null
                && validation.actions().contains(ValidationAction.DENY);
    }

    private static ConditionFacts notAccepted() {
        return ConditionFacts.unknown(
                ConditionReasons.NOT_ACCEPTED, "the policy is not accepted, so it takes part in nothing");
    }

    private static Condition condition(
            List<Condition> before, StatusInputs inputs, String now, String type, ConditionFacts facts) {
        Condition old = find(before, type);
        String since = old != null && facts.truth().word().equals(old.getStatus()) ? old.getLastTransitionTime() : null;
        return new ConditionBuilder()
                .withType(type)
                .withStatus(facts.truth().word())
                .withReason(facts.reason())
                .withMessage(facts.message())
                .withObservedGeneration(inputs.generation())
                .withLastTransitionTime(Objects.requireNonNullElse(since, now))
                .build();
    }

    private static @Nullable Condition find(List<Condition> conditions, String type) {
        return conditions.stream()
                .filter(condition -> type.equals(condition.getType()))
                .findFirst()
                .orElse(null);
    }
}
