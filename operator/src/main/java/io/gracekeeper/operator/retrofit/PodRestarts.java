package io.gracekeeper.operator.retrofit;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks for restarts among the newest pods of a workload that is on its way. It asks the API server: only for the few that are, and
 * only their own ReplicaSets and new pods.
 */
final class PodRestarts {
    /** Both are set by the Deployment controller (k8s.io/kubernetes pkg/controller/deployment/util). */
    private static final String REVISION = "deployment.kubernetes.io/revision";

    private static final String TEMPLATE_HASH = "pod-template-hash";

    private final KubernetesClient client;

    PodRestarts(KubernetesClient client) {
        this.client = client;
    }

    /**
     * The first restart that is found.
     *
     * @param deployment one whose current template its controller has seen
     */
    Optional<Evidence> find(Deployment deployment, String workload) {
        String hash = newestTemplateHash(deployment);
        if (hash == null) {
            return Optional.empty();
        }
        var selector = new LabelSelectorBuilder(deployment.getSpec().getSelector())
                .addToMatchLabels(TEMPLATE_HASH, hash)
                .build();
        List<Pod> pods = client.pods()
                .inNamespace(deployment.getMetadata().getNamespace())
                .withLabelSelector(selector)
                .list()
                .getItems();
        for (Pod pod : pods) {
            for (ContainerStatus status : statuses(pod)) {
                if (Objects.requireNonNullElse(status.getRestartCount(), 0) > 0) {
                    return Optional.of(new Evidence(
                            HaltReason.PODS_RESTART,
                            workload,
                            workload + ": container " + status.getName() + " of the new pod "
                                    + pod.getMetadata().getName() + " restarted" + exitCode(status),
                            finishedAt(status)));
                }
            }
        }
        return Optional.empty();
    }

    private @Nullable String newestTemplateHash(Deployment deployment) {
        String revision = annotation(deployment.getMetadata().getAnnotations());
        if (revision == null) {
            return null;
        }
        List<ReplicaSet> sets = client.apps()
                .replicaSets()
                .inNamespace(deployment.getMetadata().getNamespace())
                .withLabelSelector(deployment.getSpec().getSelector())
                .list()
                .getItems();
        return sets.stream()
                .filter(set -> isOwned(set, deployment.getMetadata().getUid()))
                .filter(set -> revision.equals(annotation(set.getMetadata().getAnnotations())))
                .map(set -> set.getMetadata().getLabels().get(TEMPLATE_HASH))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String annotation(@Nullable Map<String, String> annotations) {
        return annotations == null ? null : annotations.get(REVISION);
    }

    private static boolean isOwned(ReplicaSet set, String uid) {
        return set.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> Boolean.TRUE.equals(owner.getController()) && uid.equals(owner.getUid()));
    }

    private static List<ContainerStatus> statuses(Pod pod) {
        return pod.getStatus() == null || pod.getStatus().getContainerStatuses() == null
                ? List.of()
                : pod.getStatus().getContainerStatuses();
    }

    private static String exitCode(ContainerStatus status) {
        return status.getLastState() == null || status.getLastState().getTerminated() == null
                ? ""
                : " (exit code " + status.getLastState().getTerminated().getExitCode() + ")";
    }

    private static @Nullable Instant finishedAt(ContainerStatus status) {
        if (status.getLastState() == null || status.getLastState().getTerminated() == null) {
            return null;
        }
        String time = status.getLastState().getTerminated().getFinishedAt();
        try {
            return time == null ? null : Instant.parse(time);
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
