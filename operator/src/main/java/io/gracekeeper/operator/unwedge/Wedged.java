package io.gracekeeper.operator.unwedge;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetCondition;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A ReplicaSet of a Deployment whose pods our webhook refuses.
 *
 * @param namespace of both
 * @param name of the ReplicaSet
 * @param uid of the ReplicaSet
 * @param deployment the Deployment's name
 * @param deploymentUid the Deployment's uid
 */
record Wedged(String namespace, String name, String uid, String deployment, String deploymentUid) {
    /** How the API server words a refusal; it names the webhook, whoever refused. */
    private static final Pattern REFUSED_BY_US =
            Pattern.compile("admission webhook \"[^\"]*\\.gracekeeper\\.io\" denied");

    /** Reads it from a ReplicaSet; empty where its pods come, or others refuse them. */
    static Optional<Wedged> of(ReplicaSet replicaSet) {
        boolean refused = replicaSet.getStatus() != null
                && replicaSet.getStatus().getConditions() != null
                && replicaSet.getStatus().getConditions().stream().anyMatch(Wedged::isRefusal);
        return refused
                ? replicaSet.getMetadata().getOwnerReferences().stream()
                        .filter(owner ->
                                "Deployment".equals(owner.getKind()) && Boolean.TRUE.equals(owner.getController()))
                        .findFirst()
                        .map(owner -> of(replicaSet, owner))
                : Optional.empty();
    }

    private static Wedged of(ReplicaSet replicaSet, OwnerReference owner) {
        return new Wedged(
                replicaSet.getMetadata().getNamespace(),
                replicaSet.getMetadata().getName(),
                replicaSet.getMetadata().getUid(),
                owner.getName(),
                owner.getUid());
    }

    private static boolean isRefusal(ReplicaSetCondition condition) {
        return "ReplicaFailure".equals(condition.getType())
                && "True".equals(condition.getStatus())
                && "FailedCreate".equals(condition.getReason())
                && REFUSED_BY_US
                        .matcher(Objects.requireNonNullElse(condition.getMessage(), ""))
                        .find();
    }
}
