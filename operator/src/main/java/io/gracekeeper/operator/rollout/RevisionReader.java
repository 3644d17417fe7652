package io.gracekeeper.operator.rollout;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads from a Deployment and its ReplicaSets which revision is the newest, and how far its rollout is. */
final class RevisionReader {
    private static final String CONTROLLER = "kube-controller-manager";
    private static final String REVISION_HISTORY = "deployment.kubernetes.io/revision-history";
    private static final Duration LONGEST_LAG = Duration.ofSeconds(5);
    private static final String HASH_LABEL = "pod-template-hash";

    private RevisionReader() {}

    /**
     * The newest revision; empty as long as the Deployment controller has made none that can be seen.
     *
     * <p>With strategy Recreate the old pods are ended before the new ReplicaSet exists, so that the number is known from the
     * template alone: it becomes the highest one plus 1 (k8s.io/kubernetes
     * pkg/controller/deployment/util/deployment_util.go: SetNewReplicaSetAnnotations, MaxRevision).
     */
    static Optional<Revision> newest(Deployment deployment, List<ReplicaSet> replicaSets, Instant now) {
        long number = ReplicaSetBook.revision(deployment.getMetadata().getAnnotations());
        if (recreates(deployment) && replicaSets.stream().noneMatch(rs -> sameTemplate(deployment, rs))) {
            long highest = replicaSets.stream()
                    .mapToLong(rs -> ReplicaSetBook.revision(rs.getMetadata().getAnnotations()))
                    .max()
                    .orElse(0);
            if (highest == 0) {
                return Optional.empty();
            }
            Instant start = lastWrite(deployment, entry -> !"status".equals(entry.getSubresource()))
                    .filter(time -> time.isAfter(longestLag(now)))
                    .orElse(longestLag(now));
            return Optional.of(new Revision(Math.max(highest, number) + 1, start, null));
        }
        if (number == 0) {
            return Optional.empty();
        }
        Optional<ReplicaSet> holder = replicaSets.stream()
                .filter(rs -> ReplicaSetBook.revision(rs.getMetadata().getAnnotations()) == number)
                .min(Comparator.comparing(
                        rs -> Objects.requireNonNullElse(rs.getMetadata().getCreationTimestamp(), "")));
        // Without its ReplicaSet nobody could tell old pods from new ones; it exists, and will be seen in a moment.
        return holder.map(
                rs -> new Revision(number, start(rs, now), rs.getMetadata().getUid()));
    }

    private static boolean recreates(Deployment deployment) {
        return deployment.getSpec() != null
                && deployment.getSpec().getStrategy() != null
                && "Recreate".equals(deployment.getSpec().getStrategy().getType())
                && !Boolean.TRUE.equals(deployment.getSpec().getPaused());
    }

    /**
     * When a rollout to this ReplicaSet began. A new one is made for it; one that is used again is given the new revision, and
     * nothing else is written to it before that is seen. Nothing on the Deployment itself tells: its controller writes the
     * revision together with the status, and {@code kubectl rollout undo} leaves no entry in the managed fields.
     */
    private static Instant start(ReplicaSet holder, Instant now) {
        Map<String, String> annotations = holder.getMetadata().getAnnotations();
        boolean usedAgain = annotations != null && annotations.containsKey(REVISION_HISTORY);
        Instant born = PodReader.time(holder.getMetadata().getCreationTimestamp());
        if (!usedAgain && born != null) {
            return born;
        }
        return lastWrite(
                        holder,
                        entry -> CONTROLLER.equals(entry.getManager()) && !"status".equals(entry.getSubresource()))
                .orElse(longestLag(now));
    }

    /** Nothing says when, but it was seen within so much time. */
    private static Instant longestLag(Instant now) {
        return now.minus(LONGEST_LAG).truncatedTo(ChronoUnit.SECONDS);
    }

    private static Optional<Instant> lastWrite(HasMetadata object, Predicate<ManagedFieldsEntry> which) {
        return object.getMetadata().getManagedFields().stream()
                .filter(which)
                .map(entry -> PodReader.time(entry.getTime()))
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder());
    }

    private static boolean sameTemplate(Deployment deployment, ReplicaSet replicaSet) {
        PodTemplateSpec wanted = deployment.getSpec().getTemplate();
        PodTemplateSpec has =
                replicaSet.getSpec() == null ? null : replicaSet.getSpec().getTemplate();
        if (has == null || has.getMetadata() == null) {
            return Objects.equals(wanted, has);
        }
        return Objects.equals(
                wanted,
                new PodTemplateSpecBuilder(has)
                        .editMetadata()
                        .removeFromLabels(HASH_LABEL)
                        .endMetadata()
                        .build());
    }

    /**
     * Whether the controller is finished with a revision: every replica is of it and available. Its counters leave out pods
     * that are ending, so this says nothing about those.
     */
    static boolean complete(Deployment deployment, long revision) {
        DeploymentStatus status = deployment.getStatus();
        Long generation = deployment.getMetadata().getGeneration();
        if (status == null
                || ReplicaSetBook.revision(deployment.getMetadata().getAnnotations()) != revision
                || (generation != null && value(status.getObservedGeneration()) < generation)) {
            return false;
        }
        Integer asked = deployment.getSpec().getReplicas();
        int replicas = asked == null ? 1 : asked;
        return value(status.getReplicas()) == replicas
                && value(status.getUpdatedReplicas()) == replicas
                && value(status.getAvailableReplicas()) == replicas;
    }

    private static long value(@Nullable Number number) {
        return number == null ? 0 : number.longValue();
    }
}
