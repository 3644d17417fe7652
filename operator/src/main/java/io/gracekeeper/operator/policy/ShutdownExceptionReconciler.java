package io.gracekeeper.operator.policy;

import io.fabric8.kubernetes.api.model.Condition;
import io.gracekeeper.crds.ConditionTypes;
import io.gracekeeper.crds.ShutdownException;
import io.gracekeeper.crds.ShutdownExceptionStatus;
import io.gracekeeper.operator.event.EventReason;
import io.gracekeeper.operator.event.EventRecorder;
import io.gracekeeper.operator.leader.WriteBudget;
import io.gracekeeper.operator.workload.WorkloadScan;
import io.gracekeeper.policy.CompiledException;
import io.gracekeeper.policy.ExceptionValidator;
import io.gracekeeper.policy.FieldError;
import io.gracekeeper.policy.PolicySnapshot;
import io.gracekeeper.policy.WorkloadKinds;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Exceptions: whether they hold, and what they let pass. An Event goes with the step of a status from one reason to the next, so that
 * an operator that starts anew tells nothing twice. They have no finalizer.
 */
@ControllerConfiguration(name = ShutdownExceptionReconciler.NAME)
public final class ShutdownExceptionReconciler implements Reconciler<ShutdownException> {
    /** The name of the controller, in logs and metrics. */
    public static final String NAME = "exceptions";

    private static final Duration LAGS = Duration.ofMillis(500);

    /** A timer of weeks outlives no process; what is longer is looked at again meanwhile. */
    private static final Duration LONGEST_TIMER = Duration.ofHours(6);

    private final Supplier<PolicySnapshot> policies;
    private final WorkloadKinds kinds;
    private final WorkloadScan scan;
    private final EventRecorder events;
    private final WriteBudget budget;
    private final Calls calls;
    private final Clock clock;

    /** A reconciler; to be registered once. */
    public ShutdownExceptionReconciler(
            Supplier<PolicySnapshot> policies,
            WorkloadKinds kinds,
            WorkloadScan scan,
            EventRecorder events,
            WriteBudget budget,
            Calls calls,
            Clock clock) {
        this.policies = policies;
        this.kinds = kinds;
        this.scan = scan;
        this.events = events;
        this.budget = budget;
        this.calls = calls;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, ShutdownException>> prepareEventSources(EventSourceContext<ShutdownException> context) {
        return List.of(calls.ofExceptions());
    }

    @Override
    public UpdateControl<ShutdownException> reconcile(ShutdownException exception, Context<ShutdownException> context) {
        String namespace = exception.getMetadata().getNamespace();
        List<FieldError> errors = ExceptionValidator.validate(exception.getSpec(), kinds, null);
        CompiledException compiled = errors.isEmpty()
                ? CompiledException.of(namespace, exception.getMetadata().getName(), exception.getSpec(), kinds)
                : null;
        if (compiled != null && !isKnown(compiled)) {
            return UpdateControl.<ShutdownException>noUpdate().rescheduleAfter(LAGS);
        }
        Instant now = clock.instant();
        boolean inForce = compiled != null && now.isBefore(compiled.expiresAt());
        long generation = Objects.requireNonNullElse(exception.getMetadata().getGeneration(), 0L);
        var inputs = new ExceptionStatusBuilder.Inputs(
                generation, errors, compiled, compiled != null && inForce ? scan.forgivenBy(compiled) : 0);
        ShutdownExceptionStatus status = ExceptionStatusBuilder.build(exception.getStatus(), inputs, now);
        if (status.equals(exception.getStatus())) {
            return again(UpdateControl.noUpdate(), compiled, now);
        }
        if (!budget.take(1, now)) {
            return UpdateControl.<ShutdownException>noUpdate().rescheduleAfter(LAGS);
        }
        announce(exception, status);
        var patch = new ShutdownException();
        patch.setMetadata(StatusPatch.metadata(exception));
        patch.setSpec(null);
        patch.setStatus(status);
        return again(UpdateControl.patchStatus(patch), compiled, now);
    }

    private boolean isKnown(CompiledException compiled) {
        return scan.isSettled()
                && policies.get().policiesIn(compiled.namespace()).exceptions().contains(compiled);
    }

    private static UpdateControl<ShutdownException> again(
            UpdateControl<ShutdownException> control, @Nullable CompiledException compiled, Instant now) {
        Duration wait = compiled == null ? null : ExceptionStatusBuilder.untilNext(compiled, now);
        return wait == null
                ? control
                : control.rescheduleAfter(wait.compareTo(LONGEST_TIMER) < 0 ? wait : LONGEST_TIMER);
    }

    private void announce(ShutdownException exception, ShutdownExceptionStatus status) {
        Condition before = active(exception.getStatus());
        Condition after = active(status);
        if (after == null || (before != null && before.getReason().equals(after.getReason()))) {
            return;
        }
        switch (after.getReason()) {
            case ConditionReasons.ENDS_SOON ->
                events.record(exception, EventReason.EXCEPTION_ENDS_SOON, sentence(after.getMessage()));
            case ConditionReasons.EXPIRED ->
                events.record(exception, EventReason.EXCEPTION_ENDED, sentence(after.getMessage()));
            default -> {}
        }
    }

    private static String sentence(String message) {
        return Character.toUpperCase(message.charAt(0)) + message.substring(1) + ".";
    }

    private static @Nullable Condition active(@Nullable ShutdownExceptionStatus status) {
        return status == null || status.conditions() == null
                ? null
                : status.conditions().stream()
                        .filter(condition -> ConditionTypes.ACTIVE.equals(condition.getType()))
                        .findFirst()
                        .orElse(null);
    }
}
