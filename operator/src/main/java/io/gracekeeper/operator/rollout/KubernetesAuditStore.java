package io.gracekeeper.operator.rollout;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.gracekeeper.crds.RolloutAudit;
import io.gracekeeper.crds.RolloutAuditStatus;
import java.net.HttpURLConnection;

/** Writes audits to the API server. A status goes as a merge patch that names the resourceVersion it was made from. */
final class KubernetesAuditStore implements AuditStore {
    private static final String FIELD_MANAGER = "gracekeeper";

    private final KubernetesClient client;

    KubernetesAuditStore(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public RolloutAudit create(RolloutAudit audit) {
        return client.resource(audit).create();
    }

    @Override
    public RolloutAudit get(String namespace, String name) {
        RolloutAudit audit = client.resources(RolloutAudit.class)
                .inNamespace(namespace)
                .withName(name)
                .get();
        if (audit == null) {
            throw new KubernetesClientException(
                    "rolloutaudit " + namespace + "/" + name + " not found", HttpURLConnection.HTTP_NOT_FOUND, null);
        }
        return audit;
    }

    @Override
    public RolloutAudit writeStatus(RolloutAudit audit, RolloutAuditStatus status) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata").put("resourceVersion", audit.getMetadata().getResourceVersion());
        patch.set("status", client.getKubernetesSerialization().convertValue(status, ObjectNode.class));
        PatchContext context = new PatchContext.Builder()
                .withPatchType(PatchType.JSON_MERGE)
                .withFieldManager(FIELD_MANAGER)
                .build();
        return client.resource(audit).subresource("status").patch(context, patch.toString());
    }

    @Override
    public void delete(RolloutAudit audit) {
        client.resource(audit)
                .lockResourceVersion(audit.getMetadata().getResourceVersion())
                .delete();
    }
}
