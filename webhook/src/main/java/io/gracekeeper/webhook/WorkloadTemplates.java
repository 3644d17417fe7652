package io.gracekeeper.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.gracekeeper.policy.WorkloadKind;
import io.gracekeeper.policy.WorkloadKinds;
import io.gracekeeper.runtime.ReducedInformer;
import io.gracekeeper.runtime.RegisteredKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * What the rules read of the workloads of the cluster, to say what a policy would do before it does it. Not of ReplicaSets, Jobs
 * and pods: there are too many, and a workload stands for its own. Nothing that decides about a workload depends on it.
 */
final class WorkloadTemplates implements AutoCloseable {
    private final List<ReducedInformer<byte[]>> informers = new ArrayList<>();
    private final AtomicBoolean started = new AtomicBoolean();

    /**
     * Not started yet.
     *
     * @param client stays the caller's; must outlive this
     * @param registered kinds of other groups, besides Kubernetes' own
     */
    public WorkloadTemplates(KubernetesClient client, List<RegisteredKind> registered) {
        watch(client, "apps", "v1", "Deployment", "deployments");
        watch(client, "apps", "v1", "StatefulSet", "statefulsets");
        watch(client, "apps", "v1", "DaemonSet", "daemonsets");
        watch(client, "batch", "v1", "CronJob", "cronjobs");
        watch(client, "", "v1", "ReplicationController", "replicationcontrollers");
        for (RegisteredKind kind : registered) {
            watch(client, kind.kind(), kind.version(), kind.resource());
        }
    }

    private void watch(KubernetesClient client, String group, String version, String kind, String resource) {
        watch(
                client,
                Objects.requireNonNull(WorkloadKinds.BUILT_IN.of(group + "/" + version, kind)),
                version,
                resource);
    }

    private void watch(KubernetesClient client, WorkloadKind kind, String version, String resource) {
        informers.add(new ReducedInformer<>(
                client,
                ReducedInformer.kind(kind.group(), version, kind.kind(), resource, true),
                object -> ReducedWorkload.reduce(object, kind),
                (before, after) -> {}));
    }

    /**
     * Starts listing and watching the first time that it is called, and returns at once. A kind that the cluster doesn't have is
     * asked for again and again.
     */
    public void start() {
        if (started.compareAndSet(false, true)) {
            informers.forEach(informer -> informer.start(() -> {}));
        }
    }

    /** How many are known. */
    public int size() {
        return informers.stream().mapToInt(informer -> informer.all().size()).sum();
    }

    /** Each that is known: its namespace, and how to get what is kept of it. */
    public void forEach(BiConsumer<String, Supplier<JsonNode>> consumer) {
        for (ReducedInformer<byte[]> informer : informers) {
            informer.all().forEach((key, bytes) -> {
                int slash = key.indexOf('/');
                consumer.accept(key.substring(0, Math.max(slash, 0)), () -> ReducedWorkload.read(bytes));
            });
        }
    }

    /** Stops watching. What is known stays. */
    @Override
    public void close() {
        informers.forEach(ReducedInformer::close);
    }
}
