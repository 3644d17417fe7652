package io.gracekeeper.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.gracekeeper.crds.EndCause;
import io.gracekeeper.crds.EndCounts;
import io.gracekeeper.crds.EndSettings;
import io.gracekeeper.crds.OtherEnds;
import io.gracekeeper.crds.RolloutAuditStatus;
import io.gracekeeper.crds.Verdict;
import io.gracekeeper.policy.AuditSettings;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A rollout is followed")
class RolloutTrackerTest {
    private final SimulatedCluster cluster = new SimulatedCluster();
    private final Replica operator = Replica.start(cluster);
    private List<Pod> old = List.of();

    @BeforeEach
    void a_running_deployment() {
        cluster.run(20);
        old = cluster.roll(3);
        cluster.run(20);
    }

    @Test
    @DisplayName("from the first revision on, which ends nothing")
    void first_revision() {
        assertThat(status(1).verdict()).isEqualTo(Verdict.NOTHING_ENDED);
        assertThat(cluster.audits.get("deploy-web-1").getMetadata().getOwnerReferences())
                .singleElement()
                .satisfies(owner -> {
                    assertThat(owner.getUid()).isEqualTo(SimulatedCluster.DEPLOYMENT_UID);
                    assertThat(owner.getController()).isNull();
                    assertThat(owner.getBlockOwnerDeletion()).isNull();
                });
    }

    @Test
    @DisplayName("and its old pods are on record before the first of them ends")
    void persisted_at_once() {
        cluster.roll(3);
        cluster.run(1);

        assertThat(status(2).verdict()).isEqualTo(Verdict.IN_PROGRESS);
        assertThat(status(2).pending())
                .containsExactlyInAnyOrderElementsOf(
                        old.stream().map(pod -> pod.getMetadata().getUid()).toList());
        assertThat(status(2).ended()).isEqualTo("0/3");
    }

    @Test
    @DisplayName("to NoForcedKill when all old pods end by themselves, and it says so on the Deployment")
    void clean() {
        cluster.roll(3);
        old.forEach(cluster::terminate);
        cluster.run(2);
        old.forEach(pod -> cluster.end(pod, 0, "Completed"));
        cluster.run(6);

        assertThat(status(2).verdict()).isEqualTo(Verdict.NO_FORCED_KILL);
        assertThat(status(2).counts()).isEqualTo(new EndCounts(3, 3, 0, 0, 0, 0));
        assertThat(status(2).pending()).isEmpty();
        assertThat(operator.events)
                .containsExactly("Normal NoForcedKill Rollout 2: all 3 old pods ended by themselves");
        assertThat(operator.meters
                        .counter("gracekeeper.pod.ends", "result", "Clean", "cause", "Rollout")
                        .count())
                .isEqualTo(3);
        assertThat(operator.meters
                        .counter("gracekeeper.rollouts", "verdict", "NoForcedKill")
                        .count())
                .isEqualTo(1);
    }

    @Test
    @DisplayName("to ForcedKill when one is killed at the end of its grace, and the Event does the sum")
    void killed() {
        cluster.grace = 35;
        cluster.preStop = 10L;
        List<Pod> hooked = cluster.roll(3);
        old.forEach(pod -> cluster.end(pod, 0, "Completed"));
        cluster.run(10);
        cluster.roll(3);
        hooked.forEach(cluster::terminate);
        cluster.run(12);
        cluster.end(hooked.get(0), 0, "Completed");
        cluster.end(hooked.get(1), 0, "Completed");
        cluster.run(23);
        cluster.end(hooked.get(2), 137, "Error");
        cluster.run(6);

        assertThat(status(3).verdict()).isEqualTo(Verdict.FORCED_KILL);
        assertThat(status(3).counts()).isEqualTo(new EndCounts(3, 2, 1, 0, 0, 0));
        assertThat(operator.events.getLast())
                .isEqualTo("Warning ForcedKill Rollout 3: 1 of 3 old pods was killed at the end of its grace. First "
                        + hooked.get(2).getMetadata().getName()
                        + "/app: exit 137 at 35 s (grace 35 = preStop 10 + 25). See rolloutaudit/deploy-web-3");
    }

