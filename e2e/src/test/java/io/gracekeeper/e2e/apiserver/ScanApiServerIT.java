package io.gracekeeper.e2e.apiserver;

import static io.gracekeeper.e2e.apiserver.Manifests.AWARE;
import static io.gracekeeper.e2e.apiserver.Manifests.UNAWARE;
import static io.gracekeeper.e2e.apiserver.Manifests.condition;
import static io.gracekeeper.e2e.apiserver.Manifests.deployment;
import static io.gracekeeper.e2e.apiserver.Manifests.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.e2e.machine.Command;
import io.gracekeeper.e2e.machine.Kubectl;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
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

    /** They reach into other tests. */
    @AfterEach
    void deleteClusterPolicies() {
        server.cluster()
                .kubectl("default")
                .ok("delete", "cgsp", "--ignore-not-found", "scan-baseline", "scan-moving", "scan-capped");
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

    @Test
    @DisplayName("follows a namespace that a policy of the cluster starts to select, and stops to; so does the webhook")
    void relabelled() {
        Kubectl moved = server.webhook().namespace();
        moved.apply(deployment("ledger", TOO_SHORT));
        moved.apply("""
                apiVersion: gracekeeper.io/v1alpha1
                kind: ClusterGracefulShutdownPolicy
                metadata: {name: scan-moving}
                spec:
                  namespaceSelector: {matchLabels: {team: scan-moving}}
                  requirements: {drainDelaySeconds: 10, shutdownSeconds: 20}
                  validation: {actions: [Deny]}
                """);
        await().untilAsserted(() -> assertThat(matched(moved)).isEqualTo("0"));
        for (String round : new String[] {"first", "second"}) {
            moved.ok("label", "namespace", moved.namespace(), "team=scan-moving");
            await(round).untilAsserted(() -> {
                assertThat(matched(moved)).isEqualTo("1");
                assertThat(dryRun(moved).err()).contains("(cgsp/scan-moving)");
            });
            moved.ok("label", "namespace", moved.namespace(), "team-");
            await(round).untilAsserted(() -> {
                assertThat(matched(moved)).isEqualTo("0");
                assertThat(dryRun(moved).succeeded()).isTrue();
            });
        }
    }

    @Test
    @DisplayName(
            "says of policies that no pod can obey together so on each of them, whatever their scope, and refuses nothing for it")
    void contradiction() {
        Kubectl torn = server.webhook().namespace();
        torn.ok("label", "namespace", torn.namespace(), "team=scan-torn");
        torn.apply("""
                apiVersion: gracekeeper.io/v1alpha1
                kind: ClusterGracefulShutdownPolicy
                metadata: {name: scan-capped}
                spec:
                  namespaceSelector: {matchLabels: {team: scan-torn}}
                  requirements: {maxTerminationGracePeriodSeconds: 100}
                """);
        torn.apply(policy("{profile: LongLived, validation: {actions: [Deny]}}"));
        torn.apply(policy("{match: {selector: {matchLabels: {app: nobody}}}, requirements: {shutdownSeconds: 5}}")
                .replace("name: web", "name: bystander"));
        String sockets = AWARE + "  readinessProbe: {httpGet: {path: /ready, port: 8080}}\n";
        await("the webhook knows both")
                .untilAsserted(() -> assertThat(torn.with(deployment("sockets", sockets), "apply")
                                .orFail()
                                .err())
                        .contains("Warning: gracekeeper: sockets: "));
        await().untilAsserted(() -> {
            for (JsonNode each : List.of(torn.get("gsp", "web"), torn.get("cgsp", "scan-capped"))) {
                JsonNode consistent = condition(each, "Consistent");
                assertThat(consistent.path("status").asText()).isEqualTo("False");
                assertThat(consistent.path("message").asText())
                        .contains("340", "100", "gsp/web", "cgsp/scan-capped")
                        .doesNotContain("bystander");
            }
            assertThat(condition(torn.get("gsp", "bystander"), "Consistent")
                            .path("status")
                            .asText())
                    .isEqualTo("True");
        });
        torn.apply(policy("{profile: Web, validation: {actions: [Deny]}}"));
        await().untilAsserted(() -> {
            for (JsonNode each : List.of(torn.get("gsp", "web"), torn.get("cgsp", "scan-capped"))) {
                assertThat(condition(each, "Consistent").path("status").asText())
                        .isEqualTo("True");
            }
        });
    }

    @Test
    @DisplayName("tells on the workload that broken glass let through what is refused, until when and why")
    void breakGlass() {
        Kubectl urgent = server.webhook().namespaceWith(Manifests.demanding("validation: {actions: [Deny]}"));
        Instant until = Instant.now().plus(Duration.ofHours(2)).truncatedTo(ChronoUnit.SECONDS);
        String broken = deployment("checkout", TOO_SHORT)
                .replace(
                        "metadata: {name: checkout}",
                        "metadata: {name: checkout, annotations: {gracekeeper.io/break-glass: \"" + until
                                + " INC-42 checkout is down\"}}");
        assertThat(urgent.apply(broken).err()).contains("Warning: gracekeeper: checkout: ", "let through until");
        await().untilAsserted(() -> assertThat(events(urgent, "BreakGlass"))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.at("/involvedObject/name").asText()).isEqualTo("checkout");
                    assertThat(event.path("type").asText()).isEqualTo("Warning");
                    assertThat(event.path("message").asText()).contains(until.toString(), "INC-42 checkout is down");
                }));
        urgent.apply(deployment("checkout", AWARE));
        await().untilAsserted(() -> assertThat(
                        urgent.get("gsp", "web").at("/status/compliant").asInt())
                .isEqualTo(1));
        assertThat(events(urgent, "BreakGlass")).hasSize(1);
    }

    private static Command.Result dryRun(Kubectl kubectl) {
        return kubectl.with(deployment("new", TOO_SHORT), "create", "--dry-run=server");
    }

    private static String matched(Kubectl kubectl) {
        return kubectl.get("cgsp", "scan-moving").at("/status/matched").asText();
    }

    private static List<JsonNode> events(Kubectl kubectl, String reason) {
        return StreamSupport.stream(kubectl.get("events").path("items").spliterator(), false)
                .filter(event -> event.path("reason").asText().equals(reason))
                .toList();
    }

    private Kubectl labelled(String name, String team) {
        Kubectl kubectl = server.cluster().newNamespace(name);
        kubectl.ok("label", "namespace", kubectl.namespace(), "team=" + team);
        return kubectl;
    }
}
