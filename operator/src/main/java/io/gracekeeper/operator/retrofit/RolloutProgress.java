package io.gracekeeper.operator.retrofit;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How far a Deployment's rollout is, as {@code kubectl rollout status} reads it.
 *
 * @param observed whether the Deployment controller has seen the current template
 * @param complete whether all pods are new and available, and no old one is left
 * @param overdueSince since when the controller says that it took longer than progressDeadlineSeconds; null where it doesn't
 */
record RolloutProgress(
        boolean observed, boolean complete, @Nullable Instant overdueSince) {
    private static final String DEADLINE_EXCEEDED = "ProgressDeadlineExceeded";

    static RolloutProgress of(Deployment deployment) {
        DeploymentStatus status = deployment.getStatus();
        if (status == null) {
            return new RolloutProgress(false, false, null);
        }
        long generation = Objects.requireNonNullElse(deployment.getMetadata().getGeneration(), 0L);
        boolean observed = Objects.requireNonNullElse(status.getObservedGeneration(), -1L) >= generation;
        int wanted = replicas(deployment);
        int all = orZero(status.getReplicas());
        int updated = orZero(status.getUpdatedReplicas());
        int available = orZero(status.getAvailableReplicas());
        boolean complete = observed && updated >= wanted && all == updated && available >= wanted;
        return new RolloutProgress(observed, complete, observed ? overdueSince(status) : null);
    }

    static int replicas(Deployment deployment) {
        Integer replicas = deployment.getSpec().getReplicas();
        return replicas == null ? 1 : replicas;
    }

    private static @Nullable Instant overdueSince(DeploymentStatus status) {
        List<DeploymentCondition> conditions = Objects.requireNonNullElse(status.getConditions(), List.of());
        for (DeploymentCondition condition : conditions) {
            if ("Progressing".equals(condition.getType())
                    && "False".equals(condition.getStatus())
                    && DEADLINE_EXCEEDED.equals(condition.getReason())) {
                return instant(condition.getLastTransitionTime());
            }
        }
        return null;
    }

    private static Instant instant(@Nullable String time) {
        try {
            return time == null ? Instant.MAX : Instant.parse(time);
        } catch (DateTimeParseException e) {
            return Instant.MAX;
        }
    }

    private static int orZero(@Nullable Integer value) {
        return value == null ? 0 : value;
    }
}
