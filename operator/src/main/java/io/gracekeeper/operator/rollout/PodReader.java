package io.gracekeeper.operator.rollout;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.gracekeeper.policy.TerminationSettings;
import io.gracekeeper.policy.rollout.ContainerAtT0;
import io.gracekeeper.policy.rollout.ContainerExit;
import io.gracekeeper.policy.rollout.ContainerKind;
import io.gracekeeper.policy.rollout.ContainerTermination;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads from a pod what tells how it ends. */
final class PodReader {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PodReader() {}

    /** Whether its termination was asked for, or is over. */
    static boolean ending(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() != null || terminal(pod);
    }

    /** Whether the kubelet is finished with it: the statuses of its containers are final. */
    static boolean terminal(Pod pod) {
        String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
        return "Succeeded".equals(phase) || "Failed".equals(phase);
    }

    static boolean scheduled(Pod pod) {
        return pod.getSpec() != null && pod.getSpec().getNodeName() != null;
    }

    /** Uid of the ReplicaSet that controls it; null if none does. */
    static @Nullable String replicaSetUid(Pod pod) {
        return pod.getMetadata().getOwnerReferences().stream()
                .filter(owner -> "ReplicaSet".equals(owner.getKind()) && Boolean.TRUE.equals(owner.getController()))
                .map(OwnerReference::getUid)
                .findFirst()
                .orElse(null);
    }

    /** When its grace is over, by the API server's clock; null if its termination was not asked for. */
    static @Nullable Instant deletionTime(Pod pod) {
        return time(pod.getMetadata().getDeletionTimestamp());
    }

    /** Reason of its condition {@code DisruptionTarget=True}; null if it has none. */
    static @Nullable String disruption(Pod pod) {
        if (pod.getStatus() == null) {
            return null;
        }
        return pod.getStatus().getConditions().stream()
                .filter(c -> "DisruptionTarget".equals(c.getType()) && "True".equals(c.getStatus()))
                .map(c -> c.getReason() == null ? "" : c.getReason())
                .findFirst()
                .orElse(null);
    }

    /** {@code status.reason}, for instance {@code Evicted}. */
    static @Nullable String reason(Pod pod) {
        return pod.getStatus() == null ? null : pod.getStatus().getReason();
    }

    /** What decides how pods with this spec end. */
    static TerminationSettings settings(@Nullable PodSpec spec) {
        return TerminationSettings.of(JSON.valueToTree(spec == null ? new PodSpec() : spec));
    }

    /** What each container is doing now, by name. */
    static Map<String, ContainerAtT0> activity(Pod pod) {
        Map<String, ContainerAtT0> activity = new HashMap<>();
        Map<String, ContainerStatus> statuses = statuses(pod);
        for (Container container : all(pod)) {
            ContainerStatus status = statuses.get(container.getName());
            activity.put(container.getName(), terminal(pod) ? ContainerAtT0.UNKNOWN : activity(status));
        }
        return activity;
    }

    private static ContainerAtT0 activity(@Nullable ContainerStatus status) {
        if (status == null) {
            return ContainerAtT0.NEVER_STARTED;
        }
        if (status.getState() != null && status.getState().getRunning() != null) {
            return ContainerAtT0.RUNNING;
        }
        boolean ranBefore = exit(status.getState()) != null
                || exit(status.getLastState()) != null
                || count(status) > 0
                || (status.getContainerID() != null && !status.getContainerID().isEmpty());
        return ranBefore ? ContainerAtT0.BETWEEN_RUNS : ContainerAtT0.NEVER_STARTED;
    }

    /** Its containers as they were last seen; ephemeral ones are left out, they are never judged. */
    static List<ContainerTermination> containers(Pod pod, Map<String, ContainerAtT0> atT0) {
        List<ContainerTermination> containers = new ArrayList<>();
        Map<String, ContainerStatus> statuses = statuses(pod);
        if (pod.getSpec() == null) {
            return containers;
        }
        for (Container container : pod.getSpec().getContainers()) {
            containers.add(container(container, ContainerKind.MAIN, statuses, atT0));
        }
        for (Container container : pod.getSpec().getInitContainers()) {
            boolean sidecar = "Always".equals(container.getRestartPolicy());
            containers.add(
                    container(container, sidecar ? ContainerKind.NATIVE_SIDECAR : ContainerKind.INIT, statuses, atT0));
        }
        return containers;
    }

    private static ContainerTermination container(
            Container container,
            ContainerKind kind,
            Map<String, ContainerStatus> statuses,
            Map<String, ContainerAtT0> atT0) {
        ContainerStatus status = statuses.get(container.getName());
        Lifecycle lifecycle = container.getLifecycle();
        String signal = status == null ? null : status.getStopSignal();
        return new ContainerTermination(
                container.getName(),
                kind,
                atT0.getOrDefault(container.getName(), ContainerAtT0.UNKNOWN),
                status == null ? null : exit(status.getState()),
                status == null ? null : exit(status.getLastState()),
                status == null ? 0 : count(status),
                preStopSeconds(lifecycle),
                signal == null && lifecycle != null ? lifecycle.getStopSignal() : signal);
    }

    private static @Nullable Long preStopSeconds(@Nullable Lifecycle lifecycle) {
        return lifecycle == null
                        || lifecycle.getPreStop() == null
                        || lifecycle.getPreStop().getSleep() == null
                ? null
                : lifecycle.getPreStop().getSleep().getSeconds();
    }

    private static @Nullable ContainerExit exit(@Nullable ContainerState state) {
        if (state == null || state.getTerminated() == null) {
            return null;
        }
        Integer code = state.getTerminated().getExitCode();
        return new ContainerExit(
                code == null ? 0 : code,
                state.getTerminated().getReason(),
                time(state.getTerminated().getFinishedAt()));
    }

    private static int count(ContainerStatus status) {
        return status.getRestartCount() == null ? 0 : status.getRestartCount();
    }

    private static List<Container> all(Pod pod) {
        List<Container> all = new ArrayList<>();
        if (pod.getSpec() != null) {
            all.addAll(pod.getSpec().getContainers());
            all.addAll(pod.getSpec().getInitContainers());
        }
        return all;
    }

    private static Map<String, ContainerStatus> statuses(Pod pod) {
        Map<String, ContainerStatus> statuses = new HashMap<>();
        if (pod.getStatus() != null) {
            pod.getStatus().getContainerStatuses().forEach(s -> statuses.put(s.getName(), s));
            pod.getStatus().getInitContainerStatuses().forEach(s -> statuses.put(s.getName(), s));
        }
        return statuses;
    }

    /** A Kubernetes timestamp; null for null. */
    static @Nullable Instant time(@Nullable String timestamp) {
        return timestamp == null ? null : Instant.parse(timestamp);
    }
}
