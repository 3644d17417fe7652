package io.gracekeeper.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.gracekeeper.crds.EndCounts;
import io.gracekeeper.crds.Gap;
import io.gracekeeper.crds.OtherEnds;
import io.gracekeeper.crds.RolloutAudit;
import io.gracekeeper.crds.RolloutAuditStatus;
import io.gracekeeper.crds.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An audit outlives the operator")
class RolloutRestartTest {
    private final SimulatedCluster cluster = new SimulatedCluster();

    private List<Pod> running(Replica... watching) {
        cluster.run(20);
        List<Pod> pods = cluster.roll(3);
        cluster.run(20);
        return pods;
    }

    @Test
    @DisplayName("killed in the middle: what ended meanwhile is unseen, what ended before is counted once")
    void killed_in_the_middle() {
        Replica first = Replica.start(cluster);
        List<Pod> old = running(first);
        cluster.roll(3);
        old.forEach(cluster::terminate);
        cluster.run(2);
        cluster.end(old.get(0), 0, "Completed");
        cluster.run(15);
        first.kill();
        cluster.end(old.get(1), 0, "Completed");
        cluster.run(30);
        Replica second = Replica.start(cluster);
        cluster.run(3);
        cluster.end(old.get(2), 0, "Completed");
        cluster.run(20);

        assertThat(status(2).verdict()).isEqualTo(Verdict.UNVERIFIED);
        assertThat(status(2).counts()).isEqualTo(new EndCounts(3, 2, 0, 0, 0, 1));
        assertThat(status(2).gaps()).hasSize(1);
        assertThat(status(2).ends().getFirst().findings()).containsExactly("GoneUnseen");
        assertThat(second.events).hasSize(1);
    }

    @Test
    @DisplayName("killed in the middle, but nothing ended meanwhile: the gap is listed and hides nothing")
    void nothing_missed() {
        Replica first = Replica.start(cluster);
        List<Pod> old = running(first);
        cluster.roll(3);
        old.forEach(cluster::terminate);
        cluster.run(15);
        first.kill();
        Instant lastWrite = cluster.clock.instant();
        writtenAt(lastWrite);
        cluster.run(5);
        Replica.start(cluster);
        Instant back = cluster.clock.instant();
        cluster.run(2);
        old.forEach(pod -> cluster.end(pod, 0, "Completed"));
        cluster.run(6);

        assertThat(status(2).gaps()).containsExactly(new Gap(lastWrite, back));
        assertThat(status(2).verdict()).isEqualTo(Verdict.NO_FORCED_KILL);
    }

    @Test
    @DisplayName("a rollout that began while nobody watched is Unverified, however well it went on")
    void began_unwatched() {
        Replica first = Replica.start(cluster);
        List<Pod> old = running(first);
        first.kill();
        cluster.roll(3);
        cluster.terminate(old.get(0));
        cluster.end(old.get(0), 137, "Error");
        cluster.run(10);
        Replica.start(cluster);
        cluster.run(2);
        old.subList(1, 3).forEach(cluster::terminate);
        cluster.run(2);
        old.subList(1, 3).forEach(pod -> cluster.end(pod, 0, "Completed"));
        cluster.run(6);

        assertThat(status(2).verdict()).isEqualTo(Verdict.UNVERIFIED);
        assertThat(status(2).gaps())
                .singleElement()
                .satisfies(gap -> assertThat(gap.from()).isNull());
    }

    @Test
    @DisplayName("Deployments that are complete when the operator is installed get no audit before they roll")
    void installed_later() {
        List<Pod> old = cluster.roll(3);
        cluster.run(60);
        Replica.start(cluster);
        cluster.run(10);
        assertThat(cluster.audits).isEmpty();
        cluster.roll(3);
        old.forEach(cluster::terminate);
        cluster.run(2);
        old.forEach(pod -> cluster.end(pod, 0, "Completed"));
        cluster.run(6);

        assertThat(status(2).verdict()).isEqualTo(Verdict.NO_FORCED_KILL);
    }

    @Test
    @DisplayName("a replica that was watching takes over without a gap, and counts nothing twice")
    void takeover() {
        Replica leader = Replica.start(cluster);
        Replica standby = Replica.start(cluster);
        standby.leads = false;
        List<Pod> old = running(leader, standby);
        cluster.roll(3);
        old.forEach(cluster::terminate);
        cluster.run(2);
        cluster.end(old.get(0), 0, "Completed");
        cluster.run(12);
        assertThat(status(2).ended()).isEqualTo("1/3");
        cluster.end(old.get(1), 0, "Completed");
        cluster.run(4);
        leader.kill();
        cluster.end(old.get(2), 0, "Completed");
        cluster.run(10);
        standby.leads = true;
        cluster.run(6);

        assertThat(status(2).verdict()).isEqualTo(Verdict.NO_FORCED_KILL);
        assertThat(status(2).counts()).isEqualTo(new EndCounts(3, 3, 0, 0, 0, 0));
        assertThat(status(2).gaps()).isEmpty();
        assertThat(standby.events).hasSize(1);
    }

    @Test
    @DisplayName("a rollout that began between two leaders is not missed by one that watched")
    void began_between_leaders() {
        Replica leader = Replica.start(cluster);
        Replica standby = Replica.start(cluster);
        standby.leads = false;
        List<Pod> old = running(leader, standby);
        leader.kill();
        cluster.roll(3);
        old.forEach(cluster::terminate);
        cluster.run(2);
        old.forEach(pod -> cluster.end(pod, 0, "Completed"));
        cluster.run(10);
        standby.leads = true;
        cluster.run(6);

        assertThat(status(2).verdict()).isEqualTo(Verdict.NO_FORCED_KILL);
        assertThat(status(2).counts()).isEqualTo(new EndCounts(3, 3, 0, 0, 0, 0));
    }

