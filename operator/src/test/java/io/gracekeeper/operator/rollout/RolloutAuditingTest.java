package io.gracekeeper.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.gracekeeper.crds.RolloutAudit;
import io.gracekeeper.crds.Verdict;
import io.gracekeeper.operator.leader.WriteBudget;
import io.gracekeeper.policy.AuditSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The audits, wired to an API server")
@EnableKubernetesMockClient(crud = true)
class RolloutAuditingTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    /** ReplicaSets by the uid of their shape. */
    private final Map<String, ReplicaSet> uids = new HashMap<>();

    /** Builds the objects; the API server is told by this test. */
    private final SimulatedCluster shapes = new SimulatedCluster();

    @Test
    @DisplayName("follow a rollout by watches alone, write its audit, and stop")
    void follows_a_rollout() {
        try (RolloutAuditing auditing = auditing()) {
            auditing.start();
            await().atMost(LONG).until(auditing::hasSynced);
            shapes.clock.pass(
                    Duration.between(shapes.clock.instant(), Instant.now().plusSeconds(2)));
            List<Pod> old = show(shapes.roll(2));
            await().atMost(LONG).until(() -> verdict(1) == Verdict.NOTHING_ENDED);

            show(shapes.roll(2));
            await().atMost(LONG).until(() -> verdict(2) == Verdict.IN_PROGRESS);
            assertThat(audit(2).getStatus().pending()).hasSize(2);
            end(old.get(0), 0);
            end(old.get(1), 137);

            await().atMost(LONG).until(() -> verdict(2) == Verdict.FORCED_KILL);
            assertThat(audit(2).getStatus().ended()).isEqualTo("2/2");
            assertThat(audit(2).getStatus().counts().clean()).isEqualTo(1);
            await().atMost(LONG).until(() -> !events.isEmpty());
            assertThat(events)
                    .singleElement()
                    .asString()
                    .startsWith("ForcedKill Rollout 2: 1 of 2 old pods was killed at the end of its grace.");
            assertThat(meters.get("gracekeeper.audit.ledger.entries").gauge().value())
                    .isEqualTo(2);
        }
    }

    private RolloutAuditing auditing() {
        return new RolloutAuditing(
                client,
                (namespace, labels) -> new AuditSettings(true, Set.of(0), 3),
                (regarding, reason, note) -> events.add(reason.word() + " " + note),
                meters,
                Clock.systemUTC(),
                () -> true,
                new WriteBudget(WriteBudget.PER_SECOND),
                100);
    }

    /** Writes the Deployment, its ReplicaSets and these pods; the API server gives them uids of its own. */
    private List<Pod> show(List<Pod> pods) {
        Deployment deployment = client.resource(new DeploymentBuilder(shapes.deployment)
                        .editMetadata()
                        .withGeneration(null)
                        .endMetadata()
                        .editStatus()
                        .withObservedGeneration(100L)
                        .endStatus()
                        .build())
                .createOr(r -> r.update());
        for (ReplicaSet shape : shapes.replicaSets.values()) {
            ReplicaSet replicaSet = new ReplicaSetBuilder(shape).build();
            own(replicaSet, deployment);
            replicaSet = client.resource(replicaSet).createOr(r -> r.update());
            uids.put(shape.getMetadata().getUid(), replicaSet);
        }
        return pods.stream().map(this::create).toList();
    }

    private Pod create(Pod shape) {
        Pod pod = new PodBuilder(shape).build();
        // This API server removes at once what has a deletionTimestamp and no finalizer.
        pod.getMetadata().setFinalizers(List.of("test/keep"));
        own(pod, Objects.requireNonNull(uids.get(PodReader.replicaSetUid(shape))));
        return client.resource(pod).create();
    }

    private static void own(HasMetadata owned, HasMetadata owner) {
        owned.getMetadata()
                .getOwnerReferences()
                .getFirst()
                .setUid(owner.getMetadata().getUid());
    }

    /** What a pod shows as it ends; a finalizer keeps it then. */
    private void end(Pod pod, int code) {
        Instant t0 = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(30);
        Pod terminating = client.resource(new PodBuilder(pod)
                        .editMetadata()
                        .withDeletionGracePeriodSeconds(30L)
                        .withDeletionTimestamp(t0.plusSeconds(30).toString())
                        .endMetadata()
                        .build())
                .update();
        client.resource(new PodBuilder(terminating)
                        .withNewStatus()
                        .withPhase(code == 0 ? "Succeeded" : "Failed")
                        .addNewContainerStatus()
                        .withName("app")
                        .withRestartCount(0)
                        .withNewState()
                        .withNewTerminated()
                        .withExitCode(code)
                        .withReason(code == 0 ? "Completed" : "Error")
                        .withFinishedAt(t0.plusSeconds(30).toString())
                        .endTerminated()
                        .endState()
                        .endContainerStatus()
                        .endStatus()
                        .build())
                .update();
    }

    private RolloutAudit audit(int revision) {
        return client.resources(RolloutAudit.class)
                .inNamespace(SimulatedCluster.NAMESPACE)
                .withName("deploy-web-" + revision)
                .get();
    }

    private @Nullable Verdict verdict(int revision) {
        RolloutAudit audit = audit(revision);
        return audit == null || audit.getStatus() == null
                ? null
                : audit.getStatus().verdict();
    }
}
