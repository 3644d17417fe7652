package io.gracekeeper.e2e.apiserver;

import static io.gracekeeper.e2e.apiserver.Manifests.AWARE;
import static io.gracekeeper.e2e.apiserver.Manifests.UNAWARE;
import static io.gracekeeper.e2e.apiserver.Manifests.deployment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.e2e.machine.Kubectl;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The scan of a real API server")
@OnRealApiServer
class ScanApiServerIT {
    private static final String TOO_SHORT = "terminationGracePeriodSeconds: 5\n" + UNAWARE;

    private ApiServer server;
    private OperatorUnderTest operator;

    @BeforeAll
    void start(ApiServer server) {
        this.server = server;
        operator = OperatorUnderTest.start(
                server, server.cluster().newNamespace("scan-canary").namespace());
    }

    @AfterAll
    void stop() {
        operator.close();
    }

    @Test
    @DisplayName("gives a cluster policy one status over the namespaces that it selects, by their labels")
    void clusterPolicy() {
        Kubectl shop = labelled("scan-shop", "scan-prod");
        Kubectl bank = labelled("scan-bank", "scan-prod");
        Kubectl attic = labelled("scan-attic", "scan-test");
        shop.apply(deployment("aware", AWARE));
        bank.apply(deployment("ledger", TOO_SHORT));
        attic.apply(deployment("old", TOO_SHORT));
        shop.apply("""
                apiVersion: gracekeeper.io/v1alpha1
                kind: ClusterGracefulShutdownPolicy
                metadata: {name: scan-baseline}
                spec:
                  namespaceSelector: {matchLabels: {team: scan-prod}}
                  requirements: {drainDelaySeconds: 10, shutdownSeconds: 20}
                """);
        await().untilAsserted(() -> {
            JsonNode status = shop.get("cgsp", "scan-baseline").path("status");
            assertThat(status.path("matched").asInt()).isEqualTo(2);
            assertThat(status.path("compliant").asInt()).isEqualTo(1);
            assertThat(status.path("violating").asInt()).isEqualTo(1);
            assertThat(status.path("violations").findValuesAsText("workload"))
                    .isNotEmpty()
                    .allMatch(("Deployment/" + bank.namespace() + "/ledger")::equals);
        });
        shop.ok("delete", "cgsp", "scan-baseline");
    }

    @Test
    @DisplayName("judges kinds as soon as a policy names them")
    void kinds() {
        Kubectl jobs = labelled("scan-jobs", "scan-jobs");
        jobs.apply("""
                apiVersion: batch/v1
                kind: CronJob
                metadata: {name: nightly}
                spec:
                  schedule: "0 3 * * *"
                  jobTemplate:
                    spec:
                      template:
                        spec:
                          restartPolicy: Never
                          terminationGracePeriodSeconds: 5
                          containers: [{name: app, image: registry.example/nightly}]
                """);
        jobs.apply("""
                apiVersion: gracekeeper.io/v1alpha1
                kind: GracefulShutdownPolicy
                metadata: {name: jobs}
                spec:
                  match: {kinds: [CronJob, Pod]}
                  profile: Job
                """);
        await().untilAsserted(() -> {
            JsonNode status = jobs.get("gsp", "jobs").path("status");
            assertThat(status.path("matched").asInt()).isEqualTo(1);
            assertThat(status.at("/violations/0/workload").asText()).isEqualTo("CronJob/nightly");
        });
        jobs.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: bare}
                spec:
                  terminationGracePeriodSeconds: 60
                  containers: [{name: app, image: registry.example/bare}]
                """);
        await().untilAsserted(() -> {
            JsonNode status = jobs.get("gsp", "jobs").path("status");
            assertThat(status.path("matched").asInt()).isEqualTo(2);
            assertThat(status.path("compliant").asInt()).isEqualTo(1);
        });
    }

    @Test
    @DisplayName("takes an exception back by itself when it ends, and tells on the workload what it breaks again")
    void exceptionEnds() {
        Kubectl excused = labelled("scan-excused", "scan-excused");
        excused.apply(deployment("billing", TOO_SHORT));
        excused.apply(Manifests.demanding("validation: {actions: [Warn]}"));
        Instant end = Instant.now().plusSeconds(15).truncatedTo(ChronoUnit.SECONDS);
        excused.apply("""
                apiVersion: gracekeeper.io/v1alpha1
                kind: ShutdownException
                metadata: {name: vendor}
                spec:
                  target: {kind: Deployment, names: [billing]}
                  rules: [BudgetFits, DrainDelay]
                  reason: OPS-9 vendor image
                  expiresAt: "%s"
                """.formatted(end));
        await().untilAsserted(() -> {
            assertThat(excused.get("se", "vendor").at("/status/forgiven").asInt())
                    .isEqualTo(2);
            assertThat(condition(excused.get("se", "vendor"), "Active")
                            .path("reason")
                            .asText())
                    .isEqualTo("EndsSoon");
            JsonNode status = excused.get("gsp", "web").path("status");
            assertThat(status.path("exempt").asInt()).isEqualTo(1);
            assertThat(status.path("compliant").asInt()).isEqualTo(1);
            assertThat(status.at("/exceptions/0/reason").asText()).isEqualTo("OPS-9 vendor image");
        });
        await().atMost(Duration.ofSeconds(45)).untilAsserted(() -> {
            assertThat(condition(excused.get("se", "vendor"), "Active")
                            .path("status")
                            .asText())
                    .isEqualTo("False");
            assertThat(excused.get("gsp", "web").at("/status/violating").asInt())
                    .isEqualTo(1);
        });
        await().untilAsserted(
                        () -> assertThat(excused.get("events").path("items").findValuesAsText("reason"))
                                .contains("PolicyViolation", "ExceptionEnded"));
    }

    private Kubectl labelled(String name, String team) {
        Kubectl kubectl = server.cluster().newNamespace(name);
        kubectl.ok("label", "namespace", kubectl.namespace(), "team=" + team);
        return kubectl;
    }

    private static JsonNode condition(JsonNode object, String type) {
        return StreamSupport.stream(object.at("/status/conditions").spliterator(), false)
                .filter(condition -> condition.path("type").asText().equals(type))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no condition " + type + " in " + object.path("status")));
    }
}