    @Test
    @DisplayName(
            "ends outside the rollout are counted once over a takeover: those before the last write, and those after it")
    void others_over_a_takeover() {
        Replica leader = Replica.start(cluster);
        Replica standby = Replica.start(cluster);
        standby.leads = false;
        List<Pod> pods = running(leader, standby);
        pods.forEach(cluster::evict);
        cluster.run(2);
        cluster.end(pods.get(0), 0, "Completed");
        cluster.run(20);
        assertThat(status(1).other()).containsEntry("Eviction", new OtherEnds(1, 0));
        cluster.end(pods.get(1), 0, "Completed");
        leader.kill();
        cluster.run(5);
        standby.leads = true;
        cluster.end(pods.get(2), 0, "Completed");
        cluster.run(20);

        assertThat(status(1).other()).containsEntry("Eviction", new OtherEnds(3, 0));
    }

    @Test
    @DisplayName("a leader that lost its lease without knowing goes back to what stands in the cluster")
    void two_leaders() {
        Replica one = Replica.start(cluster);
        Replica two = Replica.start(cluster);
        two.leads = false;
        List<Pod> old = running(one, two);
        cluster.roll(3);
        old.forEach(cluster::terminate);
        cluster.run(2);
        two.leads = true;
        for (Pod pod : old) {
            cluster.end(pod, 0, "Completed");
            cluster.run(7);
        }
        cluster.run(20);

        assertThat(status(2).counts()).isEqualTo(new EndCounts(3, 3, 0, 0, 0, 0));
        assertThat(status(2).verdict()).isEqualTo(Verdict.NO_FORCED_KILL);
    }

    @Test
    @DisplayName("a watch that had to list again is a gap, and a pod that vanished in it is unseen")
    void relist() {
        Replica operator = Replica.start(cluster);
        List<Pod> old = running(operator);
        cluster.roll(3);
        old.forEach(cluster::terminate);
        cluster.run(2);
        Instant lastSight = cluster.clock.instant().minusSeconds(2);
        cluster.replicas.remove(operator);
        cluster.end(old.get(0), 0, "Completed");
        cluster.advance(30);
        operator.recorder.onBeforeList("7");
        old.subList(1, 3).forEach(pod -> operator.recorder.onUpdate(pod, cluster.current(pod)));
        operator.recorder.onDelete(old.get(0), true);
        operator.recorder.onList("9", false);
        cluster.replicas.add(operator);
        Instant listed = cluster.clock.instant();
        cluster.run(1);
        old.subList(1, 3).forEach(pod -> cluster.end(pod, 0, "Completed"));
        cluster.run(6);

        assertThat(status(2).gaps()).containsExactly(new Gap(lastSight, listed));
        assertThat(status(2).verdict()).isEqualTo(Verdict.UNVERIFIED);
        assertThat(status(2).counts()).isEqualTo(new EndCounts(3, 2, 0, 0, 0, 1));
    }

    @Test
    @DisplayName("an audit of a Deployment that had the same name gives way")
    void namesake() {
        RolloutAudit stale = new RolloutAudit();
        stale.getMetadata().setName("deploy-web-1");
        stale.getMetadata().setNamespace(SimulatedCluster.NAMESPACE);
        stale.setSpec(new io.gracekeeper.crds.RolloutAuditSpec(
                new io.gracekeeper.crds.WorkloadReference("Deployment", "web", "an older uid"), "1"));
        cluster.create(stale);
        Replica operator = Replica.start(cluster);
        running(operator);

        assertThat(status(1).verdict()).isEqualTo(Verdict.NOTHING_ENDED);
    }

    @Test
    @DisplayName("an audit that somebody deleted stays deleted")
    void deleted_by_hand() {
        Replica operator = Replica.start(cluster);
        List<Pod> old = running(operator);
        cluster.roll(3);
        cluster.run(2);
        cluster.audits.remove("deploy-web-2");
        old.forEach(cluster::terminate);
        cluster.run(2);
        old.forEach(pod -> cluster.end(pod, 0, "Completed"));
        cluster.run(20);

        assertThat(cluster.audits).containsOnlyKeys("deploy-web-1");
    }

    @Test
    @DisplayName("more old pods than can be listed: those without a place are unseen after a restart")
    void more_than_can_be_listed() {
        Replica first = Replica.start(cluster);
        cluster.run(20);
        List<Pod> old = cluster.roll(520);
        cluster.run(20);
        cluster.roll(1);
        cluster.run(2);
        assertThat(status(2).pending()).hasSize(500);
        assertThat(status(2).ended()).isEqualTo("0/520");
        first.kill();
        List<Pod> gone = new ArrayList<>(old);
        gone.forEach(pod -> cluster.pods.remove(pod.getMetadata().getUid()));
        Replica.start(cluster);
        cluster.run(30);

        assertThat(status(2).counts()).isEqualTo(new EndCounts(520, 0, 0, 0, 0, 520));
        assertThat(status(2).verdict()).isEqualTo(Verdict.UNVERIFIED);
    }

    /** What the API server notes about who wrote a status when. */
    private void writtenAt(Instant time) {
        cluster.audits
                .values()
                .forEach(audit -> audit.getMetadata()
                        .setManagedFields(List.of(new ManagedFieldsEntryBuilder()
                                .withManager("gracekeeper")
                                .withSubresource("status")
                                .withTime(time.toString())
                                .build())));
    }

    private RolloutAuditStatus status(int revision) {
        return Objects.requireNonNull(cluster.status(revision));
    }
}
