package io.gracekeeper.operator.retrofit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.gracekeeper.operator.Workloads;
import io.gracekeeper.operator.apiserver.FakeApiServer;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A restart is evidence")
class PodRestartsTest {
    private static final String DISPLAY = "Deployment/checkout";

    private final FakeApiServer api = new FakeApiServer();
    private final PodRestarts restarts = new PodRestarts(api.client());
    private final Deployment deployment = new DeploymentBuilder(Workloads.serving("checkout", 2))
            .editMetadata()
            .withUid("deployment-uid")
            .addToAnnotations("deployment.kubernetes.io/revision", "2")
            .endMetadata()
            .build();

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    @DisplayName("in a pod of the newest revision, with its exit code and time")
    void newest() {
        replicaSet("old", "1");
        replicaSet("new", "2");
        pod("a", "new", 0);
        pod("b", "new", 1);
        assertThat(restarts.find(deployment, DISPLAY)).hasValueSatisfying(seen -> {
            assertThat(seen.reason()).isEqualTo(HaltReason.PODS_RESTART);
            assertThat(seen.message())
                    .isEqualTo("Deployment/checkout: container app of the new pod b restarted (exit code 3)");
            assertThat(seen.at()).isEqualTo(Instant.parse("2026-11-24T09:00:00Z"));
        });
    }

    @Test
    @DisplayName("but not in an old pod")
    void old() {
        replicaSet("old", "1");
        replicaSet("new", "2");
        pod("a", "old", 7);
        pod("b", "new", 0);
        assertThat(restarts.find(deployment, DISPLAY)).isEmpty();
    }

    @Test
    @DisplayName("and there is none before the new revision exists")
    void notYet() {
        replicaSet("old", "1");
        pod("a", "old", 7);
        assertThat(restarts.find(deployment, DISPLAY)).isEmpty();
    }

    private void replicaSet(String hash, String revision) {
        api.client()
                .resource(new ReplicaSetBuilder()
                        .withNewMetadata()
                        .withNamespace(Workloads.NAMESPACE)
                        .withName("checkout-" + hash)
                        .addToLabels("app", "checkout")
                        .addToLabels("pod-template-hash", hash)
                        .addToAnnotations("deployment.kubernetes.io/revision", revision)
                        .addNewOwnerReference()
                        .withKind("Deployment")
                        .withName("checkout")
                        .withUid("deployment-uid")
                        .withController(true)
                        .endOwnerReference()
                        .endMetadata()
                        .build())
                .create();
    }

    private void pod(String name, String hash, int count) {
        api.client()
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace(Workloads.NAMESPACE)
                        .withName(name)
                        .addToLabels("app", "checkout")
                        .addToLabels("pod-template-hash", hash)
                        .endMetadata()
                        .withNewStatus()
                        .addNewContainerStatus()
                        .withName("app")
                        .withRestartCount(count)
                        .withNewLastState()
                        .withNewTerminated()
                        .withExitCode(3)
                        .withFinishedAt("2026-11-24T09:00:00Z")
                        .endTerminated()
                        .endLastState()
                        .endContainerStatus()
                        .endStatus()
                        .build())
                .create();
    }
}
