package io.gracekeeper.operator.unwedge;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A ReplicaSet is asked to try again")
class WedgedTest {
    @ParameterizedTest(name = "{0} {1} {2} of a {3}, {4}: {5}")
    @DisplayName("only where our webhook refused its pods, and only if a Deployment made it")
    @CsvSource({
        "ReplicaFailure, True, FailedCreate, Deployment, admission webhook \"validate.pods.gracekeeper.io\" denied the request: x, true",
        "ReplicaFailure, True, FailedCreate, Deployment, admission webhook \"validate.workloads.gracekeeper.io\" denied the request: x, true",
        "ReplicaFailure, True, FailedCreate, Rollout, admission webhook \"validate.pods.gracekeeper.io\" denied the request: x, false",
        "ReplicaFailure, False, FailedCreate, Deployment, admission webhook \"validate.pods.gracekeeper.io\" denied the request: x, false",
        "ReplicaFailure, True, FailedDelete, Deployment, admission webhook \"validate.pods.gracekeeper.io\" denied the request: x, false",
        "ReplicaFailure, True, FailedCreate, Deployment, admission webhook \"validate.kyverno.svc\" denied the request: see gracekeeper.io, false",
        "ReplicaFailure, True, FailedCreate, Deployment, exceeded quota: gracekeeper.io, false",
        "Other, True, FailedCreate, Deployment, admission webhook \"validate.pods.gracekeeper.io\" denied the request: x, false",
    })
    void of(String type, String status, String reason, String owner, String message, boolean wedged) {
        ReplicaSet replicaSet = new ReplicaSetBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("web-7c9")
                .withUid("u-7c9")
                .addNewOwnerReference()
                .withKind(owner)
                .withName("web")
                .withUid("u-web")
                .withController(true)
                .endOwnerReference()
                .endMetadata()
                .withNewStatus()
                .addNewCondition()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .endCondition()
                .endStatus()
                .build();
        assertThat(Wedged.of(replicaSet).isPresent()).isEqualTo(wedged);
        Wedged.of(replicaSet)
                .ifPresent(
                        found -> assertThat(found).isEqualTo(new Wedged("shop", "web-7c9", "u-7c9", "web", "u-web")));
    }
}
