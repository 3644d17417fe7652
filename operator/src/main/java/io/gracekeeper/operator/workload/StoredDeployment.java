package io.gracekeeper.operator.workload;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.gracekeeper.runtime.Json;

/**
 * A Deployment of the informer that audits and turns read as well, so that it is not held twice.
 *
 * @param deployment of an informer; never changed
 */
record StoredDeployment(Deployment deployment, Json json) implements StoredWorkload {
    @Override
    public String apiVersion() {
        return "apps/v1";
    }

    @Override
    public String namespace() {
        return deployment.getMetadata().getNamespace();
    }

    @Override
    public String name() {
        return deployment.getMetadata().getName();
    }

    @Override
    public String uid() {
        return deployment.getMetadata().getUid();
    }

    @Override
    public String version() {
        return deployment.getMetadata().getResourceVersion();
    }

    @Override
    public JsonNode object() {
        return json.tree(deployment);
    }
}