    @Test
    @DisplayName("and tells pods with old settings from pods with current ones")
    void settings() {
        cluster.grace = 60;
        List<Pod> next = cluster.roll(3);
        old.forEach(cluster::terminate);
        cluster.run(2);
        old.forEach(pod -> cluster.end(pod, 0, "Completed"));
        cluster.run(6);
        cluster.roll(3);
        next.forEach(cluster::terminate);
        cluster.run(2);
        next.forEach(pod -> cluster.end(pod, 0, "Completed"));
        cluster.run(6);

        assertThat(status(2).settings()).isEqualTo(EndSettings.OLD);
        assertThat(status(3).settings()).isEqualTo(EndSettings.CURRENT);
    }

    @Test
    @DisplayName("to Unverified when one was removed by force, and it says what was not seen")
    void forced_delete() {
        cluster.roll(3);
        old.forEach(cluster::terminate);
        cluster.run(2);
        cluster.remove(old.get(0));
        cluster.end(old.get(1), 0, "Completed");
        cluster.end(old.get(2), 0, "Completed");
        cluster.run(6);

        assertThat(status(2).verdict()).isEqualTo(Verdict.UNVERIFIED);
        assertThat(status(2).counts()).isEqualTo(new EndCounts(3, 2, 0, 0, 0, 1));
        assertThat(status(2).ends().getFirst().findings()).containsExactly("ForceDeleted");
        assertThat(operator.events.getLast())
                .isEqualTo("Warning Unverified Rollout 2: nobody saw how 1 of 3 old pods ended; the others ended by"
                        + " themselves. See rolloutaudit/deploy-web-2");
    }

    @Test
    @DisplayName("and a DELETED that no deletion came before is a watch's invention: unseen")
    void synthetic_delete() {
        cluster.roll(3);
        cluster.pods.remove(old.getFirst().getMetadata().getUid());
        operator.recorder.onDelete(old.getFirst(), false);
        old.subList(1, 3).forEach(cluster::terminate);
        cluster.run(2);
        old.subList(1, 3).forEach(pod -> cluster.end(pod, 0, "Completed"));
        cluster.run(8);

        assertThat(status(2).verdict()).isEqualTo(Verdict.UNVERIFIED);
        assertThat(status(2).counts()).isEqualTo(new EndCounts(3, 2, 0, 0, 0, 1));
    }

    @Test
    @DisplayName("but an in-between status is not the last word: containerd may call a kill out-of-memory later")
    void late_out_of_memory() {
        cluster.roll(3);
        old.forEach(cluster::terminate);
        cluster.run(2);
        cluster.exit(old.get(0), 137, "Error");
        cluster.run(1);
        cluster.exit(old.get(0), 137, "OOMKilled");
        cluster.remove(old.get(0));
        cluster.end(old.get(1), 0, "Completed");
        cluster.end(old.get(2), 0, "Completed");
        cluster.run(6);

        assertThat(status(2).verdict()).isEqualTo(Verdict.UNGRACEFUL);
        assertThat(status(2).counts().oom()).isEqualTo(1);
    }

    @Test
    @DisplayName("even while a finalizer keeps its pods: their end counts, not their removal")
    void finalizer() {
        cluster.roll(3);
        old.forEach(cluster::terminate);
        cluster.run(2);
        old.forEach(pod -> cluster.exit(pod, 0, "Completed"));
        cluster.run(8);
        assertThat(status(2).verdict()).isEqualTo(Verdict.NO_FORCED_KILL);
        old.forEach(cluster::remove);
        cluster.run(8);

        assertThat(status(2).counts()).isEqualTo(new EndCounts(3, 3, 0, 0, 0, 0));
        assertThat(status(2).other()).isEmpty();
    }

    @Test
    @DisplayName("and is not complete before the Deployment is")
    void waits_for_the_deployment() {
        cluster.unavailable = 1;
        cluster.roll(3);
        old.forEach(pod -> cluster.end(pod, 0, "Completed"));
        cluster.run(30);
        assertThat(status(2).verdict()).isEqualTo(Verdict.IN_PROGRESS);
        cluster.unavailable = 0;
        cluster.complete(3);
        cluster.run(3);

        assertThat(status(2).verdict()).isEqualTo(Verdict.NO_FORCED_KILL);
    }

    @Test
    @DisplayName(
            "but not for ever: a pod that stays long after its grace is unseen, and what comes later counts no more")
    void stuck() {
        cluster.roll(3);
        old.forEach(cluster::terminate);
        cluster.run(2);
        old.subList(1, 3).forEach(pod -> cluster.end(pod, 0, "Completed"));
        cluster.run(340);
        assertThat(status(2).verdict()).isEqualTo(Verdict.UNVERIFIED);
        assertThat(status(2).ends().getFirst().findings()).containsExactly("StuckTerminating");
        cluster.end(old.getFirst(), 137, "Error");
        cluster.run(20);

        assertThat(status(2).counts()).isEqualTo(new EndCounts(3, 2, 0, 0, 0, 1));
    }

