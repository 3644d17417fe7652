package io.gracekeeper.operator.rollout;

import static io.gracekeeper.policy.rollout.ContainerAtT0.BETWEEN_RUNS;
import static io.gracekeeper.policy.rollout.ContainerAtT0.NEVER_STARTED;
import static io.gracekeeper.policy.rollout.ContainerAtT0.RUNNING;
import static io.gracekeeper.policy.rollout.ContainerAtT0.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.gracekeeper.operator.MovableClock;
import io.gracekeeper.policy.rollout.ContainerKind;
import io.gracekeeper.policy.rollout.ContainerTermination;
import io.gracekeeper.policy.rollout.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Fed by hand with what a watch on Kubernetes 1.37.2 showed. */
@DisplayName("The recorder")
class PodTerminationRecorderTest {
    private static final Instant T0 = Instant.parse("2026-11-24T10:00:00Z");

    private final MovableClock clock = new MovableClock(T0);
    private final PodTerminationLedger ledger = new PodTerminationLedger(3);
    private final WatchLog watch = new WatchLog();
    private final PodTerminationRecorder recorder = new PodTerminationRecorder(ledger, watch, clock);

    PodTerminationRecorderTest() {
        recorder.onList("1", true);
    }

    @Test
    @DisplayName("keeps t0 and grace of the first sight: the last one says 0 for both")
    void t0_and_grace() {
        Pod running = pod("a", running());
        Pod terminating = deleted(running, 6, T0);
        Pod failed = terminal(terminating, exited(137, "Error", 6));
        recorder.onAdd(running);
        assertThat(ledger.size())
                .as("a pod that does not end is none of the ledger's business")
                .isZero();
        recorder.onUpdate(running, terminating);
        clock.pass(Duration.ofSeconds(7));
        recorder.onUpdate(terminating, failed);
        Pod last = deleted(failed, 0, T0.plusSeconds(7));
        recorder.onUpdate(failed, last);
        recorder.onDelete(last, false);

        LedgerEntry entry = entry("a");
        assertThat(entry.t0()).isEqualTo(T0);
        assertThat(entry.grace()).isEqualTo(6);
        assertThat(entry.evidence()).isEqualTo(Evidence.TERMINAL);
        assertThat(entry.atT0()).containsEntry("app", RUNNING);
        assertThat(container(entry).exit()).satisfies(exit -> {
            assertThat(exit.exitCode()).isEqualTo(137);
            assertThat(exit.finishedAt()).isEqualTo(T0.plusSeconds(6));
        });
        assertThat(entry.terminalAt()).isEqualTo(T0.plusSeconds(7));
        assertThat(entry.goneAt()).isEqualTo(T0.plusSeconds(7));
    }

    @Test
    @DisplayName("takes a removal with grace 0 while it ran for a forced one, with or without a termination before")
    void forced() {
        Pod pod = deleted(pod("a", running()), 0, T0);
        recorder.onUpdate(pod, pod);
        recorder.onDelete(pod, false);
        Pod asked = deleted(pod("b", running()), 30, T0);
        recorder.onAdd(asked);
        recorder.onDelete(deleted(asked, 0, T0.plusSeconds(3)), false);

        assertThat(entry("a").evidence()).isEqualTo(Evidence.FORCE_DELETED);
        assertThat(entry("a").t0()).isNull();
        assertThat(entry("b").evidence()).isEqualTo(Evidence.FORCE_DELETED);
        assertThat(entry("b").t0()).isEqualTo(T0);
    }

    @Test
    @DisplayName("believes no removal that is a tombstone, or that nobody asked for: the label selector of some watch")
    void invented_removals() {
        recorder.onDelete(pod("a", running()), false);
        recorder.onDelete(pod("b", running()), true);
        Pod terminating = deleted(pod("c", running()), 30, T0);
        recorder.onAdd(terminating);
        recorder.onDelete(terminating, true);

        assertThat(List.of("a", "b", "c"))
                .allSatisfy(name -> assertThat(entry(name).evidence()).isEqualTo(Evidence.GONE_UNSEEN));
    }

