package io.gracekeeper.operator.retrofit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("How far a rollout is")
class RolloutProgressTest {
    private static final Instant NOW = Instant.parse("2026-11-24T09:00:30Z");

    @ParameterizedTest(name = "done since {0}, available since {1}: complete {2}")
    @CsvSource({
        "2026-11-24T09:00:20Z, 2026-11-24T09:00:20Z, true",
        "2026-11-24T09:00:21Z, 2026-11-24T08:00:00Z, false",
        "2026-11-24T08:00:00Z, 2026-11-24T09:00:21Z, false", // a crash loop that has just come up again
    })
    @DisplayName("it is complete when all pods have been available for ten seconds")
    void settles(String since, String available, boolean complete) {
        Deployment deployment = new DeploymentBuilder()
                .withNewMetadata()
                .withGeneration(2L)
                .endMetadata()
                .withNewSpec()
                .withReplicas(1)
                .endSpec()
                .withNewStatus()
                .withObservedGeneration(2L)
                .withReplicas(1)
                .withUpdatedReplicas(1)
                .withAvailableReplicas(1)
                .addNewCondition()
                .withType("Progressing")
                .withStatus("True")
                .withReason("NewReplicaSetAvailable")
                .withLastUpdateTime(since)
                .endCondition()
                .addNewCondition()
                .withType("Available")
                .withStatus("True")
                .withLastTransitionTime(available)
                .endCondition()
                .endStatus()
                .build();
        assertThat(RolloutProgress.of(deployment, NOW).complete()).isEqualTo(complete);
    }

    @ParameterizedTest(name = "generation {0} seen {1}, wanted {2}: {3} all, {4} new, {5} available -> complete {6}")
    @CsvSource({
        "2, 2, 3, 3, 3, 3, true",
        "2, 1, 3, 3, 3, 3, false", // the controller has not seen the template
        "2, 2, 3, 4, 3, 3, false", // an old pod is left
        "2, 2, 3, 3, 2, 3, false", // not all are new
        "2, 2, 3, 3, 3, 2, false", // not all are available
        "2, 2, 0, 0, 0, 0, true",
    })
    void complete(long generation, long observed, int wanted, int all, int updated, int available, boolean complete) {
        Deployment deployment = new DeploymentBuilder()
                .withNewMetadata()
                .withGeneration(generation)
                .endMetadata()
                .withNewSpec()
                .withReplicas(wanted)
                .endSpec()
                .withNewStatus()
                .withObservedGeneration(observed)
                .withReplicas(all)
                .withUpdatedReplicas(updated)
                .withAvailableReplicas(available)
                .endStatus()
                .build();
        assertThat(RolloutProgress.of(deployment, NOW).complete()).isEqualTo(complete);
    }

    @Test
    @DisplayName("a deadline counts only for the template that the controller has seen")
    void overdue() {
        assertThat(RolloutProgress.of(overdue(2), NOW).overdueSince()).isEqualTo("2026-11-24T09:00:00Z");
        assertThat(RolloutProgress.of(overdue(1), NOW).overdueSince()).isNull();
    }

    @Test
    @DisplayName("a Deployment that was just created is not complete, and wants one replica")
    void fresh() {
        Deployment deployment = new DeploymentBuilder()
                .withNewMetadata()
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .build();
        assertThat(RolloutProgress.of(deployment, NOW).complete()).isFalse();
        assertThat(RolloutProgress.replicas(deployment)).isEqualTo(1);
    }

    private static Deployment overdue(long observed) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withGeneration(2L)
                .endMetadata()
                .withNewSpec()
                .withReplicas(1)
                .endSpec()
                .withNewStatus()
                .withObservedGeneration(observed)
                .addNewCondition()
                .withType("Progressing")
                .withStatus("False")
                .withReason("ProgressDeadlineExceeded")
                .withLastTransitionTime("2026-11-24T09:00:00Z")
                .endCondition()
                .endStatus()
                .build();
    }
}