    @Test
    @DisplayName("and a newer one takes over what has not begun to end")
    void superseded() {
        cluster.roll(3);
        cluster.terminate(old.get(0));
        cluster.run(5);
        cluster.roll(3);
        cluster.run(2);
        old.subList(1, 3).forEach(cluster::terminate);
        cluster.run(2);
        cluster.end(old.get(0), 0, "Completed");
        cluster.end(old.get(1), 0, "Completed");
        cluster.end(old.get(2), 137, "OOMKilled");
        cluster.run(15);

        assertThat(status(2).verdict()).isEqualTo(Verdict.NO_FORCED_KILL);
        assertThat(status(2).counts()).isEqualTo(new EndCounts(1, 1, 0, 0, 0, 0));
        assertThat(status(3).counts().clean()).isEqualTo(1);
        assertThat(status(3).counts().oom()).isEqualTo(1);
        assertThat(status(3).pending())
                .as("the pods of revision 2, still running")
                .hasSize(3);
    }

    @Test
    @DisplayName("when it leads back to a ReplicaSet that exists: its pods are the new ones")
    void rollback() {
        cluster.unavailable = 1;
        List<Pod> bad = cluster.roll(1);
        cluster.run(5);
        cluster.unavailable = 0;
        cluster.applyTemplate("1", 3);
        cluster.rollTo(cluster.replicaSets.get("rs-1"), 0);
        cluster.complete(3);
        cluster.scale("rs-1", 3);
        bad.forEach(cluster::terminate);
        cluster.run(3);
        bad.forEach(pod -> cluster.end(pod, 0, "Completed"));
        cluster.run(6);

        assertThat(status(3).verdict()).isEqualTo(Verdict.NO_FORCED_KILL);
        assertThat(status(3).counts()).isEqualTo(new EndCounts(1, 1, 0, 0, 0, 0));
        assertThat(status(3).gaps())
                .as("it began today, however old its ReplicaSet is")
                .isEmpty();
    }

    @Test
    @DisplayName("and a pod of a revision that is seconds old, deleted by hand, is not taken for a scale-in")
    void young_and_deleted_by_hand() {
        List<Pod> young = cluster.roll(3);
        cluster.terminate(young.getFirst());
        cluster.run(3);
        cluster.end(young.getFirst(), 0, "Completed");
        cluster.run(12);

        assertThat(status(2).other()).containsOnly(Map.entry("External", new OtherEnds(1, 0)));
    }

    @Test
    @DisplayName("with strategy Recreate too, where old pods end before the new ReplicaSet exists")
    void recreate() {
        cluster.strategy = "Recreate";
        cluster.applyTemplate("next", 3);
        cluster.run(1);
        cluster.scale("rs-1", 0);
        old.forEach(cluster::terminate);
        cluster.run(3);
        old.forEach(pod -> cluster.end(pod, 0, "Completed"));
        cluster.run(3);
        assertThat(status(2).verdict()).isEqualTo(Verdict.IN_PROGRESS);
        cluster.rollTo(cluster.createReplicaSet(), 3);
        cluster.run(5);

        assertThat(status(2).verdict()).isEqualTo(Verdict.NO_FORCED_KILL);
        assertThat(status(2).counts()).isEqualTo(new EndCounts(3, 3, 0, 0, 0, 0));
    }

    @Test
    @DisplayName("and ends outside it are counted apart on the newest audit: scale-in, eviction, deletion by hand")
    void others() {
        cluster.scale("rs-1", 2);
        cluster.complete(2);
        cluster.terminate(old.get(0));
        cluster.evict(old.get(1));
        cluster.terminate(old.get(2));
        cluster.run(30);
        cluster.end(old.get(0), 137, "Error");
        cluster.end(old.get(1), 0, "Completed");
        cluster.end(old.get(2), 0, "Completed");
        cluster.run(20);

        assertThat(status(1).verdict()).isEqualTo(Verdict.NOTHING_ENDED);
        assertThat(status(1).other())
                .containsEntry("ScaleIn", new OtherEnds(1, 1))
                .containsEntry("Eviction", new OtherEnds(1, 0))
                .containsEntry("External", new OtherEnds(1, 0));
        assertThat(operator.events)
                .singleElement()
                .asString()
                .startsWith("Warning ForcedKill ScaleIn: 1 pod was killed at the end of the grace. First web-rs-1-")
                .endsWith("/app: exit 137 at 30 s (grace 30). See rolloutaudit/deploy-web-1");
    }

