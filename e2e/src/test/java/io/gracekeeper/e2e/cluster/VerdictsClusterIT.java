package io.gracekeeper.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.e2e.machine.Kubectl;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("The audit of a rollout tells apart")
@OnRealCluster
@Order(3)
class VerdictsClusterIT {
    private static final String GRACE_20 = "terminationGracePeriodSeconds: 20";

    private Installation installation;
    private Kubectl kubectl;

    @BeforeAll
    void watch(Installation installation) {
        this.installation = installation;
        kubectl = installation.cluster().newNamespace("verdicts");
        kubectl.apply(Policies.auditOnly());
    }

    private Workload workload(String name, String onTerm) {
        return new Workload(kubectl, name, 1, onTerm, GRACE_20, "");
    }

    @Test
    @DisplayName("an exit with an error from a clean one")
    void error() {
        Workload failing = workload("failing", "exit 3").roll(1);
        failing.startRolling(2);
        JsonNode status = failing.assertVerdict("Ungraceful");
        assertThat(status.at("/counts/error").asInt()).isEqualTo(1);
        assertThat(status.at("/ends/0/exitCode").asInt()).isEqualTo(3);
    }

    @Test
    @DisplayName(
            "a process that ran out of memory from one that was killed at the end of its grace, though both show 137")
    void outOfMemory() {
        Workload greedy = new Workload(
                        kubectl, "greedy", 1, "exec tail /dev/zero", GRACE_20, "resources: {limits: {memory: 16Mi}}")
                .roll(1);
        greedy.startRolling(2);
        JsonNode status = greedy.assertVerdict("Ungraceful");
        assertThat(status.at("/counts/oom").asInt()).isEqualTo(1);
        assertThat(status.at("/counts/forced").asInt()).isZero();
    }

    @Test
    @DisplayName("a pod that was deleted by force, whose end nobody can have seen, from one that ended well")
    void forceDeleted() {
        Workload slow = workload("slow", "sleep 15; exit 0").roll(1);
        String old = slow.podNames().get(0);
        slow.roll(2);
        kubectl.ok("delete", "pod", old, "--force", "--grace-period=0");
        JsonNode status = slow.assertVerdict("Unverified");
        assertThat(status.at("/counts/unseen").asInt()).isEqualTo(1);
        assertThat(status.at("/counts/clean").asInt()).isZero();
    }

    @Test
    @DisplayName("pods that a scale-in ends from those that the rollout ends")
    void scaleIn() {
        Workload shrinking = new Workload(kubectl, "shrinking", 2, Workload.EXITS, GRACE_20, "").roll(1);
        shrinking.roll(2);
        String revision = shrinking.revision();
        assertThat(shrinking
                        .assertVerdict("NoForcedKill")
                        .at("/counts/expected")
                        .asInt())
                .isEqualTo(2);
        kubectl.ok("scale", "deployment/shrinking", "--replicas=1");
        await().untilAsserted(() -> {
            JsonNode status = shrinking.audit(revision).path("status");
            assertThat(status.at("/other/ScaleIn/ended").asInt()).isEqualTo(1);
            assertThat(status.at("/counts/expected").asInt()).isEqualTo(2);
        });
    }

    @Test
    @DisplayName(
            "what it saw from what it slept through: the operator dead while old pods end never becomes NoForcedKill")
    void operatorDead() {
        Workload quick = workload("quick", "sleep 14; exit 0").roll(1);
        quick.startRolling(2);
        await("the rollout is being audited")
                .until(() -> quick.audit("2").at("/status/counts/expected").asInt() == 1);
        kubectl.ok("rollout", "status", "deployment/quick", "--timeout=180s");
        installation.system().ok("scale", "deployment", Installation.OPERATOR, "--replicas=0");
        installation.kill(Installation.OPERATOR);
        await("the old pod is gone").until(() -> quick.podNames().size() == 1);
        installation.scale(Installation.OPERATOR, 2);
        JsonNode status = quick.assertVerdict("Unverified");
        assertThat(status.at("/counts/unseen").asInt()).isEqualTo(1);
        assertThat(Conditions.status(quick.audit("2"), "ForcedKillFree")).isEqualTo("Unknown");
    }

    @Test
    @DisplayName("and loses nothing where the leader alone is killed: the other replica has watched all the time")
    void leaderKilled() {
        Workload watched = workload("watched", "sleep 8; exit 0").roll(1);
        watched.startRolling(2);
        await("the rollout is being audited")
                .until(() -> watched.audit("2").at("/status/counts/expected").asInt() == 1);
        String leader = installation
                .system()
                .get("lease", Installation.OPERATOR)
                .at("/spec/holderIdentity")
                .asText();
        installation.system().ok("delete", "pod", leader, "--force", "--grace-period=0");
        watched.assertVerdict("NoForcedKill");
    }
}
