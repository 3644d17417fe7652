package io.gracekeeper.operator.policy;

import io.gracekeeper.crds.ConditionTypes;
import io.gracekeeper.crds.ShutdownExceptionStatus;
import io.gracekeeper.policy.CompiledException;
import io.gracekeeper.policy.FieldError;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Puts an exception's status together. Pure: the same inputs give an equal status. */
final class ExceptionStatusBuilder {
    private ExceptionStatusBuilder() {}

    /**
     * What an exception's status is made of.
     *
     * @param generation of the spec
     * @param errors why it is not valid; empty where it is
     * @param exception what it says; null where it is not valid
     * @param forgiven violations that it lets pass
     */
    record Inputs(
            long generation,
            List<FieldError> errors,
            @Nullable CompiledException exception,
            int forgiven) {
        Inputs {
            errors = List.copyOf(errors);
        }
    }

    static ShutdownExceptionStatus build(@Nullable ShutdownExceptionStatus previous, Inputs inputs, Instant now) {
        var conditions = new Conditions(previous == null ? null : previous.conditions(), inputs.generation(), now);
        CompiledException exception = inputs.exception();
        conditions.add(
                ConditionTypes.ACCEPTED,
                exception != null
                        ? ConditionFacts.yes(ConditionReasons.VALID, "the exception is valid")
                        : ConditionFacts.no(
                                ConditionReasons.INVALID,
                                inputs.errors().stream().map(FieldError::text).collect(Collectors.joining("\n"))));
        conditions.add(ConditionTypes.ACTIVE, active(exception, now));
        return new ShutdownExceptionStatus(
                inputs.generation(), exception == null ? null : (Integer) inputs.forgiven(), conditions.list());
    }

    private static ConditionFacts active(@Nullable CompiledException exception, Instant now) {
        if (exception == null) {
            return ConditionFacts.no(
                    ConditionReasons.NOT_ACCEPTED, "an exception that is not accepted lets nobody off");
        }
        Instant end = exception.expiresAt();
        if (!now.isBefore(end)) {
            return ConditionFacts.no(
                    ConditionReasons.EXPIRED, "it ended at " + end + ": its workloads are judged like all others");
        }
        return exception.endsSoon(now)
                ? ConditionFacts.yes(
                        ConditionReasons.ENDS_SOON,
                        "it ends at " + end + ", in less than " + CompiledException.NOTICE.toDays()
                                + " days: fix the workloads, or give it another spec.expiresAt")
                : ConditionFacts.yes(ConditionReasons.IN_FORCE, "in force until " + end);
    }

    /** How long until the status says something else by time alone; null where it never will. */
    static @Nullable Duration untilNext(CompiledException exception, Instant now) {
        Instant notice = exception.expiresAt().minus(CompiledException.NOTICE);
        Instant next = now.isBefore(notice) ? notice : exception.expiresAt();
        return now.isBefore(next) ? Duration.between(now, next).plusMillis(1) : null;
    }
}
