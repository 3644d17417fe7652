package io.gracekeeper.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The newest revision of a Deployment")
class RevisionReaderTest {
    private static final Instant NOW = Instant.parse("2026-11-24T10:21:28.700Z");

    @Test
    @DisplayName("begins when its ReplicaSet is made")
    void new_replica_set() {
        ReplicaSet replicaSet = replicaSet("web-2", 2, "2026-11-24T10:21:23Z", null);

        assertThat(RevisionReader.newest(deployment(2, null), List.of(replicaSet), NOW))
                .contains(new Revision(2, Instant.parse("2026-11-24T10:21:23Z"), "uid-web-2"));
    }

    @Test
    @DisplayName("begins, after kubectl rollout undo, when its old ReplicaSet was given the new number")
    void used_again() {
        ReplicaSet replicaSet = replicaSet(
                "web-1",
                3,
                "2026-11-24T10:21:21Z",
                "1",
                entry("kube-controller-manager", null, "2026-11-24T10:21:26Z"),
                entry("kube-controller-manager", "status", "2026-11-24T10:21:28Z"));

        assertThat(RevisionReader.newest(deployment(3, null), List.of(replicaSet), NOW))
                .contains(new Revision(3, Instant.parse("2026-11-24T10:21:26Z"), "uid-web-1"));
    }

    @Test
    @DisplayName("is not known before its ReplicaSet is seen: nobody could tell old pods from new ones")
    void replica_set_not_seen() {
        ReplicaSet old = replicaSet("web-1", 1, "2026-11-24T10:21:21Z", null);

        assertThat(RevisionReader.newest(deployment(2, null), List.of(old), NOW))
                .isEmpty();
        assertThat(RevisionReader.newest(deployment(0, null), List.of(), NOW)).isEmpty();
    }

    @Test
    @DisplayName("is foretold under strategy Recreate, which ends the old pods first")
    void recreate() {
        ReplicaSet old = replicaSet("web-7", 7, "2026-11-24T09:00:00Z", null);
        Deployment changed = deployment(7, "Recreate");
        changed.getSpec().getTemplate().getMetadata().getLabels().put("changed", "yes");

        assertThat(RevisionReader.newest(deployment(7, "Recreate"), List.of(old), NOW))
                .as("nothing changed")
                .contains(new Revision(7, Instant.parse("2026-11-24T09:00:00Z"), "uid-web-7"));
        assertThat(RevisionReader.newest(changed, List.of(old), NOW))
                .as("nothing says when it was changed")
                .contains(new Revision(8, Instant.parse("2026-11-24T10:21:23Z"), null));
        changed.getMetadata().setManagedFields(List.of(entry("kubectl-set", null, "2026-11-24T10:21:27Z")));
        assertThat(RevisionReader.newest(changed, List.of(old), NOW))
                .contains(new Revision(8, Instant.parse("2026-11-24T10:21:27Z"), null));
        changed.getSpec().setPaused(true);
        assertThat(RevisionReader.newest(changed, List.of(old), NOW))
                .as("paused: it will be, but not now")
                .map(Revision::number)
                .contains(7L);
    }

    @Test
    @DisplayName("is complete when the controller has seen it, and every replica is new and available")
    void complete() {
        Deployment deployment = new DeploymentBuilder(deployment(2, null))
                .editMetadata()
                .withGeneration(5L)
                .endMetadata()
                .withNewStatus()
                .withObservedGeneration(5L)
                .withReplicas(3)
                .withUpdatedReplicas(3)
                .withAvailableReplicas(3)
                .endStatus()
                .build();

        assertThat(RevisionReader.complete(deployment, 2)).isTrue();
        assertThat(RevisionReader.complete(deployment, 3))
                .as("another revision")
                .isFalse();
        deployment.getStatus().setAvailableReplicas(2);
        assertThat(RevisionReader.complete(deployment, 2))
                .as("one is not available")
                .isFalse();
        deployment.getStatus().setAvailableReplicas(3);
        deployment.getStatus().setReplicas(4);
        assertThat(RevisionReader.complete(deployment, 2))
                .as("an old one is left")
                .isFalse();
        deployment.getStatus().setReplicas(3);
        deployment.getStatus().setObservedGeneration(4L);
        assertThat(RevisionReader.complete(deployment, 2))
                .as("the status is about an older spec")
                .isFalse();
    }

    private static Deployment deployment(int revision, @Nullable String strategy) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName("web")
                .addToAnnotations("deployment.kubernetes.io/revision", Integer.toString(revision))
                .endMetadata()
                .withNewSpec()
                .withReplicas(3)
                .withNewStrategy()
                .withType(strategy)
                .endStrategy()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", "web")
                .endMetadata()
                .endTemplate()
                .endSpec()
                .build();
    }

    private static ReplicaSet replicaSet(
            String name, int revision, String created, @Nullable String history, ManagedFieldsEntry... entries) {
        ReplicaSetBuilder builder = new ReplicaSetBuilder()
                .withNewMetadata()
                .withName(name)
                .withUid("uid-" + name)
                .withCreationTimestamp(created)
                .addToAnnotations("deployment.kubernetes.io/revision", Integer.toString(revision))
                .withManagedFields(entries)
                .endMetadata()
                .withNewSpec()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", "web")
                .addToLabels("pod-template-hash", "abc")
                .endMetadata()
                .endTemplate()
                .endSpec();
        if (history != null) {
            builder.editMetadata()
                    .addToAnnotations("deployment.kubernetes.io/revision-history", history)
                    .endMetadata();
        }
        return builder.build();
    }

    private static ManagedFieldsEntry entry(String manager, @Nullable String subresource, String time) {
        return new ManagedFieldsEntryBuilder()
                .withManager(manager)
                .withSubresource(subresource)
                .withTime(time)
                .build();
    }
}
