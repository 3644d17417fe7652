package io.gracekeeper.policy;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * What a user asks the API server for.
 *
 * @param object the raw object, as the webhooks before us left it
 * @param oldObject what it was before; null where it is created
 * @param kind of both
 * @param namespace the request's, used where the object names none
 * @param origin who made it, as far as the user who asks can say so
 * @param revisions of the workload, to know a rollback by
 */
public record Request(
        JsonNode object,
        @Nullable JsonNode oldObject,
        WorkloadKind kind,
        String namespace,
        Origin origin,
        Revisions revisions) {
    /** On a pod: the kubelet made it from a file, and nobody can refuse or edit it. */
    public static final String MIRROR_POD = "kubernetes.io/config.mirror";

    /** Whether the pod template stays as it was: a pod's never changes in what is judged. */
    public boolean keepsTemplate() {
        return oldObject != null
                && (kind.isPod()
                        || WorkloadReader.templateNode(oldObject, kind)
                                .equals(WorkloadReader.templateNode(object, kind)));
    }

    /** Whether it concerns a pod that the kubelet made from a file, which nobody can refuse or edit. */
    boolean isMirrorPod() {
        return kind.isPod() && object.path("metadata").path("annotations").has(MIRROR_POD);
    }

    /** Whether it is a child of a workload of Kubernetes' own that follows that one's template: a Deployment's ReplicaSet. */
    boolean isFollower() {
        return kind.kind().equals("ReplicaSet") && !origin.isNone();
    }
}
