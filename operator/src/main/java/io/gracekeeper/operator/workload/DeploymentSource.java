package io.gracekeeper.operator.workload;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.gracekeeper.runtime.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The Deployments of an informer that somebody else runs. */
final class DeploymentSource implements WorkloadSource {
    private final SharedIndexInformer<Deployment> informer;
    private final Json json;

    DeploymentSource(SharedIndexInformer<Deployment> informer, Json json) {
        this.informer = informer;
        this.json = json;
    }

    @Override
    public boolean hasSynced() {
        return informer.hasSynced();
    }

    @Override
    public List<StoredWorkload> in(String namespace) {
        return informer.getIndexer().byIndex(Cache.NAMESPACE_INDEX, namespace).stream()
                .<StoredWorkload>map(deployment -> new StoredDeployment(deployment, json))
                .toList();
    }

    @Override
    public Set<String> namespaces() {
        Set<String> namespaces = new HashSet<>();
        informer.getStore().listKeys().forEach(key -> namespaces.add(key.substring(0, key.indexOf('/'))));
        return namespaces;
    }

    @Override
    public void close() {
        // Not ours.
    }
}
