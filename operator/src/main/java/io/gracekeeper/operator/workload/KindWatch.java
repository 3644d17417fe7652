package io.gracekeeper.operator.workload;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.gracekeeper.runtime.ReducedInformer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Lists and watches the workloads of one kind in the whole cluster, and keeps them reduced. */
final class KindWatch implements WorkloadSource {
    private final ReducedInformer<ReducedWorkload> informer;
    private final Map<String, Set<String>> names = new ConcurrentHashMap<>();
    private final Consumer<String> listener;

    /**
     * Starts.
     *
     * @param reduction what to keep of each
     * @param listener told the namespace after each change; must return at once
     */
    KindWatch(
            KubernetesClient client,
            ResourceDefinitionContext resource,
            ReducedInformer.Reduction<ReducedWorkload> reduction,
            Consumer<String> listener) {
        this.listener = listener;
        this.informer = new ReducedInformer<>(client, resource, reduction, this::changed);
        informer.start(() -> {});
    }

    private void changed(@Nullable ReducedWorkload before, @Nullable ReducedWorkload after) {
        ReducedWorkload which = after != null ? after : before;
        if (which == null) {
            return;
        }
        names.compute(which.namespace(), (namespace, known) -> {
            Set<String> all = known == null ? ConcurrentHashMap.newKeySet() : known;
            if (after != null) {
                all.add(after.name());
            } else {
                all.remove(which.name());
            }
            return all.isEmpty() ? null : all;
        });
        listener.accept(which.namespace());
    }

    @Override
    public boolean hasSynced() {
        return informer.hasSynced();
    }

    @Override
    public List<StoredWorkload> in(String namespace) {
        List<StoredWorkload> all = new ArrayList<>();
        for (String name : names.getOrDefault(namespace, Set.of())) {
            ReducedWorkload workload = informer.get(namespace, name);
            if (workload != null) {
                all.add(workload);
            }
        }
        return all;
    }

    /** One of a namespace; null where it is not there. */
    @Nullable
    ReducedWorkload find(String namespace, String name) {
        return informer.get(namespace, name);
    }

    @Override
    public Set<String> namespaces() {
        return Set.copyOf(names.keySet());
    }

    @Override
    public void close() {
        informer.close();
    }
}
