package io.gracekeeper.e2e.apiserver;

import static io.gracekeeper.e2e.apiserver.Manifests.AWARE;
import static io.gracekeeper.e2e.apiserver.Manifests.UNAWARE;
import static io.gracekeeper.e2e.apiserver.Manifests.demanding;
import static io.gracekeeper.e2e.apiserver.Manifests.deployment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.gracekeeper.e2e.machine.Kubectl;
import io.gracekeeper.e2e.machine.RunningCluster;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A refusal")
@OnRealApiServer
class DenialApiServerIT {
    private static final String DENY = "validation: {actions: [Deny]}";

    private static final String TEXT_FOR_PEOPLE = """
            The Deployment "%s" is invalid:\s
            * spec.template.spec.terminationGracePeriodSeconds: 30s is too short: container "app" needs drain delay 10s + shutdown 20s + margin 5s = 35s (gsp/web). Fix:
                terminationGracePeriodSeconds: 35
            * spec.template.spec.containers[app].lifecycle.preStop: container "app" serves port 8080 and has no preStop hook, so it stops taking requests at once while they are still sent to it; 10s are asked for (gsp/web). Fix:
                lifecycle: {preStop: {sleep: {seconds: 10}}}
            """;

    private RunningCluster cluster;
    private WebhookUnderTest webhook;
    private Kubectl kubectl;

    @BeforeAll
    void start(ApiServer server) {
        cluster = server.cluster();
        webhook = server.webhook();
        kubectl = webhook.namespaceWith(demanding(DENY));
    }