    @Test
    @DisplayName("believes a tombstone that has the final statuses")
    void terminal_tombstone() {
        recorder.onDelete(terminal(deleted(pod("a", running()), 0, T0), exited(0, "Completed", 1)), true);

        assertThat(entry("a").evidence()).isEqualTo(Evidence.TERMINAL);
    }

    @Test
    @DisplayName("knows a pod that was never on a node")
    void never_scheduled() {
        Pod pod = deleted(pod("a", null), 0, T0);
        pod.getSpec().setNodeName(null);
        recorder.onDelete(pod, false);

        assertThat(entry("a").evidence()).isEqualTo(Evidence.NEVER_SCHEDULED);
        assertThat(entry("a").atT0()).containsEntry("app", NEVER_STARTED);
    }

    @Test
    @DisplayName("tells what a container was doing when the termination began")
    void activity() {
        ContainerState waiting = new ContainerStateBuilder()
                .withNewWaiting()
                .withReason("ContainerCreating")
                .endWaiting()
                .build();
        Pod crashed = deleted(pod("b", waiting), 30, T0);
        crashed.getStatus().getContainerStatuses().getFirst().setRestartCount(4);
        recorder.onAdd(deleted(pod("a", waiting), 30, T0));
        recorder.onAdd(crashed);
        recorder.onAdd(terminal(pod("c", running()), exited(0, "Completed", 1)));

        assertThat(entry("a").atT0()).as("pulling its image").containsEntry("app", NEVER_STARTED);
        assertThat(entry("b").atT0()).as("waiting for its fifth start").containsEntry("app", BETWEEN_RUNS);
        assertThat(entry("c").atT0()).as("over at the first sight").containsEntry("app", UNKNOWN);
    }

    @Test
    @DisplayName("notes a second, shorter delete beside the first grace, which the kubelet keeps")
    void shorter_delete() {
        Pod first = deleted(pod("a", running()), 18, T0);
        recorder.onAdd(first);
        clock.pass(Duration.ofSeconds(2));
        recorder.onUpdate(first, deleted(first, 3, T0.plusSeconds(2)));

        assertThat(entry("a").grace()).isEqualTo(18);
        assertThat(entry("a").shortenedGrace()).isEqualTo(5);
    }

    @Test
    @DisplayName("keeps the cause of the start: a node that dies later does not change why it began")
    void cause_of_the_start() {
        Pod terminating = deleted(pod("a", running()), 30, T0);
        recorder.onAdd(terminating);
        Pod orphaned = new PodBuilder(terminating)
                .editStatus()
                .addNewCondition()
                .withType("DisruptionTarget")
                .withStatus("True")
                .withReason("DeletionByPodGC")
                .endCondition()
                .endStatus()
                .build();
        recorder.onUpdate(terminating, orphaned);

        assertThat(entry("a").disruptionAtStart()).isNull();
        assertThat(entry("a").disruptionAtEnd()).isEqualTo("DeletionByPodGC");
    }

    @Test
    @DisplayName("sees two pods where one name comes back with another uid")
    void same_name_again() {
        Pod before = deleted(pod("a", running()), 30, T0);
        recorder.onAdd(before);
        Pod after = new PodBuilder(pod("a", running()))
                .editMetadata()
                .withUid("another")
                .endMetadata()
                .build();
        recorder.onUpdate(before, after);

        assertThat(entry("a").evidence()).isEqualTo(Evidence.GONE_UNSEEN);
        assertThat(ledger.get("another")).isEmpty();
    }

    @Test
    @DisplayName("tells native sidecars from init containers, and leaves debug containers out")
    void kinds() {
        Pod pod = new PodBuilder(deleted(pod("a", running()), 30, T0))
                .editSpec()
                .addNewInitContainer()
                .withName("proxy")
                .withRestartPolicy("Always")
                .endInitContainer()
                .addNewInitContainer()
                .withName("migrate")
                .endInitContainer()
                .addNewEphemeralContainer()
                .withName("debugger")
                .endEphemeralContainer()
                .endSpec()
                .build();
        recorder.onAdd(pod);

        assertThat(entry("a").containers())
                .extracting(ContainerTermination::kind)
                .containsExactly(ContainerKind.MAIN, ContainerKind.NATIVE_SIDECAR, ContainerKind.INIT);
    }