    @Test
    @DisplayName("and an old pod that was drained meanwhile is no longer the rollout's")
    void drained_meanwhile() {
        cluster.roll(3);
        cluster.evict(old.get(0));
        old.subList(1, 3).forEach(cluster::terminate);
        cluster.run(3);
        old.forEach(pod -> cluster.end(pod, 0, "Completed"));
        cluster.run(6);

        assertThat(status(2).counts()).isEqualTo(new EndCounts(2, 2, 0, 0, 0, 0));
        assertThat(status(2).other()).containsEntry("Eviction", new OtherEnds(1, 0));
        assertThat(status(2).ends()).extracting(end -> end.cause()).contains(EndCause.EVICTION);
    }

    @Test
    @DisplayName("only where a policy asks for it")
    void nobody_asks() {
        operator.settings = AuditSettings.DISABLED;
        cluster.roll(3);
        old.forEach(pod -> cluster.end(pod, 0, "Completed"));
        cluster.run(6);
        operator.settings = new AuditSettings(true, Set.of(0), 3);
        cluster.run(6);

        assertThat(cluster.audits).containsOnlyKeys("deploy-web-1");
    }

    @Test
    @DisplayName("and the last few audits are kept")
    void history() {
        operator.settings = new AuditSettings(true, Set.of(0), 2);
        for (int i = 0; i < 4; i++) {
            List<Pod> ending = List.copyOf(cluster.pods.values());
            cluster.roll(2);
            ending.forEach(cluster::terminate);
            cluster.run(2);
            ending.forEach(pod -> cluster.end(pod, 0, "Completed"));
            cluster.run(15);
        }

        assertThat(cluster.audits).containsOnlyKeys("deploy-web-4", "deploy-web-5");
    }

    @Test
    @DisplayName("with few writes: at once at the start and at the close, one in ten seconds between")
    void few_writes() {
        cluster.grace = 300;
        List<Pod> slow = cluster.roll(20);
        old.forEach(pod -> cluster.end(pod, 0, "Completed"));
        cluster.run(20);
        cluster.roll(20);
        slow.forEach(cluster::terminate);
        cluster.writes.clear();
        for (Pod pod : slow) {
            cluster.run(3);
            cluster.end(pod, 0, "Completed");
        }
        cluster.run(6);

        assertThat(status(3).verdict()).isEqualTo(Verdict.NO_FORCED_KILL);
        assertThat(cluster.writes)
                .as("create, first status, 66 s in steps of ten, close")
                .hasSizeLessThanOrEqualTo(10);
    }

    @Test
    @DisplayName("while the API server is away: nothing is lost, nothing is announced before it is written")
    void api_server_away() {
        cluster.roll(3);
        operator.apiServerAway = true;
        old.forEach(cluster::terminate);
        cluster.run(2);
        old.forEach(pod -> cluster.end(pod, 0, "Completed"));
        cluster.run(60);
        assertThat(cluster.status(2)).isNull();
        assertThat(operator.events).isEmpty();
        operator.apiServerAway = false;
        cluster.run(32);

        assertThat(status(2).verdict()).isEqualTo(Verdict.NO_FORCED_KILL);
        assertThat(operator.events).hasSize(1);
    }

    @Test
    @DisplayName("and pods that the ledger had no room for are unseen, which is said")
    void overflow() {
        operator.kill();
        Replica small = Replica.start(cluster, 2);
        cluster.run(20);
        cluster.roll(3);
        cluster.run(2);
        old.forEach(cluster::terminate);
        old.forEach(pod -> cluster.end(pod, 0, "Completed"));
        cluster.run(10);

        assertThat(status(2).verdict()).isEqualTo(Verdict.UNVERIFIED);
        assertThat(status(2).counts()).isEqualTo(new EndCounts(3, 2, 0, 0, 0, 1));
        assertThat(small.ledger.overflow()).isPositive();
    }

    private RolloutAuditStatus status(int revision) {
        return Objects.requireNonNullElseGet(
                cluster.status(revision),
                () -> new RolloutAuditStatus(null, null, null, null, null, null, null, null, null));
    }
}
