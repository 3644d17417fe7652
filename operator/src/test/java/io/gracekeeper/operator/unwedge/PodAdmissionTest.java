package io.gracekeeper.operator.unwedge;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.Match;
import io.gracekeeper.crds.ShutdownException;
import io.gracekeeper.crds.Validation;
import io.gracekeeper.crds.ValidationAction;
import io.gracekeeper.operator.Workloads;
import io.gracekeeper.operator.apiserver.FakeApiServer;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.PolicyInputs;
import io.gracekeeper.policy.PolicySnapshot;
import io.gracekeeper.policy.WorkloadKinds;
import io.gracekeeper.runtime.Json;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A pod of a Deployment under a policy for pods alone")
class PodAdmissionTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    private final FakeApiServer api = new FakeApiServer();

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    @DisplayName("passes where an exception names the Deployment that its ReplicaSet is of")
    void exceptionForItsDeployment() {
        assertThat(admission(List.of()).passes(replicaSet(), "billing")).isFalse();
        PodAdmission excepted = admission(List.of(Workloads.exception("vendor", "billing", NOW.plusSeconds(60))));
        assertThat(excepted.passes(replicaSet(), "billing")).isTrue();
        assertThat(excepted.passes(replicaSet(), "bill")).isFalse();
    }

    private PodAdmission admission(List<ShutdownException> exceptions) {
        var policy = Workloads.policy(
                "pods",
                new GracefulShutdownPolicySpec(
                        new Match(List.of("Pod"), null, null, null),
                        Workloads.REQUIREMENTS,
                        new Validation(List.of(ValidationAction.DENY)),
                        null,
                        null));
        var snapshot = PolicySnapshot.of(
                new PolicyInputs(List.of(policy), List.of(), exceptions, Map.of()), EngineSettings.DEFAULT);
        return new PodAdmission(
                new PolicyEngine(snapshot, WorkloadKinds.BUILT_IN, InstantSource.fixed(NOW)), new Json(api.client()));
    }

    private static ReplicaSet replicaSet() {
        return new ReplicaSetBuilder()
                .withNewMetadata()
                .withNamespace(Workloads.NAMESPACE)
                .withName("billing-5d4f8c7b9")
                .endMetadata()
                .withNewSpec()
                .withNewTemplate()
                .withNewSpec()
                .withTerminationGracePeriodSeconds(5L)
                .addNewContainer()
                .withName("app")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }
}
