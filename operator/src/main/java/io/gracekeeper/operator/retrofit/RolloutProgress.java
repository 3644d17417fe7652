package io.gracekeeper.operator.retrofit;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How far a Deployment's rollout is, as {@code kubectl rollout status} reads it, and a little more careful.
 *
 * @param observed whether the Deployment controller has seen the current template
 * @param complete whether all pods are new and available, no old one is left, and that has been so for {@link #SETTLE}
 * @param overdueSince since when the controller says that it took longer than progressDeadlineSeconds; null where it doesn't
 */
record RolloutProgress(
        boolean observed, boolean complete, @Nullable Instant overdueSince) {
    /** Without a readiness probe, a container that crashes at its start counts as available for a moment, again and again. */
    static final Duration SETTLE = Duration.ofSeconds(10);

    private static final String DEADLINE_EXCEEDED = "ProgressDeadlineExceeded";
    private static final String NEW_REPLICA_SET_AVAILABLE = "NewReplicaSetAvailable";

    static RolloutProgress of(Deployment deployment, Instant now) {
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
        boolean there = observed && updated >= wanted && all == updated && available >= wanted;
        DeploymentCondition progressing = condition(status, "Progressing");
        boolean settled = isSettled(progressing, condition(status, "Available"), now);
        return new RolloutProgress(observed, there && settled, observed ? overdueSince(progressing) : null);
    }

    static int replicas(Deployment deployment) {
        Integer replicas = deployment.getSpec().getReplicas();
        return replicas == null ? 1 : replicas;
    }

    private static @Nullable DeploymentCondition condition(DeploymentStatus status, String type) {
        List<DeploymentCondition> conditions = Objects.requireNonNullElse(status.getConditions(), List.of());
        return conditions.stream()
                .filter(condition -> type.equals(condition.getType()))
                .findFirst()
                .orElse(null);
    }

    /** Both times: the first tells when the rollout was done, the second moves each time that a crash loop comes up again. */
    private static boolean isSettled(
            @Nullable DeploymentCondition progressing, @Nullable DeploymentCondition available, Instant now) {
        Instant done = progressing != null && NEW_REPLICA_SET_AVAILABLE.equals(progressing.getReason())
                ? instant(progressing.getLastUpdateTime())
                : null;
        Instant up = available == null ? null : instant(available.getLastTransitionTime());
        return isPast(done, now) && isPast(up, now);
    }

    private static boolean isPast(@Nullable Instant since, Instant now) {
        return since == null || !now.isBefore(since.plus(SETTLE));
    }

    private static @Nullable Instant overdueSince(@Nullable DeploymentCondition progressing) {
        if (progressing == null
                || !"False".equals(progressing.getStatus())
                || !DEADLINE_EXCEEDED.equals(progressing.getReason())) {
            return null;
        }
        return Objects.requireNonNullElse(instant(progressing.getLastTransitionTime()), Instant.MAX);
    }

    private static @Nullable Instant instant(@Nullable String time) {
        try {
            return time == null ? null : Instant.parse(time);
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static int orZero(@Nullable Integer value) {
        return value == null ? 0 : value;
    }
}
