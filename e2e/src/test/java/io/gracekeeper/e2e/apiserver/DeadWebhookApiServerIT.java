package io.gracekeeper.e2e.apiserver;

import static io.gracekeeper.e2e.apiserver.Manifests.AWARE;
import static io.gracekeeper.e2e.apiserver.Manifests.UNAWARE;
import static io.gracekeeper.e2e.apiserver.Manifests.demanding;
import static io.gracekeeper.e2e.apiserver.Manifests.deployment;
import static io.gracekeeper.e2e.apiserver.Manifests.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gracekeeper.e2e.machine.Kubectl;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("With the webhook dead and the chart's own failure policy,")
@OnRealApiServer
class DeadWebhookApiServerIT {
    @Test
    @DisplayName("Deployments and policies go through as they are, and at once")
    void failsOpen(ApiServer server) {
        try (var webhook = WebhookUnderTest.start(server, "dead", WebhookUnderTest.OnFailure.IGNORE)) {
            Kubectl kubectl =
                    webhook.namespaceWith(demanding("validation: {actions: [Deny]}, injection: {mode: Apply}"));
            assertThat(kubectl.with(deployment("before", "terminationGracePeriodSeconds: 5\n" + UNAWARE), "apply")
                            .succeeded())
                    .isFalse();
            webhook.die();
            kubectl.apply(deployment("after", UNAWARE));
            assertThat(kubectl.get("deployment", "after")
                            .at("/spec/template/spec/terminationGracePeriodSeconds")
                            .asInt())
                    .isEqualTo(30);
            kubectl.apply(deployment("after", UNAWARE.replace("app:1", "app:2")));
            kubectl.apply(policy("{match: {selector: {matchLabels: {'not a label': x}}}}"));
        }
    }

    @Test
    @DisplayName(
            "a namespace with the label gracekeeper.io/fail-closed takes no workload that somebody writes, and goes on in all else")
    void failsClosed(ApiServer server) {
        try (var webhook = WebhookUnderTest.start(server, "dead-closed", WebhookUnderTest.OnFailure.IGNORE)) {
            Kubectl closed = webhook.namespaceWith(demanding("validation: {actions: [Deny]}"));
            closed.apply(deployment("web", AWARE));
            closed.ok("label", "namespace", closed.namespace(), "gracekeeper.io/fail-closed=enabled");
            await("the API server knows the label")
                    .untilAsserted(() -> assertThat(closed.with(deployment("x", UNAWARE), "create", "--dry-run=server")
                                    .err())
                            .startsWith("The Deployment \"x\" is invalid: "));
            webhook.die();

            var refused = closed.with(deployment("after", AWARE), "apply");
            assertThat(refused.succeeded()).isFalse();
            assertThat(refused.err())
                    .contains("failed calling webhook \"fail-closed.validate.workloads.gracekeeper.io\"");
            assertThat(closed.run("set", "image", "deployment/web", "app=example.test/app:2")
                            .err())
                    .as("a change of a template")
                    .contains("failed calling webhook");

            closed.ok("scale", "deployment", "web", "--replicas=2");
            await("what controllers make")
                    .until(() -> closed.get("pods").path("items").size() == 2);
            closed.ok("label", "deployment", "web", "team=shop");
            closed.apply("{apiVersion: v1, kind: Pod, metadata: {name: bare}, spec: {" + UNAWARE + "}}");
            closed.apply(demanding("validation: {actions: [Warn]}"));
            closed.ok("delete", "deployment", "web");
            closed.ok("label", "namespace", closed.namespace(), "gracekeeper.io/fail-closed-");
            await("without the label it is open again")
                    .until(() ->
                            closed.with(deployment("after", AWARE), "apply").succeeded());
        }
    }
}
