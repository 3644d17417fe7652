package io.gracekeeper.e2e.apiserver;

import static io.gracekeeper.e2e.apiserver.Manifests.UNAWARE;
import static io.gracekeeper.e2e.apiserver.Manifests.demanding;
import static io.gracekeeper.e2e.apiserver.Manifests.deployment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.e2e.machine.Kubectl;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A policy for pods alone judges those of a Deployment, since it judges nothing above them. Here it comes when a pod is there, and more
 * are asked for.
 */
@DisplayName("A ReplicaSet whose pods the webhook refused")
@OnRealApiServer
class UnwedgeApiServerIT {
    /**
     * For so long no controller asked before the refusals are lifted. Its waits double, and this is longer than one of 20 s: it is
     * in one of 41 s then, and won't come by itself for as long as is waited for here.
     */
    private static final Duration SILENCE = Duration.ofSeconds(22);

    /** For a machine that does something else besides. */
    private static final Duration SOON = Duration.ofSeconds(15);

    private WebhookUnderTest webhook;
    private OperatorUnderTest operator;

    @BeforeAll
    void start(ApiServer server) {
        // One that nobody else asks: its silence is waited for.
        webhook = WebhookUnderTest.start(server, "unwedge", WebhookUnderTest.OnFailure.SHOW);
        operator = OperatorUnderTest.start(
                server, server.cluster().newNamespace("unwedge-canary").namespace());
    }

    @AfterAll
    void stop() {
        operator.close();
        webhook.close();
    }

    @Test
    @DisplayName(
            "makes them at once, without a rollout and without waiting for its controller's back-off, when they may pass")
    void triesAgain() {
        Kubectl judgedAbove = withRefusedPods();
        Kubectl mended = withRefusedPods();
        Kubectl letOff = withRefusedPods();
        List<Kubectl> all = List.of(judgedAbove, mended, letOff);
        mended.ok("label", "namespace", mended.namespace(), "gracekeeper.io/pod-injection=enabled");
        // One right after the other, so that their controllers wait in step.
        for (Kubectl kubectl : all) {
            kubectl.ok("scale", "deployment", "web", "--replicas=3");
        }
        for (Kubectl kubectl : all) {
            await("the ReplicaSet says whom it is refused by")
                    .untilAsserted(() -> assertThat(failedCreate(kubectl))
                            .contains(
                                    "admission webhook \"validate.pods.gracekeeper.io\" denied the request",
                                    "spec.terminationGracePeriodSeconds",
                                    "(gsp/pods)"));
        }
        await("their controller waits").atMost(Duration.ofMinutes(3)).until(silence());
        assertThat(all).extracting(UnwedgeApiServerIT::pods).containsExactly(1, 1, 1);

        // The policy judges the Deployment instead, whose children pass.
        judgedAbove.apply(podPolicy("Deployment", "Deny"));
        // The pods may be mended at admission.
        mended.ok("patch", "gsp", "pods", "--type=merge", "-p", "{\"spec\": {\"injection\": {\"mode\": \"Apply\"}}}");
        // An exception names the Deployment: nobody could name its pods.
        letOff.apply(exception());

        for (Kubectl kubectl : all) {
            await("the pods are there").atMost(SOON).until(() -> pods(kubectl) == 3);
        }
        for (Kubectl kubectl : all) {
            await("nothing is said to fail").until(() -> failedCreate(kubectl).isEmpty());
            assertThat(revision(kubectl)).as("without a rollout").isEqualTo("1");
            assertThat(kubectl.get("replicasets").path("items")).hasSize(1);
            await("the Deployment is told")
                    .untilAsserted(() -> assertThat(retries(kubectl))
                            .singleElement()
                            .satisfies(event -> assertThat(event.path("message").asText())
                                    .contains("were refused and pass now", "try again at once")));
        }
        await("the pods that are let off are counted and listed").untilAsserted(() -> {
            JsonNode status = letOff.get("gsp", "pods").path("status");
            assertThat(status.path("matched").asInt()).isEqualTo(3);
            assertThat(status.path("exempt").asInt()).isEqualTo(3);
            assertThat(status.path("violating").asInt()).isZero();
            assertThat(status.at("/exceptions/0/name").asText()).isEqualTo(letOff.namespace() + "/vendor");
            assertThat(letOff.get("se", "vendor").at("/status/forgiven").asInt())
                    .isEqualTo(6);
        });
    }

    private static String exception() {
        return """
                apiVersion: gracekeeper.io/v1alpha1
                kind: ShutdownException
                metadata: {name: vendor}
                spec:
                  target: {kind: Deployment, names: [web]}
                  rules: [BudgetFits, DrainDelay]
                  reason: OPS-9 vendor image
                  expiresAt: "%s"
                """.formatted(Manifests.inDays(90));
    }

    /** A namespace in which a Deployment has the pod that it asks for, and every other would be refused. */
    private Kubectl withRefusedPods() {
        Kubectl kubectl = webhook.namespace();
        kubectl.apply(deployment("web", UNAWARE));
        await("the pod that no policy judged").until(() -> pods(kubectl) == 1);
        kubectl.apply(podPolicy("Pod", "Deny"));
        await("the webhook judges pods")
                .until(() -> kubectl.with(
                                "{apiVersion: v1, kind: Pod, metadata: {name: bare}, spec: {" + UNAWARE + "}}",
                                "create",
                                "--dry-run=server")
                        .err()
                        .contains("gsp/pods"));
        return kubectl;
    }

    /** Whether the webhook was asked about nothing for so long. */
    private Callable<Boolean> silence() {
        var last = new AtomicLong(-1);
        var since = new AtomicReference<>(Instant.now());
        return () -> {
            long reviews = webhook.reviews("validate_workloads");
            if (last.getAndSet(reviews) != reviews) {
                since.set(Instant.now());
            }
            return Duration.between(since.get(), Instant.now()).compareTo(SILENCE) > 0;
        };
    }

    private static String podPolicy(String kind, String action) {
        return demanding("match: {kinds: [" + kind + "]}, validation: {actions: [" + action + "]}")
                .replace("name: web", "name: pods");
    }

    private static int pods(Kubectl kubectl) {
        return kubectl.get("pods").path("items").size();
    }

    private static String revision(Kubectl kubectl) {
        return kubectl.get("deployment", "web")
                .at("/metadata/annotations")
                .path("deployment.kubernetes.io/revision")
                .asText();
    }

    /** Why its ReplicaSet makes no pods; empty where it does. */
    private static String failedCreate(Kubectl kubectl) {
        return elements(kubectl.get("replicasets").at("/items/0/status/conditions"))
                .filter(condition -> condition.path("type").asText().equals("ReplicaFailure")
                        && condition.path("reason").asText().equals("FailedCreate"))
                .map(condition -> condition.path("message").asText())
                .collect(Collectors.joining());
    }

    private static List<JsonNode> retries(Kubectl kubectl) {
        return elements(kubectl.get("events").path("items"))
                .filter(event -> event.path("reason").asText().equals("RetriedReplicaSet"))
                .toList();
    }

    private static Stream<JsonNode> elements(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}
