package io.gracekeeper.e2e.apiserver;

import static io.gracekeeper.e2e.apiserver.Manifests.UNAWARE;
import static io.gracekeeper.e2e.apiserver.Manifests.demanding;
import static io.gracekeeper.e2e.apiserver.Manifests.deployment;
import static io.gracekeeper.e2e.apiserver.Manifests.policy;
import static org.assertj.core.api.Assertions.assertThat;

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
}
