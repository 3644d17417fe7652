package io.gracekeeper.operator.unwedge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.gracekeeper.crds.Annotations;
import io.gracekeeper.operator.MovableClock;
import io.gracekeeper.operator.apiserver.FakeApiServer;
import io.gracekeeper.operator.event.EventRecorder;
import io.gracekeeper.operator.leader.WriteBudget;
import io.gracekeeper.policy.NamespacePolicies;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.WorkloadKinds;
import io.gracekeeper.runtime.Json;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A ReplicaSet whose pods pass now")
class UnwedgerTest {
    private static final Instant START = Instant.parse("2026-11-24T12:00:00Z");

    private final FakeApiServer api = new FakeApiServer();
    private final MovableClock clock = new MovableClock(START);
    private final EventRecorder events =
            new EventRecorder(api.client(), "operator-a", clock, new SimpleMeterRegistry());
    private final Unwedger unwedger = new Unwedger(
            api.client(),
            new PodAdmission(
                    new PolicyEngine(namespace -> NamespacePolicies.NONE, WorkloadKinds.BUILT_IN, clock),
                    new Json(api.client())),
            events,
            new WriteBudget(WriteBudget.PER_SECOND),
            clock);
    private ReplicaSet refused;

    @BeforeEach
    void wedge() {
        String uid = api.client()
                .resource(new DeploymentBuilder()
                        .withNewMetadata()
                        .withNamespace("shop")
                        .withName("web")
                        .endMetadata()
                        .build())
                .create()
                .getMetadata()
                .getUid();
        refused = api.client()
                .resource(new ReplicaSetBuilder()
                        .withNewMetadata()
                        .withNamespace("shop")
                        .withName("web-7c9")
                        .addNewOwnerReference()
                        .withApiVersion("apps/v1")
                        .withKind("Deployment")
                        .withName("web")
                        .withUid(uid)
                        .withController(true)
                        .endOwnerReference()
                        .endMetadata()
                        .withNewStatus()
                        .addNewCondition()
                        .withType("ReplicaFailure")
                        .withStatus("True")
                        .withReason("FailedCreate")
                        .withMessage("admission webhook \"validate.pods.gracekeeper.io\" denied the request: x")
                        .endCondition()
                        .endStatus()
                        .build())
                .create();
        unwedger.onAdd(refused);
        unwedger.start();
    }

    @AfterEach
    void stop() {
        unwedger.close();
        events.close();
        api.close();
    }

    @Test
    @DisplayName(
            "is asked to try again when this process starts to lead, and once a minute while its pods are refused all the same")
    void again() {
        await().until(() -> retry().equals("2026-11-24T12:00:00Z"));
        clock.pass(Duration.ofSeconds(59));
        unwedger.policiesChanged("shop");
        await().during(Duration.ofMillis(1500)).until(() -> retry().equals("2026-11-24T12:00:00Z"));
        clock.pass(Duration.ofSeconds(1));
        await().until(() -> retry().equals("2026-11-24T12:01:00Z"));
    }

    @Test
    @DisplayName("is left alone as soon as its pods come")
    void noMore() {
        await().until(() -> retry().equals("2026-11-24T12:00:00Z"));
        unwedger.onUpdate(
                refused,
                new ReplicaSetBuilder(refused).withNewStatus().endStatus().build());
        clock.pass(Duration.ofMinutes(2));
        await().during(Duration.ofMillis(1500)).until(() -> retry().equals("2026-11-24T12:00:00Z"));
        assertThat(api.client().apps().deployments().inNamespace("shop").list().getItems())
                .hasSize(1);
    }

    private String retry() {
        var annotations = api.client()
                .apps()
                .deployments()
                .inNamespace("shop")
                .withName("web")
                .get()
                .getMetadata()
                .getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(Annotations.RETRY, "");
    }
}
