package io.gracekeeper.operator.rollout;

import io.gracekeeper.crds.RolloutAudit;
import io.gracekeeper.crds.RolloutAuditStatus;

/**
 * Writes audits. Every method fails with {@link io.fabric8.kubernetes.client.KubernetesClientException}, whose code tells a
 * conflict (409) and a missing object (404) from an API server that can't be reached.
 */
interface AuditStore {
    /** Creates an audit without a status; 409 if the name is taken. */
    RolloutAudit create(RolloutAudit audit);

    /** The audit with this name as the API server has it now; 404 if there is none. */
    RolloutAudit get(String namespace, String name);

    /** Replaces the status of the audit in exactly this resourceVersion; 409 if it has another one by now. */
    RolloutAudit writeStatus(RolloutAudit audit, RolloutAuditStatus status);

    /** Deletes the audit in exactly this resourceVersion; nothing if it is gone, 409 if it has another one by now. */
    void delete(RolloutAudit audit);
}