    @Test
    @DisplayName("writes nothing about pods that no ReplicaSet controls")
    void other_pods() {
        Pod bare = deleted(pod("a", running()), 30, T0);
        bare.getMetadata().setOwnerReferences(List.of());
        recorder.onAdd(bare);
        recorder.onDelete(bare, false);

        assertThat(ledger.size()).isZero();
    }

    @Test
    @DisplayName("never outgrows the ledger: the entry of a pod that is gone makes room first, and that is counted")
    void bounded() {
        Pod gone = terminal(deleted(pod("b", running()), 30, T0), exited(0, "Completed", 1));
        recorder.onAdd(deleted(pod("a", running()), 30, T0));
        recorder.onDelete(gone, false);
        recorder.onAdd(deleted(pod("c", running()), 30, T0));
        assertThat(ledger.overflow()).isZero();
        recorder.onAdd(deleted(pod("d", running()), 30, T0));

        assertThat(ledger.size()).isEqualTo(3);
        assertThat(ledger.get("uid-b")).isEmpty();
        assertThat(ledger.overflow()).isEqualTo(1);
    }

    @Test
    @DisplayName("and forgets a quarter of an hour after the pod is gone")
    void retention() {
        recorder.onDelete(terminal(deleted(pod("a", running()), 0, T0), exited(0, "Completed", 1)), false);
        ledger.purge(T0.plus(PodTerminationLedger.RETENTION));
        assertThat(ledger.size()).isEqualTo(1);
        ledger.purge(T0.plus(PodTerminationLedger.RETENTION).plusSeconds(1));

        assertThat(ledger.size()).isZero();
    }

    private LedgerEntry entry(String name) {
        return ledger.get("uid-" + name).orElseThrow();
    }

    private static ContainerTermination container(LedgerEntry entry) {
        return Objects.requireNonNull(entry.containers().getFirst());
    }

    private static ContainerState running() {
        return new ContainerStateBuilder().withNewRunning().endRunning().build();
    }

    private static ContainerState exited(int code, String reason, long after) {
        return new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(code)
                .withReason(reason)
                .withFinishedAt(T0.plusSeconds(after).toString())
                .endTerminated()
                .build();
    }

    private static Pod pod(String name, @Nullable ContainerState state) {
        PodBuilder pod = new PodBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName(name)
                .withUid("uid-" + name)
                .addNewOwnerReference()
                .withKind("ReplicaSet")
                .withUid("rs")
                .withController(true)
                .endOwnerReference()
                .endMetadata()
                .withNewSpec()
                .withNodeName("node-1")
                .addNewContainer()
                .withName("app")
                .endContainer()
                .endSpec()
                .withNewStatus()
                .withPhase("Running")
                .endStatus();
        if (state != null) {
            pod.editStatus()
                    .addNewContainerStatus()
                    .withName("app")
                    .withRestartCount(0)
                    .withState(state)
                    .endContainerStatus()
                    .endStatus();
        }
        return pod.build();
    }

    private static Pod deleted(Pod pod, long grace, Instant at) {
        return new PodBuilder(pod)
                .editMetadata()
                .withDeletionGracePeriodSeconds(grace)
                .withDeletionTimestamp(at.plusSeconds(grace).toString())
                .endMetadata()
                .build();
    }

    private static Pod terminal(Pod pod, ContainerState state) {
        int code = state.getTerminated().getExitCode();
        return new PodBuilder(pod)
                .editStatus()
                .withPhase(code == 0 ? "Succeeded" : "Failed")
                .editFirstContainerStatus()
                .withState(state)
                .endContainerStatus()
                .endStatus()
                .build();
    }
}
