package io.gracekeeper.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.e2e.machine.Kubectl;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

@DisplayName("The loop of a team that has never heard of graceful shutdown:")
@OnRealCluster
@Order(2)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LoopClusterIT {
    private Kubectl shop;
    private Workload checkout;
    private Workload ledger;

    @BeforeAll
    void deploy(Installation installation) {
        shop = installation.cluster().newNamespace("shop");
        checkout = new Workload(shop, "checkout", 2, Workload.EXITS, "", Workload.SERVES);
        // Needs 4 s, and its author gives it 2.
        ledger = new Workload(shop, "ledger", 1, "sleep 4; exit 0", "terminationGracePeriodSeconds: 2", "");
        shop.apply(Policies.auditOnly());
        checkout.roll(1);
        ledger.roll(1);
    }

    @Test
    @Order(1)
    @DisplayName("a policy without requirements only watches, and sees the worker killed")
    void onlyWatches() {
        checkout.startRolling(2);
        ledger.startRolling(2);
        JsonNode killed = ledger.assertVerdict("ForcedKill");
        assertThat(killed.at("/counts/forced").asInt()).isEqualTo(1);
        JsonNode end = killed.at("/ends/0");
        assertThat(end.path("exitCode").asInt()).isEqualTo(137);
        assertThat(end.path("grace").asInt()).isEqualTo(2);
        assertThat(end.path("cause").asText()).isEqualTo("Rollout");
        assertThat(Conditions.status(ledger.audit(ledger.revision()), "ForcedKillFree"))
                .isEqualTo("False");
        checkout.assertVerdict("NoForcedKill");
        assertThat(shop.ok("get", "rolloutaudits")).contains("deploy-ledger-2").contains("ForcedKill");
        await().untilAsserted(() -> assertThat(shop.ok("get", "events")).contains("ForcedKill"));
    }

    @Test
    @Order(2)
    @DisplayName("with requirements, what injection can fix gets its turn, and what its author has chosen is reported")
    void getsItsTurn() {
        shop.apply(
                Policies.demanding("validation: {actions: [Deny]}, injection: {mode: Apply, existing: {mode: Paced}}"));
        await().untilAsserted(() -> {
            JsonNode template = shop.get("deployment", "checkout").at("/spec/template");
            assertThat(template.at("/spec/containers/0/lifecycle/preStop/sleep/seconds")
                            .asInt())
                    .isEqualTo(2);
        });
        shop.ok("rollout", "status", "deployment/checkout", "--timeout=180s");
        assertThat(checkout.assertVerdict("NoForcedKill").path("settings").asText())
                .isEqualTo("Old");
        await().untilAsserted(() -> {
            JsonNode status = shop.get("gsp", "web").path("status");
            assertThat(status.at("/retrofit/settled").asInt()).isEqualTo(1);
            assertThat(status.path("compliant").asInt()).isEqualTo(1);
            assertThat(status.path("violating").asInt()).isEqualTo(1);
            assertThat(status.path("violations").toString())
                    .contains("Deployment/ledger")
                    .contains("BudgetFits");
        });
        assertThat(shop.get("deployment", "ledger")
                        .at("/spec/template/spec/terminationGracePeriodSeconds")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    @Order(3)
    @DisplayName("the next rollout ends pods that have the hook")
    void nextRollout() {
        checkout.roll(3);
        JsonNode status = checkout.assertVerdict("NoForcedKill");
        assertThat(status.path("settings").asText()).isEqualTo("Current");
        assertThat(status.at("/counts/clean").asInt()).isEqualTo(2);
    }

    @Test
    @Order(4)
    @DisplayName("making it worse is refused with the fix; pasted in, the rollout after the next one is clean")
    void refusedAndFixed() {
        var refused =
                shop.with(ledger.withSpec("terminationGracePeriodSeconds: 1").manifest(3), "apply");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("Fix:\n    terminationGracePeriodSeconds: 6");
        Workload fixed = ledger.withSpec("terminationGracePeriodSeconds: 6");
        fixed.roll(3);
        assertThat(fixed.assertVerdict("ForcedKill").path("settings").asText()).isEqualTo("Old");
        fixed.roll(4);
        assertThat(fixed.assertVerdict("NoForcedKill").path("settings").asText())
                .isEqualTo("Current");
        await().untilAsserted(() -> assertThat(
                        shop.get("gsp", "web").at("/status/compliant").asInt())
                .isEqualTo(2));
    }
}