    @ParameterizedTest(name = "kubectl {0}")
    @DisplayName("of something new is nothing but what is wrong, why, and how to fix it:")
    @ValueSource(strings = {"create", "apply", "apply --server-side", "create --dry-run=server"})
    void kubectlPrints(String command) {
        var result = kubectl.with(deployment("checkout", UNAWARE), command.split(" "));
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).isEqualTo(TEXT_FOR_PEOPLE.formatted("checkout"));
        assertThat(kubectl.run("get", "deployment", "checkout").succeeded()).isFalse();
    }

    @ParameterizedTest(name = "kubectl {0}")
    @DisplayName("of a change is the same, without the patch around it:")
    @ValueSource(strings = {"apply", "apply --server-side", "replace"})
    void ofAChange(String command) {
        String name = "changed-" + command.replaceAll("[^a-z]+", "-");
        String first = command.equals("replace") ? "create" : command;
        kubectl.with(deployment(name, AWARE), first.split(" ")).orFail();
        var result =
                kubectl.with(deployment(name, "terminationGracePeriodSeconds: 30\n" + UNAWARE), command.split(" "));
        assertThat(result.err()).isEqualTo(TEXT_FOR_PEOPLE.formatted(name));
    }

    @Test
    @DisplayName("is complete in the message too, for Helm and for controllers, which print nothing else")
    void message() {
        try (var client =
                new KubernetesClientBuilder().withConfig(cluster.clientConfig()).build()) {
            var refused = catchThrowableOfType(
                    KubernetesClientException.class,
                    () -> client.resource(deployment("helm", UNAWARE))
                            .inNamespace(kubectl.namespace())
                            .create());
            var status = refused.getStatus();
            assertThat(status.getCode()).isEqualTo(422);
            assertThat(status.getReason()).isEqualTo("Invalid");
            assertThat(status.getMessage())
                    .contains("Deployment " + kubectl.namespace()
                            + "/helm: app needs terminationGracePeriodSeconds: 35, has 30")
                    .contains("(1 of 2)")
                    .contains("\n    terminationGracePeriodSeconds: 35")
                    .contains("\n    lifecycle: {preStop: {sleep: {seconds: 10}}}");
            assertThat(status.getDetails().getCauses())
                    .extracting(StatusCause::getField)
                    .containsExactly(
                            "spec.template.spec.terminationGracePeriodSeconds",
                            "spec.template.spec.containers[app].lifecycle.preStop");
        }
    }

    @Test
    @DisplayName("ends with its fixes pasted in")
    void fixed() {
        kubectl.apply(deployment("fixed", AWARE));
    }

    @Test
    @DisplayName("is a warning instead where the policy warns: one short line for each violation")
    void warns() {
        Kubectl warned = webhook.namespaceWith(demanding("validation: {actions: [Warn]}"));
        var result = warned.apply(deployment("checkout", UNAWARE));
        assertThat(result.err().lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith(
                                        "Warning: gracekeeper: checkout: app needs terminationGracePeriodSeconds: 35, has 30"),
                        line -> assertThat(line)
                                .startsWith(
                                        "Warning: gracekeeper: checkout: app serves port 8080 and drains 0s of 10s"));
    }

    @Test
    @DisplayName("is nothing at all where the policy only counts")
    void audits() {
        Kubectl silent = webhook.namespaceWith(demanding("validation: {actions: [Warn]}"));
        silent.apply(demanding("validation: {actions: [Audit]}"));
        await().untilAsserted(() -> assertThat(
                        silent.with(deployment("checkout", UNAWARE), "create", "--dry-run=server")
                                .orFail()
                                .err())
                .isEmpty());
    }

    @Test
    @DisplayName(
            "never meets an update of what was bad before and gets no worse; restart and rollback are such updates")
    void ratchet() {
        Kubectl existing = webhook.namespace();
        existing.apply(deployment("old", UNAWARE));
        webhook.introduce(existing, demanding(DENY));
        var changed = existing.apply(deployment("old", UNAWARE.replace("app:1", "app:2")));
        assertThat(changed.err())
                .contains("Warning: gracekeeper: old: app needs terminationGracePeriodSeconds: 35, has 30");
        existing.ok("rollout", "restart", "deployment/old");
        await().until(() -> existing.get("replicasets").path("items").size() == 3);
        existing.ok("rollout", "undo", "deployment/old");
        existing.apply(deployment("old", "terminationGracePeriodSeconds: 34\n" + UNAWARE));
        var worse = existing.with(deployment("old", "terminationGracePeriodSeconds: 33\n" + UNAWARE), "apply");
        assertThat(worse.err())
                .contains("33s is too short")
                .as("what was bad before is not what it is refused for")
                .doesNotContain("lifecycle.preStop:");
    }

    @Test
    @DisplayName("meets an update that makes a good Deployment bad")
    void regression() {
        kubectl.apply(deployment("good", AWARE));
        var worse = kubectl.run(
                "patch",
                "deployment",
                "good",
                "--type=json",
                "-p",
                "[{\"op\":\"remove\",\"path\":\"/spec/template/spec/containers/0/lifecycle\"}]");
        assertThat(worse.err())
                .startsWith(
                        "The Deployment \"good\" is invalid: spec.template.spec.containers[app].lifecycle.preStop: ");
    }

    @Test
    @DisplayName("stops neither scale nor delete, even of what would be refused today")
    void scaleAndDelete() {
        Kubectl existing = webhook.namespace();
        existing.apply(deployment("old", UNAWARE));
        webhook.introduce(existing, demanding(DENY));
        existing.ok("scale", "deployment/old", "--replicas=3");
        existing.ok("delete", "deployment/old");
    }

    @Test
    @DisplayName("is for the kinds that a policy names, Deployments and StatefulSets where it names none")
    void otherKinds() {
        String statefulSet = deployment("db", UNAWARE)
                .replace("kind: Deployment", "kind: StatefulSet")
                .replace("spec:\n  replicas", "spec:\n  serviceName: db\n  replicas");
        assertThat(kubectl.with(statefulSet, "apply").err()).contains("The StatefulSet \"db\" is invalid");
        kubectl.apply(deployment("agent", UNAWARE)
                .replace("kind: Deployment", "kind: DaemonSet")
                .replace("  replicas: 1\n", ""));
    }
}
